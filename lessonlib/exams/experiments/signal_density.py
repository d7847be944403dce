"""Signal density: how many labels a text gives, and how fast the ability grows."""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import Plan, examine
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.language import ROWS, Language
from lessonlib.exams.sentences.subject import CROSSED

STEPS = (125, 250, 500, 1000, 2000)
QUESTIONS = 1000
#: The ability that each objective practises; all its metrics are stored, for they disagree.
OWN = {"causal": "continuation", "masked": "blank", "span_corruption": "missing_span"}


def jobs(size: Size) -> list[tuple]:
    """One job for each objective, number of steps and seed."""
    return [
        size.job(grown, objective, steps, seed)
        for seed in size.seeds()
        for steps in (STEPS[:2] if size.quick else STEPS)
        for objective in OWN
    ]


def grown(objective: str, steps: int, seed: int, kept: Path | None = None) -> list[Row]:
    """Train for a number of steps and measure the objective's own ability.

    Rows as in the matrix, and "tokens" (words read) and "labels_in_all" (questions answered in
    practice).
    """
    recipe, ability = RECIPES[objective], OWN[objective]
    plan = Plan(CROSSED, (recipe,), (seed,), steps, {ability: QUESTIONS})
    rows = examine(recipe, seed, plan, kept)
    words, labels = density(objective, CROSSED.material())
    practised = {
        "tokens": round(steps * ROWS * words),
        "labels_in_all": round(steps * ROWS * labels),
    }
    return [row | practised for row in rows]


def density(objective: str, language: Language, batches: int = 1000) -> tuple[float, float]:
    """Return words and labels of a sentence, on average."""
    stream = language.practice(RECIPES[objective].make_batch, seed=0)
    labels = np.mean([next(stream).loss_mask.sum() / ROWS for _ in range(batches)])
    sentences = language.world.sentences
    words = sum(s.probability * len(s.words) for s in sentences)
    return float(words), float(labels)
