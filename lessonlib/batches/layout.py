"""Rows laid out anew: every rearrangement is a list of runs of tokens, copied one after another."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lessonlib.attention import Mask
from lessonlib.words import Words

WORDS = Words("batches")

Ids = NDArray[np.integer]
Lengths = NDArray[np.integer]  # one number for each row
Padded = tuple[Ids, Mask]  # rows filled up to one width, and where they hold tokens

_BLOCK = 1 << 15


def laid_out(ids: Ids, starts: Lengths, lengths: Lengths) -> Ids:
    """Copy runs of the flat array `ids` end to end; what lies outside `ids` is clipped."""
    ends = np.cumsum(lengths)
    shifts = starts - (ends - lengths)
    tokens, copied = ids.reshape(-1), np.empty(ends[-1], ids.dtype)
    # Block by block, the indices stay in the cache.
    last_runs = np.searchsorted(ends, np.arange(_BLOCK, ends[-1], _BLOCK))
    for first, last in pairwise([0, *np.unique(last_runs), len(ends)]):
        index = np.repeat(shifts[first:last], lengths[first:last])
        begin, end = ends[last - 1] - len(index), ends[last - 1]
        index += np.arange(begin, end)
        tokens.take(index, mode="clip", out=copied[begin:end])
    return copied


def row_starts(ids: Ids) -> Lengths:
    """Return where each row starts in the flat array."""
    return np.arange(len(ids)) * ids.shape[1]


def padded(rows: Ids, lengths: Lengths, pad_id: int | None) -> Padded:
    """Overwrite what lies behind the length of each row with padding, in place."""
    width = rows.shape[1]
    real = real_until(lengths, width)
    if lengths.min() < width:
        if pad_id is None:
            bounds = {"shortest": lengths.min(), "longest": width}
            raise ValueError(WORDS("pad_id_missing_here", **bounds))
        np.copyto(rows, pad_id, where=~real)
    return rows, real


def real_until(lengths: Lengths, width: int) -> Mask:
    """Return where rows of the given lengths hold tokens; without memory if all are full."""
    if lengths.min() == width:
        return np.broadcast_to(True, (len(lengths), width))
    return np.arange(width, dtype=np.int32) < lengths.astype(np.int32)[:, None]
