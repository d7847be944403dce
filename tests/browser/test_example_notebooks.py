"""What the browser tests rely on: faults are seen, and a sound notebook has none.

The sound notebook also shows what the helper and the server extension do.
"""

import pytest
from playwright.sync_api import expect

from .notebook_page import open_notebook


@pytest.fixture(scope="class")
def faulty(page):
    with open_notebook(page, "faulty.ipynb") as notebook:
        notebook.run_all()
        yield notebook


class TestFaultsAreSeen:
    def test_errors_and_warnings(self, faulty):
        stderr, division = faulty.errors()
        assert "a warning" in stderr
        assert "ZeroDivisionError" in division

    def test_nameless_sliders_and_pictures(self, faulty):
        assert faulty.pictures() == [""]
        assert faulty.slider_names() == [""]
        rules = {violation.split()[0] for violation in faulty.axe_violations()}
        assert "aria-input-field-name" in rules

    def test_keyboard_traps(self, faulty):
        button, rest = faulty.stops_missed_by_tab()
        assert "go</button>" in button
        assert rest == "the rest of the page"


@pytest.fixture(scope="class")
def sound(page):
    with open_notebook(page, "sound.ipynb") as notebook:
        notebook.run_all()
        yield notebook


class TestSoundNotebook:
    def test_has_no_fault(self, sound):
        assert sound.errors() == []
        assert sound.axe_violations() == []
        assert sound.pictures() == ["a black square", "nothing to be seen"]

    def test_sliders_carry_their_descriptions_as_names(self, sound):
        assert sound.slider_names() == ["mask 1", "span, start", "span, end", "objective"]

    def test_a_screen_reader_hears_name_and_value(self, sound):
        for name, value in [("mask 1", "2"), ("span, end", "5"), ("objective", "causal")]:
            slider = sound.page.get_by_role("slider", name=name, exact=True)
            expect(slider).to_have_attribute("aria-valuetext", value)

    def test_a_later_slider_is_named_too(self, sound):
        sound.run_in_kernel("mask.description = 'first mask'")
        expect(sound.slider(0)).to_have_attribute("aria-label", "first mask")

    def test_tab_visits_every_control_and_goes_on(self, sound):
        assert sound.stops_missed_by_tab() == []

    @pytest.mark.parametrize("nth", range(4))
    def test_a_key_on_a_slider_changes_the_strip(self, sound, nth):
        before = sound.strips()
        sound.press("ArrowRight" if nth != 1 else "ArrowLeft", nth)
        assert sound.strips() != before
