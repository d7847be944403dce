"""Code and notebooks are as `ruff` wants them, by the rules of pyproject.toml."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ["lessonlib", "tests", "notebooks", "exercises", "solutions"]


@pytest.mark.parametrize("task", [["check"], ["format", "--check"]], ids=["rules", "format"])
def test_ruff_finds_nothing(task):
    ruff = shutil.which("ruff", path=sysconfig.get_path("scripts"))
    command = [ruff, *task, "--no-cache", *OURS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
