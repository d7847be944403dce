"""What the arguments of a batch builder must be: ``checked_...`` returns it, ``check_...`` refuses.

What is one value, and no array of ids, is checked by :mod:`lessonlib.checks`.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from lessonlib import checks
from lessonlib.attention import Mask
from lessonlib.batches.layout import Ids, Lengths

_LARGEST = np.iinfo(np.int64).max


def checked_ids(ids: Any, vocab_size: int | None = None) -> Ids:
    """Return `ids`, which must be a non-empty array [rows, length] of ids 0..vocab_size-1."""
    wanted = "a numpy array of rows of integer ids such as np.array([[5, 6, 7], [8, 9, 0]])"
    checks.array(ids, "ids", "iu", wanted)
    if ids.ndim != 2:
        raise ValueError(f"ids has shape {ids.shape}; it must be (rows, length)")
    if not ids.size:
        raise ValueError(f"ids has shape {ids.shape}; a batch needs at least one row and one token")
    # Read as unsigned, a negative id is a huge one: one pass finds both kinds of wrong ids.
    largest = int(ids.view(ids.dtype.str.replace("i", "u")).max())
    limit = np.iinfo(ids.dtype).max
    if vocab_size is not None:
        limit = checks.integer(vocab_size, "vocab_size", 2) - 1
    if largest > limit:
        row, position = np.argwhere((ids < 0) | (ids > limit))[0].tolist()
        allowed = "0 or more" if vocab_size is None else f"0..{limit} (vocab_size={vocab_size})"
        raise ValueError(
            f"ids[{row}, {position}]={ids[row, position]} is out of range; allowed: {allowed}"
        )
    return ids


def checked_id(value: Any, name: str, ids: Ids, vocab_size: int | None = None) -> int:
    """Return the id of a special token, which must fit into `ids`."""
    fits = min(np.iinfo(ids.dtype).max, _LARGEST)
    value = checks.integer(value, name, 0, None if vocab_size is None else vocab_size - 1)
    if value > fits:
        cure = "" if fits == _LARGEST else "; give ids of a wider dtype: ids.astype(np.int64)"
        raise ValueError(
            f"{name}={checks.shown(value)} does not fit into ids of dtype {ids.dtype} "
            f"(0..{fits}){cure}"
        )
    return value


def checked_pad_id(pad_id: Any, ids: Ids, vocab_size: int | None = None) -> int | None:
    """Return the id of padding, which may be None where there is no padding."""
    return None if pad_id is None else checked_id(pad_id, "pad_id", ids, vocab_size)


def checked_special_ids(special_ids: Any, ids: Ids, vocab_size: int | None = None) -> list[int]:
    """Return the ids of special tokens as a list without repetition."""
    listed = checks.members(special_ids, "special_ids", "a collection of ids", in_order=False)
    return sorted({checked_id(value, "special id", ids, vocab_size) for value in listed})


def check_markers(ids: Ids, pad_id: Any, **named: Any) -> None:
    """Refuse ids of special tokens that do not fit into `ids`, or are the same."""
    for name, value in named.items():
        checked_id(value, name, ids)
    check_distinct(**named, pad_id=checked_pad_id(pad_id, ids))


def check_distinct(**named: int | None) -> None:
    """Refuse two special tokens with the same id."""
    seen: dict[int, str] = {}
    for name, value in named.items():
        if value in seen and value is not None:
            raise ValueError(f"{name} and {seen[value]} are both {value}; each needs its own id")
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
        raise ValueError(
            f"{wrong[0]} is a sentinel of this batch; rows of up to "
            f"{checks.counted(int(spans), 'span')} need {spans + 1} sentinels, "
            f"from {vocab_size - 1} down to {lowest}, and no other id may be one of them"
        )


def check_padding(pad_id: int | None, lengths_can_differ: bool, cause: str) -> None:
    """Refuse a missing `pad_id` by rule, and not only where chance makes it needed."""
    if pad_id is None and lengths_can_differ:
        raise ValueError(
            f"{cause} can give rows of different lengths; give pad_id to fill up the shorter ones"
        )


def checked_spans(spans: Any, lengths: Lengths) -> np.ndarray:
    """Return `spans`, which must be (row, start, end), in order, apart and inside their rows."""
    checks.array(spans, "spans", "iu", "a numpy array of integers")
    if spans.ndim != 2 or spans.shape[1] != 3:
        raise ValueError(f"spans has shape {spans.shape}; it must be (spans, 3): row, start, end")
    spans = spans.astype(np.intp)
    row, start, end = spans.T
    known = (row >= 0) & (row < len(lengths))
    inside = known & (start >= 0) & (start < end) & (end <= lengths[np.where(known, row, 0)])
    in_order = np.ones(len(spans), dtype=bool)
    in_order[1:] = (row[1:] > row[:-1]) | ((row[1:] == row[:-1]) & (start[1:] > end[:-1]))
    wrong = np.flatnonzero(~(inside & in_order))
    if len(wrong):
        which = wrong[0]
        rule = "start < end, inside its row" if not inside[which] else "behind the one before it"
        raise ValueError(f"spans[{which}]={tuple(spans[which].tolist())} is wrong; allowed: {rule}")
    return spans


def checked_lengths(ids: Ids, pad_id: int | None, least: int) -> Lengths:
    """Return how many tokens each row has before its padding, which must be `least` or more."""
    rows, width = ids.shape
    lengths = np.full(rows, width)
    if pad_id is not None:
        real = ids != pad_id
        resumed = real[:, 1:] & ~real[:, :-1]
        if resumed.any():
            row, position = np.argwhere(resumed)[0].tolist()
            raise ValueError(
                f"ids[{row}, {position}] is pad_id={pad_id} but tokens follow; padding stands at "
                f"the end of a row and has an id of its own"
            )
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
            row, position = np.argwhere(broken)[0].tolist()
            raise ValueError(
                f"ids[{row}, {position}]={ids[row, position]} is a special id amid the text; "
                f"special tokens may only open and close a row"
            )
    _check_enough(ends - starts, least, " without its special tokens")
    return starts, ends, lengths


def among(ids: Ids, wanted: Sequence[int]) -> Mask:
    """Return where `ids` holds one of a few wanted ids."""
    return reduce(np.logical_or, [ids == value for value in wanted], np.False_)


def _check_enough(lengths: Lengths, least: int, of_what: str = "") -> None:
    short = np.flatnonzero(lengths < least)
    if len(short):
        raise ValueError(
            f"row {short[0]} has length {lengths[short[0]]}{of_what}; "
            f"allowed: {least} or more tokens"
        )
