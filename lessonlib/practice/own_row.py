"""A learner's own objective: trained in view, and its row set beside what was predicted."""

from collections.abc import Sequence
from typing import Any

from IPython.display import display

from lessonlib.exams.measurement import Row
from lessonlib.exams.running import run_all
from lessonlib.exams.sentences.own import jobs, neighbours
from lessonlib.exams.sentences.short import LESSONS, QUESTIONS, scores
from lessonlib.practice.checking import check
from lessonlib.practice.judging import Verdict
from lessonlib.practice.page import Page, paragraph, with_table
from lessonlib.views.figures import ability_name, objective_name
from lessonlib.views.tables import Table
from lessonlib.views.training import TrainingView, time_in_a_browser
from lessonlib.words import Words

WORDS = Words("practice")

MINUTES = 10  # in a browser

Range = Sequence[float]


def train_own(rule: Any, prediction: Any, **size: Any) -> Verdict | Page:
    """Train two models by a learner's rule and show their row, predicted against measured.

    Nothing is trained before rule and prediction pass their checks: a verdict says what is missing.
    `size` may give other `seeds` or `steps` than usual.
    """
    for question, function in (("make_batch", rule), ("my_prediction", prediction)):
        verdict = check(question, function)
        if not verdict:
            return verdict
    predicted = {ability: prediction(ability) for ability in QUESTIONS}
    tasks = jobs(rule, **size)
    starts = [WORDS("own.start", number=number) for number in range(1, len(tasks) + 1)]
    view = TrainingView(dict.fromkeys(starts, ""), note=time_in_a_browser(MINUTES))
    display(view)
    try:
        # Here, and not in other processes: these would not know what is written in a notebook.
        rows = [row for found in run_all(tasks, processes=0, watch=view) for row in found]
    except KeyboardInterrupt:
        view.end(WORDS("own.stopped"))
        said = WORDS("own.stopped")
        return Page(paragraph(said), said)
    view.end(WORDS("own.finished"))
    return own_row(rows, predicted)


def own_row(rows: Sequence[Row], predicted: dict[str, Range]) -> Page:
    """Set the scores of a new objective beside its prediction and the lesson's three."""
    lines = _neighbours()
    measured = scores(list(rows))
    ranges = [WORDS("own.range", low=low, high=high) for low, high in predicted.values()]
    lines.append([WORDS("own.predicted"), *ranges])
    lines.append([WORDS("own.measured"), *(_each(own) for own in measured.values())])
    headings = [WORDS("own.corner"), *map(ability_name, QUESTIONS)]
    return with_table(headings, lines, _calibration(measured, predicted))


def neighbours_table() -> Table:
    """Show how the lesson's three did in the same exam, after as much training."""
    return Table([WORDS("own.corner"), *map(ability_name, QUESTIONS)], _neighbours())


def _neighbours() -> list[list[str]]:
    rows = neighbours()
    return [
        [objective_name(name), *_means([row for row in rows if row["objective"] == name])]
        for name in LESSONS
    ]


def _means(rows: list[Row]) -> list[str]:
    return [f"{sum(own) / len(own):.0f}" for own in scores(rows).values()]


def _each(own: list[float]) -> str:
    starts = ", ".join(f"{score:.0f}" for score in own)
    return WORDS("own.mean_and_starts", mean=sum(own) / len(own), starts=starts)


def _calibration(measured: dict[str, list[float]], predicted: dict[str, Range]) -> str:
    """Say how many means lie in the range that was predicted, and how wide the ranges were."""
    means = {ability: sum(own) / len(own) for ability, own in measured.items()}
    inside = sum(low <= means[ability] <= high for ability, (low, high) in predicted.items())
    width = sum(high - low for low, high in predicted.values()) / len(predicted)
    return WORDS("own.calibration", inside=inside, of=len(predicted), width=width)
