"""A control and what it changes are on the screen together, and the page stays where it is."""

import pytest

from .example_notebooks import EXPLORERS
from .notebook_page import PANEL, open_notebook

SCREENS = [(1440, 900), (1024, 768)]
HANDLES = ".noUi-handle, .lesson-clickable button, select, input[type=checkbox]"

# What of an explorer can be seen on the screen, apart from its controls.
_SEEN = """explorer => {
    const page = explorer.closest('.jp-WindowedPanel-outer').getBoundingClientRect();
    const seen = node => {
        const {top, bottom} = node.getBoundingClientRect();
        return top >= page.top && bottom <= page.bottom
            && getComputedStyle(node).visibility === 'visible';
    };
    return [...explorer.querySelectorAll('.lesson-stack :is(td, th, p, pre, rect, img)')]
        .filter(seen).map(node => node.outerHTML + node.getBoundingClientRect().x).join();
}"""

_SIZES = """explorer => [explorer, ...explorer.querySelectorAll('.lesson-strip')]
    .filter(node => getComputedStyle(node).visibility === 'visible')
    .map(node => Math.round(node.getBoundingClientRect().height))"""

_ALL = """explorer => [...explorer.querySelectorAll('.lesson-stack > :not(.lesson-room)')]
    .map(node => node.innerHTML).join()"""


@pytest.fixture(scope="module")
def notebook(page):
    size = page.viewport_size
    with open_notebook(page, "explorers.ipynb") as notebook:
        notebook.run_all()
        assert notebook.errors() == []
        yield notebook
    page.set_viewport_size(size)


def moved(page, control):
    """Do to a control what a learner would do first."""
    kind = control.evaluate("node => node.tagName")
    if kind == "SELECT":
        values = control.evaluate("node => [...node.options].map(option => option.value)")
        at = values.index(control.input_value())
        control.select_option(values[at - 1])
    elif kind in ("INPUT", "BUTTON"):
        control.click()
    else:
        value, least = (float(control.get_attribute(f"aria-value{n}")) for n in ("now", "min"))
        control.focus()
        page.keyboard.press("ArrowLeft" if value > least else "ArrowRight")


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("nth", range(len(EXPLORERS)), ids=lambda nth: EXPLORERS[nth][-20:])
def test_each_control_changes_something_beside_it_and_nothing_jumps(notebook, nth, width, height):
    page = notebook.page
    page.set_viewport_size({"width": width, "height": height})
    notebook.settle()
    explorer = page.locator(f"{PANEL} .lesson-explorer").nth(nth)
    count, changed = explorer.locator(HANDLES).count(), 0
    for number in range(count):
        control = explorer.locator(HANDLES).nth(number)
        if not control.is_visible():
            continue
        explorer.evaluate("node => node.scrollIntoView({block: 'start'})")
        control.evaluate("node => node.scrollIntoView({block: 'nearest'})")
        everything, seen, sizes = (explorer.evaluate(code) for code in (_ALL, _SEEN, _SIZES))
        moved(page, control)
        for _ in range(20):
            page.wait_for_timeout(100)
            if explorer.evaluate(_ALL) != everything:
                break
        notebook.settle()
        name = control.get_attribute("aria-label") or number
        if explorer.evaluate(_ALL) != everything:  # otherwise the page says that it plays no part
            changed += 1
            if height == 900:  # on a lower screen one scrolls further
                assert explorer.evaluate(_SEEN) != seen, name
        if control.evaluate("node => node.tagName") != "SELECT":
            now = explorer.evaluate(_SIZES)
            both = min(len(now), len(sizes))  # a message stands where nothing can be drawn
            assert now[:both] == sizes[:both], name
    assert changed >= count / 2
