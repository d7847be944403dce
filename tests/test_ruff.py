"""Code and notebooks are as `ruff` wants them, by the rules of pyproject.toml."""

import pytest

from tests.tools import tool

OURS = ["lessonlib", "tests", "notebooks", "exercises", "solutions"]


@pytest.mark.parametrize("task", [["check"], ["format", "--check"]], ids=["rules", "format"])
def test_ruff_finds_nothing(task):
    done = tool("ruff", *task, "--no-cache", *OURS)
    assert done.returncode == 0, done.stdout + done.stderr
