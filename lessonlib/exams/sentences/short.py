"""The short exam: three abilities, native answers, for models that come from elsewhere.

Whoever measures something beside the large exam asks here, and needs to know nothing else of it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from lessonlib.exams.exam import MakeBatch
from lessonlib.exams.measurement import NATIVE, Candidate, Row
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.writers import DecoderOnly, EncoderDecoder
from lessonlib.exams.sentences.language import Language, village
from lessonlib.exams.sentences.papers import PAPERS
from lessonlib.exams.sentences.recipes import RECIPES

QUESTIONS = {"continuation": 600, "blank": 600, "missing_span": 300}
METRICS = {ability: PAPERS[ability].metric for ability in QUESTIONS}

#: What is stored of a row.
KEPT = ("objective", "seed", "ability", "metric", "questions", "raw", "chance", "oracle", "score")

#: How the lesson's three answer, by what they practise.
ANSWERING: dict[str, type[Candidate]] = {
    "causal": DecoderOnly,
    "masked": EncoderOnly,
    "span_corruption": EncoderDecoder,
}
#: What each of them is made of.
ARCHITECTURES = {name: RECIPES[name].architecture for name in ANSWERING}


@cache
def the_village() -> Language:
    """Return the world that all of them read."""
    return village()


def practised(objective: str) -> MakeBatch:
    """Return what makes the batches of one of the three."""
    return RECIPES[objective].make_batch


def natively(kind: type[Candidate]) -> type[Candidate]:
    """Return the same kind of candidate without its work-arounds."""

    class Native(kind):
        @property
        def ways(self) -> Mapping[tuple[str, str], Callable]:
            return {way: method for way, method in super().ways.items() if way[1] == NATIVE}

    return Native


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
