"""What is on the page of a class, as tables for other programs: their columns are never translated.

Empty cells are numbers that would tell of too few.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.classroom.answers import COUNTED, DECIDED
from lessonlib.grading.classroom.changes import WAYS
from lessonlib.grading.classroom.figures import Interval
from lessonlib.grading.classroom.monday import Seen, monday
from lessonlib.grading.classroom.page import Find
from lessonlib.grading.classroom.saying import called
from lessonlib.grading.paper.text import safe

Lines = Iterator[list[object]]
OTHERS = "others"


def write_tables(folder: Path, seen: Seen, find: Find) -> None:
    """Write a file for each table of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in TABLES.items():
        write_table(folder / f"{name}.csv", lines(seen, find))


def write_table(path: Path, lines: Lines, encoding: str = "utf-8-sig") -> None:
    """Write lines in which no program finds a formula, and spreadsheet programs find UTF-8."""
    with written_whole(path, newline="", encoding=encoding) as file:
        for line in lines:
            csv.writer(file).writerow(map(_cell, line))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return safe(round(value, 4) if isinstance(value, float) else value)


def _monday(seen: Seen, find: Find) -> Lines:
    yield ["line", "text"]
    for number, line in enumerate(monday(seen), 1):
        yield [number, line]


def _questions(seen: Seen, find: Find) -> Lines:
    intervals = (f"{name}{end}" for name in ("right", "telling") for end in ("", "_low", "_high"))
    yield ["exercise", "question", "learners", "decided", *COUNTED, *intervals]
    for each in seen.counted:
        told = {
            verdict: count if each.split or not each.decided or verdict not in DECIDED else None
            for verdict, count in each.verdicts.items()
        }
        line = [*each.place, each.learners, each.decided, *(told[verdict] for verdict in COUNTED)]
        yield [*line, *_three(each.right), *_three(each.telling)]


def _three(interval: Interval | None) -> list[object]:
    return [interval.value, interval.low, interval.high] if interval else [None] * 3


def _causes(seen: Seen, find: Find) -> Lines:
    yield [
        *("exercise", "question", "verdict", "cause", "in_words", "learners", "of"),
        *("example", "message", "learner"),
    ]
    for each in seen.counted:
        for verdict, parts in (("failed", each.causes), ("missing", each.gaps)):
            if verdict == "failed" and not each.split:
                continue
            for cause, count in parts.shown.items():
                example = find(each, cause) if verdict == "failed" else None
                told = [example.answer, example.message, example.learner] if example else [""] * 3
                told = [called(each.place[1], cause), count, parts.whole, *told]
                yield [*each.place, verdict, cause, *told]
            if parts.others:
                yield [*each.place, verdict, OTHERS, "", parts.others, parts.whole, "", "", ""]


def _together(seen: Seen, find: Find) -> Lines:
    sides = [f"{side}_{name}" for side in ("one", "other") for name in ("exercise", "question")]
    yield [
        *(*sides[:2], "one_cause", *sides[2:], "other_cause"),
        *("both", "of_one", "of_other", "learners", "chance_below", "compared"),
    ]
    for each in seen.pairs:
        whys = [part for place, cause in (each.one, each.other) for part in (*place, cause)]
        numbers = (each.both, each.of_one, each.of_other, each.count)
        yield [*whys, *numbers, each.below, seen.compared]


def _changes(seen: Seen, find: Find) -> Lines:
    yield ["exercise", "question", "handed_in_again", *WAYS]
    for each in seen.changes:
        yield [*each.place, each.again, *((each.ways or {}).get(way) for way in WAYS)]


TABLES: dict[str, Callable[[Seen, Find], Lines]] = {
    "monday": _monday,
    "questions": _questions,
    "causes": _causes,
    "together": _together,
    "changes": _changes,
}
