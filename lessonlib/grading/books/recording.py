"""What is written down of a learner's exercise beyond the verdicts: absence, copies, ids."""

from dataclasses import replace
from pathlib import Path

from lessonlib.grading.books.journal import Record, undecided
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.names import readable
from lessonlib.grading.intake.submission import Submission, Survey
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.words import WORDS

NAMED = 20  # so many files are named in a note; more would fill the page


def recorded(graded: Record, submission: Submission, digest: str, seen: Survey) -> Record:
    """Return what was graded as the record of whoever handed it in."""
    learner, notes = submission.learner, graded.notes
    if copies := seen.copies.get((learner, submission.exercise)):
        counts = readable(submission.path.name)
        told = {"counts": counts, "count": len(copies), "files": _names(copies)}
        notes += (WORDS("notes.another_copy_counts", **told),)
    identity = seen.learners[learner]
    return replace(graded, learner=learner, digest=digest, platform_id=identity, notes=notes)


def absent(learner: str, assignment: Assignment, seen: Survey, terms: Terms) -> Record:
    """Return the record of an exercise of which a learner handed in no notebook."""
    slots, verdict, cause = {}, "missing", "not_handed_in"
    if assignment.exercise in seen.undecided:
        cause = "not_known_whose"
    if others := seen.unrecognised.get(learner):
        cause = "notebook_not_recognised"
        slots = {"exercise": assignment.exercise, "files": _names(others)}
    if learner in seen.closed:
        verdict, cause = "unreadable", "folder_not_readable"
    missing = undecided(assignment, terms, verdict, cause, **slots)
    return replace(missing, learner=learner, platform_id=seen.learners[learner])


def _names(paths: list[Path]) -> str:
    return ", ".join(readable(path.name) for path in paths[:NAMED])
