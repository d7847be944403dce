"""Which causes come together in the same learners, more often than chance brings about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lessonlib.grading.books.copies import Place
from lessonlib.grading.classroom.answers import DECIDED, Answers
from lessonlib.grading.classroom.counted import SMALLEST, Counted
from lessonlib.grading.classroom.figures import chance_of_so_many, corrected

SURE = 0.05  # so rarely may chance alone bring about any pair of all that were looked at
LEVELS = (0.001, 0.01, SURE)


@dataclass(frozen=True)
class Pair:
    """Two causes that come together, among the learners whose answers to both are decided.

    Without numbers, somebody could be told by them. The chance is of so many or more, corrected
    for how many pairs were looked at: the smallest of a few levels that it is below.
    """

    one: tuple[Place, str]
    other: tuple[Place, str]
    below: float
    both: int | None = None
    of_one: int | None = None
    of_other: int | None = None
    count: int | None = None

    @property
    def not_one(self) -> int:
        """How many do not have the one cause."""
        return self.count - self.of_one


def pairs(
    answers: Answers, counted: Sequence[Counted], smallest: int = SMALLEST
) -> tuple[list[Pair], int]:
    """Return the pairs, the surest first, and how many were looked at.

    Causes of one question exclude each other and are not compared.
    """
    learners = {learner: row for row, learner in enumerate(answers.learners)}
    whys = [(each.place, cause) for each in counted for cause in each.causes.shown]
    if not whys:
        return [], 0
    has = np.zeros((len(whys), len(learners)))
    decided = np.zeros((len(whys), len(learners)))
    for row, (place, cause) in enumerate(whys):
        for learner, outcome in answers.outcomes[place].items():
            decided[row, learners[learner]] = outcome.verdict in DECIDED
            has[row, learners[learner]] = (outcome.verdict, outcome.cause) == ("failed", cause)
    both, of_one, count = has @ has.T, has @ decided.T, decided @ decided.T
    # Who has a cause at all, whatever the answer to the other question.
    alone = has.sum(axis=1)
    looked = [(a, b) for a, b in combinations(range(len(whys)), 2) if whys[a][0] != whys[b][0]]
    chances = corrected(
        [
            chance_of_so_many(*map(int, (both[a, b], of_one[a, b], of_one[b, a], count[a, b])))
            for a, b in looked
        ]
    )
    found = []
    for (a, b), chance in zip(looked, chances, strict=True):
        if chance >= SURE or both[a, b] < smallest:
            continue
        numbers = [int(n) for n in (both[a, b], of_one[a, b], of_one[b, a], count[a, b])]
        parts = [*_parts(*numbers), alone[a] - numbers[1], alone[b] - numbers[2]]
        below = next(level for level in LEVELS if chance < level)
        may = all(part == 0 or part >= smallest for part in parts)
        found.append((chance, Pair(whys[a], whys[b], below, *(numbers if may else ()))))
    found.sort(key=lambda each: (each[0], each[1].one, each[1].other))
    return [pair for _, pair in found], len(looked)


def _parts(both: int, of_one: int, of_other: int, count: int) -> Iterator[int]:
    yield from (both, of_one - both, of_other - both, count - of_one - of_other + both)
