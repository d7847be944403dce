"""Every builder with the special ids of one small vocabulary, and how its rows read as tokens."""

import inspect

import numpy as np

from lessonlib import batches, samples
from lessonlib.samples.special import END

VOCAB_SIZE = 1000
PAD, START, MASK, PRE, MID, SUF, OPEN, CLOSE, MODE_R, MODE_S, MODE_X = range(11)
FIRST_WORD, FIRST_SENTINEL = 11, VOCAB_SIZE - 1
MODES = {"R": MODE_R, "S": MODE_S, "X": MODE_X}
SENTINELS = 200

TOKENS = {
    START: samples.START,
    CLOSE: END,
    MASK: samples.MASK,
    PRE: samples.PRE,
    MID: samples.MID,
    SUF: samples.SUF,
    **{MODES[name]: token for name, token in samples.MODE.items()},
    **{FIRST_SENTINEL - k: samples.sentinel(k) for k in range(SENTINELS)},
}

FIXED = {
    "causal": {},
    "masked": {"mask_id": MASK, "vocab_size": VOCAB_SIZE},
    "span_corruption": {"vocab_size": VOCAB_SIZE, "start_id": START},
    "prefix_lm": {"start_id": START},
    "fill_in_middle": {"prefix_id": PRE, "middle_id": MID, "suffix_id": SUF},
    "ul2": {"vocab_size": VOCAB_SIZE, "start_id": START, "mode_ids": MODES},
}
"""All objectives of the room, and the arguments that say which id is which."""


def build(objective, ids, rng, **arguments):
    builder, given = getattr(batches, objective), [ids]
    if objective == "ul2":
        given += spans_and_denoisers(ids, rng)
    elif "rng" in inspect.signature(builder).parameters:
        given.append(rng)
    return builder(*given, **FIXED[objective] | arguments)


def spans_and_denoisers(ids, rng):
    """Draw for each row a kind of denoising, and a span (or two, or none) that fits it."""
    lengths = (np.asarray(ids) != PAD).sum(axis=1)
    denoisers = rng.choice(list(MODES), len(ids))
    spans = []
    for row, (kind, length) in enumerate(zip(denoisers, lengths, strict=True)):
        if kind == "S":
            spans.append((row, rng.integers(length), length))
        else:
            cuts = np.sort(rng.choice(length + 1, min(4, length), replace=False))
            spans += [(row, *cuts[at : at + 2]) for at in range(0, len(cuts) - 1, 2)]
    return np.array(spans), denoisers


def word(number):
    return TOKENS.get(number, str(number))


def words(row):
    return [word(number) for number in row.tolist() if number != PAD]


def texts(rng, lengths, width=None):
    """Return rows of random words of the given lengths, padded to the longest (or to width)."""
    lengths = np.asarray(lengths)
    width = width or int(lengths.max())
    ids = rng.integers(FIRST_WORD, FIRST_SENTINEL - SENTINELS, (len(lengths), width))
    ids[np.arange(width) >= lengths[:, None]] = PAD
    return ids
