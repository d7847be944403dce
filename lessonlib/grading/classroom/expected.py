"""How well a class foresaw how many questions it would get right, of the files it handed in."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lessonlib.grading.classroom import figures
from lessonlib.grading.classroom.counted import SMALLEST, Parts
from lessonlib.grading.classroom.figures import Interval
from lessonlib.practice.class_file import Handed
from lessonlib.practice.concepts import RIGHT, concepts

PREDICTION = "right_in_the_end"
NEAR = 1  # so far off still counts as foreseen
MORE, FORESEEN, FEWER = WAYS = ("more", "foreseen", "fewer")


@dataclass(frozen=True)
class Expected:
    """Of `learners` who foretold it and then answered all: what share of the questions is right.

    `ways` says how many expected more than came, about as many, or fewer. None where the class is
    too small.
    """

    learners: int
    expected: Interval | None
    right: Interval | None
    ways: Parts


def expected(handed: Iterable[Handed], smallest: int = SMALLEST) -> Expected:
    """Hold what each learner expected against what that learner got right."""
    of = len(concepts())
    pairs = [
        (each.predicted[PREDICTION].chosen, [*each.answers["after"].values()].count(RIGHT))
        for each in handed
        if PREDICTION in each.predicted and len(each.answers["after"]) == of
    ]
    means: list[Interval | None] = [None, None]
    if len(pairs) >= max(1, smallest):
        sums = map(sum, zip(*pairs, strict=True))
        means = [figures.share(each / of / len(pairs), len(pairs)) for each in sums]
    return Expected(len(pairs), *means, Parts.of(Counter(_way(*each) for each in pairs), smallest))


def _way(guess: int, came: int) -> str:
    return FORESEEN if abs(guess - came) <= NEAR else MORE if guess > came else FEWER


def expected_lines(found: Expected) -> Iterator[list[object]]:
    """Yield the lines of a table: what was expected and what came, in shares of the questions."""
    names = [f"{name}{end}" for name in ("expected", "right") for end in ("", "_low", "_high")]
    yield ["learners", *names, *WAYS]
    numbers = [vars(one).values() if one else [None] * 3 for one in (found.expected, found.right)]
    yield [found.learners, *numbers[0], *numbers[1], *map(found.ways.shown.get, WAYS)]
