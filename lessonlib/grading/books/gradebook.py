"""Grades in the layouts that platforms read, and as JUnit XML: a function for each file."""

import csv
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.books.journal import Question, Record
from lessonlib.grading.paper.text import kept, safe, without_controls
from lessonlib.grading.paper.words import WORDS
from lessonlib.practice.course import STEPS

# Anything that leaves the points of an exercise open, the most pressing first.
OPEN = ("error", "unreadable", "pending")


@dataclass(frozen=True)
class Grade:
    """What one learner reached in one exercise.

    The status is ``graded``, or why the points are not the last word: ``error``, ``unreadable``,
    ``pending``, ``missing`` (nothing was answered), ``excused``. The whole is what the exercise is
    worth to whoever is excused from no question of it.
    """

    points: float = 0
    max_points: float = 0
    status: str = "missing"
    whole: float = 0
    feedback: str = ""

    @property
    def final(self) -> str:
        """The points as a platform may take them over: empty while they are open.

        Platforms have one maximum for all, so that an excuse leaves the same share of it.
        """
        share = self.whole / self.max_points if self.max_points else 1
        return f"{round(self.points * share, 4):g}" if self.status == "graded" else ""


NOTHING = Grade()
FOR_PEOPLE = "gradebook.csv"
EXCUSED = "EX"  # as Canvas writes it


def grade(record: Record) -> Grade:
    """Add up the questions of one submission."""
    verdicts = {question.verdict for question in record.questions}
    status = next((verdict for verdict in OPEN if verdict in verdicts), "graded")
    if verdicts == {"excused"}:
        status = "excused"
    elif verdicts <= {"excused", "missing"}:
        status = "missing"
    return Grade(
        points=sum(question.points for question in record.questions),
        max_points=sum(question.counts for question in record.questions),
        status=status,
        whole=sum(question.max_points for question in record.questions),
        feedback="\n".join(filter(None, map(_feedback, record.questions))),
    )


def _feedback(question: Question) -> str:
    """Return what a person says to the learner about a question."""
    told = {"question": question.question, "points": question.points, "most": question.counts}
    return question.comment and WORDS("gradebook.feedback", comment=question.comment, **told)


def title(exercise: str) -> str:
    """Return an exercise as people read it; one that this course does not have, by its file."""
    return next((step.title for step in STEPS if step.name == exercise), exercise)


class Class:
    """All grades, by learner and exercise, and the learners' ids on platforms."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = records
        self.grades: dict[tuple[str, str], Grade] = {}
        self.ids: dict[str, str] = {}
        for each in records:
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


Lines = Iterator[list[object]]


def write_gradebook(folder: Path, records: Iterable[Record]) -> None:
    """Write a file for each platform; the records are gone through more than once."""
    everyone = Class(records)
    for name, exported in EXPORTERS.items():
        with written_whole(folder / name, newline="") as file:
            if name.endswith(".xml"):
                file.writelines(exported(everyone))
                continue
            text = kept if name == FOR_PEOPLE else safe
            # Spreadsheet programs know UTF-8 by its mark, platforms do not.
            file.write("\ufeff" if name == FOR_PEOPLE else "")
            for line in exported(everyone):
                cells = (f"{each:g}" if isinstance(each, float) else text(each) for each in line)
                csv.writer(file).writerow(cells)


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


def _canvas(everyone: Class) -> Lines:
    most = {exercise: one.whole for (_, exercise), one in everyone.grades.items()}
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *everyone.exercises]
    yield ["    Points Possible", "", "", "", "", *map(most.get, everyone.exercises)]
    for learner in everyone.learners:
        finals = (EXCUSED if one.status == "excused" else one.final for one in everyone.of(learner))
        yield [*everyone.id(learner, "canvas", "sid", "login"), "", *finals]


def _canvas_comments(everyone: Class) -> Lines:
    """Canvas takes no comment in a table of grades, but somebody may paste or send these."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Assignment", "Comment"]
    for learner in everyone.learners:
        own = zip(everyone.exercises, everyone.of(learner), strict=True)
        for exercise, one in own:
            if one.feedback:
                yield [*everyone.id(learner, "canvas", "sid", "login"), exercise, one.feedback]


def _moodle(everyone: Class) -> Lines:
    exercises = everyone.exercises
    feedback = (f"{name} feedback" for name in exercises)
    yield ["Full name", "Username", "ID number", "Email address", *exercises, *feedback]
    for learner in everyone.learners:
        own = everyone.of(learner)
        finals = (one.final for one in own)
        # Learners read it in Moodle.
        said = (f"{WORDS(f'statuses.{one.status}')}\n{one.feedback}".strip() for one in own)
        yield [*everyone.id(learner, "login", "sid", "email"), *finals, *said]


def _nbgrader(everyone: Class) -> Lines:
    yield [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
        *("email", "raw_score", "late_submission_penalty", "score", "max_score", "feedback"),
    ]
    for learner, name in sorted(everyone.grades, key=lambda key: key[::-1]):
        one = everyone.grades[learner, name]
        score = (one.final, 0.0, one.final, one.whole)
        yield [name, "", "", learner, "", "", "", *score, one.feedback]


def _junit(everyone: Class) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="grading">\n'
    for each in everyone.records:
        yield f"{ET.tostring(_suite(each), encoding='unicode')}\n"
    yield "</testsuites>\n"


_TAGS = {"passed": None, "partial": None, "error": "error"}
_TAGS |= dict.fromkeys(("pending", "excused"), "skipped")


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
        told = {"classname": name, "name": question.question, "time": f"{question.seconds:.3f}"}
        case = ET.SubElement(suite, "testcase", told)
        if tag:
            said = {"message": f"{question.verdict}: {question.cause}"}
            said |= {"type": question.verdict} if tag != "skipped" else {}
            ET.SubElement(case, tag, said).text = without_controls(question.message)
        if question.comment:
            ET.SubElement(case, "system-out").text = without_controls(question.comment)
    return suite


# What each file holds: the cells of a table line by line, or a piece of text after the other.
EXPORTERS: dict[str, Callable[[Class], Lines | Iterator[str]]] = {
    FOR_PEOPLE: _own,
    "canvas.csv": _canvas,
    "canvas_comments.csv": _canvas_comments,
    "moodle.csv": _moodle,
    "nbgrader.csv": _nbgrader,
    "junit.xml": _junit,
}
