"""The parts of a transformer, in the order of the ideas: each forward, and its way back.

Every part returns its result and a function ``backward``. That takes the gradient of the loss with
respect to the result and returns the gradient with respect to what went in; the gradients of
weights add up in ``Parameter.gradient`` on the way. What the way back has to know stays in the
variables of the part itself.

Texts are read many at a time: `x` has the shape (batch, length, width).
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


def embedding(ids: Ids, table: Parameter) -> tuple[Array, Backward]:
    """Look up one row of the table for each id."""

    def backward(dx: Array) -> None:
        # A look-up is a product with one-hot rows, and so is its way back (np.add.at is slower).
        one_hot = np.zeros((len(table.value), ids.size), dx.dtype)
        one_hot[ids.ravel(), np.arange(ids.size)] = 1
        table.gradient += one_hot @ dx.reshape(ids.size, -1)

    return table.value[ids], backward


def linear(x: Array, weight: Parameter) -> tuple[Array, Backward]:
    """Multiply the vector at each position by a weight, from its length to another one."""
    before, after = weight.value.shape
    rows = x.reshape(-1, before)  # one large product is faster than one for each text

    def backward(dy: Array) -> Array:
        d_rows = dy.reshape(-1, after)
        weight.gradient += rows.T @ d_rows
        return (d_rows @ weight.value.T).reshape(x.shape)

    return (rows @ weight.value).reshape(*x.shape[:-1], after), backward


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
    heads: int,
    visible: Flags,
    memory: Memory | None = None,
    remember: Remember | None = None,
) -> tuple[Array, Backward]:
    """Let each position gather from the positions it may look at: of `x`, or of a memory.

    Each position asks with a query; all that are looked at answer with a key, and hand over a value
    as far as query and key agree. Several heads do so side by side. Source: Vaswani et al. 2017,
    "Attention Is All You Need", section 3.2.

    Parameters
    ----------
    x : ndarray, shape (batch, length, width)
    name : str
        Of this attention: ``f"{name}.query"`` and so on are its weights.
    visible : ndarray of bool, shape (1 or batch, 1, length, keys)
        Whether the query may look at the key.
    memory : Memory, optional
        What is looked at in cross-attention; its gradient is added up there.
    remember : callable, optional
        Takes new keys and values and returns them with earlier ones (see `generate`).
    """
    read = x if memory is None else memory.value
    queries, back_query = linear(x, weights[f"{name}.query"])
    keys_values, back_key_value = linear(read, weights[f"{name}.key_value"])
    if remember is not None:
        keys_values = remember(name, keys_values)
    q = _split_heads(queries, heads)
    k, v = (_split_heads(half, heads) for half in np.split(keys_values, 2, axis=-1))
    scale = q.shape[-1] ** -0.5
    shares, back_softmax = masked_softmax(q @ k.swapaxes(2, 3) * scale, visible)
    y, back_output = linear(_join_heads(shares @ v), weights[f"{name}.output"])

    def backward(dy: Array) -> Array:
        d_mixed = _split_heads(back_output(dy), heads)
        d_v = shares.swapaxes(2, 3) @ d_mixed
        d_scores = back_softmax(d_mixed @ v.swapaxes(2, 3)) * scale
        d_q, d_k = d_scores @ k, d_scores.swapaxes(2, 3) @ q
        d_x = back_query(_join_heads(d_q))
        d_read = back_key_value(np.concatenate([_join_heads(d_k), _join_heads(d_v)], axis=-1))
        if memory is None:
            return d_x + d_read
        memory.gradient += d_read
        return d_x

    return y, backward


def masked_softmax(scores: Array, visible: Flags) -> tuple[Array, Backward]:
    """Turn scores into shares that sum to 1 over the visible keys, or to 0 if there are none."""
    scores = np.where(visible, scores, np.finfo(scores.dtype).min)
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True)) * visible
    shares /= np.einsum("bhqk->bhq", shares)[..., None] + np.finfo(scores.dtype).tiny

    def backward(d_shares: Array) -> Array:
        return shares * (d_shares - _dot(d_shares, shares))

    return shares, backward


def _split_heads(x: Array, heads: int) -> Array:
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads).swapaxes(1, 2)


def _join_heads(x: Array) -> Array:
    batch, heads, length, width = x.shape
    return x.swapaxes(1, 2).reshape(batch, length, heads * width)


def feed_forward(x: Array, weights: Weights, name: str) -> tuple[Array, Backward]:
    """Two linear maps with a ReLU between them, at each position by itself."""
    hidden, back_up = linear(x, weights[f"{name}.up"])
    active = (hidden > 0).astype(x.dtype)
    y, back_down = linear(hidden * active, weights[f"{name}.down"])

    def backward(dy: Array) -> Array:
        return back_up(back_down(dy) * active)

    return y, backward


def pick(x: Array, asked: Flags) -> tuple[Array, Backward]:
    """Keep the vectors at the positions that are asked, one below the other."""

    def backward(d_picked: Array) -> Array:
        dx = np.zeros_like(x)
        dx[asked] = d_picked
        return dx

    return x[asked], backward


def cross_entropy(logits: Array, targets: Ids) -> tuple[float, Callable[[], Array]]:
    """Return the mean of -log p(target), in nats; logits of shape (answers, vocabulary)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    answers = np.arange(len(targets)), targets

    def backward() -> Array:
        d_logits = np.exp(log_p)
        d_logits[answers] -= 1
        return d_logits / len(targets)

    return -float(np.mean(log_p[answers])), backward
