"""Objectives of an encoder that looks at both sides: masked LM."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.attention import Mask
from lessonlib.batches import arguments
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

    Each token that is neither special nor padding, which may be anywhere in a row, is chosen
    independently with probability `rate`, above 0; a row in which none was chosen gets one, drawn
    uniformly, so that every row has a label. A chosen token is kept with probability `keep`,
    replaced by a random word, never a special one, with probability `random`, and by the mask
    otherwise. Encoder-only; `targets` is `ids` itself. The chosen positions are those of
    `loss_mask`, and `inputs` holds the replacements there. Source: Devlin et al. 2019 (BERT),
    section 3.1. Positions are drawn as in Hugging Face's ``DataCollatorForLanguageModeling``.
    """
    rng, ids = checks.generator(rng), arguments.checked_ids(ids, vocab_size)
    mask_id = arguments.checked_id(mask_id, "mask_id", ids, vocab_size)
    protected = {mask_id, *arguments.checked_special_ids(special_ids, ids, vocab_size)}
    pad_id = arguments.checked_pad_id(pad_id, ids, vocab_size)
    arguments.check_markers(ids, pad_id, mask_id=mask_id)
    if pad_id is not None:
        protected.add(pad_id)
    rate = checks.number(rate, "rate", 0, 1, above=True)
    keep, random = checks.number(keep, "keep", 0, 1), checks.number(random, "random", 0, 1)
    if keep + random > 1:
        raise ValueError(WORDS("more_than_all", keep=f"{keep:g}", random=f"{random:g}"))
    if random:
        arguments.checked_id(vocab_size - 1, WORDS("name.last_word"), ids)
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
    words = rng.integers(0, vocab_size - len(excluded), len(randomised))
    for value in excluded:  # in rising order: make room for each
        words += words >= value
    replacements[randomised] = words
    tokens[positions] = replacements
    real = np.broadcast_to(True, ids.shape) if pad_id is None else ids != pad_id
    return Batch("masked", None, inputs, ids, chosen, ("bidirectional",), real)


def _chosen(
    ids: Ids, rng: np.random.Generator, rate: float, protected: list[int]
) -> tuple[Mask, NDArray[np.intp]]:
    """Draw at least one position in each row, as booleans and as places in the flat array."""
    positions = hits(rng, rate, ids.size)
    refused = arguments.among(ids.reshape(-1).take(positions), protected)
    if refused.any():
        positions = positions[~refused]
    chosen = np.zeros(ids.shape, dtype=bool)
    chosen.reshape(-1)[positions] = True
    empty = np.flatnonzero(~chosen.any(axis=1))
    if len(empty):
        free = ~arguments.among(ids[empty], protected)
        lots = np.where(free, rng.random(free.shape), -1)
        barren = empty[~free.any(axis=1)]
        if len(barren):
            raise ValueError(WORDS("nothing_to_choose", row=barren[0], protected=protected))
        chosen[empty, lots.argmax(axis=1)] = True
        positions = np.flatnonzero(chosen)
    return chosen, positions
