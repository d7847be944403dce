import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lessonlib.cli import main
from lessonlib.grading.books.journal import record
from lessonlib.grading.confined import sandbox as confined
from lessonlib.grading.confined.sandbox import NoSandboxError, try_to_escape
from lessonlib.grading.paper.terms import Ruling
from lessonlib.grading.runs import grading as run
from tests.grading.handouts import CAUSAL, MASKED, SPAN, WRITTEN, WRONG_CAUSAL, course

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def sandbox():
    """Skip, with the reason, where submissions cannot be confined."""
    try:
        try_to_escape()
    except NoSandboxError as problem:
        pytest.skip(str(problem))


@pytest.fixture
def small_course(tmp_path):
    return course(tmp_path / "course")


@pytest.fixture
def run_python():
    """Run Python in a folder, with the package importable and only the grader's plugins."""

    def run(*words, cwd, plugins=("nbval.plugin", "lessonlib.grading.plugin"), **environment):
        if words[:2] == ("-m", "pytest"):
            chosen = [word for name in plugins for word in ("-p", name)]
            words = ("-m", "pytest", *chosen, *words[2:])
            environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def graded_by(monkeypatch):
    """Replace the workers by one that looks at the first answer alone."""
    calls = []

    def grade_here(terms, course, submissions, workers):
        for job in submissions:
            calls.append(job.learner)
            answers = {
                cell.metadata["lessonlib"]["question"]: cell.source
                for cell in nbformat.read(job.path, as_version=4).cells
                if cell.id.startswith("answer")
            }
            right = answers[CAUSAL] != WRONG_CAUSAL
            verdicts = {CAUSAL: "passed" if right else "failed", WRITTEN: "pending"}
            rulings = [
                Ruling(question, verdicts.get(question, "passed"), message=f"about {question}")
                for question in (CAUSAL, MASKED, SPAN, WRITTEN)
            ]
            yield job, record(course.assignments[job.exercise], terms, rulings, answers)

    monkeypatch.setattr(run, "grade_here", grade_here)
    monkeypatch.setattr(confined, "try_to_escape", lambda private: None)
    return calls


def grade(course, *more):
    return main(
        [
            *("grade", str(course / "submissions"), "--course", str(course)),
            *("--out", str(course / "gradebook"), *more),
        ]
    )


def rows(course):
    lines = (course / "gradebook" / "results.jsonl").read_text().splitlines()
    return {(row["learner"], row["question"]): row for row in map(json.loads, lines)}


def table(course, name):
    with (course / "gradebook" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))
