"""Why the surprises: give a model the practice it lacked, and see what that costs elsewhere.

Masked LM continues badly, half of the time even when it is told the length: it has never seen a
sentence of which most is hidden. Trained at every rate it has. Span corruption cannot continue,
because no gap it has seen was as long as the rest of a sentence; with such gaps mixed in it has.
"""

from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.exams.sentences.candidates import EncoderDecoder, EncoderOnly
from lessonlib.exams.sentences.papers import ABILITIES
from lessonlib.exams.sentences.recipes import (
    RECIPES,
    STEPS,
    Recipe,
    masked_at_every_rate,
    pretrain,
    spans_and_endings,
)
from lessonlib.exams.vocabulary import Language
from lessonlib.worlds.sentences import learnable_world

VARIANTS = {
    "masked": RECIPES["masked"],
    "masked at every rate": Recipe(
        "masked at every rate", "encoder-only", masked_at_every_rate, EncoderOnly
    ),
    "span_corruption": RECIPES["span_corruption"],
    "spans and endings": Recipe(
        "spans and endings", "encoder-decoder", spans_and_endings, EncoderDecoder
    ),
}
QUESTIONS = {"continuation": 1000, "blank": 2000, "missing_span": 1000}


def jobs(quick: bool, kept: Path | None) -> list[tuple]:
    """One job for each variant and seed."""
    seeds, steps = ((0,), STEPS // 4) if quick else ((0, 1, 2), STEPS)
    return [(measure, name, seed, steps) for seed in seeds for name in VARIANTS]


def measure(variant: str, seed: int, steps: int) -> list[dict[str, Any]]:
    """Train one variant and measure what it has practised and what it has not.

    Returns
    -------
    list of dict
        As the rows of the matrix, with "variant" instead of the objective.
    """
    language, recipe = Language(learnable_world()), VARIANTS[variant]
    model, _ = pretrain(recipe, language, seed, steps)
    student = recipe.student(model, language)
    return [
        {
            "variant": variant,
            "ability": ability,
            "answer": found.answer,
            "metric": found.metric,
            "seed": seed,
            "questions": found.questions,
            "raw": found.raw,
            "chance": found.chance,
            "oracle": found.oracle,
            "score": found.score,
        }
        for ability, size in QUESTIONS.items()
        for found in ABILITIES[ability].measure(
            student, language, size, np.random.default_rng([seed, 40])
        )
    ]
