"""Grades in the layouts that platforms read, and as JUnit XML: a function for each file."""

import csv
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lessonlib.files import written_whole
from lessonlib.grading.books.gradebook import NOTHING, Class, late_by, title
from lessonlib.grading.books.journal import Record
from lessonlib.grading.books.register import Register
from lessonlib.grading.paper.text import kept, safe, without_controls
from lessonlib.grading.paper.words import WORDS

FOR_PEOPLE = ("gradebook.csv", "handed_in.csv")
EXCUSED = "EX"  # as Canvas writes it
Lines = Iterator[list[object]]


def write_gradebook(
    folder: Path, records: Iterable[Record], register: Register | None = None
) -> Class:
    """Write a file for each platform; the records are gone through more than once."""
    everyone = Class(records, register)
    for name, exported in EXPORTERS.items():
        with written_whole(folder / name, newline="") as file:
            if name.endswith(".xml"):
                file.writelines(exported(everyone))
                continue
            text = kept if name in FOR_PEOPLE else safe
            # Spreadsheet programs know UTF-8 by its mark, platforms do not.
            file.write("\ufeff" if name in FOR_PEOPLE else "")
            for line in exported(everyone):
                cells = (f"{each:g}" if isinstance(each, float) else text(each) for each in line)
                csv.writer(file).writerow(cells)
    return everyone


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
            points = ["", ""] if one is NOTHING else [one.counted, one.max_points]
            line += [*points, WORDS(f"statuses.{one.status}")]
        yield [*line, sum(one.counted for one in everyone.of(learner))]


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
        one, how = everyone.grades[learner, name], everyone.handed_in[learner, name]
        (_, email), raw = everyone.id(learner, "email"), replace(one, lost=0).final
        lost = round(float(raw) - float(one.final), 4) if raw else 0.0
        score = (raw, lost, one.final, one.whole)
        yield [name, how.due, how.time, learner, "", "", email, *score, one.feedback]


def _handed_in(everyone: Class) -> Lines:
    """What each grade is of: the file, its digest, when it came, and what lateness costs."""
    columns = ("learner", "exercise", "status", "reached", "lost", "counted", "handed_in", "by")
    columns += ("due", "late", "file", "digest")
    yield [WORDS(f"handed_in.{column}") for column in columns]
    for learner in everyone.learners:
        for exercise, one in zip(everyone.exercises, everyone.of(learner), strict=True):
            how = everyone.handed_in.get((learner, exercise))
            points = ["", "", ""] if one is NOTHING else [one.points, one.lost, one.counted]
            told = [WORDS(f"statuses.{one.status}"), *points]
            if how:
                by = WORDS(f"handed_in.by_{how.time_from}") if how.time_from else ""
                late = "" if how.late is None else late_by(how.late)
                told += [how.time, by, how.due, late, how.file, how.digest]
            yield [learner, title(exercise), *told]


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
    "gradebook.csv": _own,
    "canvas.csv": _canvas,
    "canvas_comments.csv": _canvas_comments,
    "moodle.csv": _moodle,
    "nbgrader.csv": _nbgrader,
    "handed_in.csv": _handed_in,
    "junit.xml": _junit,
}
