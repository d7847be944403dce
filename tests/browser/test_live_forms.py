"""A learner runs forms, saves, goes home, and opens the page again; or opens it for the first time.

"Day" means: the server and every kernel are new, while files, progress and trust are as they were.
"""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lessonlib.practice.concepts import concepts
from lessonlib.practice.recalling import recall_plan
from lessonlib.views.live import AS_LEFT
from lessonlib.views.tables import WORDS

from .lab import copy_course
from .notebook_page import PANEL, STRIP, THEMES, day

CELLS = (
    'from lessonlib import *\n\ninventory("before")',
    'predict("causal_questions")',
    'predict("right_captions")',
    'recall("03")',
    "explore()",
    "from lessonlib.views import explore_hiding\n\nexplore_hiding()",
    "from lessonlib.views.training import TrainingView\n\n"
    'TrainingView({"Causal LM": "causal", "Masked LM": "masked"})',
)
NAME = "forms.ipynb"
QUESTIONS = len(concepts())
FORM = f"{PANEL} .lesson-live"
SENTENCE = "zebras never sleep alone"
LEFT = AS_LEFT, WORDS("training.as_left")  # where controls stand, and where something was trained
DUMPS = ("RadioButtons", "Slider(", "IntSlider", "Explorer(", "model not found", "Loading widget")

_CURRENT = "const panel = jupyterapp.shell.currentWidget;"
_SAVE = f"async () => {{ {_CURRENT} await panel.context.save(); }}"
_RESTART = f"async () => {{ {_CURRENT} await panel.sessionContext.restartKernel(); }}"
_NEW_KERNEL = f"""async () => {{ {_CURRENT}
    await panel.sessionContext.shutdown();
    await panel.sessionContext.startKernel();
}}"""
_RUN_CELL = f"""async nth => {{ {_CURRENT}
    panel.content.activeCellIndex = nth;
    await jupyterapp.commands.execute('notebook:run-cell');
}}"""
_SELECT = f"""async nth => {{ {_CURRENT}
    panel.content.activeCellIndex = nth;
    await panel.content.scrollToItem(nth, 'center');
    await jupyterapp.commands.execute('notebook:enter-command-mode');
    panel.content.activeCell.node.focus();
}}"""
# Where the page is seen, and where each form begins and ends in it, from top to bottom.
_PLACES = f"""() => {{ {_CURRENT}
    const ends = node => {{
        const {{top, bottom}} = node.getBoundingClientRect();
        return [top, bottom];
    }};
    return [ends(panel.node.querySelector('.jp-WindowedPanel-outer')),
            ...[...panel.node.querySelectorAll('.lesson-live')].map(ends)];
}}"""
_FOCUSED_QUESTION = """() =>
    document.activeElement.closest('[role=radiogroup]')?.getAttribute('aria-label')"""


def words(page):
    return page.locator(PANEL).inner_text()


def said_as_left(text):
    """Count the boxes that say that nothing works in them until their cell is run again."""
    return sum(map(text.count, LEFT))


def broken_chains(page):
    """Count the red marks that ipywidgets puts beside what has no kernel."""
    return page.locator(f"{PANEL} .jupyter-widgets-disconnected").evaluate_all(
        "all => all.filter(node => getComputedStyle(node, '::before').content !== 'none').length"
    )


def reachable_controls(page):
    """Count the controls that still answer."""
    reachable = ":is(input, select, button, [contenteditable=true]):not(:disabled)"
    handles = "[tabindex='0']:not(:disabled), :not([aria-disabled=true]).noUi-handle"
    return page.locator(f"{FORM} :is({reachable}, {handles})").count()


def a_day(browser, course, home):
    """Open the notebook of forms on a new server."""
    return day(browser, course, home, NAME)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a notebook of forms."""
    folder = copy_course(tmp_path_factory.mktemp("course"))
    cells = [part for code in CELLS for part in (new_code_cell(code), new_markdown_cell("\n" * 9))]
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=python), folder / NAME)
    return folder


@pytest.fixture(scope="module")
def after_the_first_day(browser, course, tmp_path_factory):
    """The course and the learner's home, when all forms were run and used a little, and saved."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_VERSION", raising=False)  # or every kernel begins afresh
        patch.setenv("LESSONLIB_PROGRESS", str(home / "progress.json"))
        with a_day(browser, course, home) as notebook:
            page = notebook.page
            notebook.run_all()
            assert notebook.errors() == []
            page.get_by_label("I do not know yet").check()
            page.get_by_label("sentence", exact=True).first.fill(SENTENCE)
            notebook.settle()
            page.evaluate(_SAVE)
        yield course, home


@pytest.fixture(scope="module")
def second_day(browser, after_the_first_day):
    course, home = after_the_first_day
    with a_day(browser, course, home) as notebook:
        yield notebook


