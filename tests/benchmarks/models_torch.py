"""The transformer of `lessonlib.models` as one would write it in PyTorch, with the same weights."""

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from lessonlib.models import Transformer

SCALE_OF_NOTHING = 1e-6


class TorchTransformer(nn.Module):
    """The same function of the same weights; queries, keys and values are one product.

    Parameters
    ----------
    model : lessonlib.models.Transformer
        Whose weights are copied.
    only_asked : bool
        Run the last layer, behind its attention, only where a question is asked.
    """

    def __init__(self, model: Transformer, only_asked: bool = False) -> None:
        super().__init__()
        self.config, self.only_asked = model.config, only_asked
        weights = {name: torch.tensor(p.value) for name, p in model.parameters.items()}
        for name in [n for n in weights if n.endswith("self.query")]:
            parts = [weights.pop(name), weights.pop(name.replace("query", "key_value"))]
            weights[name.replace("query", "query_key_value")] = torch.cat(parts, dim=1)
        self.weights = nn.ParameterDict(
            {name.replace(".", "/"): nn.Parameter(w) for name, w in weights.items()}
        )

    def gradients(self) -> dict[str, torch.Tensor]:
        """Gradients by the names of the numpy model."""
        width = self.config.width
        found = {}
        for name, weight in self.weights.items():
            name = name.replace("/", ".")
            if name.endswith("query_key_value"):
                found[name.replace("query_key_value", "query")] = weight.grad[:, :width]
                found[name.replace("query_key_value", "key_value")] = weight.grad[:, width:]
            else:
                found[name] = weight.grad
        return found

    def heads(self, x):
        """(batch, length, width) to (batch, heads, length, width of a head)."""
        return x.unflatten(-1, (self.config.heads, -1)).transpose(1, 2)

    def norm(self, x):
        return F.rms_norm(x, x.shape[-1:], eps=SCALE_OF_NOTHING)

    def attend(self, q, k, v, mask):
        mixed = F.scaled_dot_product_attention(
            self.heads(q), self.heads(k), self.heads(v), attn_mask=mask[:, None]
        )
        return mixed.transpose(1, 2).flatten(2)

    def layer(self, name, x, mask, memory=None, see_memory=None, asked=None):
        w = {part: self.weights[f"{name}/{part}"] for part in self.parts(name)}
        q, k, v = (self.norm(x) @ w["self/query_key_value"]).chunk(3, dim=-1)
        context = self.attend(q, k, v, mask)
        if asked is not None and memory is None:
            x, context = x[asked], context[asked]
        x = x + context @ w["self/output"]
        if memory is not None:
            k, v = (memory @ w["cross/key_value"]).chunk(2, dim=-1)
            context = self.attend(self.norm(x) @ w["cross/query"], k, v, see_memory)
            if asked is not None:
                x, context = x[asked], context[asked]
            x = x + context @ w["cross/output"]
        return x + F.relu(self.norm(x) @ w["feed_forward/up"]) @ w["feed_forward/down"]

    def parts(self, name):
        return [key.removeprefix(f"{name}/") for key in self.weights if key.startswith(f"{name}/")]

    def stack(self, name, ids, mask, memory=None, see_memory=None, asked=None):
        x = F.embedding(ids, self.weights["tokens"])
        x = x + self.weights[f"{name}/positions"][: ids.shape[1]]
        layers = self.config.stacks[name]
        for layer in range(layers):
            last = asked if layer == layers - 1 else None
            x = self.layer(f"{name}/{layer}", x, mask, memory, see_memory, last)
        return self.norm(x)

    def forward(self, batch):
        """Mean cross-entropy where the loss mask is True."""
        asked = batch["loss_mask"] if self.only_asked else None
        if "source" in batch:
            memory = self.stack("encoder", batch["source"], batch["encoder"])
            x = self.stack(
                "decoder", batch["inputs"], batch["decoder"], memory, batch["cross"], asked
            )
        else:
            (name,) = self.config.stacks
            x = self.stack(name, batch["inputs"], batch["mask"], asked=asked)
        logits = x @ self.weights["tokens"].T
        if self.only_asked:
            return F.cross_entropy(logits, batch["targets"][batch["loss_mask"]])
        labels = batch["targets"].masked_fill(~batch["loss_mask"], -100)
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten())


def as_tensors(batch) -> dict[str, torch.Tensor]:
    """The arrays of a `lessonlib.batches.Batch` as tensors."""
    arrays = {name: getattr(batch, name) for name in ("inputs", "targets", "loss_mask")}
    if batch.source is None:
        arrays["mask"] = batch.attention_mask
    else:
        arrays |= {"source": batch.source, **batch.attention_mask._asdict()}
    return {
        name: torch.tensor(a if a.dtype == bool else a.astype("int64"))
        for name, a in arrays.items()
    }
