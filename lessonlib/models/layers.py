"""The parts of a transformer, in the order of the ideas: each forward, and its way back.

Every part returns its result and a function ``backward``. That takes the gradient of the loss with
respect to the result and returns the gradient with respect to what went in; the gradients of
weights add up in ``Parameter.gradient`` on the way. What the way back has to know stays in the
variables of the part itself.

Texts are read many at a time. Most of what is done is done at each position by itself, so `x` has
one row for each position, (positions, width), text after text, and padding has none; only where
positions look at one another do they stand in their texts again (`spread`).
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


@dataclass(slots=True)
class Parameter:
    """A weight and the gradient of the loss with respect to it, of the same shape."""

    value: Array
    gradient: Array


Weights = dict[str, Parameter]


@dataclass(slots=True)
class Memory:
    """What an encoder made of its source, and its gradient; `visible` says who may look where."""

    value: Array
    gradient: Array
    visible: Flags
    there: Flags  # (batch, length): which positions of the source have a row


def embedding(ids: Ids, table: Parameter) -> tuple[Array, Backward]:
    """Look up one row of the table for each id."""

    def backward(dx: Array) -> None:
        order = np.argsort(ids, axis=None)  # rows of one id one below the other, to be added up
        found, first = np.unique(ids.ravel()[order], return_index=True)
        table.gradient[found] += np.add.reduceat(dx.reshape(ids.size, -1)[order], first)

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
    visible: Flags,
    memory: Memory | None = None,
    *,
    heads: int,
    there: Flags,
    remember: Remember | None = None,
) -> tuple[Array, Backward]:
    """Let each position gather from the positions it may look at: of `x`, or of a memory.

    Each position asks with a query; all that are looked at answer with a key, and hand over a value
    as far as query and key agree. Several heads do so side by side. Source: Vaswani et al. 2017,
    "Attention Is All You Need", section 3.2.

    Parameters
    ----------
    x : ndarray, shape (positions, width)
    name : str
        Of this attention: ``f"{name}.query"`` and so on are its weights.
    visible : ndarray of bool, shape (1 or batch, 1, length, keys)
        Whether the query may look at the key.
    there : ndarray of bool, shape (batch, length)
        Which positions `x` has a row for.
    memory : Memory, optional
        What is looked at in cross-attention; its gradient is added up there.
    remember : callable, optional
        Takes new keys and values and returns them with earlier ones (see `generate`).
    """
    read, seen = (x, there) if memory is None else (memory.value, memory.there)
    queries, back_query = linear(x, weights[f"{name}.query"])
    keys_values, back_key_value = linear(read, weights[f"{name}.key_value"])
    keys_values = spread(keys_values, seen)
    if remember is not None:
        keys_values = remember(name, keys_values)
    q = _split_heads(spread(queries, there), heads)
    k, v = (_split_heads(half, heads) for half in np.split(keys_values, 2, axis=-1))
    scale = q.shape[-1] ** -0.5
    shares, back_softmax = masked_softmax(q @ k.swapaxes(2, 3) * scale, visible)
    y, back_output = linear(_join_heads(shares @ v, there), weights[f"{name}.output"])

    def backward(dy: Array) -> Array:
        d_mixed = _split_heads(spread(back_output(dy), there), heads)
        d_v = shares.swapaxes(2, 3) @ d_mixed
        d_scores = back_softmax(d_mixed @ v.swapaxes(2, 3)) * scale
        d_q, d_k = d_scores @ k, d_scores.swapaxes(2, 3) @ q
        d_x = back_query(_join_heads(d_q, there))
        d_read = back_key_value(np.concatenate([_join_heads(d, seen) for d in (d_k, d_v)], axis=1))
        if memory is None:
            return d_x + d_read
        memory.gradient += d_read
        return d_x

    return y, backward


def masked_softmax(scores: Array, visible: Flags) -> tuple[Array, Backward]:
    """Turn scores into shares that sum to 1 over the visible keys, or to 0 if there are none."""
    shares = np.where(visible, scores, np.finfo(scores.dtype).min)
    shares = np.exp(shares - shares.max(axis=-1, keepdims=True)) * visible
    shares /= np.einsum("bhqk->bhq", shares)[..., None] + np.finfo(scores.dtype).tiny

    def backward(d_shares: Array) -> Array:
        return shares * (d_shares - _dot(d_shares, shares))

    return shares, backward


def _split_heads(x: Array, heads: int) -> Array:
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).swapaxes(1, 2)


def _join_heads(x: Array, there: Flags) -> Array:
    return x.swapaxes(1, 2)[there].reshape(-1, x.shape[1] * x.shape[3])


def spread(x: Array, there: Flags) -> Array:
    """Put each row where it stands, such as in its text, and zeros elsewhere."""
    texts = np.zeros((*there.shape, x.shape[1]), x.dtype)
    texts[there] = x
    return texts


def feed_forward(x: Array, weights: Weights, name: str) -> tuple[Array, Backward]:
    """Two linear maps with a ReLU between them, at each position by itself."""
    hidden, back_up = linear(x, weights[f"{name}.up"])
    active = np.maximum(hidden, 0)
    y, back_down = linear(active, weights[f"{name}.down"])

    def backward(dy: Array) -> Array:
        return back_up(back_down(dy) * (active > 0))

    return y, backward


def pick(x: Array, asked: Flags) -> tuple[Array, Backward]:
    """Keep the vectors that are asked for, one below the other."""
    return x[asked], lambda d_picked: spread(d_picked, asked)


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
