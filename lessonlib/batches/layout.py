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


def laid_out(
    ids: Ids, starts: Lengths, lengths: Lengths, new_lengths: Lengths, pad_id: int | None
) -> tuple[Padded, Lengths]:
    """Put runs of each row of `ids` end to end; return the new rows, and where runs end in them.

    `starts` and `lengths` have the shape (rows, runs). The last run goes on up to the longest of
    the new rows, before it is padded; what lies outside of `ids` is clipped. The ends of runs are
    counted through all rows.
    """
    rows, width = len(ids), int(new_lengths.max())
    lengths[:, -1] += width - lengths.sum(axis=1)
    run_lengths = lengths.reshape(-1)
    ends = np.cumsum(run_lengths)
    shifts = (starts + (np.arange(rows) * ids.shape[1])[:, None]).reshape(-1) - (ends - run_lengths)
    tokens, copied = ids.reshape(-1), np.empty(rows * width, ids.dtype)
    # Block by block, the indices stay in the cache.
    last_runs = np.searchsorted(ends, np.arange(_BLOCK, len(copied), _BLOCK))
    for first, last in pairwise([0, *np.unique(last_runs), len(ends)]):
        index = np.repeat(shifts[first:last], run_lengths[first:last])
        begin, end = ends[last - 1] - len(index), ends[last - 1]
        index += np.arange(begin, end)
        tokens.take(index, mode="clip", out=copied[begin:end])
    return padded(copied.reshape(rows, width), new_lengths, pad_id), ends.reshape(lengths.shape)


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
