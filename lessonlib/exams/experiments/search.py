"""The learning rate of each objective in each architecture, searched in the same way for all.

Each trains half as long as it will, with three rates, on a random start that is measured nowhere
else, and is judged by the loss of its own practice on batches that it was not trained on. No exam
is looked at. Where the lowest loss is at an end of the rates that were tried, the next one beyond
is tried, too.
"""

from collections.abc import Mapping
from pathlib import Path

from lessonlib.exams.exam import UNTRAINED, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.running import kept_or_made
from lessonlib.exams.sentences.cells import cells, recipe
from lessonlib.exams.sentences.subject import SEARCH_SEED, SENTENCES

STEPS = 1000
RATES = (2e-3, 4e-3, 8e-3)


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and architecture."""
    every = [cell for cell in cells() if cell[0] != UNTRAINED]
    some = every[:3] if size.quick else every
    return [size.job(tried, *cell, size.steps(STEPS)) for cell in some]


def tried(objective: str, architecture: str, steps: int, kept: Path | None = None) -> list[Row]:
    """Train with one rate after the other; each has a row."""
    rows, todo = {}, [*RATES]
    while todo:
        rate = todo.pop(0)
        name = f"{objective}, {architecture}, {rate:g}, {steps}.json"
        path = kept and kept / "rates" / name
        rows[rate] = kept_or_made(path, searched, objective, architecture, rate, steps)
        todo = todo or beyond({one: row["raw"] for one, row in rows.items()})
    return list(rows.values())


def beyond(losses: Mapping[float, float]) -> list[float]:
    """Return the next rate to try where the best one so far is the smallest or the largest."""
    best = min(losses, key=losses.__getitem__)
    if best == min(losses):
        return [best / 2]
    return [best * 2] if best == max(losses) else []


def searched(objective: str, architecture: str, rate: float, steps: int) -> Row:
    """Train with one rate; the row's raw number is the loss, in nats for each label."""
    one = recipe(objective, architecture, rate)
    candidate = trained(one, SENTENCES, SEARCH_SEED, steps)
    about = described(one, candidate)
    loss = {"ability": "practice", "metric": "cross_entropy", "raw": about.pop("loss")}
    return about | loss | {"seed": SEARCH_SEED}
