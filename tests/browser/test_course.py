"""Every notebook and exercise of the course, as a learner meets it in JupyterLab."""

from statistics import median

import pytest

from .lab import ROOT
from .notebook_page import THEMES, open_notebook

COURSE = [
    path.relative_to(ROOT).as_posix()
    for room in ("notebooks", "exercises")
    for path in sorted((ROOT / room).glob("*.ipynb"))
]
EXPLORER = "notebooks/03_three_samples.ipynb"


@pytest.fixture(scope="class", params=COURSE)
def notebook(page, request):
    with open_notebook(page, request.param) as notebook:
        notebook.run_all()
        notebook.open_covers()
        yield notebook


class TestEveryNotebook:
    def test_runs_without_errors_or_warnings(self, notebook):
        assert notebook.errors() == []

    @pytest.mark.parametrize("theme", THEMES)
    def test_axe_finds_no_violation_in_the_outputs(self, notebook, theme):
        notebook.set_theme(theme)
        assert notebook.axe_violations() == []

    def test_every_slider_has_a_name(self, notebook):
        assert all(notebook.slider_names())

    def test_every_picture_says_what_is_seen(self, notebook):
        assert [alt for alt in notebook.pictures() if len(alt) < 12] == []

    def test_every_slider_changes_a_drawing_by_keyboard(self, notebook):
        for nth in range(len(notebook.slider_names())):
            there, back = notebook.free_directions(nth)
            notebook.press(there, nth)
            notebook.press(back, nth)

    def test_tab_visits_every_control_and_goes_on(self, notebook):
        assert notebook.stops_missed_by_tab() == []


@pytest.fixture(scope="class")
def explorer(page):
    with open_notebook(page, EXPLORER) as notebook:
        notebook.run_all()
        yield notebook


class TestExplorer:
    def test_the_news_stay_away(self, explorer):
        settings = "@jupyterlab/apputils-extension:notification"
        schema = explorer.page.evaluate(
            f"jupyterapp.serviceManager.settings.fetch('{settings}').then(found => found.schema)"
        )
        assert schema["properties"]["fetchNews"]["default"] == "false"
        assert explorer.page.locator(".Toastify__toast").count() == 0

    def test_keys_pressed_in_a_control_stay_there(self, explorer):
        """JupyterLab has commands on single keys: "dd" deletes a cell, arrows walk over cells."""
        page = explorer.page
        content = "jupyterapp.shell.currentWidget.content"
        explorer.press("ArrowUp")
        before = page.evaluate(f"[{content}.widgets.length, {content}.activeCellIndex]")
        explorer.press("ArrowDown")
        sentence = page.locator(".jp-OutputArea input[type=text]").first
        sentence.fill("")
        sentence.press_sequentially("dd add a bxx")
        explorer.settle()
        assert "add" in explorer.strips()
        after = page.evaluate(f"[{content}.widgets.length, {content}.activeCellIndex]")
        assert after == before

    def test_strips_follow_the_sliders_closely(self, explorer, record_property):
        """Ratios of times measured back to back; the stock server's stall would be a factor 12."""
        times = {
            "key to drawing": median(explorer.key_to_drawing_times()),
            "kernel round trip": median(explorer.kernel_round_trips()),
            "server round trip": median(explorer.server_round_trips()),
        }
        record_property("milliseconds", times)
        assert times["kernel round trip"] < 5 * times["server round trip"], times
        assert times["key to drawing"] < 12 * times["kernel round trip"], times
