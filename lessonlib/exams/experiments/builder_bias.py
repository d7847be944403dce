"""“Self-supervised is bias-free”: what label builders never ask, models do not learn.

T5's own mask never hides the beginning of a text and always hides its end; on sentences as short as
ours it hides nothing else. Turning the text round by a random offset cures that. Both are counted,
and both are trained and asked about a blank at every place.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from lessonlib.exams.exam import described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row, share
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.items import blanks, common_words, first_missing, oracle_words
from lessonlib.exams.sentences.language import village
from lessonlib.exams.sentences.subject import SEEDS, SENTENCES
from lessonlib.exams.vocabulary import Ids, Vocabulary

LENGTH = 12
ROWS = 4000
PLACES = 4
QUESTIONS = 4000


COUNTED = ("causal", "prefix_lm", "masked", "t5_spans", "t5_spans_rolled", "span_corruption")
TRAINED = ("t5_spans", "t5_spans_rolled")


def jobs(size: Size) -> list[tuple]:
    """Count once; train and ask for each mask and seed."""
    return [size.job(coverage), *size.jobs(errors, TRAINED, len(SEEDS))]


def coverage(kept: Path | None = None) -> list[Row]:
    """Count which places of a sentence of 12 words every builder asks about.

    A row has "place" (0 is the first word); its raw number is a share of the sentences.
    """
    language = village()
    rows = np.flatnonzero(language.lengths == LENGTH)
    drawn = np.random.default_rng(0).choice(rows, ROWS)
    ids = language.ids[drawn, :LENGTH]
    return [
        {"objective": name, "ability": "asked_place", "metric": "share", "place": place}
        | {"parameters": RECIPES[name].about["parameters"], "questions": ROWS, "raw": float(found)}
        for name in COUNTED
        for place, found in enumerate(
            asked_places(RECIPES[name].make_batch, ids, language.vocabulary).mean(axis=0)
        )
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

    Rows as in the matrix, with "from_end" (bool) and "place" (0 is the first or the last word).
    """
    recipe = RECIPES[name]
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
            found = Measurement(NATIVE, "top1", int(there.sum()), *shares, 1.0)
            who = described(recipe, candidate) | {"ability": "blank", "seed": seed}
            rows.append(found.row(**who, from_end=from_end, place=place))
    return rows
