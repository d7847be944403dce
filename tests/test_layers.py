"""Arrows between the rooms point one way."""

import re

from tests.tools import ROOT, tool


def test_no_room_imports_from_a_room_above_it():
    done = tool("lint-imports")
    assert done.returncode == 0, done.stdout + done.stderr


def test_notebooks_never_import_solutions():
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        named = re.search(r"\b(import|from)\s+solutions\b", path.read_text("utf-8"))
        assert named is None, path.name
