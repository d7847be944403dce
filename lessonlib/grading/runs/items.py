"""A submission as pytest sees it: a file with one item for each question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from nbval.plugin import IPyNbFile

from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.paper.text import without_controls
from lessonlib.grading.runs.desk import Desk
from lessonlib.grading.verdicts.ruling import Ruling, rule


class VerdictError(Exception):
    """A question that was not passed; its text is what the learner reads."""


class SubmissionFile(IPyNbFile):
    """nbval's collector, with the reference's cells in the place of the submission's."""

    def __init__(self, desk: Desk, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.desk = desk
        self.submission = desk.staged[self.path]
        self._nodeid = without_controls(f"{self.submission.learner}/{self.submission.exercise}")
        self.rulings: dict[str, Ruling] = {}

    def collect(self) -> Iterator[QuestionItem]:
        """Yield one item for each question of the exercise."""
        assignment = self.desk.assignment(self.submission.exercise)
        for part in assignment.parts:
            yield QuestionItem.from_parent(self, name=part.question)

    def setup(self) -> None:
        """Grade the whole submission; its items then only report."""
        try:
            terms = self.desk.start()
        except NoSandboxError as problem:
            pytest.exit(str(problem), returncode=pytest.ExitCode.USAGE_ERROR)
        assignment = self.desk.assignment(self.submission.exercise)
        merged = self.desk.merged(self.submission)
        self.rulings = {ruling.question: ruling for ruling in rule(self, merged, assignment, terms)}


class QuestionItem(pytest.Item):
    """One question of one submission."""

    parent: SubmissionFile

    def runtest(self) -> None:
        """Pass, fail with the words of the check, or wait for a person."""
        ruling = self.parent.rulings[self.name]
        if ruling.verdict == "pending":
            pytest.skip(ruling.message)
        if ruling.verdict != "passed":
            raise VerdictError(f"{ruling.verdict} ({ruling.cause}): {ruling.message}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the words alone, without the grader's own code."""
        if isinstance(excinfo.value, VerdictError):
            return without_controls(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Name the question after its learner and exercise."""
        return self.path, None, f"{self.parent.nodeid}::{self.name}"
