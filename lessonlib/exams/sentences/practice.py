"""What is practised that is more than hiding words: next words, middles, mixtures."""

import numpy as np

from lessonlib import batches
from lessonlib.batches import Batch
from lessonlib.exams.sentences.items import LONGEST_STRETCH, SHORTEST_STRETCH
from lessonlib.exams.vocabulary import PAD, Ids, Vocabulary
from lessonlib.samples import START


def causal(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Say every next word, the first one too."""
    return vocabulary.batch(batches.causal, _after_start(ids, vocabulary))


def prefix_lm(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Read the beginning in both directions and say the words after it."""
    return vocabulary.batch(
        batches.prefix_lm, _after_start(ids, vocabulary), rng=rng, start_id=None
    )


def fill_in_middle(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Say every next word; in half of the rows the middle was moved to the end."""
    return vocabulary.batch(batches.fill_in_middle, ids, rng=rng, spm_rate=0)


def ul2(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Write a short stretch (R), the whole rest (S) or a long stretch (X), told which by a token.

    Of five rows two are R, two S and one X.
    """
    lengths = _lengths(ids, vocabulary)
    missing = rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, len(ids))
    mode = np.arange(len(ids)) % 5 // 2
    missing = np.where(mode == 1, rng.integers(1, lengths + 1), missing)
    missing = np.where(mode == 2, rng.integers(LONGEST_STRETCH + 1, lengths + 1), missing)
    latest = lengths - missing
    spans = _one_in_each(np.where(mode == 1, latest, rng.integers(latest + 1)), missing)
    return vocabulary.batch(batches.ul2, ids, spans, np.array(list("RSX"))[mode])


def _after_start(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return np.column_stack([np.full(len(ids), vocabulary[START]), ids])


def _lengths(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return (ids != vocabulary[PAD]).sum(axis=1)


def _one_in_each(starts: Ids, lengths: Ids) -> Ids:
    return np.column_stack([np.arange(len(starts)), starts, starts + lengths])
