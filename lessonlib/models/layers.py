"""The parts of a transformer, in the order of the ideas: each forward, and its way back.

Every part returns its result and a function ``backward``. That takes the gradient of the loss with
respect to the result and returns the gradient with respect to what went in; the gradients of
weights add up in ``Parameter.gradient`` on the way. What the way back has to know stays in the
variables of the part itself.

Texts are read many at a time. Most of what is done is done at each position by itself, so `x` has
one row for each position, (positions, width), text after text, and what nobody needs, such as
padding, has none; only where positions look at one another do they stand in their texts again.
What a part has made itself it may change in place, as long as no way back needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Ids = NDArray[np.integer]
Flags = NDArray[np.bool_]
Backward = Callable[[Array], Any]
Remember = Callable[[str, Array], Array]

EPSILON = 1e-6
LARGE = 50  # e to the power of this, and of minus this, is an ordinary float32


@dataclass(slots=True)
class Parameter:
    """A weight and the gradient of the loss with respect to it, of the same shape."""

    value: Array
    gradient: Array


Weights = dict[str, Parameter]


class Rows:
    """Which positions of some texts have a row, and the way there and back.

    `there`, (batch, length), says it of each position; `places` counts through all texts.
    """

    def __init__(self, there: Flags) -> None:
        self.there, self.places = there, np.flatnonzero(there)

    def spread(self, x: Array) -> Array:
        """Put each row where it stands in its text, and zeros elsewhere."""
        texts = np.zeros((self.there.size, x.shape[1]), x.dtype)
        texts[self.places] = x
        return texts.reshape(*self.there.shape, -1)

    def gather(self, texts: Array) -> Array:
        """Take the rows out of their texts, (batch, length, width)."""
        return texts.reshape(self.there.size, -1).take(self.places, axis=0)


@dataclass(slots=True)
class Memory:
    """What is looked at: what an encoder made of its source, or what stands in the own text."""

    value: Array
    rows: Rows  # where in their texts the rows of `value` stand
    visible: Flags  # (1 or batch, 1, length, keys): whether who asks may look there
    gradient: Array | int = 0  # adds up, since several layers may look


def embedding(ids: Ids, table: Parameter) -> tuple[Array, Backward]:
    """Look up one row of the table for each id."""

    def backward(dx: Array) -> None:
        order = np.argsort(ids, axis=None)  # rows of one id one below the other, to be added up
        ordered = ids.take(order)
        first = np.flatnonzero(np.diff(ordered, prepend=-1))
        dx = dx.reshape(ids.size, -1).take(order, axis=0)
        table.gradient[ordered[first]] += np.add.reduceat(dx, first)

    return table.value[ids], backward


def linear(x: Array, weight: Parameter) -> tuple[Array, Backward]:
    """Multiply the vector at each position by a weight, from its length to another one."""

    def backward(dy: Array) -> Array:
        weight.gradient += x.T @ dy
        return dy @ weight.value.T

    return x @ weight.value, backward


def rms_norm(x: Array) -> tuple[Array, Backward]:
    """Scale the vector at each position to a root mean square of 1.

    It has no weights of its own: a linear map always follows and can learn any scale. Source: Zhang
    and Sennrich 2019, "Root Mean Square Layer Normalization".
    """
    scale = 1 / np.sqrt(_dot(x, x) / x.shape[-1] + EPSILON)
    y = x * scale

    def backward(dy: Array) -> Array:
        dx = dy - y * (_dot(dy, y) / x.shape[-1])
        dx *= scale
        return dx

    return y, backward


def _dot(a: Array, b: Array) -> Array:
    """Sum of products over the last axis, which stays as one of length 1."""
    return np.einsum("...k,...k->...", a, b)[..., None]


def attention(
    x: Array,
    memory: Memory,
    weights: Weights,
    name: str,
    rows: Rows,
    *,
    heads: int,
    remember: Remember | None = None,
) -> tuple[Array, Backward]:
    """Let each position gather from the positions that it may look at.

    Each position asks with a query; all that are looked at answer with a key, and hand over a value
    as far as query and key agree. Several heads do so side by side. Source: Vaswani et al. 2017,
    "Attention Is All You Need", section 3.2.

    Parameters
    ----------
    x : ndarray, shape (positions, width)
    memory : Memory
        What is looked at; its gradient is added up there.
    name : str
        Of this attention: ``f"{name}.query"`` and so on are its weights.
    rows : Rows
        Where in their texts the rows of `x` stand.
    remember : callable, optional
        Takes new keys and values and returns them with earlier ones (see `generate`).
    """
    queries, back_query = linear(x, weights[f"{name}.query"])
    keys_values, back_key_value = linear(memory.value, weights[f"{name}.key_value"])
    keys_values = memory.rows.spread(keys_values)
    if remember is not None:
        keys_values = remember(name, keys_values)
    scale = (x.shape[1] // heads) ** -0.5
    q = _split_heads(rows.spread(queries * scale), heads)
    k, v = np.split(_split_heads(keys_values, 2 * heads), 2, axis=1)
    shares, back_softmax = masked_softmax(q @ k.swapaxes(2, 3), memory.visible)
    y, back_output = linear(_join_heads(shares @ v, rows), weights[f"{name}.output"])

    def backward(dy: Array) -> Array:
        d_mixed = _split_heads(rows.spread(back_output(dy)), heads)
        d_v = shares.swapaxes(2, 3) @ d_mixed
        d_scores = back_softmax(d_mixed @ v.swapaxes(2, 3))
        d_q, d_k = d_scores @ k, d_scores.swapaxes(2, 3) @ q
        d_keys_values = _join_heads(np.concatenate([d_k, d_v], axis=1), memory.rows)
        memory.gradient += back_key_value(d_keys_values)
        return back_query(_join_heads(d_q, rows) * scale)

    return y, backward


def masked_softmax(scores: Array, visible: Flags) -> tuple[Array, Backward]:
    """Turn scores into shares that sum to 1 over the visible keys, or to 0 if there are none."""
    if np.abs(scores).max(initial=0) > LARGE:  # less of all that a query sees, for the same shares
        seen = np.where(visible, scores, np.finfo(scores.dtype).min)
        scores = np.where(visible, seen - seen.max(axis=-1, keepdims=True), 0)
    shares = np.exp(scores) * visible
    shares /= np.einsum("bhqk->bhq", shares)[..., None] + np.finfo(scores.dtype).tiny

    def backward(d_shares: Array) -> Array:
        d_scores = d_shares - _dot(d_shares, shares)
        d_scores *= shares
        return d_scores

    return shares, backward


def _split_heads(x: Array, heads: int) -> Array:
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).swapaxes(1, 2)


def _join_heads(x: Array, rows: Rows) -> Array:
    return rows.gather(x.swapaxes(1, 2))


def feed_forward(x: Array, weights: Weights, name: str) -> tuple[Array, Backward]:
    """Two linear maps with a ReLU between them, at each position by itself."""
    hidden, back_up = linear(x, weights[f"{name}.up"])
    active = np.maximum(hidden, 0, out=hidden)
    y, back_down = linear(active, weights[f"{name}.down"])

    def backward(dy: Array) -> Array:
        d_hidden = back_down(dy)
        d_hidden *= active > 0
        return back_up(d_hidden)

    return y, backward


def cross_entropy(logits: Array, targets: Ids) -> tuple[float, Callable[[], Array]]:
    """Return the mean of -log p(target), in nats; logits of shape (answers, vocabulary)."""
    answers = np.arange(len(targets)), targets
    shifted = logits - logits.max(axis=1, keepdims=True)
    said = shifted[answers]
    p = np.exp(shifted, out=shifted)
    total = p.sum(axis=1)

    def backward() -> Array:
        d_logits = p / (total * len(targets))[:, None]
        d_logits[answers] -= 1 / len(targets)
        return d_logits

    return float(np.mean(np.log(total) - said)), backward
