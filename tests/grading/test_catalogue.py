"""The whole way, from a folder of submissions to verdicts, for everything in the catalogue."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from lessonlib.grading.paper.terms import VERDICTS
from tests.grading.catalogue import CATALOGUE as USUAL
from tests.grading.catalogue import EITHER, hand_in_all
from tests.grading.handouts import CAUSAL, course
from tests.grading.odd_layouts import ODD
from tests.grading.ordinary import as_a_user, readable_folder

pytestmark = pytest.mark.sandbox

CATALOGUE = [*USUAL, *ODD]
TRACE = "lessonlib-was-here"
# How the whole of it is graded: `user`, `load` or both, beside the usual way.
HOW = os.environ.get("LESSONLIB_CATALOGUE", "").replace(",", " ").split()


def grade(place, entries, how=()):
    """Grade entries of the catalogue in a process of its own, and return what is in results."""
    course(place)
    hand_in_all(place / "submissions", entries)
    words = [
        *(sys.executable, "-m", "lessonlib", "grade", str(place / "submissions")),
        *("--course", str(place), "--out", str(place / "gradebook"), "--seed", "11"),
        *("--cpu-seconds", "3", "--wall-seconds", "20"),  # a busy machine is nobody's fault
        *("--jobs", "3"),
    ]
    with ExitStack() as done:
        if "load" in how:
            done.enter_context(busy_cores())
        words, environment = as_a_user(words, place) if "user" in how else (words, dict(os.environ))
        ran = subprocess.run(words, cwd="/", env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = (place / "gradebook" / "results.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@contextmanager
def busy_cores():
    """Have every core compute something else meanwhile."""
    loop = [sys.executable, "-I", "-c", "while True: pass"]
    running = [subprocess.Popen(loop) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for each in running:
            each.kill()
            each.wait()


@pytest.fixture(scope="module")
def folder(sandbox):
    with readable_folder() as place:
        yield place


@pytest.fixture(scope="module")
def rows(folder):
    found = defaultdict(dict)
    for row in grade(folder, CATALOGUE, HOW):
        assert set(row) == {
            *("learner", "exercise", "question", "verdict", "cause", "points", "max_points"),
            *("seconds", "cpu_seconds", "sandbox", "seed", "flags"),
        }
        assert row["question"] not in found[row["learner"]]
        found[row["learner"]][row["question"]] = row
    return found


def test_the_catalogue_is_large_and_every_entry_is_graded(rows):
    assert len(CATALOGUE) >= 500
    assert set(rows) == {entry.name for entry in CATALOGUE}


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_verdicts(rows, entry):
    found = rows[entry.name]
    assert entry.agrees({question: row["verdict"] for question, row in found.items()}), found
    if entry.cause:
        lost = [row for row in found.values() if row["verdict"] not in ("passed", "pending")]
        assert (lost or [found[CAUSAL]])[0]["cause"] == entry.cause


def test_right_answers_cost_nothing_and_wrong_ones_gain_nothing(rows):
    """The three figures that matter: wrong full marks, silent noughts, use that nobody is told."""
    places = [(entry, question) for entry in CATALOGUE for question in entry.expected]
    wanted = {(entry.name, question): entry.expected[question] for entry, question in places}
    got = {(name, question): row for name, those in rows.items() for question, row in those.items()}
    may_pass = [
        key for key, verdict in wanted.items() if "passed" in EITHER.get(verdict, [verdict])
    ]
    assert {key for key, row in got.items() if row["points"]} <= {*may_pass}
    right = [*may_pass, *(key for key, verdict in wanted.items() if verdict == "pending")]
    assert not [key for key in right if got[key]["verdict"] not in ("passed", "pending")]
    takes = [key for key, row in got.items() if row["cause"] == "with_the_courses"]
    assert takes
    assert all("with_the_courses" in got[key]["flags"] for key in takes)
    used = [entry.name for entry in ODD if "import_of" in entry.name or "gives_back" in entry.name]
    silent = [name for name in used if "uses_the_course_package" not in rows[name][CAUSAL]["flags"]]
    assert [name for name in silent if rows[name][CAUSAL]["verdict"] == "passed"] == []


def test_an_ordinary_user_gets_what_root_gets(sandbox):
    if os.geteuid() != 0:
        pytest.skip("an ordinary user runs the tests, so the whole catalogue is one's already")
    sample = CATALOGUE[::11]
    with readable_folder() as place:
        rows = grade(place, sample, ["user"])
        assert (place / "gradebook" / "results.jsonl").stat().st_uid != 0
    found = defaultdict(dict)
    for row in rows:
        found[row["learner"]][row["question"]] = row["verdict"]
    assert [entry.name for entry in sample if not entry.agrees(found[entry.name])] == []


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
    assert {path.name for path in folder.iterdir()} - {"home"} == {
        *("exercises", "gradebook", "solutions", "submissions")
    }


def test_answers_that_lean_on_the_course_are_flagged(rows):
    assert "uses_the_course_package" in rows["patched_runner"][CAUSAL]["flags"]
    assert "uses_the_course_package" in rows["builder_in_an_own_cell"][CAUSAL]["flags"]
    assert "uses_the_course_package" not in rows["loop"][CAUSAL]["flags"]


def test_reports_show_what_submissions_hold_as_text_only(folder, rows):
    pages = list((folder / "gradebook" / "reports").glob("*.html"))
    assert len(pages) == len(CATALOGUE) + 1
    for page in pages:
        assert "<script" not in page.read_text().lower()
