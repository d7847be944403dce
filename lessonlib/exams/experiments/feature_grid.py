"""Frozen features, layer by layer: where in a model meaning and roles can be read off.

The matrix shows the layer and pooling that did best on other sentences; this is the whole grid.
"""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Measurement, Row
from lessonlib.exams.sentences.abilities import MATCHED, chance_of_matching, every_way, pairs, told
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import QUICK, SEEDS, SENTENCES
from lessonlib.exams.sentences.unread import Asking

GROUPS = 10  # of a hundred sentences each
QUESTIONS = 1000


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return size.jobs(grid, QUICK.objectives if size.quick else RECIPES, len(SEEDS))


def grid(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Measure both abilities with every layer and pooling, each with its best penalty."""
    recipe = RECIPES[objective]
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    read = candidate.ways["features", NATIVE]
    about = described(recipe, candidate) | {"seed": seed}
    rows = []
    for meanings, part in candidate.language.parts.items():
        rng = np.random.default_rng([seed, 90])
        groups = [pairs(part, rng) for _ in range(GROUPS)]
        tables, each = [every_way(read, group) for group in groups], len(groups[0][0])
        for way in tables[0]:
            for metric in MATCHED:
                raw = float(np.mean([table[way][metric] for table in tables]))
                chance = chance_of_matching(metric, each)
                found = Measurement(NATIVE, metric, GROUPS * each, raw, chance, 1.0, 1.0)
                rows.append(_row(about, "matching", meanings, way, found))
    asking = Asking(candidate.language.parts, QUESTIONS, seed)
    tables = told(asking, read)
    for way in dict.fromkeys(name for name, _ in tables):
        own = [table for (name, _), table in tables.items() if name == way]
        for place, metric in enumerate(("right", "ranked")):
            best = max(own, key=lambda table: table[0][place])
            for number, meanings in enumerate(asking.meanings, 1):
                found = Measurement(NATIVE, metric, QUESTIONS, best[number][place], 0.5, 1.0, 1.0)
                rows.append(_row(about, "classification", meanings, way, found))
    return rows


def _row(about: Row, ability: str, meanings: str, way: str, found: Measurement) -> Row:
    layer, pooling = way.split(", ")
    return found.row(**about, ability=ability, meanings=meanings, layer=layer, pooling=pooling)
