"""The whole way, from a folder of submissions to verdicts, for everything in the catalogue."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from lessonlib.cli import main
from lessonlib.grading.paper.terms import VERDICTS
from tests.grading.catalogue import CATALOGUE, hand_in_all
from tests.grading.handouts import CAUSAL, course

pytestmark = pytest.mark.sandbox

TRACE = "lessonlib-was-here"


@pytest.fixture(scope="module")
def folder(sandbox, tmp_path_factory):
    place = course(tmp_path_factory.mktemp("catalogue"))
    hand_in_all(place / "submissions")
    code = main(
        [
            *("grade", str(place / "submissions"), "--course", str(place)),
            *("--out", str(place / "gradebook"), "--seed", "11", "--jobs", "3"),
            *("--cpu-seconds", "3", "--wall-seconds", "20"),  # a busy machine is nobody's fault
        ]
    )
    assert code == 0
    return place


@pytest.fixture(scope="module")
def rows(folder):
    lines = (folder / "gradebook" / "results.jsonl").read_text().splitlines()
    found = defaultdict(dict)
    for line in lines:
        row = json.loads(line)
        assert set(row) == {
            *("learner", "exercise", "question", "verdict", "cause", "points", "max_points"),
            *("seconds", "cpu_seconds", "sandbox", "seed", "flags"),
        }
        assert row["question"] not in found[row["learner"]]
        found[row["learner"]][row["question"]] = row
    return found


def test_the_catalogue_is_large_and_every_entry_is_graded(rows):
    assert len(CATALOGUE) >= 250
    assert set(rows) == {entry.name for entry in CATALOGUE}


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_verdicts(rows, entry):
    found = rows[entry.name]
    assert entry.agrees({question: row["verdict"] for question, row in found.items()}), found
    if entry.cause:
        lost = [row for row in found.values() if row["verdict"] not in ("passed", "pending")]
        assert lost[0]["cause"] == entry.cause


def test_points_follow_the_verdicts(rows):
    for row in (row for learner in rows.values() for row in learner.values()):
        assert row["verdict"] in VERDICTS
        assert row["points"] == (row["max_points"] if row["verdict"] == "passed" else 0)
        assert row["max_points"] == 2
        assert (row["seed"], row["sandbox"]) == (11, "bubblewrap")


def test_no_trace_is_left_outside_the_sandbox(folder, rows):
    assert rows["writes_outside"]
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home(), Path.cwd(), folder]
    assert not [place for place in places if (place / TRACE).exists()]
    assert {path.name for path in folder.iterdir()} == {
        *("exercises", "gradebook", "solutions", "submissions")
    }


def test_answers_that_lean_on_the_course_are_flagged(rows):
    assert "uses_the_course_package" in rows["patched_runner"][CAUSAL]["flags"]
    assert "uses_the_course_package" in rows["builder_in_an_own_cell"][CAUSAL]["flags"]
    assert "uses_the_course_package" not in rows["loop"][CAUSAL]["flags"]


def test_reports_show_what_submissions_hold_as_text_only(folder):
    pages = list((folder / "gradebook" / "reports").glob("*.html"))
    assert len(pages) == len(CATALOGUE) + 1
    for page in pages:
        assert "<script" not in page.read_text().lower()
