"""What was run and saved stands there on the next day, when the kernel that made it is gone."""

import json

import pytest

from lessonlib.styles import CSS

from .lab import copy_course
from .notebook_page import PANEL, STRIP, day

NOTEBOOK = "notebooks/03_three_samples.ipynb"
LOST = ["model not found", "Error displaying widget", "Loading widget"]


def state(notebook):
    """Return what the sliders stand at and what the strips say."""
    handles = notebook.page.locator(f"{PANEL} .jp-OutputArea .noUi-handle").all()
    edges = notebook.page.locator(STRIP).evaluate_all(
        "strips => strips.map(strip => getComputedStyle(strip).borderLeftWidth)"
    )
    return [handle.get_attribute("aria-valuetext") for handle in handles], notebook.strips(), edges


@pytest.fixture(scope="module")
def days(browser, tmp_path_factory):
    """What is seen when the first day ends, and when the second begins."""
    course, home = copy_course(tmp_path_factory.mktemp("course")), tmp_path_factory.mktemp("home")
    with day(browser, course, home, NOTEBOOK) as notebook:
        notebook.run_all()
        there, _ = notebook.free_directions(0)
        notebook.press(there, 0)
        notebook.settle()
        left = state(notebook)
        notebook.save()
    with day(browser, course, home, NOTEBOOK) as notebook:
        stored = (course / NOTEBOOK).read_text("utf-8")
        return left, state(notebook), notebook.page.locator(PANEL).inner_text(), stored


def test_no_widget_is_lost(days):
    assert [words for words in LOST if words in days[2]] == []


def test_the_page_looks_as_it_did_and_its_file_holds_one_stylesheet(days):
    left, found, *_ = days
    assert set(left[2]) == set(found[2]) == {"5px"}
    assert days[3].count(json.dumps(CSS)[1:-1]) == 1


def test_sliders_and_strips_are_as_they_were_left(days):
    left, found, *_ = days
    assert left[0]
    assert found == left
