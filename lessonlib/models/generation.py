"""Writing with a model, token by token, from left to right."""

from collections.abc import Callable

import numpy as np

from lessonlib import checks
from lessonlib.attention import EncoderDecoderMask, Mask
from lessonlib.models.config import WORDS
from lessonlib.models.inputs import AttentionMask
from lessonlib.models.layers import Array, Ids, Memory, Rows
from lessonlib.models.transformer import Transformer

Choose = Callable[[Array], Ids]


def greedy(logits: Array) -> Ids:
    """Take the most probable token of each row of logits (rows, vocabulary)."""
    return logits.argmax(axis=1)


def sampled(rng: np.random.Generator, temperature: float = 1.0, top_p: float = 1.0) -> Choose:
    """Draw from the distribution of the model, from logits (rows, vocabulary) to token ids (rows,).

    The probable gets more probable with a `temperature` below 1, less above it. Only the most
    probable tokens that together reach `top_p` can be drawn. Source: Holtzman et al. 2020, "The
    Curious Case of Neural Text Degeneration", section 3.1.
    """
    rng = checks.generator(rng)
    temperature = checks.number(temperature, "temperature", 0, above=True)
    top_p = checks.number(top_p, "top_p", 0, 1, above=True)

    def choose(logits: Array) -> Ids:
        order = np.argsort(-logits, axis=1)
        scaled = np.take_along_axis(logits, order, axis=1).astype(float) / temperature
        cumulative = np.cumsum(np.exp(scaled - scaled[:, :1]), axis=1)
        total = cumulative[:, -1:]
        allowed = (cumulative < top_p * total).sum(axis=1, keepdims=True)
        ceiling = np.take_along_axis(cumulative, np.minimum(allowed, logits.shape[1] - 1), axis=1)
        drawn = (cumulative <= rng.random((len(logits), 1)) * ceiling).sum(axis=1, keepdims=True)
        return np.take_along_axis(order, drawn, axis=1)[:, 0]

    return choose


def generate(
    model: Transformer,
    inputs: Ids,
    lengths: Ids,
    attention_mask: AttentionMask,
    *,
    end_id: int,
    choose: Choose = greedy,
    source: Ids | None = None,
    patches: Array | None = None,
) -> tuple[Ids, Ids]:
    """Go on writing each row until its end token, written too, or until the room is full.

    `inputs`, (batch, room), is what is given from the left: so many tokens of each row as `lengths`
    says. The mask is for the whole room, as if it were written already. `choose` makes the next
    tokens of logits (rows, vocabulary); for `source` and `patches` see :meth:`Transformer.read`.
    Returns what is written now, and how many tokens of each row count. Keys and values are kept, so
    write some thousand rows at a time, not more.
    """
    written, lengths = np.array(inputs), np.array(lengths)
    if written.ndim != 2:
        raise ValueError(WORDS("no_room", shape=written.shape))
    batch, room = written.shape
    if lengths.dtype.kind not in "iu":
        raise TypeError(WORDS("lengths_dtype", dtype=lengths.dtype))
    if lengths.shape != (batch,) or not ((lengths >= 1) & (lengths <= room)).all():
        given = checks.shown(lengths.tolist())
        raise ValueError(WORDS("lengths_range", lengths=given, room=room, rows=batch))
    before = 0 if patches is None or source is not None else patches.shape[1]
    rows = np.flatnonzero(lengths < room)  # those that go on
    cache = _KeyValueCache()
    asked = np.zeros((batch, before + room), bool)
    asked[rows, before + lengths[rows] - 1] = True
    reading = {"source": source, "patches": patches, "remember": cache}
    last, _ = model.hidden(written, attention_mask, asked, **reading)
    while len(rows):
        tokens = choose(last @ model.head.value)
        written[rows, lengths[rows]] = tokens
        lengths[rows] += 1
        rows = rows[(tokens != end_id) & (lengths[rows] < room)]
        cache.rows, cache.positions = rows, before + lengths[rows] - 1
        last = _read_on(model, written[rows, lengths[rows] - 1], attention_mask, cache)
    return written, lengths


class _KeyValueCache:
    """Keeps keys and values; `rows` go on, and read now what stands at `positions`, one in each."""

    def __init__(self) -> None:
        self.kept: dict[str, Array] = {}
        self.rows = self.positions = np.empty(0, int)

    def __call__(self, name: str, new: Array) -> Array:
        if name not in self.kept:
            self.kept[name] = new
            return new
        if new.size:
            self.kept[name][self.rows, :, self.positions] = new[:, :, 0]
        return self.kept[name][self.rows]

    def looking(self, mask: Mask) -> Mask:
        """Return what the positions may look at, shape (rows, 1, 1, keys)."""
        allowed = mask[self.positions] if mask.ndim == 2 else mask[self.rows, self.positions]
        return allowed[:, None, None]


def _read_on(model: Transformer, tokens: Ids, mask: AttentionMask, cache: _KeyValueCache) -> Array:
    """Read one more token of each row and return the states there, shape (rows, width)."""
    memory = None
    if isinstance(mask, EncoderDecoderMask):  # the source was read: there is no more of it
        nothing = np.empty((0, model.config.width), model.values.dtype)
        nowhere = np.empty((len(tokens), 0), bool)
        memory = Memory(nothing, Rows(nowhere), cache.looking(mask.cross))
        mask = mask.decoder
    states, _ = model.read_stack(
        model.config.predicting,
        tokens[:, None],
        cache.looking(mask),
        first=cache.positions,
        memory=memory,
        remember=cache,
    )
    return states[model.config.predicting]
