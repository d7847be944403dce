"""Frozen features, layer by layer: where in a model meaning and roles can be read off.

The matrix shows the layer and pooling that did best on other sentences; this is the whole grid.
"""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row, share
from lessonlib.exams.sentences.features import classified, groups, matched
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
    drawn = groups(language, QUESTIONS, np.random.default_rng([seed, 90]))
    matches = [matched(read, *group) for group in drawn]
    best = [("matching", name, share([found[name] for found in matches])) for name in matches[0]]
    table = classified(read, language, QUESTIONS, np.random.default_rng([seed, 91]))
    for name in dict.fromkeys(name for name, _ in table):
        right = max(test for (other, _), (_, test) in table.items() if other == name)
        best.append(("classification", name, right))
    return [
        {"objective": objective, "seed": seed, "ability": ability, "raw": raw}
        | dict(zip(("layer", "pooling"), name.split(", "), strict=True))
        for ability, name, raw in best
    ]
