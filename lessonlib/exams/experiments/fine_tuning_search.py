"""The learning rate of fine-tuning, searched in the same way for each task and start.

On a random start that is measured nowhere else, with one number of examples, judged by the
cross-entropy on sentences whose meanings were read.
"""

from pathlib import Path

from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.fine_tuning import RATES, SEARCHED_WITH, TASKS, starting, tuned
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.subject import SEARCH_SEED, THREE


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and rate."""
    rates = RATES[:1] if size.quick else RATES
    return [size.job(searched, name, rate, size.steps()) for name in THREE for rate in rates]


def searched(objective: str, rate: float, steps: int, kept: Path | None = None) -> list[Row]:
    """Tune both starts for each task with one rate."""
    rows = []
    for start, model, about in starting(objective, SEARCH_SEED, steps, kept):
        who = about | {"learning_rate": rate, "start": start, "examples": SEARCHED_WITH}
        for task in TASKS:
            for meanings, found in tuned(model, task, SEARCHED_WITH, SEARCH_SEED, rate):
                more = {"ability": task, "seed": SEARCH_SEED, "meanings": meanings}
                rows.append(found.row(**who, **more))
    return rows
