"""Objectives of an encoder that looks at both sides: masked LM."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.attention import Mask
from lessonlib.batches.arguments import (
    among,
    check_distinct,
    checked_id,
    checked_ids,
    checked_pad_id,
    checked_special_ids,
)
from lessonlib.batches.batch import Batch
from lessonlib.batches.draws import hits
from lessonlib.batches.layout import WORDS, Ids


def masked(
    ids: Ids,
    rng: np.random.Generator,
    *,
    mask_id: int,
    vocab_size: int,
    rate: float = 0.15,
    special_ids: Collection[int] = (),
    pad_id: int | None = None,
    keep: float = 0.1,
    random: float = 0.1,
) -> Batch:
    """Say the original token at the chosen positions, having seen both sides of them.

    Each token that is neither special nor padding is chosen independently with probability `rate`;
    a row in which none was chosen gets one, drawn uniformly, so that every row has a label. A
    chosen token is kept with probability `keep`, replaced by a random word with probability
    `random`, and by the mask otherwise. Encoder-only; `targets` is `ids` itself. The chosen
    positions are those of `loss_mask`, and `inputs` holds the replacements there. Source: Devlin et
    al. 2019 (BERT), section 3.1. Positions are drawn as in Hugging Face's
    ``DataCollatorForLanguageModeling``.

    Parameters
    ----------
    ids : ndarray of int, shape (rows, length)
        Token ids 0..vocab_size-1. Every row needs a token that may be chosen.
    rate : float
        Probability of being chosen, above 0 and up to 1.
    special_ids : collection of int
        Ids that are never chosen and never serve as a random word; the mask is one of them.
    pad_id : int, optional
        The id of padding, anywhere in a row; nobody looks at it.
    keep, random : float
        Probabilities of the two exceptions from the mask, together at most 1.
    """
    rng, ids = checks.generator(rng), checked_ids(ids, vocab_size)
    mask_id = checked_id(mask_id, "mask_id", ids, vocab_size)
    protected = {mask_id, *checked_special_ids(special_ids, ids, vocab_size)}
    pad_id = checked_pad_id(pad_id, ids, vocab_size)
    check_distinct(mask_id=mask_id, pad_id=pad_id)
    if pad_id is not None:
        protected.add(pad_id)
    rate = checks.number(rate, "rate", 0, 1, above=True)
    keep, random = checks.number(keep, "keep", 0, 1), checks.number(random, "random", 0, 1)
    if keep + random > 1:
        raise ValueError(WORDS("more_than_all", keep=f"{keep:g}", random=f"{random:g}"))
    if random:
        checked_id(vocab_size - 1, WORDS("name.last_word"), ids)
    if random and len(protected) == vocab_size:
        raise ValueError(WORDS("no_random_word"))

    excluded = sorted(protected)
    chosen, positions = _chosen(ids, rng, rate, excluded)
    inputs = ids.copy(order="C")
    tokens = inputs.reshape(-1)
    replacements = np.full(len(positions), mask_id, dtype=ids.dtype)
    if keep:
        kept = hits(rng, min(1, keep / (1 - random)), len(positions))
        replacements[kept] = tokens[positions[kept]]
    randomised = hits(rng, random, len(positions))
    replacements[randomised] = _words(rng, len(randomised), vocab_size, excluded)
    tokens[positions] = replacements
    real = np.broadcast_to(True, ids.shape) if pad_id is None else ids != pad_id
    return Batch("masked", None, inputs, ids, chosen, ("bidirectional",), real)


def _chosen(
    ids: Ids, rng: np.random.Generator, rate: float, protected: list[int]
) -> tuple[Mask, NDArray[np.intp]]:
    """Draw at least one position in each row, as booleans and as places in the flat array."""
    positions = hits(rng, rate, ids.size)
    refused = among(ids.reshape(-1).take(positions), protected)
    if refused.any():
        positions = positions[~refused]
    chosen = np.zeros(ids.shape, dtype=bool)
    chosen.reshape(-1)[positions] = True
    empty = np.flatnonzero(~chosen.any(axis=1))
    if len(empty):
        free = ~among(ids[empty], protected)
        lots = np.where(free, rng.random(free.shape), -1)
        barren = empty[~free.any(axis=1)]
        if len(barren):
            raise ValueError(WORDS("nothing_to_choose", row=barren[0], protected=protected))
        chosen[empty, lots.argmax(axis=1)] = True
        positions = np.flatnonzero(chosen)
    return chosen, positions


def _words(
    rng: np.random.Generator, count: int, vocab_size: int, protected: list[int]
) -> NDArray[np.intp]:
    """Draw ids uniformly among those that are not protected."""
    words = rng.integers(0, vocab_size - len(protected), count)
    for value in protected:  # in rising order: make room for each protected id
        words += words >= value
    return words
