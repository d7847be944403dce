"""Before an exercise is handed in: what its file holds, and whether it is the one on screen."""

import copy
import json
import os
import re
import time
from html import unescape
from pathlib import Path

import pytest

from lessonlib.practice import check, hand_in, handing_in, saved, store
from lessonlib.practice.course import STEPS, is_done, step_named
from lessonlib.practice.questions import QUESTIONS
from lessonlib.practice.saved import ANSWERED, AS_GIVEN, DOTS, ELSEWHERE, EMPTY, MISSING

ROOT = Path(__file__).parents[2]
EXERCISES = [step for step in STEPS if step.folder == "exercises"]
EACH = pytest.mark.parametrize("step", EXERCISES, ids=lambda step: step.page)
TEN = step_named("exercise 10")  # a function and a written answer
FUNCTION, REPORT = "share_of_achievable", "measurement_report"


RUN = "def share_of_achievable(score, chance, best):\n    return {}\n"


class Shell:
    """As much of IPython as is asked: what was run, and where it began."""

    def __init__(self, folder, *runs):
        self.user_ns = {"_dh": [str(folder)]}
        self.history_manager = self
        self.input_hist_raw = ["", *runs]


def book(step, folder):
    """Read an exercise as it was given, or solved."""
    return json.loads((ROOT / folder / f"{step.name}.ipynb").read_text("utf-8"))


def answer(notebook, question):
    return next(cell for cell in notebook["cells"] if cell["id"] == f"answer-{question}")


