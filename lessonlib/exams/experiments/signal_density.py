"""Signal density: how many labels a text gives, and how fast the ability grows."""

from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.exams.exam import student_for
from lessonlib.exams.sentences.papers import ABILITIES
from lessonlib.exams.sentences.recipes import RECIPES, ROWS, practice
from lessonlib.exams.vocabulary import Language
from lessonlib.worlds.sentences import learnable_world

STEPS = (125, 250, 500, 1000, 2000)
QUESTIONS = 1000
OWN = {
    "causal": ("continuation", "cross_entropy"),
    "masked": ("blank", "top1"),
    "span_corruption": ("missing_span", "exact"),
}
"""The ability and metric that each objective practises."""


def jobs(quick: bool, kept: Path | None) -> list[tuple]:
    """One job for each objective, number of steps and seed."""
    seeds, steps = ((0,), STEPS[:2]) if quick else ((0, 1, 2), STEPS)
    return [
        (grown, objective, count, seed, kept)
        for seed in seeds
        for count in steps
        for objective in OWN
    ]


def grown(objective: str, steps: int, seed: int, kept: Path | None = None) -> list[dict[str, Any]]:
    """Train for a number of steps and measure the objective's own ability.

    Returns
    -------
    list of dict
        "objective", "steps", "seed", "tokens" (words read), "labels" (questions answered),
        "ability", "metric", "raw", "chance", "oracle" and "score".
    """
    language = Language(learnable_world())
    student, _ = student_for(objective, language, seed, steps, kept)
    words, labels = density(objective, language)
    ability, metric = OWN[objective]
    found = ABILITIES[ability].measure(
        student, language, QUESTIONS, np.random.default_rng([seed, 60])
    )
    one = next(one for one in found if (one.answer, one.metric) == ("native", metric))
    return [
        {
            "objective": objective,
            "steps": steps,
            "seed": seed,
            "tokens": round(steps * ROWS * words),
            "labels": round(steps * ROWS * labels),
            "ability": ability,
            "metric": metric,
            "raw": one.raw,
            "chance": one.chance,
            "oracle": one.oracle,
            "score": one.score,
        }
    ]


def density(objective: str, language: Language, batches: int = 1000) -> tuple[float, float]:
    """Return words and labels of a sentence, on average."""
    stream = practice(RECIPES[objective].make_batch, language, 0)
    labels = np.mean([next(stream).loss_mask.sum() / ROWS for _ in range(batches)])
    sentences = language.world.sentences
    words = sum(s.probability * len(s.words) for s in sentences)
    return float(words), float(labels)
