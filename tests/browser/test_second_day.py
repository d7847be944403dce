"""What was run and saved stands there on the next day, when the kernel that made it is gone."""

import pytest

from .lab import copy_course
from .notebook_page import PANEL, day

NOTEBOOK = "notebooks/03_three_samples.ipynb"
LOST = ["model not found", "Error displaying widget", "Loading widget"]


def state(notebook):
    """Return what the sliders stand at and what the strips say."""
    handles = notebook.page.locator(f"{PANEL} .jp-OutputArea .noUi-handle").all()
    return [handle.get_attribute("aria-valuetext") for handle in handles], notebook.strips()


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
        return left, state(notebook), notebook.page.locator(PANEL).inner_text()


def test_no_widget_is_lost(days):
    assert [words for words in LOST if words in days[2]] == []


def test_sliders_and_strips_are_as_they_were_left(days):
    left, found, _ = days
    assert left[0]
    assert found == left
