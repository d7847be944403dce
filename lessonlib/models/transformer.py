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
from lessonlib.models.config import Config
from lessonlib.models.inputs import AttentionMask
from lessonlib.models.layers import (
    Array,
    Backward,
    Flags,
    Ids,
    Memory,
    Parameter,
    Remember,
    Rows,
    Weights,
    attention,
    cross_entropy,
    embedding,
    feed_forward,
    linear,
    rms_norm,
)


def embed(
    ids: Ids,
    rows: Rows,
    weights: Weights,
    stack: str,
    patches: Array | None = None,
    first: Ids | int = 0,
) -> tuple[Array, Backward]:
    """Turn tokens into vectors, with patches before them if there are any, and add where they are.

    The leftmost position has the number `first`, one for all texts or one for each, (batch, 1).
    """
    length = rows.there.shape[1]
    before = length - ids.shape[1]
    positions = np.broadcast_to(first + np.arange(length), rows.there.shape)[rows.there]
    places, back_places = embedding(positions, weights[f"{stack}.positions"])
    x, back_tokens = embedding(ids[rows.there[:, before:]], weights["tokens"])
    if patches is not None:
        is_token, words, x = rows.places % length >= before, x, np.empty_like(places)
        flat = patches[rows.there[:, :before]].astype(x.dtype)
        x[is_token] = words
        x[~is_token], back_patches = linear(flat, weights["patches"])

    def backward(dx: Array) -> None:
        back_places(dx)
        if patches is not None:
            back_patches(dx[~is_token])
            dx = dx[is_token]
        back_tokens(dx)

    return x + places, backward


def residual(x: Array, part: Callable, *arguments: Any) -> tuple[Array, Backward]:
    """Add to `x` what a part makes of it: a part only says what to change."""
    normed, back_norm = rms_norm(x)
    change, back_part = part(normed, *arguments)

    def backward(dy: Array) -> Array:
        return dy + back_norm(back_part(dy))

    return x + change, backward


def look_around(
    x: Array,
    weights: Weights,
    name: str,
    attend: Callable,
    visible: Flags,
    rows: Rows,
    asked: Rows,
) -> tuple[Array, Backward]:
    """Let rows look at all rows of their own text, and add what they find; only those asked."""
    only = slice(None) if asked is rows else asked.there[rows.there]
    normed, back_norm = rms_norm(x)
    own = Memory(normed, rows, visible)
    change, back_asked = attend(normed[only], own, weights, name, asked)

    def backward(dy: Array) -> Array:
        d_asked = back_asked(dy)
        own.gradient[only] += d_asked
        dx = back_norm(own.gradient)
        dx[only] += dy
        return dx

    return x[only] + change, backward


def block(
    x: Array,
    weights: Weights,
    name: str,
    attend: Callable,
    visible: Flags,
    rows: Rows,
    asked: Rows,
    memory: Memory | None = None,
) -> tuple[Array, Backward]:
    """Look around in the own text, then in the memory if there is one, then work alone.

    Only the rows that are `asked` go on: in the last block nobody looks at the others any more.
    """
    x, back = look_around(x, weights, f"{name}.self", attend, visible, rows, asked)
    backs = [back]
    if memory is not None:
        x, back = residual(x, attend, memory, weights, f"{name}.cross", asked)
        backs.append(back)
    x, back = residual(x, feed_forward, weights, f"{name}.feed_forward")
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
            self.parameters[name] = Parameter(value, gradient)
            start += size

    @property
    def head(self) -> Parameter:
        """The embedding of the tokens turned round: it reads the answers from the states."""
        tokens = self.parameters["tokens"]
        return Parameter(tokens.value.T, tokens.gradient.T)

    def read_stack(
        self,
        name: str,
        ids: Ids,
        visible: Flags,
        *,
        patches: Array | None = None,
        first: Ids | int = 0,
        there: Flags | None = None,
        memory: Memory | None = None,
        asked: Flags | None = None,
        remember: Remember | None = None,
    ) -> tuple[dict[str, Array], Backward]:
        """Run one stack, as `read`; `first` is the number of its first position.

        Only the positions that are `there`, (batch, length), have rows, all by default.
        """
        weights, layers = self.parameters, self.config.stacks[name]
        rows = Rows(np.ones((len(ids), visible.shape[2]), bool) if there is None else there)
        only = rows if asked is None else Rows(asked)
        attend = partial(attention, heads=self.config.heads, remember=remember)
        x, back = embed(ids, rows, weights, name, patches, first)
        states, backs = {f"{name}.0": x}, [back]
        for layer in range(layers):
            on = only if layer == layers - 1 else rows
            x, back = block(x, weights, f"{name}.{layer}", attend, visible, rows, on, memory)
            states[f"{name}.{layer + 1}"] = x
            backs.append(back)
        states[name], back = rms_norm(x)
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
        normalised, of the predicting stack where asked. With `asked`, positions that nobody asks
        or looks at have no row. And a function that takes the gradient of these last states and
        adds to `gradients`; call it once.
        """
        masks = given.checked_masks(self.config, inputs, attention_mask, asked, source, patches)
        decoding, layers = masks if source is None else masks.decoder, self.config.stacks
        wanted = np.ones((len(inputs), decoding.shape[2]), bool) if asked is None else asked
        if remember is not None:  # what is written later may look at others
            wanted = wanted | decoding.any(axis=(1, 2))
        there = given.needed(wanted, decoding, layers[self.config.predicting])
        predicting = {"asked": asked, "remember": remember, "there": there}
        if source is None:
            return self.read_stack(*layers, inputs, masks, patches=patches, **predicting)
        seen = masks.cross.any(axis=(1, 2)) | np.full(np.shape(source), asked is None)
        there = given.needed(seen, masks.encoder, layers["encoder"])
        more = {"patches": patches, "there": there}
        encoder, back_encoder = self.read_stack("encoder", source, masks.encoder, **more)
        predicting["memory"] = memory = Memory(encoder["encoder"], Rows(there), masks.cross)
        decoder, back_decoder = self.read_stack("decoder", inputs, masks.decoder, **predicting)

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
        logits, back_logits = linear(states, self.head)
        loss, back_loss = cross_entropy(logits, targets)
        back_states(back_logits(back_loss()))
        return loss

    def copy(self) -> "Transformer":
        """Return a model with the same weights that can be trained on its own."""
        twin = Transformer(self.config, np.random.default_rng(0), self.values.dtype.type)
        twin.values[...] = self.values
        return twin
