"""“Self-supervised is bias-free”: what label builders never ask, models do not learn.

T5's own mask never hides the beginning of a text and always hides its end; on sentences as short as
ours it hides nothing else. Turning the text round by a random offset cures that. Both are counted,
and both are trained and asked about a blank at every place.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from lessonlib import batches
from lessonlib.batches import Batch
from lessonlib.exams.exam import Recipe, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Measurement, Row, share
from lessonlib.exams.sentences.candidates.writers import EncoderDecoder
from lessonlib.exams.sentences.items import blanks, common_words, first_missing, oracle_words
from lessonlib.exams.sentences.language import village
from lessonlib.exams.sentences.recipes import causal, masked, prefix_lm, span_corruption
from lessonlib.exams.sentences.subject import SENTENCES
from lessonlib.exams.vocabulary import Ids, Vocabulary

LENGTH = 12
ROWS = 4000
PLACES = 4
QUESTIONS = 4000


def stock(
    ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator, random_roll: bool = False
) -> Batch:
    """Span corruption with T5's own mask, which may be turned round by a random offset."""
    return vocabulary.batch(
        batches.span_corruption, ids, rng=rng, special_ids=(), random_roll=random_roll
    )


BUILDERS = {
    "causal": causal,
    "prefix_lm": prefix_lm,
    "masked": masked,
    "T5 spans": stock,
    "T5 spans, rolled": partial(stock, random_roll=True),
    "one stretch anywhere": span_corruption,
}
TRAINED = ("T5 spans", "T5 spans, rolled")


def jobs(size: Size) -> list[tuple]:
    """Count once; train and ask for each mask and seed."""
    return [(coverage,), *size.jobs(errors, TRAINED)]


def coverage() -> list[Row]:
    """Count which places of a sentence of 12 words every builder asks about.

    A row has "builder", "place" (0 is the first word) and "asked", a share of the sentences.
    """
    language = village()
    rows = np.flatnonzero(language.lengths == LENGTH)
    drawn = np.random.default_rng(0).choice(rows, ROWS)
    ids = language.ids[drawn, :LENGTH]
    return [
        {"builder": name, "place": place, "asked": float(share)}
        for name, builder in BUILDERS.items()
        for place, share in enumerate(asked_places(builder, ids, language.vocabulary).mean(axis=0))
    ]


def asked_places(builder: Callable, ids: Ids, vocabulary: Vocabulary) -> np.ndarray:
    """Return where a builder asks, as booleans of the shape of `ids` (rows without padding)."""
    batch = builder(ids, vocabulary, np.random.default_rng(1))
    asked = np.zeros(ids.shape, bool)
    for row, start, end in batch.choices.get("spans", ()):
        asked[row, start:end] = True
    # Decoders read a start token first, so their targets are the words; an encoder's are too.
    return asked if "spans" in batch.choices else batch.loss_mask[:, : ids.shape[1]]


def errors(name: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train with one mask and ask about blanks near the beginning and near the end.

    Rows as in the matrix, with "builder" instead of the objective, "from_end" (bool)
    and "place" (0 is the first or the last word).
    """
    recipe = Recipe(name, "encoder-decoder", EncoderDecoder, BUILDERS[name])
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    language = candidate.language
    gaps = blanks(language, QUESTIONS, np.random.default_rng([seed, 50]))
    truth = first_missing(gaps)
    right = candidate.ways["blank", "native"](gaps).argmax(axis=1) == truth
    lucky = common_words(language).argmax() == truth
    best = oracle_words(language, gaps).argmax(axis=1) == truth
    rows = []
    for from_end in (False, True):
        places = np.array([len(gap.right if from_end else gap.left) for gap in gaps])
        for place in range(PLACES):
            there = places == place
            shares = (share(some[there]) for some in (right, lucky, best))
            found = Measurement("native", "top1", int(there.sum()), *shares, 1.0)
            who = {"builder": name, "ability": "blank", "seed": seed}
            rows.append(found.row(**who, from_end=from_end, place=place))
    return rows
