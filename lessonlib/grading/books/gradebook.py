"""Grades in the layouts that platforms read, and as JUnit XML: a function for each file."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.books.journal import Record
from lessonlib.grading.paper.text import kept, safe, without_controls
from lessonlib.grading.paper.words import WORDS
from lessonlib.practice.course import STEPS

# Anything that leaves the points of an exercise open, the most pressing first.
OPEN = ("error", "unreadable", "pending")


@dataclass(frozen=True)
class Grade:
    """What one learner reached in one exercise.

    The status is ``graded``, or why the points are not the last word: ``error``, ``unreadable``,
    ``pending``, ``missing`` (nothing was answered).
    """

    points: float
    max_points: float
    status: str

    @property
    def final(self) -> str:
        """The points as a platform may take them over: empty while they are open."""
        return f"{self.points:g}" if self.status == "graded" else ""


NOTHING = Grade(0, 0, "missing")


def grade(record: Record) -> Grade:
    """Add up the questions of one submission."""
    verdicts = {question.verdict for question in record.questions}
    open_ = next((verdict for verdict in OPEN if verdict in verdicts), None)
    return Grade(
        points=sum(question.points for question in record.questions),
        max_points=sum(question.max_points for question in record.questions),
        status=open_ or ("missing" if verdicts <= {"missing"} else "graded"),
    )


def title(exercise: str) -> str:
    """Return an exercise as people read it; one that this course does not have, by its file."""
    return next((step.title for step in STEPS if step.name == exercise), exercise)


@dataclass
class Class:
    """All grades, by learner and exercise, and the learners' ids on platforms."""

    records: Iterable[Record]
    grades: dict[tuple[str, str], Grade] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self.records:
            self.grades[each.learner, each.exercise] = grade(each)
            self.ids[each.learner] = each.platform_id or self.ids.get(each.learner, "")
        self.learners = sorted(self.ids)
        self.exercises = sorted({exercise for _, exercise in self.grades})

    def of(self, learner: str) -> list[Grade]:
        """Return a learner's grades, one for each exercise."""
        return [self.grades.get((learner, each), NOTHING) for each in self.exercises]

    def id(self, learner: str, *kinds: str) -> list[str]:
        """Return a learner's name and, for each kind of id, the id if it is of that kind."""
        kind, _, told = self.ids[learner].partition(":")
        name = learner.removesuffix(f"_{told}") if told else learner
        return [name, *(told if kind == each else "" for each in kinds)]


def write_gradebook(folder: Path, records: Iterable[Record]) -> None:
    """Write a file for each platform; the records are gone through more than once."""
    everyone = Class(records)
    for name, exported in EXPORTERS.items():
        with written_whole(folder / name, newline="") as file:
            file.writelines(exported(everyone))


Lines = Iterator[list[object]]
Exporter = Callable[[Class], Iterator[str]]


def _table(for_people: bool = False) -> Callable[[Callable[[Class], Lines]], Exporter]:
    """Make an exporter of a function that yields the lines of a table."""
    text = kept if for_people else safe

    def decorate(lines: Callable[[Class], Lines]) -> Exporter:
        @wraps(lines)
        def exported(everyone: Class) -> Iterator[str]:
            if for_people:  # spreadsheet programs know UTF-8 by its mark, platforms do not
                yield "\ufeff"
            for line in lines(everyone):
                file = io.StringIO(newline="")
                csv.writer(file).writerow(
                    f"{cell:g}" if isinstance(cell, float) else text(cell) for cell in line
                )
                yield file.getvalue()

        return exported

    return decorate


@_table(for_people=True)
def _own(everyone: Class) -> Lines:
    columns = [
        WORDS(f"gradebook.{column}", exercise=title(exercise))
        for exercise in everyone.exercises
        for column in ("points", "of", "status")
    ]
    yield [WORDS("gradebook.learner"), *columns, WORDS("gradebook.total")]
    for learner in everyone.learners:
        line: list[object] = [learner]
        for one in everyone.of(learner):
            points = ["", ""] if one is NOTHING else [one.points, one.max_points]
            line += [*points, WORDS(f"statuses.{one.status}")]
        yield [*line, sum(one.points for one in everyone.of(learner))]


@_table()
def _canvas(everyone: Class) -> Lines:
    most = {exercise: one.max_points for (_, exercise), one in everyone.grades.items()}
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *everyone.exercises]
    yield ["    Points Possible", "", "", "", "", *map(most.get, everyone.exercises)]
    for learner in everyone.learners:
        finals = (one.final for one in everyone.of(learner))
        yield [*everyone.id(learner, "canvas", "sid", "login"), "", *finals]


@_table()
def _moodle(everyone: Class) -> Lines:
    exercises = everyone.exercises
    feedback = (f"{name} feedback" for name in exercises)
    yield ["Full name", "Username", "ID number", "Email address", *exercises, *feedback]
    for learner in everyone.learners:
        own = everyone.of(learner)
        finals = (one.final for one in own)
        said = (WORDS(f"statuses.{one.status}") for one in own)  # learners read it in Moodle
        yield [*everyone.id(learner, "login", "sid", "email"), *finals, *said]


@_table()
def _nbgrader(everyone: Class) -> Lines:
    yield [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
        *("email", "raw_score", "late_submission_penalty", "score", "max_score"),
    ]
    for (name, learner), one in sorted((key[::-1], one) for key, one in everyone.grades.items()):
        yield [name, "", "", learner, "", "", "", one.final, 0.0, one.final, one.max_points]


def _junit(everyone: Class) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="grading">\n'
    for each in everyone.records:
        yield f"{ET.tostring(_suite(each), encoding='unicode')}\n"
    yield "</testsuites>\n"


_TAGS = {"passed": None, "pending": "skipped", "error": "error"}


def _suite(record: Record) -> ET.Element:
    tags = [_TAGS.get(question.verdict, "failure") for question in record.questions]
    name = without_controls(f"{record.learner}/{record.exercise}")
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(tags)),
        failures=str(tags.count("failure")),
        errors=str(tags.count("error")),
        skipped=str(tags.count("skipped")),
        time=f"{sum(question.seconds for question in record.questions):.3f}",
    )
    for question, tag in zip(record.questions, tags, strict=True):
        seconds = f"{question.seconds:.3f}"
        case = ET.SubElement(
            suite, "testcase", classname=name, name=question.question, time=seconds
        )
        if tag:
            said = {"message": f"{question.verdict}: {question.cause}"}
            if tag != "skipped":
                said["type"] = question.verdict
            ET.SubElement(case, tag, said).text = without_controls(question.message)
    return suite


EXPORTERS: dict[str, Exporter] = {
    "gradebook.csv": _own,
    "canvas.csv": _canvas,
    "moodle.csv": _moodle,
    "nbgrader.csv": _nbgrader,
    "junit.xml": _junit,
}
