"""A notebook is known by the course's cells in it, whatever it is called."""

import copy
import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from lessonlib.grading.intake.assignment import exercises
from lessonlib.grading.intake.content import Contents
from lessonlib.grading.intake.submission import survey
from tests.grading.conftest import ROOT
from tests.grading.handouts import EXERCISE, RIGHT, dumped, handout


@pytest.fixture
def place(tmp_path):
    (tmp_path / "in" / "ada").mkdir(parents=True)
    return tmp_path / "in"


@pytest.fixture(scope="module")
def contents():
    return Contents(exercises(ROOT))


def notebooks(folder):
    return sorted((ROOT / folder).glob("*.ipynb"))


def stripped(data):
    """Return a notebook as some hosted editors save it: without ids, and with no mark of ours."""
    notebook = json.loads(data)
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"id": f"colab{number}"}
        cell.pop("id")
    return json.dumps(notebook).encode()


def with_half_of_it_deleted(data):
    notebook = json.loads(data)
    del notebook["cells"][1::2]
    return json.dumps(notebook).encode()


def without_texts(data):
    notebook = json.loads(data)
    for cell in notebook["cells"]:
        cell["source"] = ["x"]
    return json.dumps(notebook).encode()


@pytest.mark.parametrize("path", notebooks("exercises"), ids=lambda path: path.stem)
@pytest.mark.parametrize("change", [bytes, stripped, with_half_of_it_deleted, without_texts])
def test_an_exercise_is_known_whatever_an_editor_has_dropped(contents, path, change):
    assert contents.exercise_of(change(path.read_bytes())) == path.stem


@pytest.mark.parametrize("path", notebooks("notebooks"), ids=lambda path: path.stem)
def test_a_notebook_of_the_lesson_is_no_exercise(contents, path):
    assert contents.exercise_of(path.read_bytes()) is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"nbformat": 4, "cells": [{}]}'])
def test_what_is_no_exercise_is_none(contents, data):
    assert contents.exercise_of(data) is None


def test_two_exercises_in_one_notebook_are_neither(contents):
    both = [json.loads(path.read_bytes()) for path in notebooks("exercises")[:2]]
    both[0]["cells"] += both[1]["cells"]
    assert contents.exercise_of(json.dumps(both[0]).encode()) is None


def found(folder, course):
    content = Contents(exercises(course)).exercise_of
    seen = survey(folder, exercises(course), content=content)
    return {(each.learner, each.exercise): each.path for each in seen.submissions}, seen


@pytest.mark.parametrize(
    ("name", "learner"),
    [
        ("ada/homework.ipynb", "ada"),
        ("ada/Untitled1.ipynb", "ada"),
        ("ada/week 1/final version.ipynb", "ada"),
        ("lovelaceada_4711_90001_homework.ipynb", "lovelaceada_4711"),
        ("Ada Lovelace_4711_assignsubmission_file_/hw.ipynb", "Ada Lovelace"),
        ("submitted/ada/week1/hw.ipynb", "ada"),
    ],
)
def test_a_renamed_notebook_is_its_learners(place, small_course, name, learner):
    for path, data in ((name, handout(RIGHT)), (f"bo/{EXERCISE}.ipynb", handout())):
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(dumped(data))
    submissions, seen = found(place, small_course)
    assert submissions[learner, EXERCISE] == place / name
    assert not seen.unrecognised
    assert len(submissions) == 2


def test_two_renamed_copies_count_once_and_both_are_named(place, small_course):
    for name in ("first.ipynb", "second.ipynb"):
        (place / "ada" / name).write_bytes(dumped(handout(RIGHT)))
    submissions, seen = found(place, small_course)
    assert len(submissions) == 1
    assert len(seen.copies["ada", EXERCISE]) == 1


def test_beside_the_notebook_that_has_the_name_a_draft_does_not_count(place, small_course):
    (place / "ada" / f"{EXERCISE}.ipynb").write_bytes(dumped(handout(RIGHT)))
    (place / "ada" / "draft.ipynb").write_bytes(dumped(handout()))
    submissions, seen = found(place, small_course)
    assert submissions == {("ada", EXERCISE): place / "ada" / f"{EXERCISE}.ipynb"}
    assert seen.unrecognised["ada"] == [place / "ada" / "draft.ipynb"]


def test_renamed_notebooks_in_nobodys_folder_wait_for_a_name(place, small_course):
    for name in ("ada.ipynb", "bo.ipynb"):
        (place / name).write_bytes(dumped(handout(RIGHT)))
    submissions, seen = found(place, small_course)
    assert submissions == {}
    assert seen.undecided[EXERCISE] == [place / "ada.ipynb", place / "bo.ipynb"]


def test_ones_own_notebook_is_not_taken_for_an_exercise(place, small_course):
    notebook = copy.deepcopy(handout())
    notebook.cells = [new_markdown_cell("# Mine"), new_code_cell(next(iter(RIGHT.values())))]
    (place / "ada" / "mine.ipynb").write_bytes(dumped(notebook))
    submissions, seen = found(place, small_course)
    assert submissions == {}
    assert seen.unrecognised["ada"]
