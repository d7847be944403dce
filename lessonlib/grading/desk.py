"""What one grading run shares: the course, the terms, and what stands in for submissions."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from lessonlib.grading import sandbox
from lessonlib.grading.assignment import Assignment, exercises, load
from lessonlib.grading.budget import DEFAULT, Budget
from lessonlib.grading.judge import Terms
from lessonlib.grading.merge import Merged, merge, nothing_readable
from lessonlib.grading.provisioner import register
from lessonlib.grading.selftest import withstand
from lessonlib.grading.starters import WarmStarter
from lessonlib.grading.submission import Submission, UnreadableError, at, read, survey

UNSAFE_KERNEL = "python3"


@dataclass
class Desk:
    """A run of the grader.

    Parameters
    ----------
    course
        The folder that holds ``solutions/``.
    terms
        How submissions are graded.
    folder
        A temporary folder, outside everything else.
    staged
        The submissions by the empty files that stand in for them, so that pytest never comes
        near what else lies in a learner's folder.
    closed
        What could not be looked into for submissions, and why.
    left_out
        The notebooks that are not graded: copies, and those that are nobody's yet.
    unrecognised
        The notebooks that no exercise's name is found in.
    """

    course: Path
    terms: Terms
    folder: Path
    staged: dict[Path, Submission] = field(default_factory=dict)
    closed: dict[Path, str] = field(default_factory=dict)
    left_out: list[Path] = field(default_factory=list)
    unrecognised: list[Path] = field(default_factory=list)

    @classmethod
    def open(
        cls,
        course: Path,
        seed: int | None = None,
        unsafe: bool = False,
        budget: Budget = DEFAULT,
    ) -> Desk:
        """Set up a run.

        Parameters
        ----------
        course
            The folder that holds ``solutions/``.
        seed
            From which inputs are drawn; a fresh one if None.
        unsafe
            Whether to run submissions without a sandbox.
        budget
            What one question may use.
        """
        folder = Path(tempfile.mkdtemp(prefix="lessonlib-"))
        terms = Terms(
            kernel=UNSAFE_KERNEL if unsafe else "",
            seed=secrets.randbits(32) if seed is None else seed,
            token=secrets.token_hex(8),
            folder=str(folder),
            budget=budget,
        )
        return cls(course, terms, folder)

    @property
    def sandbox(self) -> str:
        """Where submissions run, as every row of the results says."""
        return "none" if self.terms.kernel == UNSAFE_KERNEL else "bubblewrap"

    def stage(self, path: Path) -> Path | None:
        """Put stand-ins for the submissions at a path; return where, or None if there are none."""
        known = exercises(self.course)
        if path.is_dir():
            seen = survey(path, known)
            found = seen.submissions
            for shut in seen.closed.values():
                self.closed |= shut
            for left in (*seen.undecided.values(), *seen.copies.values()):
                self.left_out += left
            for unnamed in seen.unrecognised.values():
                self.unrecognised += unnamed
        else:
            found = at(path, known)
        if not found:
            return None
        place = Path(tempfile.mkdtemp(dir=self.folder))
        for submission in found:
            stand_in = place / submission.learner / f"{submission.exercise}.ipynb"
            stand_in.parent.mkdir(exist_ok=True)
            stand_in.touch()
            self.staged[stand_in] = submission
        return place

    def start(self) -> Terms:
        """Return the terms, once the sandbox has withstood a try to break out of it."""
        if not self.terms.kernel:
            private = (self.course / "solutions", self.course / "tests", self.folder)
            sandbox.try_to_escape(private)
            self.terms = replace(self.terms, kernel=register(WarmStarter(private)))
            withstand(self.terms.kernel, self.terms.folder, private)
        return self.terms

    def assignment(self, exercise: str) -> Assignment:
        """Return the reference of an exercise."""
        return _loaded(self.course, exercise)

    def merged(self, submission: Submission) -> Merged:
        """Return the reference with the answers of a submission."""
        try:
            data = read(submission.path)
        except UnreadableError as problem:
            return nothing_readable(problem)
        return merge(data, self.assignment(submission.exercise))

    def header(self) -> list[str]:
        """Say how this run grades."""
        shut = [f"grading: could not be read: {path}: {why}" for path, why in self.closed.items()]
        left = [
            f"grading: not graded, a copy or nobody's yet; `lessonlib grade` says which: {path}"
            for path in self.left_out
        ]
        unnamed = [f"grading: not recognised, so not graded: {path}" for path in self.unrecognised]
        return [
            f"grading: seed {self.terms.seed}, sandbox: {self.sandbox}",
            "grading: a who.csv is not read in this form; `lessonlib grade` reads it",
            *shut,
            *left,
            *unnamed,
        ]

    def close(self) -> None:
        """Remove the stand-ins."""
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def _loaded(course: Path, exercise: str) -> Assignment:
    return load(course, exercise)
