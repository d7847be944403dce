import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessonlib.grading.confined.sandbox import NoSandboxError, try_to_escape
from tests.grading.handouts import course

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
