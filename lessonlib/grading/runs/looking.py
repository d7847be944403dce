"""What stands around the answers of a gradebook, looked up where they were handed in."""

from collections.abc import Mapping
from pathlib import Path

from lessonlib.grading.books.journal import Journal, Key, Record
from lessonlib.grading.books.marking import Look
from lessonlib.grading.intake import who
from lessonlib.grading.intake.around import Around, around
from lessonlib.grading.intake.assignment import Assignment, exercises, load_course
from lessonlib.grading.intake.content import Contents
from lessonlib.grading.intake.submission import Submission, fetch, survey
from lessonlib.grading.paper.words import RefusedError


def look_into(there: Mapping[Key, Submission], assignments: Mapping[str, Assignment]) -> Look:
    """Return what looks up what stands around answers, by learner and exercise."""

    def look(record: Record) -> dict[str, Around]:
        found = there.get((record.learner, record.exercise))
        assignment = assignments.get(record.exercise)
        return around(fetch(found), assignment) if found and assignment else {}

    return look


def look_again(course: Path, folder: Path, out: Path, journal: Journal) -> Look:
    """Return what looks into submissions that were graded earlier, if they are as they were then.

    Of an answer that is another one by now, nothing is shown. RefusedError if there is no such
    folder, or no course.
    """
    course, folder, known = course.resolve(), folder.resolve(), exercises(course.resolve())
    if not folder.is_dir():
        raise RefusedError("run.no_folder", folder=folder)
    if not known:
        raise RefusedError("run.no_references", folder=course / "solutions")
    earlier = {learner for learner, _ in journal.entries}
    said, content = who.read(out / who.NAME).said, Contents(known).exercise_of
    seen = survey(folder, known, out.resolve(), said, earlier, content)
    there = {(each.learner, each.exercise): each for each in seen.submissions}
    wanted = {exercise for _, exercise in there.keys() & journal.entries.keys()}
    look = look_into(there, load_course(course, sorted(wanted)).assignments)

    def unless_changed(record: Record) -> dict[str, Around]:
        answers = {each.question: each.answer for each in record.questions}
        found = look(record).items()
        return {name: each for name, each in found if _is_of(each, answers.get(name, ""))}

    return unless_changed


def _is_of(found: Around, answer: str) -> bool:
    """Tell whether cells are those of an answer, before which may stand what was run for it."""
    own = "\n\n".join(piece.cell.source for piece in found.own)
    return own == answer or bool(own and answer.endswith(own))
