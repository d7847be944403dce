"""What one grading run shares: the course, the terms, and what stands in for submissions."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from lessonlib.grading.confined import sandbox
from lessonlib.grading.confined.budget import DEFAULT, Budget
from lessonlib.grading.confined.provisioner import register
from lessonlib.grading.confined.selftest import withstand
from lessonlib.grading.confined.starters import WarmStarter
from lessonlib.grading.intake import who
from lessonlib.grading.intake.assignment import Assignment, exercises, load
from lessonlib.grading.intake.merge import Merged, merge, nothing_readable
from lessonlib.grading.intake.submission import Submission, UnreadableError, at, read, survey
from lessonlib.grading.paper.text import without_controls
from lessonlib.grading.verdicts.ruling import Terms

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
    table
        ``who.csv``, in which a person may have said whose notebooks are.
    staged
        The submissions by the empty files that stand in for them, so that pytest never comes
        near what else lies in a learner's folder.
    closed
        What could not be looked into for submissions, and why.
    left_out
        The notebooks that are not graded: copies, and those that are nobody's yet.
    unrecognised
        The notebooks that no exercise's name is found in, and what else may have been handed in.
    unused
        What the table says of notebooks that are not there.
    """

    course: Path
    terms: Terms
    folder: Path
    table: Path
    staged: dict[Path, Submission] = field(default_factory=dict)
    closed: dict[Path, str] = field(default_factory=dict)
    left_out: list[Path] = field(default_factory=list)
    unrecognised: list[Path] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @classmethod
    def open(
        cls,
        course: Path,
        seed: int | None = None,
        unsafe: bool = False,
        budget: Budget = DEFAULT,
        table: Path = Path("gradebook", who.NAME),
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
        table
            As for the class; it need not be there.
        """
        folder = Path(tempfile.mkdtemp(prefix="lessonlib-"))
        terms = Terms(
            kernel=UNSAFE_KERNEL if unsafe else "",
            seed=secrets.randbits(32) if seed is None else seed,
            token=secrets.token_hex(8),
            folder=str(folder),
            budget=budget,
        )
        return cls(course, terms, folder, table)

    @property
    def sandbox(self) -> str:
        """Where submissions run, as every row of the results says."""
        return "none" if self.terms.kernel == UNSAFE_KERNEL else "bubblewrap"

    def stage(self, path: Path) -> Path | None:
        """Put stand-ins for the submissions at a path; return where, or None if there are none.

        Raises
        ------
        WhoError
            If ``who.csv`` is there and cannot be read.
        """
        known = exercises(self.course)
        told = who.read(self.table)
        if path.is_dir():
            seen = survey(path, known, besides=self.table.parent, said=told.said)
            self.unused += told.unused(seen, path)
            found = seen.submissions
            for shut in seen.closed.values():
                self.closed |= shut
            for left in (*seen.undecided.values(), *seen.copies.values()):
                self.left_out += left
            for unnamed in seen.unrecognised.values():
                self.unrecognised += unnamed
            self.unrecognised += seen.others
        else:
            found = at(path, known, told.said)
        if not found:
            return None
        place = Path(tempfile.mkdtemp(dir=self.folder))
        for submission in found:
            # A person may call a learner what no folder can be called.
            called = re.sub(r"[/\\\x00]|^\.+", "-", submission.learner)[:60]
            stand_in = place / called / f"{submission.exercise}.ipynb"
            while stand_in in self.staged:
                stand_in = stand_in.parent / "another" / stand_in.name
            stand_in.parent.mkdir(parents=True, exist_ok=True)
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
        told = [f"grading: {self.table} says whose notebooks are"] if self.table.exists() else []
        return [f"grading: seed {self.terms.seed}, sandbox: {self.sandbox}", *told]

    def left(self) -> list[str]:
        """Name what is not graded, and what of ``who.csv`` is of no use here."""
        lines = [f"could not be read: {path}: {why}" for path, why in self.closed.items()]
        lines += [
            f"not graded, a copy or nobody's yet; `lessonlib grade` says which: {path}"
            for path in self.left_out
        ]
        lines += [f"not recognised, so not graded: {path}" for path in self.unrecognised]
        lines += [f"said in {self.table}, but not there: {said}" for said in self.unused]
        return [without_controls(line) for line in lines]

    def close(self) -> None:
        """Remove the stand-ins."""
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def _loaded(course: Path, exercise: str) -> Assignment:
    return load(course, exercise)
