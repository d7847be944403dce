"""The planted faults fit the course. Whether tests see them, `python -m tests.faults` says."""

import shutil

import pytest

from tests.faults.__main__ import ROOT
from tests.faults.patches import PatchError, faults, read

ALL = faults()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    place = tmp_path_factory.mktemp("course")
    kept = shutil.ignore_patterns("__pycache__", "*.npz", "*.json")
    shutil.copytree(ROOT / "lessonlib", place / "lessonlib", ignore=kept)
    return place


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_fault_can_be_planted_and_is_python(fault, course):
    path = fault.plant(course)
    text = path.read_text("utf-8")
    shutil.copy(ROOT / path.relative_to(course), path)  # for the next one
    assert fault.new in text
    if path.suffix == ".py":
        compile(text, str(path), "exec")
    for test in fault.caught_by:
        assert (ROOT / test.split("::")[0]).exists()


def test_there_are_enough_of_them():
    assert len(ALL) >= 60


def test_a_fault_whose_lines_are_gone_says_so(tmp_path):
    path = tmp_path / "x.patch"
    path.write_text(
        "Nothing.\nCaught by: tests\n\n--- a/lessonlib/x.py\n+++ b/lessonlib/x.py\n@@ -1 +1 @@\n"
        "-no such line anywhere\n+another\n"
    )
    (tmp_path / "lessonlib").mkdir()
    with pytest.raises(PatchError, match="stand in 0 files"):
        read(path).plant(tmp_path)
