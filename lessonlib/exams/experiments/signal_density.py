"""Signal density: how many labels a text gives, and how fast the ability grows."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from lessonlib.exams.exam import trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.language import ROWS, Language
from lessonlib.exams.sentences.recipes import RECIPES
from lessonlib.exams.sentences.subject import SENTENCES

STEPS = (125, 250, 500, 1000, 2000)
QUESTIONS = 1000
DRAW = 60  # the questions are others than those of the matrix
#: The ability and metric that each objective practises.
OWN = {
    "causal": ("continuation", "cross_entropy"),
    "masked": ("blank", "top1"),
    "span_corruption": ("missing_span", "exact"),
}


def jobs(size: Size) -> list[tuple]:
    """One job for each objective, number of steps and seed."""
    return [
        (grown, objective, steps, seed, size.kept)
        for seed in size.seeds()
        for steps in (STEPS[:2] if size.quick else STEPS)
        for objective in OWN
    ]


def grown(objective: str, steps: int, seed: int, kept: Path | None = None) -> list[Row]:
    """Train for a number of steps and measure the objective's own ability.

    Rows as in the matrix, and "steps", "tokens" (words read) and "labels" (questions
    answered in practice).
    """
    candidate = trained(RECIPES[objective], SENTENCES, seed, steps, kept)
    words, labels = density(objective, candidate.language)
    ability, metric = OWN[objective]
    practised = {
        "objective": objective,
        "steps": steps,
        "tokens": round(steps * ROWS * words),
        "labels": round(steps * ROWS * labels),
    }
    rows = replace(SENTENCES.papers[ability], draw=DRAW).rows(candidate, QUESTIONS, seed)
    return [practised | row for row in rows if (row["answer"], row["metric"]) == ("native", metric)]


def density(objective: str, language: Language, batches: int = 1000) -> tuple[float, float]:
    """Return words and labels of a sentence, on average."""
    stream = language.practice(RECIPES[objective].make_batch, seed=0)
    labels = np.mean([next(stream).loss_mask.sum() / ROWS for _ in range(batches)])
    sentences = language.world.sentences
    words = sum(s.probability * len(s.words) for s in sentences)
    return float(words), float(labels)
