"""Frozen features, layer by layer: where in a model meaning and roles can be read off.

The matrix shows the layer and pooling that did best on other sentences; this is the whole grid.
"""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.papers import classification, matching
from lessonlib.exams.sentences.subject import QUICK, SENTENCES

QUESTIONS = 1000


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    objectives = QUICK.objectives if size.quick else tuple(SENTENCES.recipes)
    return size.jobs(grid, objectives)


def grid(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Measure both abilities with every layer and pooling, each with its best penalty."""
    candidate = trained(SENTENCES.recipes[objective], SENTENCES, seed, steps, kept)
    language, read = candidate.language, candidate.ways["features", "native"]
    matched: dict[str, list[float]] = {}
    for group in matching.groups(language, QUESTIONS, np.random.default_rng([seed, 90])):
        for name, right in matching.every_way(read, *group).items():
            matched.setdefault(name, []).append(right)
    classified: dict[str, list[float]] = {}
    table = classification.every_way(read, language, QUESTIONS, np.random.default_rng([seed, 91]))
    for (name, _), (_, right) in table.items():
        classified.setdefault(name, []).append(right)
    best = [("matching", name, float(np.mean(found))) for name, found in matched.items()]
    best += [("classification", name, max(found)) for name, found in classified.items()]
    return [
        {"objective": objective, "seed": seed, "ability": ability, "raw": raw}
        | dict(zip(("layer", "pooling"), name.split(", "), strict=True))
        for ability, name, raw in best
    ]
