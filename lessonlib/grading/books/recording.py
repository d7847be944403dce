"""What is written down of one submission, and on what conditions it was graded."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from lessonlib.checks import counted
from lessonlib.grading.books.journal import Entry, Record, record, undecided
from lessonlib.grading.confined.budget import Budget
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.names import readable
from lessonlib.grading.intake.submission import Submission, Survey

NAMED = 20  # so many files are named in a note; more would fill the page


@dataclass(frozen=True)
class Conditions:
    """On what conditions a run grades, so that a later run can tell which grades still hold."""

    seed: int
    sandbox: str
    budget: Budget

    def hold(self, old: Entry | None, fingerprint: str) -> bool:
        """Tell whether an earlier grade holds: same notebook, same conditions, no failure."""
        if old is None or old.failed or old.digest != fingerprint:
            return False
        # Whoever kept within another budget keeps the grade.
        in_time = old.timed_out in (None, astuple(self.budget))
        return in_time and old.terms <= {(self.seed, self.sandbox)}


def recorded(
    submission: Submission,
    assignment: Assignment,
    fingerprint: str,
    graded: dict[str, Any] | None,
    seen: Survey,
    conditions: Conditions,
) -> Record:
    """Return the record of a submission; ``graded`` is None where the grader was lost over it."""
    learner, where, seed = submission.learner, conditions.sandbox, conditions.seed
    if graded is not None:
        new = record(learner, assignment, fingerprint, graded, where, seed)
    else:
        new = undecided(
            learner,
            assignment,
            fingerprint,
            verdict="error",
            cause="grader_lost",
            message="The grader was lost over this submission several times.",
            sandbox=where,
            seed=seed,
        )
    notes = new.notes
    if copies := seen.copies.get((learner, submission.exercise)):
        notes += (
            f"{readable(submission.path.name)} counts, and not the "
            f"{counted(len(copies), 'other notebook')} of this exercise: {_names(copies)}.",
        )
    budget = astuple(conditions.budget)
    return replace(new, platform_id=seen.learners[learner], budget=budget, notes=notes)


def absent(learner: str, assignment: Assignment, seen: Survey, conditions: Conditions) -> Record:
    """Return the record of an exercise of which a learner handed in no notebook."""
    verdict, cause = "missing", "not_handed_in"
    message = "No notebook of this exercise was handed in."
    if assignment.exercise in seen.undecided:
        cause = "not_known_whose"
        message = "No notebook of this exercise is known to be yours; of some it is not yet known."
    if others := seen.unrecognised.get(learner):
        cause = "notebook_not_recognised"
        message = (
            "No notebook was recognised as this exercise. Hand it in under the exercise's name, "
            f"{assignment.exercise}.ipynb; not recognised: {_names(others)}."
        )
    if learner in seen.closed:
        verdict, cause = "unreadable", "folder_not_readable"
        message = (
            "A folder with what you handed in could not be read, so it is not known whether this "
            "exercise is in it. Ask your teacher."
        )
    missing = undecided(
        learner,
        assignment,
        "",
        verdict=verdict,
        cause=cause,
        message=message,
        sandbox=conditions.sandbox,
        seed=conditions.seed,
    )
    return replace(missing, platform_id=seen.learners[learner])


def _names(paths: list[Path]) -> str:
    return ", ".join(readable(path.name) for path in paths[:NAMED])