def states(step, notebook):
    return {each.question: each.state for each in saved.answers(step, notebook["cells"])}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Save a notebook where Python works, press the button, and read what is said."""

    def press(
        notebook, runs=(), name=None, unsaved=False, step=TEN, file=None, at="exercise.ipynb"
    ):
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (tmp_path / at).write_bytes(data)
        monkeypatch.setattr(handing_in, "get_ipython", lambda: Shell(tmp_path, *runs))
        monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
        form = hand_in(step.page, file)
        form.look(name, unsaved)
        return unescape(re.sub(r"<[^>]+>", " ", form.said))

    return press


def test_in_a_browser_the_file_lies_where_the_page_lies_and_is_to_be_downloaded(
    tmp_path, monkeypatch
):
    data = json.dumps(book(TEN, "solutions"))
    (tmp_path / f"{TEN.name}.ipynb").write_text(data, "utf-8")
    monkeypatch.setattr(handing_in, "get_ipython", lambda: Shell(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    form = hand_in(TEN.page)
    form.look(None, False)
    assert "was not found" in form.said
    monkeypatch.setattr(handing_in, "in_a_browser", lambda: True)
    form.look(None, False)
    assert "Ready to hand in" in form.said
    assert "choose Download" in form.said


@EACH
def test_what_was_given_is_not_answered_and_what_was_solved_is(step):
    given, solved = (states(step, book(step, folder)) for folder in ("exercises", "solutions"))
    assert list(given) == list(solved) == [*step.checks, *step.written]
    assert set(solved.values()) == {ANSWERED}
    assert {given[name] for name in step.checks} <= {DOTS}
    assert {given[name] for name in step.written} <= {AS_GIVEN}


@EACH
def test_points_are_those_of_the_exercise(step):
    cells = book(step, "exercises")["cells"]
    marks = [cell["metadata"].get("lessonlib", {}) for cell in cells]
    worth = {mark["question"]: mark["points"] for mark in marks if mark.get("role") == "answer"}
    assert {each.question: each.points for each in saved.answers(step, cells)} == worth


@EACH
def test_a_complete_and_saved_file_is_ready_and_its_exercise_is_done(step, desk):
    solved = book(step, "solutions")
    runs = ["".join(answer(solved, name)["source"]) for name in step.checks]
    assert not is_done(step)
    said = desk(solved, runs, "exercise.ipynb", step=step)
    assert "Ready to hand in: exercise.ipynb" in said
    assert "as you ran it last" in said or not step.checks
    assert is_done(step)


def test_a_page_with_changes_is_not_ready(desk):
    said = desk(book(TEN, "solutions"), unsaved=True)
    assert "Save with Ctrl+S" in said
    assert "Ready" not in said
    assert not is_done(TEN)
    assert "save it before you send it" in desk(book(TEN, "solutions"), unsaved=None)


def test_a_file_that_lacks_an_answer_names_it_and_is_not_ready(desk):
    notebook = book(TEN, "solutions")
    answer(notebook, REPORT)["source"] = [saved.write_here(), "\r\n"]
    said = desk(notebook)
    assert "Your protocol is open" in said
    assert "still as it was given" in said
    assert not is_done(TEN)


def test_code_that_python_cannot_read_is_not_ready(desk):
    notebook = book(TEN, "solutions")
    answer(notebook, FUNCTION)["source"] = RUN.format("score[")
    said = desk(notebook)
    assert "does not run (SyntaxError in line 2" in said
    assert "Ready" not in said
    answer(notebook, FUNCTION)["source"] = "%matplotlib inline\n" + RUN.format("score")
    assert "Ready" in desk(notebook)


def test_what_no_check_has_passed_is_said_and_may_be_handed_in(desk):
    not_yet = "The check has not said Right for share_of_achievable"
    said = desk(book(TEN, "solutions"))
    assert not_yet in said
    assert "Ready" in said
    store.keep("done", {FUNCTION: "check"})
    assert not_yet not in desk(book(TEN, "solutions"))


@pytest.mark.parametrize(
    ("at", "known"),
    [
        ("10_measure_an_ability.ipynb", True),
        ("Copy of 10_Measure_an_ability (1).ipynb", True),
        ("my measuring.ipynb", False),
    ],
)
def test_a_name_that_says_no_exercise_is_to_be_given_back(desk, at, known):
    assert ("give it its name back" in desk(book(TEN, "solutions"), at=at)) is not known


def test_what_is_wrong_with_the_file_may_be_right_on_the_screen(desk):
    notebook = book(TEN, "solutions")
    answer(notebook, FUNCTION)["source"] = RUN.format("...")
    assert "open" not in desk(notebook, unsaved=True).split("The file:")[0]


def test_what_is_written_counts_before_the_whole_is_ready(desk):
    notebook = book(TEN, "solutions")
    answer(notebook, FUNCTION)["source"] = RUN.format("...")
    assert "share_of_achievable is open" in desk(notebook)
    assert store.kept("done") == {REPORT: "written"}


@pytest.mark.parametrize(
    ("runs", "ready"),
    [
        ([], True),  # the second day: nothing has been run
        ([RUN.format(1), RUN.format(2)], True),
        ([RUN.format(2).replace("\n", "  \r\n"), "share_of_achievable(1, 0, 2)"], True),
        ([RUN.format(2), RUN.format(3)], False),
        (["share_of_achievable = max"], False),
    ],
)
def test_a_file_that_differs_from_what_was_run_last_is_not_ready(desk, runs, ready):
    notebook = book(TEN, "solutions")
    answer(notebook, FUNCTION)["source"] = RUN.format(2)
    said = desk(notebook, runs)
    assert ("Ready" in said) is ready
    assert ("a different share_of_achievable from the one that you ran last" in said) is not ready


@pytest.mark.parametrize(
    ("source", "state"),
    [
        ("", EMPTY),
        ("def share_of_achievable(score, chance, best):\n    return ...  # soon", DOTS),
        ("def share_of_achievable(a, b, c):\n    d = ...\n    return d", DOTS),
        ("def share_of_achievable(a, b, c):\n    ...", DOTS),
        ("def share_of_achievable(a, b, c):\n    return x[..., None]", ANSWERED),
        ("def share_of_achievable(a, b, c):\n    return (a - b) / (c - b", ANSWERED),
        (f"{RUN.format('...')}\n{RUN.format('score')}", ANSWERED),
        ("share_of_achievable = lambda a, b, c: (a - b) / (c - b)", ANSWERED),
    ],
)
def test_how_far_code_is(source, state):
    notebook = book(TEN, "exercises")
    answer(notebook, FUNCTION)["source"] = source
    assert states(TEN, notebook)[FUNCTION] == state


def test_an_answer_that_stands_beside_its_cell_is_seen():
    notebook = book(TEN, "exercises")
    beside = copy.deepcopy(notebook["cells"][1])
    beside |= {"id": "own", "metadata": {}, "cell_type": "code", "source": RUN.format(1)}
    notebook["cells"].append(beside)
    assert states(TEN, notebook)[FUNCTION] == ELSEWHERE
    notebook["cells"].remove(answer(notebook, FUNCTION))
    assert states(TEN, notebook)[FUNCTION] == ELSEWHERE
    notebook["cells"].remove(beside)
    notebook["cells"].remove(answer(notebook, REPORT))
    assert states(TEN, notebook) == {FUNCTION: MISSING, REPORT: MISSING}


def test_a_cell_that_was_split_and_one_whose_id_was_lost_still_count():
    notebook = book(TEN, "exercises")
    cell = answer(notebook, FUNCTION)
    cell["source"] = "import math"
    second = copy.deepcopy(cell) | {"id": "other", "source": RUN.format(1)}
    notebook["cells"].append(second)
    assert states(TEN, notebook)[FUNCTION] == ANSWERED


def test_the_first_line_of_an_answer_is_the_learners_own():
    notebook = book(TEN, "exercises")
    answer(notebook, FUNCTION)["source"] = RUN.format("score")
    answer(notebook, REPORT)["source"] = "\n\n" + "w" * 200 + "\nmore"
    code, text = saved.answers(TEN, notebook["cells"])
    assert code.begins == "return score"
    assert text.begins.startswith("www")
    assert len(text.begins) <= saved.LONGEST_LINE


class TestFinding:
    def test_whatever_the_file_is_called(self, desk):
        assert "mine of today.ipynb" in desk(book(TEN, "solutions"), at="mine of today.ipynb")

    def test_the_open_page_goes_before_all_others(self, desk, tmp_path):
        (tmp_path / f"{TEN.name}.ipynb").write_text(json.dumps(book(TEN, "exercises")))
        said = desk(book(TEN, "solutions"), name="copy (1).ipynb", at="copy (1).ipynb")
        assert "Ready to hand in: copy (1).ipynb" in said

    def test_of_several_the_newest(self, desk, tmp_path):
        old = tmp_path / "old.ipynb"
        old.write_text(json.dumps(book(TEN, "exercises")))
        os.utime(old, (0, time.time() - 1000))
        assert "Ready to hand in: new.ipynb" in desk(book(TEN, "solutions"), at="new.ipynb")

    def test_another_exercise_is_not_taken_for_it(self, desk):
        other = book(step_named("exercise 9"), "solutions")
        said = desk(other, name="exercise.ipynb")
        assert "was not found" in said
        assert f"hand_in('exercise 10', file='{TEN.name}.ipynb')" in said

    def test_where_the_learner_says_or_the_server(self, desk, tmp_path, monkeypatch):
        other = tmp_path / "elsewhere"
        other.mkdir()
        (other / "x.ipynb").write_text(json.dumps(book(TEN, "solutions")))
        assert "Ready to hand in: x.ipynb, in the folder elsewhere" in desk(
            b"", file="elsewhere/x.ipynb"
        )
        form = hand_in(TEN.name)
        monkeypatch.setenv("JPY_SESSION_NAME", str(other / "x.ipynb"))
        form.look()
        assert "elsewhere" in form.said


ODD = [
    *(b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"cells": 3}', b'{"worksheets": []}'),
    *(b'{"cells": [1, null, {"metadata": 3, "source": 4}]}', b"[" * 100_000),
    b'{"cells": [{"id": "answer-measurement_report", "metadata": {"lessonlib": []}}]}',
    b'{"cells": [{"id": "answer-measurement_report", "source": [1, "x"], "metadata": null}]}',
]


@pytest.mark.parametrize("data", ODD, ids=lambda data: ascii(data)[:40])
@pytest.mark.parametrize("name", [None, "exercise.ipynb", 7, "../..", "nul\0byte", "\udcff"])
def test_nothing_that_may_be_wrong_with_the_file_raises(desk, data, name):
    said = desk(data, name=name)
    assert said.strip()
    assert "Ready" not in said
    said.encode()


def test_a_folder_that_is_gone_raises_nothing(desk, tmp_path, monkeypatch):
    desk(b"")
    monkeypatch.setattr(handing_in, "get_ipython", lambda: None)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    form = hand_in("exercise 10")
    form.look()
    assert "Ctrl+S" in form.said


def test_a_line_in_the_file_that_looks_like_html_stays_text(desk):
    notebook = book(TEN, "solutions")
    answer(notebook, REPORT)["source"] = "<img src=x onerror=alert(1)>"
    desk(notebook)
    form = hand_in("exercise 10")
    form.look()
    assert "<img" not in form.said


def test_before_it_is_pressed_it_says_what_to_do_and_nothing_else():
    form = hand_in("exercise 10")
    assert repr(form) == repr(hand_in(TEN.name))
    assert form.said in form.reading_form()
    assert "Ctrl+S" in form.said
    assert "Run this cell" in form.reading_form()


def test_what_was_ready_is_still_said_to_be_until_it_is_not(desk):
    desk(book(TEN, "solutions"))
    assert "Ready to hand in" in hand_in(TEN.page).said
    assert "press again" in hand_in(TEN.page).said
    assert "Ready to hand in" not in hand_in("exercise 2").said
    desk(book(TEN, "exercises"))
    assert "Ready" not in hand_in(TEN.page).said


def test_a_check_that_failed_after_one_that_passed_is_said(desk):
    check(FUNCTION, QUESTIONS[FUNCTION].reference)
    assert "Your last check" not in desk(book(TEN, "solutions"))
    check(FUNCTION, lambda score, chance, best: score)
    said = desk(book(TEN, "solutions"))
    assert f"Your last check of {FUNCTION} was not right" in said
    assert "Ready" in said
