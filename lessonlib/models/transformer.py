"""One small transformer that is decoder-only, encoder-only or encoder-decoder.

What tells the first two apart is the attention mask alone. An encoder-decoder has a second stack,
which also looks at what the first one made of the source. Normalisation comes before each part,
positions are learned, nothing has a bias, and the embedding of the tokens also reads the answers.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from lessonlib import checks
from lessonlib.batches import Batch
from lessonlib.models import inputs as given
from lessonlib.models import layers
from lessonlib.models.config import Config
from lessonlib.models.inputs import AttentionMask
from lessonlib.models.layers import Array, Backward, Flags, Ids, Memory, Remember, Rows, Weights


def embed(
    ids: Ids,
    rows: Rows,
    weights: Weights,
    stack: str,
    patches: Array | None = None,
    first: Ids | int = 0,
) -> tuple[Array, Backward]:
    """Turn tokens into vectors, with patches before them if there are any, and add where they are.

    Positions are counted from `first`; while a model writes, each row has its own.
    """
    length = rows.there.shape[1]
    before = length - ids.shape[1]
    positions = weights[f"{stack}.positions"]
    words, back_words = layers.embedding(ids[rows.there[:, before:]], weights["tokens"])
    is_word = rows.place >= before if before else layers.EVERY_ROW
    x = positions.value[first + rows.place]
    x[is_word] += words
    if before:
        flat = patches[rows.there[:, :before]].astype(x.dtype)
        seen, back_patches = layers.linear(flat, weights["patches"])
        x[~is_word] += seen

    def backward(dx: Array) -> None:
        positions.gradient[:length] += rows.spread(dx, 1).sum(axis=(0, 1))
        back_words(dx[is_word])
        if before:
            back_patches(dx[~is_word])

    return x, backward


def residual(
    x: Array, part: Callable, *arguments: Any, only: Flags | slice = layers.EVERY_ROW
) -> tuple[Array, Backward]:
    """Add to `x` what a part makes of it: a part only says what to change, maybe `only` in rows."""
    normed, back_norm = layers.rms_norm(x)
    change, back_part = part(normed, *arguments)

    def backward(dy: Array) -> Array:
        dx = back_norm(back_part(dy))
        dx[only] += dy
        return dx

    return x[only] + change, backward


def block(
    x: Array,
    weights: Weights,
    name: str,
    attend: Callable,
    rows: Rows,
    asked: Rows,
    visible: Flags,
    memory: Memory | None = None,
) -> tuple[Array, Backward]:
    """Look around in the own text, then in the memory if there is one, then work alone.

    Only the rows that are `asked` go on: in the last block nobody looks at the others any more.
    """
    look = attend, weights, f"{name}.self", rows, asked, visible
    x, back = residual(x, *look, only=asked.among(rows))
    backs = [back]
    if memory is not None:
        look = attend, weights, f"{name}.cross", asked, asked, memory.visible, memory
        x, back = residual(x, *look)
        backs.append(back)
    x, back = residual(x, layers.feed_forward, weights, f"{name}.feed_forward")
    return x, in_reverse([*backs, back])


def in_reverse(backs: list[Backward]) -> Backward:
    """Join ways back into one: the last part comes first."""

    def backward(dx: Array) -> Any:
        for back in reversed(backs):
            dx = back(dx)
        return dx

    return backward


class Transformer:
    """A transformer and its weights, which `rng` draws at first.

    All weights stand in one flat array, `values`, and the gradient of the loss with respect to them
    in `gradients`: float32, or float64 where exactness matters more than speed. `parameters` has
    the same numbers by name and in shape (views, not copies).
    """

    def __init__(
        self, config: Config, rng: np.random.Generator, dtype: type[np.floating] = np.float32
    ) -> None:
        self.config = checks.instance(config, "config", Config, "Config(...)")
        rng, dtype = checks.generator(rng), given.float_type(dtype)
        sizes = [rows * columns for rows, columns in config.shapes.values()]
        self.values = np.empty(sum(sizes), dtype)
        self.gradients = np.zeros(sum(sizes), dtype)
        self.parameters: Weights = {}
        start = 0
        for (name, shape), size in zip(config.shapes.items(), sizes, strict=True):
            own = slice(start, start + size)
            value, gradient = self.values[own].reshape(shape), self.gradients[own].reshape(shape)
            value[...] = rng.normal(0, config.initial_std(name), shape)
            self.parameters[name] = layers.Parameter(value, gradient)
            start += size

    @property
    def head(self) -> layers.Parameter:
        """The embedding of the tokens turned round: it reads the answers from the states."""
        tokens = self.parameters["tokens"]
        return layers.Parameter(tokens.value.T, tokens.gradient.T)

    def read_stack(
        self,
        name: str,
        ids: Ids,
        visible: Flags,
        *,
        patches: Array | None = None,
        first: Ids | int = 0,
        memory: Memory | None = None,
        asked: Flags | None = None,
        remember: Remember | None = None,
    ) -> tuple[dict[str, Array], Backward]:
        """Run one stack, as `read`; `first` is the number of its first position, one for each row.

        `asked`, (batch, length), says where the last layer must answer, everywhere by default.
        """
        weights, last = self.parameters, self.config.stacks[name] - 1
        asked = np.ones((len(ids), visible.shape[2]), bool) if asked is None else asked
        rows = Rows(given.needed(asked, visible, last + 1, before_them=remember is not None))
        attend = partial(layers.attention, heads=self.config.heads, remember=remember)
        x, back = embed(ids, rows, weights, name, patches, first)
        states, backs = {f"{name}.0": x}, [back]
        for layer in range(last + 1):
            on = Rows(asked) if layer == last else rows
            x, back = block(x, weights, f"{name}.{layer}", attend, rows, on, visible, memory)
            states[f"{name}.{layer + 1}"] = x
            backs.append(back)
        states[name], back = layers.rms_norm(x)
        return states, in_reverse([*backs, back])

    def read(
        self,
        inputs: Ids,
        attention_mask: AttentionMask,
        asked: Flags | None = None,
        *,
        source: Ids | None = None,
        patches: Array | None = None,
        remember: Remember | None = None,
    ) -> tuple[dict[str, Array], Backward]:
        """Read a batch with all stacks.

        `inputs`, (batch, length), is what the predicting stack reads, and `source` what the encoder
        of an encoder-decoder reads. The mask is ``[query, key]``, or ``[row, query, key]`` where
        rows differ; True = may look. `asked`, (batch, length), tells at which positions to answer,
        all by default. `patches`, (batch, patches, patch_size), stand before what the first stack
        reads; masks count them as positions, and so does `asked` if that stack predicts. For
        `remember` see :func:`lessonlib.models.layers.attention`.

        Returns states by name, a row for each position: ``"encoder.0"`` is the embedding,
        ``"encoder.1"`` the output of the first layer, and so on; ``"encoder"`` is the last one,
        normalised, of the predicting stack where asked. With `asked`, what no answer depends on has
        no row. And a function that takes the gradient of these last states and
        adds to `gradients`; call it once.
        """
        masks = given.checked_masks(self.config, inputs, attention_mask, asked, source, patches)
        if source is None:
            more = {"patches": patches, "asked": asked, "remember": remember}
            return self.read_stack(*self.config.stacks, inputs, masks, **more)
        seen = masks.cross.any(axis=(1, 2)) | np.full((len(source), 1), asked is None)
        more = {"patches": patches, "asked": seen}
        encoder, back_encoder = self.read_stack("encoder", source, masks.encoder, **more)
        memory = Memory(encoder["encoder"], Rows(seen), masks.cross)
        more = {"memory": memory, "asked": asked, "remember": remember}
        decoder, back_decoder = self.read_stack("decoder", inputs, masks.decoder, **more)

        def backward(dx: Array) -> None:
            back_decoder(dx)
            back_encoder(memory.gradient)

        return encoder | decoder, backward

    def hidden(
        self, inputs: Ids, attention_mask: AttentionMask, asked: Flags | None = None, **more: Any
    ) -> tuple[Array, Backward]:
        """Return the last states where asked, in the order of ``np.argwhere``, and the way back."""
        states, back = self.read(inputs, attention_mask, asked, **more)
        return states[self.config.predicting], back

    def logits(
        self, inputs: Ids, attention_mask: AttentionMask, asked: Flags | None = None, **more: Any
    ) -> Array:
        """Return scores over the vocabulary, shape (positions asked, vocab_size); see `hidden`."""
        states, _ = self.hidden(inputs, attention_mask, asked, **more)
        return states @ self.head.value

    def features(self, inputs: Ids, attention_mask: AttentionMask, **more: Any) -> dict[str, Array]:
        """Return the embedding and what every layer makes of it, (batch, length, width)."""
        states, _ = self.read(inputs, attention_mask, **more)
        layers = {name: x for name, x in states.items() if name not in self.config.stacks}
        return {name: x.reshape(len(inputs), -1, x.shape[1]) for name, x in layers.items()}

    def loss(self, batch: Batch, patches: Array | None = None) -> float:
        """Return the mean cross-entropy where `loss_mask` is True, in nats; add its gradient."""
        targets, asked = given.questions(self.config, batch, patches)
        states, back_states = self.hidden(
            batch.inputs, batch.attention_mask, asked, source=batch.source, patches=patches
        )
        logits, back_logits = layers.linear(states, self.head)
        loss, back_loss = layers.cross_entropy(logits, targets)
        back_states(back_logits(back_loss()))
        return loss

    def copy(self) -> "Transformer":
        """Return a model with the same weights that can be trained on its own."""
        twin = Transformer(self.config, np.random.default_rng(0), self.values.dtype.type)
        twin.values[...] = self.values
        return twin
