"""Progress and handing in, as JupyterLab shows them."""

import pytest

from .notebook_page import PANEL, open_notebook

EXERCISE = "exercises/02_why_causal_generates.ipynb"
WRITE = """() => jupyterapp.shell.currentWidget.content.widgets.find(
    cell => cell.model.id === 'answer-why_causal_generates').model.sharedModel.setSource('Mine.')"""
CURRENT = "jupyterapp.shell.currentWidget.context"


@pytest.fixture(scope="module")
def exercise(page):
    with open_notebook(page, EXERCISE) as notebook:
        notebook.run_all()
        yield notebook


def press(exercise):
    """Press the button, and return what is said once it has changed."""
    said = exercise.page.locator(f"{PANEL} .lesson-practice:has(.lesson-button) [role=status]")
    before = said.inner_text()
    exercise.page.locator(f"{PANEL} .lesson-button").click()
    exercise.page.wait_for_function(
        "([node, before]) => node.innerText !== before", arg=[said.element_handle(), before]
    )
    return said.inner_text()


def save(exercise):
    exercise.page.evaluate(f"{CURRENT}.save()")


def test_what_is_said_follows_the_file_and_not_the_screen(exercise):
    assert exercise.page.evaluate(f"{CURRENT}.model.dirty")
    said = press(exercise)
    assert "changes that are not in the file" in said
    save(exercise)
    said = press(exercise)
    assert "changes that are not in the file" not in said
    assert "still as it was given" in said
    exercise.page.evaluate(WRITE)
    said = press(exercise)
    assert "changes that are not in the file" in said
    assert "still as it was given" in said
    save(exercise)
    assert "Ready to hand in: 02_why_causal_generates.ipynb" in press(exercise)
    assert not exercise.page.evaluate(f"{CURRENT}.model.dirty")


def test_the_line_at_the_top_opens_the_next_page(exercise):
    page = exercise.page
    link = page.locator(f"{PANEL} .lesson-steps a").first
    assert link.inner_text() == "Exercise 3 · Blank or continuation?"
    link.click()
    page.wait_for_function(f"{CURRENT}.path === 'exercises/03_blank_or_continuation.ipynb'")
    page.evaluate("jupyterapp.shell.currentWidget.dispose()")
    back = f"jupyterapp.commands.execute('docmanager:open', {{path: '{EXERCISE}'}})"
    page.evaluate(f"{back}.then(() => true)")
