"""The short exam: three abilities, native answers, for models that come from elsewhere.

Whoever measures something beside the large exam asks here, and needs to know nothing else of it.
Questions are about meanings that nobody has read in practice, as in the matrix of notebook 05.
"""

from typing import Any

from lessonlib.exams.exam import MakeBatch
from lessonlib.exams.measurement import NATIVE, Candidate, Row
from lessonlib.exams.sentences.abilities import papers
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import THREE
from lessonlib.exams.sentences.unread import UNREAD, PartOfLanguage, read_village

PAPERS = papers(answers=(NATIVE,), meanings=(UNREAD,))
QUESTIONS = {"continuation": 600, "blank": 600, "missing_span": 300}
METRICS = {ability: PAPERS[ability].metric for ability in QUESTIONS}

#: What is stored of a row.
KEPT = (
    "objective", "seed", "ability", "metric", "meanings", "questions",
    "raw", "chance", "oracle", "score",
)  # fmt: skip

#: The lesson's three in their usual architectures: what each practises, and how it answers.
LESSONS = {name: RECIPES[name] for name in THREE}


def the_village() -> PartOfLanguage:
    """Return the world that all of them read."""
    return read_village()


def practised(objective: str) -> MakeBatch:
    """Return what makes the batches of one of the three."""
    return LESSONS[objective].make_batch


def sit(candidate: Candidate, seed: int, **who: Any) -> list[Row]:
    """Put a candidate through the exam; one row for each ability, by the metric of the matrix."""
    return [
        who | row
        for ability, size in QUESTIONS.items()
        for row in PAPERS[ability].rows(candidate, size, seed)
        if row["metric"] == METRICS[ability]
    ]


def scores(rows: list[Row]) -> dict[str, list[float]]:
    """Return the scores of each ability, one for each random start, in per cent."""
    found: dict[str, list[float]] = {ability: [] for ability in QUESTIONS}
    for row in rows:
        found[row["ability"]].append(100 * row["score"])
    return found
