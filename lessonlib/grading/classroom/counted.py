"""Of each question: who passed, who failed for what cause, and how telling the question is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lessonlib.grading.books.copies import Place
from lessonlib.grading.classroom import figures
from lessonlib.grading.classroom.answers import COUNTED, DECIDED, SHARED, Answers
from lessonlib.grading.classroom.figures import Floats, Interval

SMALLEST = 5  # a group of fewer is not broken down


@dataclass(frozen=True)
class Parts:
    """How a group falls into parts; what is shared by too few is counted together.

    `whole` is the size of the group, `others` how many are in no part that is shown. If it is
    all of them, the group is too small, or its parts are.
    """

    whole: int
    shown: Mapping[str, int]
    others: int

    @classmethod
    def of(cls, counts: Mapping[str, int], smallest: int) -> "Parts":
        """Return the parts that may be shown, the largest first.

        The others are never so few that their number tells of somebody, so one more part may
        have to be counted among them.
        """
        whole = sum(counts.values())
        by_size = sorted(counts.items(), key=lambda part: (-part[1], part[0]))
        shown = {name: count for name, count in by_size if count >= smallest <= whole}
        while shown and 0 < whole - sum(shown.values()) < smallest:
            shown.popitem()
        return cls(whole, shown, whole - sum(shown.values()))


@dataclass(frozen=True)
class Counted:
    """One question of a class.

    `split` says whether the decided answers are so many that they are told apart; else only their
    number is. `right` is the mean share of points, `telling` the question's discrimination.
    """

    place: Place
    written: bool
    learners: int
    verdicts: Mapping[str, int]
    causes: Parts
    gaps: Parts  # why there is no answer
    right: Interval | None
    telling: Interval | None

    @property
    def decided(self) -> int:
        """How many answers are right, right in part, or wrong."""
        return sum(self.verdicts[verdict] for verdict in DECIDED)

    @property
    def split(self) -> bool:
        """Whether the decided answers are told apart."""
        return self.right is not None


def counted(answers: Answers, smallest: int = SMALLEST) -> list[Counted]:
    """Count each question of a class."""
    values = answers.values
    rest = figures.rest_scores(values)
    found = []
    for number, place in enumerate(answers.places):
        outcomes = Counter(each[:2] for each in answers.of(place) if each is not SHARED)
        verdicts = dict.fromkeys(COUNTED, 0)
        for (verdict, _), count in outcomes.items():
            verdicts[verdict] += count
        causes, gaps = (
            {cause: count for (each, cause), count in outcomes.items() if each == verdict}
            for verdict in ("failed", "missing")
        )
        decided = sum(verdicts[verdict] for verdict in DECIDED)
        own = _as_may_be_told(values[:, number], verdicts["partial"], smallest)
        right = figures.share(float(np.nanmean(own)), decided) if decided >= smallest else None
        full = verdicts["passed"]
        both = min(full, decided - full) >= smallest
        found.append(
            Counted(
                place,
                place in answers.written,
                outcomes.total(),
                verdicts,
                Parts.of(causes, smallest),
                Parts.of(gaps, smallest),
                right if decided else None,
                figures.discrimination(own, rest[:, number]) if both else None,
            )
        )
    return found


def _as_may_be_told(own: Floats, partly: int, smallest: int) -> Floats:
    """Return the points of a question; of too few that are right in part, each counts half.

    Else their points could be worked out from the mean.
    """
    if partly >= smallest:
        return own
    return np.where((own > 0) & (own < 1), 0.5, own)
