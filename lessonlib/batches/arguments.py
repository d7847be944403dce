"""What the arguments of a batch builder must be: ``checked_...`` returns it, ``check_...`` refuses.

What is one value, and no array of ids, is checked by :mod:`lessonlib.checks`.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from lessonlib import checks
from lessonlib.attention import Mask
from lessonlib.batches.layout import WORDS, Ids, Lengths

_LARGEST = np.iinfo(np.int64).max


def checked_ids(ids: Any, vocab_size: int | None = None) -> Ids:
    """Return `ids`, which must be a non-empty array [rows, length] of ids 0..vocab_size-1."""
    checks.array(ids, "ids", "iu", WORDS("wanted.ids"))
    if ids.ndim != 2 or not ids.size:
        raise ValueError(WORDS("empty" if ids.ndim == 2 else "not_rows", shape=ids.shape))
    # Read as unsigned, a negative id is a huge one: one pass finds both kinds of wrong ids.
    largest = int(ids.view(ids.dtype.str.replace("i", "u")).max())
    limit = np.iinfo(ids.dtype).max
    if vocab_size is not None:
        limit = checks.integer(vocab_size, "vocab_size", 2) - 1
    if largest > limit:
        bound = "any" if vocab_size is None else "known"
        allowed = WORDS(f"allowed.{bound}", most=limit, vocab_size=vocab_size)
        raise _wrong_at("id_out_of_range", ids, (ids < 0) | (ids > limit), allowed=allowed)
    return ids


def checked_id(value: Any, name: str, ids: Ids, vocab_size: int | None = None) -> int:
    """Return the id of a special token, which must fit into `ids`."""
    fits = min(np.iinfo(ids.dtype).max, _LARGEST)
    value = checks.integer(value, name, 0, None if vocab_size is None else vocab_size - 1)
    if value > fits:
        wrong = "does_not_fit" if fits == _LARGEST else "does_not_fit_wider"
        shown = checks.shown(value)
        raise ValueError(WORDS(wrong, name=name, value=shown, dtype=ids.dtype, most=fits))
    return value


def checked_pad_id(pad_id: Any, ids: Ids, vocab_size: int | None = None) -> int | None:
    """Return the id of padding, which may be None where there is no padding."""
    return None if pad_id is None else checked_id(pad_id, "pad_id", ids, vocab_size)


def checked_special_ids(special_ids: Any, ids: Ids, vocab_size: int) -> list[int]:
    """Return the ids of special tokens as a list without repetition."""
    wanted, name = WORDS("wanted.special_ids"), WORDS("name.special_id")
    listed = checks.members(special_ids, "special_ids", wanted, in_order=False)
    return sorted({checked_id(value, name, ids, vocab_size) for value in listed})


def check_markers(ids: Ids, pad_id: Any, vocab_size: int | None = None, **named: Any) -> None:
    """Refuse ids of special tokens that do not fit into `ids`, or are the same."""
    seen: dict[int, str] = {}
    for name, value in (named | ({} if pad_id is None else {"pad_id": pad_id})).items():
        value = checked_id(value, name, ids, vocab_size)
        if value in seen:
            raise ValueError(WORDS("both_the_same", name=name, other=seen[value], value=value))
        seen[value] = name


def check_no_sentinel_in(ids: Ids, spans: int, vocab_size: int, **named: int | None) -> None:
    """Refuse ids, named special ones too, that are sentinels of rows of so many spans."""
    lowest = vocab_size - 1 - int(spans)
    wrong = [
        f"{name}={value}" for name, value in named.items() if value is not None and value >= lowest
    ]
    if not wrong and int(ids.max()) >= lowest:
        row, position = np.argwhere(ids >= lowest)[0].tolist()
        wrong = [f"ids[{row}, {position}]={ids[row, position]}"]
    if wrong:
        bounds = {"sentinels": spans + 1, "highest": vocab_size - 1, "lowest": lowest}
        raise ValueError(WORDS("sentinel", count=int(spans), wrong=wrong[0], **bounds))


def check_padding(pad_id: int | None, lengths_can_differ: bool, cause: str) -> None:
    """Refuse a missing `pad_id` by rule, and not only where chance makes it needed."""
    if pad_id is None and lengths_can_differ:
        raise ValueError(WORDS("pad_id_missing", cause=cause))


def checked_spans(spans: Any, lengths: Lengths) -> np.ndarray:
    """Return `spans`, which must be (row, start, end), in order, apart and inside their rows."""
    checks.array(spans, "spans", "iu", WORDS("wanted.spans"))
    if spans.ndim != 2 or spans.shape[1] != 3:
        raise ValueError(WORDS("spans_shape", shape=spans.shape))
    spans = spans.astype(np.intp)
    row, start, end = spans.T
    known = (row >= 0) & (row < len(lengths))
    inside = known & (start >= 0) & (start < end) & (end <= lengths[np.where(known, row, 0)])
    in_order = np.ones(len(spans), dtype=bool)
    in_order[1:] = (row[1:] > row[:-1]) | ((row[1:] == row[:-1]) & (start[1:] > end[:-1]))
    wrong = np.flatnonzero(~(inside & in_order))
    if len(wrong):
        which = wrong[0]
        rule = WORDS("allowed.span_behind" if inside[which] else "allowed.span_inside")
        span = tuple(spans[which].tolist())
        raise ValueError(WORDS("span_wrong", index=which, span=span, rule=rule))
    return spans


def checked_lengths(ids: Ids, pad_id: int | None, least: int) -> Lengths:
    """Return how many tokens each row has before its padding, which must be `least` or more."""
    lengths = np.full(len(ids), ids.shape[1])
    if pad_id is not None:
        real = ids != pad_id
        resumed = real[:, 1:] & ~real[:, :-1]
        if resumed.any():
            raise _wrong_at("padding_inside", ids, resumed, pad_id=pad_id)
        lengths = real.sum(axis=1)
    _check_enough(lengths, least)
    return lengths


def checked_texts(
    ids: Ids, pad_id: int | None, special_ids: Sequence[int], least: int
) -> tuple[Lengths, Lengths, Lengths]:
    """Return where the text of each row starts and ends, and where the row does.

    Special tokens may open and close a row. Spans are drawn between them; one in the midst of the
    text would be hidden along with a span, so it is refused.
    """
    lengths = checked_lengths(ids, pad_id, least=1)
    starts, ends = np.zeros_like(lengths), lengths
    if special_ids:
        text = ~among(ids, special_ids) & (np.arange(ids.shape[1]) < lengths[:, None])
        counts = text.sum(axis=1)
        starts = text.argmax(axis=1)
        ends = starts + counts
        inside = np.cumsum(text, axis=1, dtype=np.int32)
        broken = ~text & (inside > 0) & (inside < counts[:, None])
        if broken.any():
            raise _wrong_at("special_inside", ids, broken)
    _check_enough(ends - starts, least, "text_too_short")
    return starts, ends, lengths


def among(ids: Ids, wanted: Sequence[int]) -> Mask:
    """Return where `ids` holds one of a few wanted ids."""
    return reduce(np.logical_or, [ids == value for value in wanted], np.False_)


def _check_enough(lengths: Lengths, least: int, otherwise: str = "too_short") -> None:
    short = np.flatnonzero(lengths < least)
    if len(short):
        row = short[0]
        raise ValueError(WORDS(otherwise, row=row, length=lengths[row], least=least))


def _wrong_at(key: str, ids: Ids, wrong: Mask, **more: Any) -> ValueError:
    """Say where the first wrong id stands."""
    row, position = np.argwhere(wrong)[0].tolist()
    return ValueError(WORDS(key, row=row, position=position, id=ids[row, position], **more))
