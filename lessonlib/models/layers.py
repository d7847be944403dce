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
EVERY_ROW = slice(None)


@dataclass(slots=True)
class Parameter:
    """A weight and the gradient of the loss with respect to it, of the same shape."""

    value: Array
    gradient: Array


Weights = dict[str, Parameter]


class Rows:
    """Which positions of some texts have a row, (batch, length), and the way there and back."""

    def __init__(self, there: Flags) -> None:
        self.there = there
        self.text, self.place = np.nonzero(there)  # of each row
        self.number = np.full(there.shape, -1)  # of the row at each position; -1 is one of zeros
        self.number[there] = np.arange(len(self.text))

    def among(self, others: "Rows") -> Flags | slice:
        """Tell which of other rows these are, which are some of them, or all."""
        return EVERY_ROW if others is self else self.there[others.there]

    def spread(self, x: Array, heads: int) -> Array:
        """Put each row where it stands in its text, zeros elsewhere, and give each head its part.

        From (rows, width) to (batch, heads, length, width of a head).
        """
        texts = np.append(x, np.zeros((1, x.shape[1]), x.dtype), axis=0).take(self.number, axis=0)
        return texts.reshape(*self.there.shape, heads, x.shape[1] // heads).swapaxes(1, 2)

    def gather(self, texts: Array) -> Array:
        """Take the rows out of their texts again, the parts of all heads joined."""
        heads, length, width = texts.shape[1:]
        at = (self.text[:, None] * heads + np.arange(heads)) * length + self.place[:, None]
        return texts.reshape(-1, width).take(at, axis=0).reshape(-1, heads * width)


@dataclass(slots=True)
class Memory:
    """What an encoder made of its source, and its gradient; `visible` says who may look where."""

    value: Array
    rows: Rows
    visible: Flags
    gradient: Array | int = 0  # adds up, since every layer looks


def embedding(ids: Ids, table: Parameter) -> tuple[Array, Backward]:
    """Look up one row of the table for each id."""

    def backward(dx: Array) -> None:
        order = np.argsort(ids, axis=None)  # rows of one id one below the other, to be added up
        counts = np.bincount(ids.ravel().astype(int))
        found = np.flatnonzero(counts)
        first = (np.cumsum(counts) - counts)[found]
        dx = dx.reshape(-1, table.value.shape[1]).take(order, axis=0)
        table.gradient[found] += np.add.reduceat(dx, first)

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
        return (dy - y * (_dot(dy, y) / x.shape[-1])) * scale

    return y, backward


def _dot(a: Array, b: Array) -> Array:
    """Sum of products over the last axis, which stays as one of length 1."""
    return np.einsum("...k,...k->...", a, b)[..., None]


def attention(
    x: Array,
    weights: Weights,
    name: str,
    rows: Rows,
    asked: Rows,
    visible: Flags,
    memory: Memory | None = None,
    *,
    heads: int,
    remember: Remember | None = None,
) -> tuple[Array, Backward]:
    """Let positions gather from those that they may look at: of `x`, or of a memory.

    Each position asked forms a query; all that are looked at answer with a key, and hand over a
    value as far as query and key agree. Several heads do so side by side. Source: Vaswani et al.
    2017, "Attention Is All You Need", section 3.2.

    Parameters
    ----------
    x : ndarray, shape (positions, width)
    name : str
        Of this attention: ``f"{name}.query"`` and so on are its weights.
    rows, asked : Rows
        Where the rows of `x` stand, and which of them are asked.
    visible : ndarray of bool, shape (1 or batch, 1, length, keys)
        Whether the query may look at the key.
    memory : Memory, optional
        What is looked at in cross-attention; its gradient is added up there.
    remember : callable, optional
        Takes new keys and values and returns them with earlier ones (see `generate`).
    """
    value, seen = (x, rows) if memory is None else (memory.value, memory.rows)
    only, scale = asked.among(rows), (x.shape[1] // heads) ** -0.5
    queries, back_query = linear(x[only], weights[f"{name}.query"])
    keys_values, back_key_value = linear(value, weights[f"{name}.key_value"])
    q, keys_values = asked.spread(queries * scale, heads), seen.spread(keys_values, 2 * heads)
    if remember is not None:
        keys_values = remember(name, keys_values)
    k, v = keys_values[:, :heads], keys_values[:, heads:]
    shares, back_softmax = masked_softmax(q @ k.swapaxes(2, 3), visible)
    y, back_output = linear(asked.gather(shares @ v), weights[f"{name}.output"])

    def backward(dy: Array) -> Array:
        d_mixed = asked.spread(back_output(dy), heads)
        d_scores = back_softmax(d_mixed @ v.swapaxes(2, 3))
        d_asked = back_query(asked.gather(d_scores @ k) * scale)
        d_k, d_v = d_scores.swapaxes(2, 3) @ q, shares.swapaxes(2, 3) @ d_mixed
        d_value = back_key_value(np.concatenate([seen.gather(d_k), seen.gather(d_v)], axis=1))
        if memory is not None:
            memory.gradient += d_value
            return d_asked
        d_value[only] += d_asked
        return d_value

    return y, backward


def masked_softmax(scores: Array, visible: Flags) -> tuple[Array, Backward]:
    """Turn scores into shares that sum to 1 over the visible keys, or to 0 if there are none."""
    if np.abs(scores).max(initial=0) > LARGE:  # less of all that a query sees, for the same shares
        seen = np.where(visible, scores, np.finfo(scores.dtype).min)
        scores = np.where(visible, seen - seen.max(axis=-1, keepdims=True), 0)
    shares = np.exp(scores) * visible
    shares /= np.einsum("bhqk->bhq", shares)[..., None] + np.finfo(scores.dtype).tiny

    def backward(d_shares: Array) -> Array:
        return shares * (d_shares - _dot(d_shares, shares))

    return shares, backward


def feed_forward(x: Array, weights: Weights, name: str) -> tuple[Array, Backward]:
    """Two linear maps with a ReLU between them, at each position by itself."""
    hidden, back_up = linear(x, weights[f"{name}.up"])
    active = np.maximum(hidden, 0, out=hidden)
    y, back_down = linear(active, weights[f"{name}.down"])

    def backward(dy: Array) -> Array:
        return back_up(back_down(dy) * (active > 0))

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
