"""Frozen features, layer by layer: where in a model meaning and roles can be read off.

The matrix shows the layer and pooling that did best on other sentences; this is the whole grid.
"""

from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.exams.exam import OBJECTIVES, student_for
from lessonlib.exams.sentences.papers import classification, matching
from lessonlib.exams.sentences.recipes import STEPS
from lessonlib.exams.vocabulary import Language
from lessonlib.worlds.sentences import learnable_world

QUESTIONS = 1000


def jobs(quick: bool, kept: Path | None) -> list[tuple]:
    """One job for each objective and seed."""
    seeds, steps = ((0,), STEPS // 4) if quick else ((0, 1, 2), STEPS)
    objectives = ("causal", "masked", "span_corruption") if quick else OBJECTIVES
    return [(grid, objective, seed, steps, kept) for seed in seeds for objective in objectives]


def grid(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[dict[str, Any]]:
    """Measure both abilities with every layer and pooling.

    Returns
    -------
    list of dict
        "objective", "seed", "ability", "layer", "pooling" and "raw" (with the best penalty).
    """
    language = Language(learnable_world())
    student, _ = student_for(objective, language, seed, steps, kept)
    read = student.ways["features", "native"]
    matched: dict[str, list[float]] = {}
    for asked, wanted in matching.groups(language, QUESTIONS, np.random.default_rng([seed, 90])):
        for name, right in matching.every_way(read, asked, wanted).items():
            matched.setdefault(name, []).append(right)
    classified: dict[str, list[float]] = {}
    table = classification.every_way(read, language, QUESTIONS, np.random.default_rng([seed, 91]))
    for (name, _), (_, right) in table.items():
        classified.setdefault(name, []).append(right)
    best = [("matching", name, float(np.mean(found))) for name, found in matched.items()]
    best += [("classification", name, max(found)) for name, found in classified.items()]
    return [
        {
            "objective": objective,
            "seed": seed,
            "ability": ability,
            "layer": name.split(", ")[0],
            "pooling": name.split(", ")[1],
            "raw": raw,
        }
        for ability, name, raw in best
    ]
