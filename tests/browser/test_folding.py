"""What an explorer leaves out on a small page and the switch that brings it back come together."""

import pytest

from lessonlib.styles import STYLE
from lessonlib.views.explorers.sentence import masked_strip

SEEN = """() => Object.fromEntries(['pre', '.lesson-fold'].map(
    name => [name, getComputedStyle(document.querySelector(name)).display !== 'none']))"""


@pytest.fixture(scope="module")
def explorer(browser):
    strip = masked_strip("a b c d e f".split(), [1])
    with browser.new_page() as page:
        page.set_content(
            f'{STYLE}<body style="margin:0"><div class="lesson-explorer lesson-tall">'
            '<div class="lesson-body"><label class="lesson-fold"><input type="checkbox"></label>'
            f"{strip}</div></div>"
        )
        yield page


@pytest.mark.parametrize("width", [390, 800, 860, 861, 875, 890, 891, 920, 1200])
def test_python_values_are_left_out_only_where_there_is_a_switch(explorer, width):
    explorer.set_viewport_size({"width": width, "height": 600})
    ticked = explorer.locator(".lesson-fold input")
    ticked.evaluate("node => { node.checked = false }")
    seen = explorer.evaluate(SEEN)
    assert seen["pre"] != seen[".lesson-fold"]
    ticked.evaluate("node => { node.checked = true }")
    assert explorer.evaluate(SEEN)["pre"]