class TestSecondDay:
    """In the order in which things happen on that day."""

    def test_everything_stands_there_as_it_was_left(self, second_day):
        page = second_day.page
        text = words(page)
        assert not [dump for dump in DUMPS if dump in text]
        assert page.locator(FORM).count() == len(CELLS)
        assert page.get_by_label("sentence", exact=True).first.input_value() == SENTENCE
        assert "zebras" in second_day.strips()
        assert page.get_by_label("I do not know yet").is_checked()
        assert f"Kept: 1 of {QUESTIONS}" in text
        strip = page.locator(STRIP).first
        assert strip.evaluate("strip => getComputedStyle(strip).borderLeftWidth") == "5px"

    def test_it_says_what_to_do_and_no_control_pretends_to_work(self, second_day):
        assert said_as_left(words(second_day.page)) == len(CELLS)
        assert reachable_controls(second_day.page) == 0
        assert broken_chains(second_day.page) == 0

    @pytest.mark.parametrize("theme", THEMES)
    def test_axe_finds_no_violation(self, second_day, theme):
        second_day.set_theme(theme)
        assert second_day.axe_violations() == []

    def test_a_cell_that_is_run_again_goes_on_where_it_stopped(self, second_day):
        page = second_day.page
        page.evaluate(_RUN_CELL, 0)
        second_day.settle()
        assert said_as_left(words(page)) == len(CELLS) - 1
        assert f"Question 2 of {QUESTIONS}" in words(page)
        page.get_by_role("button", name="Back", exact=True).first.click()
        second_day.settle()
        assert page.get_by_label("I do not know yet").is_checked()

    def test_what_was_not_run_again_is_there_on_the_third_day(
        self, second_day, browser, after_the_first_day
    ):
        second_day.page.evaluate(_SAVE)
        course, home = after_the_first_day
        with a_day(browser, course, home) as notebook:
            text = words(notebook.page)
            assert not [dump for dump in DUMPS if dump in text]
            assert said_as_left(text) == len(CELLS)
            assert "zebras" in notebook.strips()

    def test_somebody_else_reads_what_will_be_there(
        self, second_day, browser, course, tmp_path_factory
    ):
        """On another machine the notebook is not trusted: no widgets, no styles, no scripts."""
        with a_day(browser, course, tmp_path_factory.mktemp("elsewhere")) as notebook:
            text = words(notebook.page)
            assert not [dump for dump in DUMPS if dump in text]
            assert text.count("Run this cell") == len(CELLS)
            assert f"{QUESTIONS} questions" in text
            assert all(each.concept.topic in text for each in recall_plan("a")["03"])
            assert notebook.page.locator(f"{PANEL} .jp-OutputArea table").count() > 2
            assert notebook.axe_violations() == []


@pytest.fixture
def notebook(browser, course, tmp_path, monkeypatch):
    monkeypatch.setenv("LESSONLIB_PROGRESS", str(tmp_path / "progress.json"))
    with a_day(browser, course, tmp_path) as notebook:
        yield notebook


@pytest.mark.parametrize("lose_the_kernel", [_RESTART, _NEW_KERNEL], ids=["restart", "new kernel"])
def test_without_their_kernel_open_forms_say_so(notebook, lose_the_kernel):
    page = notebook.page
    notebook.run_all()
    assert said_as_left(words(page)) == 0
    page.evaluate(lose_the_kernel)
    notebook.settle()
    assert said_as_left(words(page)) == len(CELLS)
    assert reachable_controls(page) == 0
    notebook.run_all()
    assert said_as_left(words(page)) == 0
    assert reachable_controls(page) > len(CELLS)


def test_shift_enter_shows_each_form_from_its_beginning_and_the_keyboard_goes_on(notebook):
    page = notebook.page
    for nth in range(len(CELLS)):
        page.evaluate(_SELECT, 2 * nth)
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(
            f"count => document.querySelectorAll('{FORM}').length > count", arg=nth
        )
        page.wait_for_timeout(1500)
        (top, bottom), *forms = page.evaluate(_PLACES)
        assert top <= forms[nth][0] < bottom, CELLS[nth]
        if "explore" not in CELLS[nth]:
            assert forms[nth][1] <= bottom, CELLS[nth]
    first = page.locator(f"{FORM} [role=radiogroup]").first.get_attribute("aria-label")
    page.get_by_role("button", name="Next", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        f"first => ![null, undefined, first].includes(({_FOCUSED_QUESTION})())", arg=first
    )
    page.keyboard.press("Space")
    notebook.settle()
    assert f"Kept: 1 of {QUESTIONS}" in words(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Back"
    page.keyboard.press("Enter")
    page.wait_for_function(f"first => ({_FOCUSED_QUESTION})() === first", arg=first)
