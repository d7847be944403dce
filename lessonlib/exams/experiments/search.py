"""The learning rate of each objective in each architecture, searched in the same way for all.

Each trains half as long as it will, with three rates, on a random start that is measured nowhere
else, and is judged by the loss of its own practice on batches that it was not trained on. No exam
is looked at.
"""

from pathlib import Path

from lessonlib.exams.exam import UNTRAINED, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.cells import cells, recipe
from lessonlib.exams.sentences.subject import SEARCH_SEED, SENTENCES

STEPS = 1000
RATES = (2e-3, 4e-3, 8e-3)


def jobs(size: Size) -> list[tuple]:
    """One job for each objective, architecture and rate."""
    steps, every = size.steps(STEPS), [cell for cell in cells() if cell[0] != UNTRAINED]
    return [
        size.job(searched, *cell, rate, steps)
        for cell in (every[:3] if size.quick else every)
        for rate in RATES
    ]


def searched(
    objective: str, architecture: str, rate: float, steps: int, kept: Path | None = None
) -> list[Row]:
    """Train with one rate; the row's raw number is the loss, in nats for each label."""
    one = recipe(objective, architecture, rate)
    candidate = trained(one, SENTENCES, SEARCH_SEED, steps)  # never kept: rates share a name
    about = described(one, candidate)
    loss = {"ability": "practice", "metric": "cross_entropy", "raw": about.pop("loss")}
    return [about | loss | {"seed": SEARCH_SEED}]
