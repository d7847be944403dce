"""What each model practises: the architecture and the batches of every row of the matrix."""

import numpy as np

from lessonlib import batches
from lessonlib.batches import Batch
from lessonlib.exams.exam import UNTRAINED, Recipe
from lessonlib.exams.sentences.candidates import writers
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.items import LONGEST_STRETCH, SHORTEST_STRETCH
from lessonlib.exams.vocabulary import PAD, Ids, Vocabulary
from lessonlib.samples import START
from lessonlib.words import Words


def causal(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Say every next word, the first one too."""
    return vocabulary.batch(batches.causal, _after_start(ids, vocabulary))


def masked(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator, rate: float = 0.15) -> Batch:
    """Say words that are hidden one by one."""
    return vocabulary.batch(batches.masked, ids, rng=rng, rate=rate)


def masked_at_every_rate(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Hide from nearly nothing to everything, as masked diffusion language models do."""
    return masked(ids, vocabulary, rng, rate=rng.uniform(0.05, 1))


def span_corruption(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Write one missing stretch: its length is drawn first, then its place.

    T5's own mask hides the end of a text as short as these, always.
    """
    lengths, missing = _lengths(ids, vocabulary), _short(ids, rng)
    spans = _one_in_each(rng.integers(lengths - missing + 1), missing)
    return vocabulary.batch(batches.hide_spans, ids, spans)


def spans_and_endings(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Write one missing stretch; in every other row it is the whole rest of the sentence."""
    lengths, short = _lengths(ids, vocabulary), _short(ids, rng)
    ending = np.arange(len(ids)) % 2 == 0
    missing = np.where(ending, rng.integers(1, lengths + 1), short)
    latest = lengths - missing
    spans = _one_in_each(np.where(ending, latest, rng.integers(latest + 1)), missing)
    return vocabulary.batch(batches.hide_spans, ids, spans)


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
    lengths, missing = _lengths(ids, vocabulary), _short(ids, rng)
    mode = np.arange(len(ids)) % 5 // 2
    missing = np.where(mode == 1, rng.integers(1, lengths + 1), missing)
    missing = np.where(mode == 2, rng.integers(LONGEST_STRETCH + 1, lengths + 1), missing)
    latest = lengths - missing
    spans = _one_in_each(np.where(mode == 1, latest, rng.integers(latest + 1)), missing)
    return vocabulary.batch(batches.ul2, ids, spans, np.array(list("RSX"))[mode])


RECIPES = {
    recipe.objective: recipe
    for recipe in (
        Recipe("causal", "decoder-only", writers.DecoderOnly, causal),
        Recipe("masked", "encoder-only", EncoderOnly, masked),
        Recipe("span_corruption", "encoder-decoder", writers.EncoderDecoder, span_corruption),
        Recipe("prefix_lm", "decoder-only", writers.PrefixReader, prefix_lm),
        Recipe("fill_in_middle", "decoder-only", writers.FillInMiddle, fill_in_middle),
        Recipe("ul2", "encoder-decoder", writers.MixedDenoiser, ul2),
    )
}
CONTROL = Recipe(UNTRAINED, "decoder-only", writers.DecoderOnly)


def ways_in_words(*objectives: str) -> dict[tuple[str, str, str], str]:
    """Tell how objectives answer, a sentence for each (objective, task, answer)."""
    words = Words("exams").texts["ways"]
    return {
        (objective, task, answer): how
        for objective in objectives or RECIPES
        for kind in reversed(RECIPES[objective].candidate.__mro__)
        for task, answers in words.get(kind.__name__, {}).items()
        for answer, how in answers.items()
    }


def _after_start(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return np.column_stack([np.full(len(ids), vocabulary[START]), ids])


def _lengths(ids: Ids, vocabulary: Vocabulary) -> Ids:
    return (ids != vocabulary[PAD]).sum(axis=1)


def _short(ids: Ids, rng: np.random.Generator) -> Ids:
    """Draw for each row how long a stretch is missing."""
    return rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, len(ids))


def _one_in_each(starts: Ids, lengths: Ids) -> Ids:
    return np.column_stack([np.arange(len(starts)), starts, starts + lengths])
