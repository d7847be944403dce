"""Grades in the layouts that learning platforms read, and as JUnit XML."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lessonlib.grading.books.journal import Record
from lessonlib.grading.paper.text import kept, safe, without_controls
from lessonlib.grading.paper.whole import written_whole

# Anything that leaves the points of an exercise open, the most pressing first.
OPEN = ("error", "unreadable", "pending")


@dataclass(frozen=True)
class Grade:
    """What one learner reached in one exercise.

    Parameters
    ----------
    status
        ``graded``, or the word for why the points are not the last word: ``error``,
        ``unreadable``, ``pending``, ``missing`` (nothing was answered).
    """

    points: float
    max_points: float
    status: str

    @property
    def final(self) -> str:
        """The points as a platform may take them over: empty while they are open."""
        return f"{self.points:g}" if self.status == "graded" else ""


def grade(record: Record) -> Grade:
    """Add up the questions of one submission."""
    rows = [question.row for question in record.questions]
    verdicts = {row.verdict for row in rows}
    open_ = next((verdict for verdict in OPEN if verdict in verdicts), None)
    return Grade(
        points=sum(row.points for row in rows),
        max_points=sum(row.max_points for row in rows),
        status=open_ or ("missing" if verdicts <= {"missing"} else "graded"),
    )


def write_gradebook(folder: Path, records: Iterable[Record]) -> None:
    """Write ``gradebook.csv``, the same for Canvas, Moodle and nbgrader, and ``junit.xml``.

    Parameters
    ----------
    folder
        Where to.
    records
        All that was graded; gone through more than once.
    """
    grades: dict[tuple[str, str], Grade] = {}
    ids: dict[str, str] = {}
    for each in records:
        grades[each.learner, each.exercise] = grade(each)
        ids[each.learner] = each.platform_id or ids.get(each.learner, "")
    learners = sorted({learner for learner, _ in grades})
    exercises = sorted({exercise for _, exercise in grades})
    most = {name: grades[learner, name].max_points for learner, name in grades}
    _write(folder / "gradebook.csv", _own(learners, exercises, grades), for_people=True)
    _write(folder / "canvas.csv", _canvas(ids, exercises, grades, most))
    _write(folder / "moodle.csv", _moodle(ids, exercises, grades))
    _write(folder / "nbgrader.csv", _nbgrader(learners, exercises, grades))
    _write_junit(folder / "junit.xml", records)


Grades = dict[tuple[str, str], Grade]
Lines = Iterable[list[object]]


def _own(learners: list[str], exercises: list[str], grades: Grades) -> Lines:
    yield [
        "learner",
        *(f"{name} {column}" for name in exercises for column in ("points", "of", "status")),
        "total",
    ]
    for learner in learners:
        line: list[object] = [learner]
        for name in exercises:
            one = grades.get((learner, name))
            line += [one.points, one.max_points, one.status] if one else ["", "", "missing"]
        yield [*line, sum(grades[key].points for key in grades if key[0] == learner)]


def _canvas(
    ids: dict[str, str], exercises: list[str], grades: Grades, most: dict[str, float]
) -> Lines:
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *exercises]
    yield ["    Points Possible", "", "", "", "", *(most[name] for name in exercises)]
    for learner, identity in sorted(ids.items()):
        columns = [_id(identity, kind) for kind in ("canvas", "sid", "login")]
        yield [_name(learner, identity), *columns, "", *_finals(learner, exercises, grades)]


def _moodle(ids: dict[str, str], exercises: list[str], grades: Grades) -> Lines:
    yield [
        *("Full name", "Username", "ID number", "Email address"),
        *exercises,
        *(f"{name} feedback" for name in exercises),
    ]
    for learner, identity in sorted(ids.items()):
        statuses = [
            grades[learner, each].status if (learner, each) in grades else "missing"
            for each in exercises
        ]
        columns = [_id(identity, kind) for kind in ("login", "sid", "email")]
        yield [
            _name(learner, identity),
            *columns,
            *_finals(learner, exercises, grades),
            *statuses,
        ]


def _nbgrader(learners: list[str], exercises: list[str], grades: Grades) -> Lines:
    yield [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
        *("email", "raw_score", "late_submission_penalty", "score", "max_score"),
    ]
    for name in exercises:
        for learner in learners:
            one = grades.get((learner, name))
            if one:
                score = one.final
                yield [name, "", "", learner, "", "", "", score, 0.0, score, one.max_points]


def _finals(learner: str, exercises: list[str], grades: Grades) -> list[str]:
    return [grades[learner, name].final if (learner, name) in grades else "" for name in exercises]


def _id(identity: str, wanted: str) -> str:
    """Return an id for the column of its kind, and nothing for any other."""
    kind, _, told = identity.partition(":")
    return told if kind == wanted else ""


def _name(learner: str, identity: str) -> str:
    """Return a learner's name without the id that tells it from equal ones."""
    _, _, told = identity.partition(":")
    return learner.removesuffix(f"_{told}") if told else learner


def _write(path: Path, lines: Lines, for_people: bool = False) -> None:
    # Spreadsheet programs know UTF-8 by its mark at the start, which platforms do not expect.
    encoding, text = ("utf-8-sig", kept) if for_people else ("utf-8", safe)
    with written_whole(path, newline="", encoding=encoding) as file:
        csv.writer(file).writerows([[_cell(cell, text) for cell in line] for line in lines])


def _cell(cell: object, text: Callable[[object], str]) -> str:
    return f"{cell:g}" if isinstance(cell, float) else text(cell)


def _write_junit(path: Path, records: Iterable[Record]) -> None:
    with written_whole(path) as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="grading">\n')
        file.writelines(f"{ET.tostring(_suite(each), encoding='unicode')}\n" for each in records)
        file.write("</testsuites>\n")


def _suite(record: Record) -> ET.Element:
    rows = [question.row for question in record.questions]
    count = [row.verdict for row in rows].count
    skipped, errors = count("pending"), count("error")
    name = without_controls(f"{record.learner}/{record.exercise}")
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(rows)),
        failures=str(len(rows) - count("passed") - skipped - errors),
        errors=str(errors),
        skipped=str(skipped),
        time=f"{sum(row.seconds for row in rows):.3f}",
    )
    for question in record.questions:
        row = question.row
        seconds = f"{row.seconds:.3f}"
        case = ET.SubElement(suite, "testcase", classname=name, name=row.question, time=seconds)
        tag = {"passed": None, "pending": "skipped", "error": "error"}.get(row.verdict, "failure")
        if tag:
            said = {"message": f"{row.verdict}: {row.cause}"}
            if tag != "skipped":
                said["type"] = row.verdict
            ET.SubElement(case, tag, said).text = without_controls(question.message)
    return suite
