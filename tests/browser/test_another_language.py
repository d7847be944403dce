"""In another language, everything that the course says is translated, and fits its place.

The language is made: every text is marked and a third longer (`lessonlib.words.pseudo`).
"""

import re

import pytest

from lessonlib.words import PSEUDO, SETTING
from lessonlib.words.pseudo import CLOSE, OPEN

from .lab import copy_course, running_lab
from .notebook_page import PANEL, lab_page, open_notebook

PAGES = [
    "notebooks/00_start_here.ipynb",
    "notebooks/01_objective_decides.ipynb",
    "notebooks/02_three_routes.ipynb",
    "notebooks/03_three_samples.ipynb",
    "exercises/01_your_own_sentence.ipynb",
]
WIDTHS = (1440, 1024)

# What is the same in every language: the sentence that is studied, code, values, and what the
# village's people do, in which a blank is left.
NO_WORDS = (
    "img[alt*='___'], "
    "td.read, td.marker, td.asked, .lesson-grid th, pre, code, .lesson-clickable, .lesson-source, "
    ".widget-readout, [data-mime-type='text/plain'], [data-mime-type*='application/vnd.ju']"
)
# Every text that somebody sees in an output, or hears (names of controls, pictures in words), with
# where it stands; and whether it lies within marks, which one text may have in several elements.
_TEXTS = """([panel, open, close, excused]) => {
    const found = [];
    const note = (place, text, unmarked) => {
        if (text.trim() && !place.closest(excused))
            found.push([text.trim(), unmarked.trim(), place.outerHTML.slice(0, 200)]);
    };
    let depth = 0;
    const beyondMarks = text => [...text].filter(letter => {
        if (letter === open) depth += 1;
        const marked = depth > 0;
        if (letter === close) depth = Math.max(depth - 1, 0);
        return !marked;
    }).join('');
    for (const output of document.querySelectorAll(`${panel} .jp-OutputArea-output`)) {
        const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
        depth = 0;
        while (walker.nextNode()) {
            const { parentElement: place, data } = walker.currentNode;
            if (!place.checkVisibility({ visibilityProperty: true })
                || place.closest('style, script')) continue;
            note(place, data, beyondMarks(data));
        }
        for (const place of output.querySelectorAll('*'))
            for (const name of ['alt', 'title', 'aria-label', 'placeholder', 'aria-valuetext']) {
                depth = 0;
                const text = place.getAttribute(name) ?? '';
                if (text !== 'null') note(place, text, beyondMarks(text));
            }
    }
    return found;
}"""

# Elements that hold text of their own and more of it than there is room for.
_CUT_OFF = """([panel, excused]) => [...document.querySelectorAll(
        `${panel} .jp-OutputArea-output *`)].filter(node =>
    node.checkVisibility({ visibilityProperty: true }) && node.clientWidth > 0
        && !node.closest(excused)
        && [...node.childNodes].some(one => one.nodeType === Node.TEXT_NODE && one.data.trim())
        && node.scrollWidth > node.clientWidth + 1)
    .map(node => [node.outerHTML.slice(0, 200), node.scrollWidth, node.clientWidth])"""


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTING, PSEUDO)
        course = copy_course(tmp_path_factory.mktemp("course"))
        size = {"width": WIDTHS[0], "height": 900}
        with running_lab(course) as lab, lab_page(browser, lab, viewport=size) as page:
            yield page


@pytest.fixture(scope="module", params=PAGES)
def notebook(page, request):
    with open_notebook(page, request.param) as notebook:
        notebook.run_all()
        notebook.open_covers()
        notebook.settle()
        yield notebook


def test_everything_is_translated(notebook):
    found = notebook.page.evaluate(_TEXTS, [PANEL, OPEN, CLOSE, NO_WORDS])
    assert len(found) > 5
    assert [one for one in found if re.search(r"[A-Za-z]{2}", one[1])] == []
    # What fills the slots of a text stands within its marks, and is a word of the language as well:
    # the made language has no vowels without an accent.
    assert [one for one in found if re.search(r"\b[A-Za-z]*[aeiou][A-Za-z]+\b", one[0])] == []
    assert notebook.errors() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off(notebook, width):
    notebook.page.set_viewport_size({"width": width, "height": 900})
    notebook.settle()
    assert notebook.page.evaluate(_CUT_OFF, [PANEL, "pre, code"]) == []
