"""In the place of pytest's loop over items: grade jobs as they come, one after the other."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from lessonlib.grading.books.journal import Record, record
from lessonlib.grading.confined.kernel import withstand
from lessonlib.grading.confined.provisioner import register
from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.confined.starter import Starter
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.intake.merge import merge_job
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.verdicts.ruling import Bench, failed


@dataclass
class Loop:
    """A pytest session with nbval in it that lasts until the jobs end; unsafe without a starter."""

    terms: Terms
    course: Course
    starter: Starter | None
    jobs: IO[str]
    answers: IO[str]
    folder: str = ""

    def serve(self) -> None:
        """Answer jobs until there are no more."""
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        plugins = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
        with tempfile.TemporaryDirectory(prefix="lessonlib-") as self.folder:
            settings = Path(self.folder, "pytest.ini")
            settings.write_text("[pytest]\n")
            where = ["--rootdir", self.folder, "-c", str(settings), self.folder]
            pytest.main([*plugins, "--nbval", "--noconftest", *where], plugins=[self])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> bool:
        """Collect nothing: jobs come one by one."""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Answer first whether this works here, and then every job."""
        kernel, refusal = register(self.starter) if self.starter else "python3", ""
        try:
            if self.starter:
                withstand(kernel, self.folder, map(Path, self.course.private))
        except NoSandboxError as problem:
            refusal = str(problem)
        print(json.dumps(refusal), file=self.answers, flush=True)
        bench = Bench(session, kernel, self.folder, self.terms)
        for line in self.jobs:
            done = self._graded(bench, json.loads(line))
            print(done.to_json(), file=self.answers, flush=True)
        return True

    def _graded(self, bench: Bench, job: dict[str, Any]) -> Record:
        assignment = self.course.assignments[job["exercise"]]
        merged = merge_job(job, assignment)
        try:
            rulings = bench.rule(merged, assignment)
        except Exception as failure:  # the next submission must not suffer for this one
            rulings = [failed(part.question, failure) for part in assignment.parts]
        return record(assignment, self.terms, rulings, merged.answers, merged.notes)
