"""Random decisions for many rows at once."""

import math

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.integer]


def hits(rng: np.random.Generator, probability: float, size: int) -> NDArray[np.intp]:
    """Draw which of `size` independent trials succeed, in rising order.

    The distances between successes are geometric, so only the successes cost a draw.
    """
    if probability == 1:
        return np.arange(size)
    if probability < 1e-12:  # not once in a corpus, and the distances would overflow
        return np.arange(0)
    expected = size * probability
    enough = int(expected + 6 * math.sqrt(expected)) + 8
    hit = np.zeros(0, dtype=np.intp)
    last = -1
    while last < size:
        failures = np.log(1 - rng.random(enough))
        failures /= math.log1p(-probability)
        distances = failures.astype(np.intp)
        distances += 1
        distances[0] += last
        more = np.cumsum(distances, out=distances)
        hit = np.append(hit, more) if len(hit) else more
        last = int(more[-1])
    return hit[: hit.searchsorted(size)]


def choose(rng: np.random.Generator, totals: Counts, counts: Counts) -> NDArray[np.intp]:
    """Draw for each row `count` of the numbers 0..total-1, uniformly, in rising order.

    Rows with fewer numbers than others are filled up with their total.
    """
    most, fewest = int(counts.max()), int(totals.min())
    if most == 0:
        return np.empty((len(totals), 0), dtype=np.intp)
    chosen = _drawn_until_distinct(rng, totals, counts) if most * 8 < fewest else None
    return _shuffled(rng, totals, counts) if chosen is None else chosen


def _shuffled(rng: np.random.Generator, totals: Counts, counts: Counts) -> NDArray[np.intp]:
    """Shuffle 0..total-1 and take the first, in rising order; the rest is the total.

    Shuffling is sorting keys: random high bits over a number of 0..total-1.
    """
    most, width = int(counts.max()), int(totals.max())
    index_bits = max(1, (width - 1).bit_length())
    # At least 22 random bits: two equal ones, settled by the index, must stay rare.
    dtype = np.dtype("u4" if index_bits <= 10 else "u8")
    index = dtype.type((1 << index_bits) - 1)
    size = len(totals) * width
    # Drawn 64 bits at a time, as that is fastest.
    words = rng.integers(0, 2**64 - 1, -(-size * dtype.itemsize // 8), np.uint64, endpoint=True)
    keys = words.view(dtype)[:size].reshape(-1, width)
    keys &= ~index
    keys |= np.arange(width, dtype=dtype)
    keys[np.arange(width) >= totals[:, None]] |= ~index  # behind the row: last
    if most < keys.shape[1]:
        keys.partition(most - 1, axis=1)
        keys = keys[:, :most]
    if counts.min() < most:
        keys.sort(axis=1)
    chosen = (keys & index).astype(np.intp)
    return np.sort(np.where(np.arange(most) < counts[:, None], chosen, totals[:, None]), axis=1)


def _drawn_until_distinct(
    rng: np.random.Generator, totals: Counts, counts: Counts
) -> NDArray[np.intp] | None:
    """Draw numbers with repetition and keep the first distinct ones; the rest is the total.

    Cheaper than a shuffle where few of many are wanted. None if a row has too few distinct ones.
    """
    most = int(counts.max())
    repeated = most**2 / (2 * int(totals.min()))
    turns = most + int(repeated + 5 * math.sqrt(repeated)) + 3
    bits = turns.bit_length()
    numbers = (rng.random((len(totals), turns)) * totals[:, None]).astype(np.intp)
    numbers = (numbers << bits) | np.arange(turns)
    numbers.sort(axis=1)
    turn = numbers & ((1 << bits) - 1)
    numbers >>= bits
    turn[:, 1:][numbers[:, 1:] == numbers[:, :-1]] = turns  # drawn before
    in_turn = np.sort(turn, axis=1)
    last = np.take_along_axis(in_turn, np.maximum(counts - 1, 0)[:, None], axis=1)
    if last.max() == turns:
        return None
    last[counts == 0] = -1
    return np.sort(np.where(turn <= last, numbers, totals[:, None]), axis=1)[:, :most]


def compositions(rng: np.random.Generator, totals: Counts, parts: Counts) -> NDArray[np.intp]:
    """Draw for each row `parts` lengths of at least 1 that add up to its total, uniformly.

    Rows with fewer parts than others are filled up with 0.
    """
    cuts = choose(rng, totals - 1, parts - 1) + 1
    edges = np.zeros((len(cuts), cuts.shape[1] + 2), dtype=np.intp)
    edges[:, 1:-1] = cuts
    edges[:, -1] = totals
    return np.diff(edges, axis=1)
