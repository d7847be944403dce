"""What became of an answer between the first submission and the last."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lessonlib.grading.books.copies import Place
from lessonlib.grading.books.history import Line
from lessonlib.grading.books.journal import Key
from lessonlib.grading.classroom.answers import DECIDED, Answers, Outcome
from lessonlib.grading.classroom.counted import SMALLEST

# In the order in which a table has them.
WAYS = ("stayed_right", "became_right", "same_cause", "another_cause", "became_wrong")


@dataclass(frozen=True)
class Change:
    """A question, and what came of those whose two answers are both decided.

    Without ways, somebody could be told by them.
    """

    place: Place
    again: int
    ways: dict[str, int] | None


def changes(answers: Answers, earlier: Iterable[Line], smallest: int = SMALLEST) -> list[Change]:
    """Return, for each question, how those stand now who have handed in again.

    Earlier lines are in the order of time. The last of them of one and the same submission says
    how it stood; what stands now is among the answers.
    """
    first: dict[Key, list[Line]] = defaultdict(list)
    for line in earlier:
        those = first[line.key]
        if line.version and (not those or those[0].version == line.version):
            those[:] = [line]  # of the first one only
    ways: dict[Place, Counter[str]] = defaultdict(Counter)
    for (learner, exercise), those in first.items():
        now = answers.versions.get((learner, exercise))
        if not those or not now or those[0].version == now:
            continue
        for was in those[0].questions:
            place = exercise, was.question
            after = answers.outcomes.get(place, {}).get(learner)
            before = Outcome.of(was)
            if after and {before.verdict, after.verdict} <= {*DECIDED}:
                ways[place][_way(before, after)] += 1
    return [
        _change(answers, place, ways[place], smallest) for place in answers.places if ways[place]
    ]


def _way(before: Outcome, after: Outcome) -> str:
    if after.verdict == "passed":
        return "stayed_right" if before.verdict == "passed" else "became_right"
    if before.verdict == "passed":
        return "became_wrong"
    return "same_cause" if before[:2] == after[:2] else "another_cause"


def _change(answers: Answers, place: Place, ways: Counter[str], smallest: int) -> Change:
    again = sum(ways.values())
    # The others of the class are a part as well, whose numbers are the differences.
    decided = sum(each.verdict in DECIDED for each in answers.of(place))
    parts = [*ways.values(), decided - again]
    may = all(part == 0 or part >= smallest for part in parts) and again >= smallest
    return Change(place, again, {way: ways[way] for way in WAYS} if may else None)
