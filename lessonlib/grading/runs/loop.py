"""In the place of pytest's loop over items: grade jobs as they come, one after the other."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import pytest
from nbval.plugin import IPyNbFile

from lessonlib.grading.confined.provisioner import register
from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.confined.selftest import withstand
from lessonlib.grading.confined.starters import Starter
from lessonlib.grading.intake.merge import merge, nothing_readable
from lessonlib.grading.intake.submission import UnreadableError
from lessonlib.grading.runs.terms import Setting
from lessonlib.grading.verdicts.ruling import Terms, lost, rule


class Loop:
    """In the place of pytest's own loop over items: grade jobs until there are no more."""

    def __init__(
        self,
        setting: Setting,
        starter: Starter | None,
        jobs: IO[str],
        answers: IO[str],
        folder: str,
    ) -> None:
        self.assignments = {each.exercise: each for each in setting.assignments}
        kernel = register(starter) if starter else "python3"
        self.terms = Terms(kernel, setting.seed, os.urandom(8).hex(), folder, setting.budget)
        self.jobs, self.answers, self.folder = jobs, answers, folder
        self.private = setting.private
        self.starter = starter

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> bool:
        """Collect nothing: jobs come one by one."""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer jobs until there are no more."""
        self._answer(self._refusal())
        for line in self.jobs:
            self._answer(self._grade(session, json.loads(line)))
        return True

    def _answer(self, answer: Any) -> None:
        self.answers.write(json.dumps(answer) + "\n")
        self.answers.flush()

    def _refusal(self) -> str:
        """Try to break out of a kernel such as submissions get; say so if that works."""
        if self.starter is None:
            return ""
        try:
            withstand(self.terms.kernel, self.folder, map(Path, self.private))
        except NoSandboxError as problem:
            return str(problem)
        return ""

    def _grade(self, session: pytest.Session, job: dict[str, Any]) -> dict[str, Any]:
        assignment = self.assignments[job["exercise"]]
        if "unreadable" in job:
            merged = nothing_readable(UnreadableError(*job["unreadable"]))
        else:
            merged = merge(base64.b64decode(job["data"]), assignment)
        node = IPyNbFile.from_parent(session, path=Path(self.folder, "submission.ipynb"))
        try:
            rulings = rule(node, merged, assignment, self.terms)
        except Exception as failure:  # the next submission must not suffer for this one
            rulings = lost(assignment, f"The grader failed: {type(failure).__name__}: {failure}")
        # Whoever reads an answer, also in search of something odd, reads all that was run for it.
        beside = {each.question: each.beside for each in rulings if each.beside}
        answers = {name: f"{code}\n\n{merged.answers[name]}" for name, code in beside.items()}
        return {
            "rulings": [asdict(ruling) for ruling in rulings],
            "answers": merged.answers | answers,
            "findings": [asdict(finding) for finding in merged.findings],
        }


def serve(setting: Setting, starter: Starter | None, jobs: IO[str], answers: IO[str]) -> None:
    """Hold a pytest session with nbval in it until the jobs end.

    Parameters
    ----------
    setting
        How to grade.
    starter
        Starts kernels in a sandbox; None for kernels without one.
    jobs, answers
        Lines of JSON.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    plugins = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
    with tempfile.TemporaryDirectory(prefix="lessonlib-") as folder:
        options = ["--nbval", "--noconftest", "--rootdir", folder, "-c", _settings(folder), folder]
        loop = Loop(setting, starter, jobs, answers, folder)
        pytest.main([*plugins, *options], plugins=[loop])


def _settings(folder: str) -> str:
    path = Path(folder, "pytest.ini")
    path.write_text("[pytest]\n")
    return str(path)
