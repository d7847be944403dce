"""What changed a grade, when and why: ``log.csv``, of what stood in the books after each run."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.books.history import Line, Was, lines
from lessonlib.grading.books.journal import Key
from lessonlib.grading.paper.text import kept

NAME = "log.csv"
COLUMNS = ("time", "learner", "exercise", "question", "before", "points", "of", "because")
COLUMNS += ("marker", "reason")


def write_log(folder: Path) -> None:
    """Write the table anew; there is a line for each change, the oldest first."""
    with written_whole(folder / NAME, newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(map(kept, row) for row in changed(lines(folder)))


def changed(stood: Iterable[Line]) -> Iterator[list[object]]:
    """Yield what changed from one time at which a submission stood somehow to the next.

    What is lost by being late has a line without a question, with points below zero.
    """
    before: dict[Key, Line] = {}
    for line in stood:
        old = before.get(line.key)
        before[line.key] = line
        if old is None:
            continue
        was = {each.question: each for each in old.questions}
        for each in line.questions:
            one = was.get(each.question, each)
            if (one.verdict, one.points, one.max_points) != (
                each.verdict,
                each.points,
                each.max_points,
            ):
                why = because(one, each, old.version != line.version)
                reason = each.again if why == "graded_again" else each.reason
                numbers = one.points, each.points, each.max_points
                yield [line.time, *line.key, each.question, *numbers, why, each.marker, reason]
        if old.lost != line.lost:
            lost = 0.0 - old.lost, 0.0 - line.lost
            yield [line.time, *line.key, "", *lost, "", "late", "", ""]


def because(one: Was, other: Was, is_new: bool) -> str:
    """Return in a word why a question stands otherwise; the answers may be new as well."""
    if other.machine or other.extra:
        return "marked"
    if is_new:
        return "handed_in_again"
    if one.machine or one.extra:
        return "mark_taken_back"
    return "graded_again" if other.again and other.again != one.again else "course_changed"
