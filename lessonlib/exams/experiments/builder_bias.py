"""“Self-supervised is bias-free”: what label builders never ask, models do not learn.

T5's own mask never hides the beginning of a text and always hides its end; on sentences as short as
ours it hides nothing else. Turning the text round by a random offset cures that. Both are counted,
and both are trained and asked about a blank at every place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from lessonlib import batches
from lessonlib.batches import Batch
from lessonlib.exams.sentences.candidates import EncoderDecoder
from lessonlib.exams.sentences.items import blanks
from lessonlib.exams.sentences.papers.blank import oracle_log_probabilities
from lessonlib.exams.sentences.recipes import (
    RECIPES,
    STEPS,
    Recipe,
    causal,
    masked,
    prefix_lm,
    pretrain,
)
from lessonlib.exams.vocabulary import PAD, Ids, Language, Vocabulary
from lessonlib.samples import START
from lessonlib.worlds.sentences import learnable_world

LENGTH = 12
ROWS = 4000
PLACES = 4
QUESTIONS = 4000


def stock(
    ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator, random_roll: bool = False
) -> Batch:
    """Span corruption with T5's own mask."""
    return batches.span_corruption(
        ids,
        rng,
        vocab_size=len(vocabulary),
        start_id=vocabulary[START],
        pad_id=vocabulary[PAD],
        random_roll=random_roll,
    )


def rolled(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Span corruption with T5's mask, turned round by a random offset."""
    return stock(ids, vocabulary, rng, random_roll=True)


BUILDERS = {
    "causal": causal,
    "prefix_lm": prefix_lm,
    "masked": masked,
    "T5 spans": stock,
    "T5 spans, rolled": rolled,
    "one stretch anywhere": RECIPES["span_corruption"].make_batch,
}


TRAINED = ("T5 spans", "T5 spans, rolled")


def jobs(quick: bool, kept: Path | None) -> list[tuple]:
    """Count once; train and ask for each mask and seed."""
    seeds, steps = ((0,), STEPS // 4) if quick else ((0, 1, 2), STEPS)
    return [
        (coverage,),
        *((errors, name, seed, steps) for seed in seeds for name in TRAINED),
    ]


def coverage() -> list[dict[str, Any]]:
    """Count which places of a sentence of 12 words every builder asks about.

    Returns
    -------
    list of dict
        "builder", "place" (0 is the first word) and "asked", a share of the sentences.
    """
    language = Language(learnable_world())
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
    if "spans" in batch.choices:
        for row, start, end in batch.choices["spans"]:
            asked[row, start:end] = True
        return asked
    # Decoders read a start token first, so their targets are the words; an encoder's are too.
    asked[:, :] = batch.loss_mask[:, : ids.shape[1]]
    return asked


def errors(name: str, seed: int, steps: int) -> list[dict[str, Any]]:
    """Train with one mask and ask about blanks near the beginning and near the end.

    Returns
    -------
    list of dict
        "builder", "seed", "from_end" (bool), "place" (0 is the first or the last word),
        "questions", "raw" (top-1) and "oracle" on the same questions.
    """
    language = Language(learnable_world())
    recipe = Recipe(name, "encoder-decoder", BUILDERS[name], EncoderDecoder)
    student = EncoderDecoder(pretrain(recipe, language, seed, steps)[0], language)
    gaps = blanks(language, QUESTIONS, np.random.default_rng([seed, 50]))
    truth = np.array([gap.missing[0] for gap in gaps])
    right = student.say_first_missing_word(gaps).argmax(axis=1) == truth
    best = oracle_log_probabilities(language, gaps).argmax(axis=1) == truth
    rows = []
    for from_end in (False, True):
        places = np.array([len(gap.right if from_end else gap.left) for gap in gaps])
        for place in range(PLACES):
            chosen = places == place
            rows.append(
                {
                    "builder": name,
                    "seed": seed,
                    "from_end": from_end,
                    "place": place,
                    "questions": int(chosen.sum()),
                    "raw": float(right[chosen].mean()),
                    "oracle": float(best[chosen].mean()),
                }
            )
    return rows
