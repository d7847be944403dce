"""Submissions as pytest sees them: stand-ins for files, and one item for each question."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from lessonlib.grading.books.journal import Question
from lessonlib.grading.books.marks import Marks
from lessonlib.grading.confined import sandbox
from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.intake import who
from lessonlib.grading.intake.assignment import exercises, load_course
from lessonlib.grading.intake.content import Contents
from lessonlib.grading.intake.submission import Submission, at, fetch, survey
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.text import without_controls
from lessonlib.grading.paper.words import WORDS
from lessonlib.grading.runs.pool import Grader


@dataclass
class Desk:
    """A run of the grader within pytest.

    The submissions go by the empty files that stand in for them, so that pytest never comes near
    what else lies in a learner's folder. The table is ``who.csv``, in which a person may have said
    whose notebooks are, and the marks beside it have the last word; `left` says what is not graded.
    """

    course: Path
    terms: Terms
    table: Path
    staged: dict[Path, Submission] = field(default_factory=dict)
    marks: Marks = field(default_factory=lambda: Marks({}))
    left: list[str] = field(default_factory=list)
    is_somebodys: bool = True  # as far as has been seen

    def __post_init__(self) -> None:
        # It goes with the process, too, wherever that was ended.
        self._folder = tempfile.TemporaryDirectory(prefix="lessonlib-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.header = [WORDS("pytest.terms", seed=self.terms.seed, sandbox=self.terms.sandbox)]
        if self.table.exists():
            self.header.append(WORDS("pytest.by_table", table=self.table))

    def stage(self, path: Path) -> Path | None:
        """Put stand-ins for the submissions at a path; return where, or None if there are none.

        RefusedError if ``who.csv`` or ``marks.csv`` is there and cannot be read.
        """
        known, told = exercises(self.course), who.read(self.table)
        if path.is_dir():
            content = Contents(known).exercise_of
            seen = survey(path, known, self.table.parent, told.said, content=content)
            found = seen.submissions
            shut = (each for those in seen.closed.values() for each in those.items())
            nobodys = chain(*seen.undecided.values())
            self.is_somebodys = self.is_somebodys and not seen.undecided
            for key, which in (
                ("not_read", (f"{each}: {why}" for each, why in shut)),
                ("not_graded", chain(nobodys, *seen.copies.values())),
                ("not_recognised", chain(*seen.unrecognised.values(), seen.others)),
                ("not_there", told.unused(seen, path)),
            ):
                lines = (WORDS(f"pytest.{key}", which=each, table=self.table) for each in which)
                self.left += map(without_controls, lines)
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
        learners = {submission.learner for submission in self.staged.values()}
        self.marks = Marks.read(self.table.with_name("marks.csv"), learners)
        return place

    @cached_property
    def grader(self) -> Grader:
        """What grades as ``lessonlib grade`` does, for all that is staged."""
        names = sorted({each.exercise for each in self.staged.values()})
        return Grader(self.terms, load_course(self.course, names, self.folder))

    def grade(self, submission: Submission) -> tuple[Question, ...]:
        """Grade a submission; NoSandboxError if submissions could break out."""
        if self.terms.confined and self.grader.worker is None:
            sandbox.try_to_escape(map(Path, self.grader.course.private))
        graded = replace(self.grader.grade(fetch(submission)), learner=submission.learner)
        for problem in self.marks.problems(graded):
            self.left.append(without_controls(WORDS("pytest.no_mark", problem=problem)))
        return self.marks.merged(graded).questions

    def close(self) -> None:
        """End the worker, and remove the stand-ins."""
        if "grader" in vars(self):
            self.grader.close()
        self._folder.cleanup()


class SubmissionFile(pytest.File):
    """A submission, in the place of the cells that nbval would collect."""

    def __init__(self, desk: Desk, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.desk = desk
        self.submission = desk.staged[self.path]
        self._nodeid = without_controls(f"{self.submission.learner}/{self.submission.exercise}")
        self.questions: dict[str, Question] = {}

    def collect(self) -> Iterator["QuestionItem"]:
        """Yield one item for each question of the exercise."""
        for part in self.desk.grader.course.assignments[self.submission.exercise].parts:
            yield QuestionItem.from_parent(self, name=part.question)

    def setup(self) -> None:
        """Grade the whole submission; its items then only report."""
        try:
            graded = self.desk.grade(self.submission)
        except NoSandboxError as problem:
            pytest.exit(str(problem), returncode=pytest.ExitCode.USAGE_ERROR)
        self.questions = {each.question: each for each in graded}


class QuestionItem(pytest.Item):
    """One question of one submission."""

    parent: SubmissionFile

    def runtest(self) -> None:
        """Pass, fail with the words of the check, or wait for a person."""
        ruling = self.parent.questions[self.name]
        if ruling.verdict in ("pending", "excused"):
            pytest.skip(ruling.message)
        if ruling.verdict not in ("passed", "partial"):
            said = f"{ruling.verdict} ({ruling.cause}): {ruling.message}"
            pytest.fail(without_controls(said), pytrace=False)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Name the question after its learner and exercise."""
        return self.path, None, f"{self.parent.nodeid}::{self.name}"
