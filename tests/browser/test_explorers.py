"""A control and what it changes are on the screen together, and the page stays where it is."""

import re

import pytest

from .example_notebooks import EXPLORERS
from .lab import ROOT
from .notebook_page import PANEL, open_notebook

SCREENS = [(1024, 900), (1440, 900)]  # the smaller one first: the page is opened at that size
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

# How much taller than what JupyterLab leaves of the window.
_BEYOND = """explorer => explorer.getBoundingClientRect().height
    - explorer.closest('.jp-WindowedPanel-outer').clientHeight"""

# What is wider than its place: a word in a box, a label, a control.
_CUT_OFF = """explorer => [...explorer.querySelectorAll(
        'td, th, p, pre, button, label, select, .widget-text')]
    .filter(node => !node.closest('.lesson-scrolls, .lesson-patch'))
    .filter(node => node.offsetParent && getComputedStyle(node).visibility === 'visible')
    .filter(node => node.scrollWidth > node.clientWidth + 1
        || node.getBoundingClientRect().right > explorer.getBoundingClientRect().right + 1)
    .map(node => node.outerHTML.slice(0, 120))"""

# Words that go on in another line in mid-word; a marker may do so after its "_".
_BROKEN = """explorer => [...explorer.querySelectorAll('.lesson-tokens td')]
    .filter(cell => cell.checkVisibility({visibilityProperty: true}))
    .filter(cell => !cell.querySelector('.lesson-patch'))
    .flatMap(cell => {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
        for (let text; text = texts.nextNode();) {
            for (const word of text.data.matchAll(/\\S+/g)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                if (range.getClientRects().length > 1) broken.push(word[0]);
            }
        }
        return broken;
    })"""

# Where the columns begin.
_COLUMNS = """explorer => [...explorer.querySelectorAll(
        '.lesson-stack > :not(.lesson-room) .lesson-tokens td')]
    .map(cell => Math.round(cell.getBoundingClientRect().x))"""

_ALL = """explorer => [...explorer.querySelectorAll('.lesson-stack > :not(.lesson-room)')]
    .map(node => node.innerHTML).join()"""


@pytest.fixture(scope="module")
def notebook(page):
    size = page.viewport_size
    page.set_viewport_size(dict(zip(("width", "height"), SCREENS[0], strict=True)))
    with open_notebook(page, "explorers.ipynb") as notebook:
        notebook.run_all()
        assert notebook.errors() == []
        yield notebook
    page.set_viewport_size(size)


def folded_away(notebook, explorer):
    """Leave out what a small page leaves out at first."""
    for box in explorer.locator(".lesson-fold input:checked").all():
        box.evaluate("node => node.click()")
    notebook.settle()


def explorer_of(notebook, call):
    """Return the explorer that a cell of the notebook shows."""
    nth = next(k for k, source in enumerate(EXPLORERS) if source.endswith(call))
    return notebook.page.locator(f"{PANEL} .lesson-explorer").nth(nth)


def typed(notebook, explorer, sentence):
    """Type a sentence letter by letter in the place of the one that is there."""
    box = explorer.locator(".widget-text input")
    box.click()
    notebook.page.keyboard.press("Control+A")
    notebook.page.keyboard.type(sentence, delay=15)
    notebook.settle()


def places(explorer):
    """Return what the controls that reach over the sentence stand at."""
    stand = explorer.locator(".widget-readout").all_inner_texts()
    pressed = explorer.locator("[aria-pressed]").evaluate_all(
        "all => all.flatMap((node, k) => node.ariaPressed === 'true' ? [k] : [])"
    )
    return [*stand, *pressed]


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


def test_every_explorer_of_the_course_is_looked_at():
    texts = [path.read_text("utf-8") for path in ROOT.glob("*/text/*.md")]
    called = set(re.findall(r"explore\w*(?=\()", "\n".join(texts)))
    assert called
    assert called <= set(re.findall(r"explore\w*(?=\()", "\n".join(EXPLORERS)))


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("nth", range(len(EXPLORERS)), ids=lambda nth: EXPLORERS[nth][-20:])
def test_each_control_changes_something_beside_it_and_nothing_jumps(notebook, nth, width, height):
    page = notebook.page
    page.set_viewport_size({"width": width, "height": height})
    explorer = page.locator(f"{PANEL} .lesson-explorer").nth(nth)
    folded_away(notebook, explorer)
    visited = changed = 0
    for number in range(explorer.locator(HANDLES).count()):
        control = explorer.locator(HANDLES).nth(number)
        if not control.is_visible() or control.get_attribute("aria-disabled"):
            continue
        if control.evaluate("node => node.closest('.lesson-fold') !== null"):
            folded = explorer.bounding_box()["height"]
            control.click()  # from here on there is more than a screen
            notebook.settle()
            assert explorer.bounding_box()["height"] > folded
            continue
        visited += 1
        explorer.evaluate("node => node.scrollIntoView({block: 'start'})")
        opened = explorer.locator(".lesson-fold input:checked:visible").count()
        where = "start" if opened else "nearest"
        control.evaluate("(node, block) => node.scrollIntoView({block})", where)
        everything, seen, sizes = (explorer.evaluate(code) for code in (_ALL, _SEEN, _SIZES))
        moved(page, control)
        notebook.settle()
        name = control.get_attribute("aria-label") or number
        assert opened or explorer.evaluate(_BEYOND) <= 0, name
        assert explorer.evaluate(_CUT_OFF) == [], name
        assert explorer.evaluate(_BROKEN) == [], name
        if explorer.evaluate(_ALL) != everything:
            changed += 1
            assert explorer.evaluate(_SEEN) != seen, name
        if control.evaluate("node => node.tagName") != "SELECT":
            now = explorer.evaluate(_SIZES)
            both = min(len(now), len(sizes))  # a message stands where nothing can be drawn
            assert now[:both] == sizes[:both], name
    # A sentence may be all there is to change, and a piece be hidden with its whole word already.
    assert changed > visited / (3 if "whole_words" in EXPLORERS[nth] else 2) or not visited


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("nth", range(len(EXPLORERS)), ids=lambda nth: EXPLORERS[nth][-20:])
def test_it_fits_one_screen_whatever_is_chosen(notebook, nth, width, height):
    notebook.page.set_viewport_size({"width": width, "height": height})
    explorer = notebook.page.locator(f"{PANEL} .lesson-explorer").nth(nth)
    folded_away(notebook, explorer)
    for name in ("how many", "percent", "prefix length", "patches to hide"):
        for handle in explorer.locator(f"[aria-label^='{name}']:visible").all():
            if handle.get_attribute("role") == "slider" and handle.is_visible():
                handle.focus()
                notebook.page.keyboard.press("End")
    for name in ("objective", "architecture", "mode", "tokens are"):
        for select in explorer.get_by_label(name, exact=True).all():
            for at in range(select.locator("option").count() if select.is_visible() else 0):
                select.select_option(index=at)
                notebook.settle()
                assert explorer.evaluate(_BEYOND) <= 0, (name, at)
                assert explorer.evaluate(_CUT_OFF) == [], (name, at)
    notebook.settle()
    assert explorer.evaluate(_BEYOND) <= 0
    assert explorer.evaluate(_CUT_OFF) == []
    assert explorer.evaluate(_BROKEN) == []


@pytest.mark.parametrize("width", [1024, 1280])
def test_a_sentence_that_is_hidden_as_a_whole_is_not_broken_either(notebook, width):
    notebook.page.set_viewport_size({"width": width, "height": 900})
    explorer = explorer_of(notebook, "explore()")
    sizes = explorer.evaluate(_SIZES)
    for end, key in (("start", "Home"), ("end", "End")):
        explorer.locator(f".noUi-handle[aria-label$='{end}']").focus()
        notebook.page.keyboard.press(key)
        notebook.settle()
    assert "0 – 8" in places(explorer)
    assert explorer.evaluate(_BROKEN) == []
    assert explorer.evaluate(_CUT_OFF) == []
    assert explorer.evaluate(_SIZES) == sizes


@pytest.mark.parametrize("width", [1024, 1280])
def test_no_column_moves_while_words_are_hidden(notebook, width):
    notebook.page.set_viewport_size({"width": width, "height": 900})
    explorer = explorer_of(notebook, "explore_blanks()")
    words = explorer.locator(".lesson-clickable button")
    seen = []
    for word in words.all():
        word.click()
        notebook.settle()
        seen.append(explorer.evaluate(_COLUMNS))
    assert seen[0]
    assert {*map(tuple, filter(None, seen))} == {tuple(seen[0])}


OVER_A_SENTENCE = [
    "explore()",
    "explore_hiding()",
    "explore_spans()",
    "explore_denoisers()",
    "explore_prefix()",
    "explore_attention()",
]


@pytest.mark.parametrize("call", OVER_A_SENTENCE)
def test_what_a_learner_set_comes_back_after_a_shorter_sentence_was_typed(notebook, call):
    explorer = explorer_of(notebook, call)
    typed(notebook, explorer, "one two three four five six seven eight nine ten")
    for handle in explorer.locator(".noUi-handle").all():
        handle.focus()
        notebook.page.keyboard.press("ArrowRight")
    notebook.settle()
    before = places(explorer)
    for short in ("one two", "alone", "..."):
        typed(notebook, explorer, short)
        assert places(explorer) != before or short != "one two"
    typed(notebook, explorer, "ten other words of which not one is the same")
    assert places(explorer) == before


SENTENCES = {
    "forty words": "all the words of this one are short but it is long " * 4,
    "one word": "word",
    "nothing": "",
    "punctuation": "... , ; !? —",
    "other scripts": "переведи это 猫 坐 在 垫子 上 هذا نص 🙂🙂 नमस्ते é",
    "repeated": "la la la la la la la la",
    "tabs": "a\tb\t\tc  d",
    "markup": '<b>a</b> & <script>alert(1)</script> "c" <!-- d',
    "markers": "[MASK] <extra_id_0> <s> [R] <extra_id_1>",
    "long words": f"{'x' * 90} Donaudampfschifffahrtsgesellschaft a b",
}


@pytest.mark.parametrize(
    ("call", "width"),
    [
        *((call, 1024) for call in OVER_A_SENTENCE),
        ("explore()", 1440),
        ("explore_attention()", 1440),
    ],
)
def test_any_sentence_is_drawn_in_its_place(notebook, call, width):
    page = notebook.page
    page.set_viewport_size({"width": width, "height": 900})
    explorer = explorer_of(notebook, call)
    explorer.evaluate("node => node.scrollIntoView({block: 'start'})")
    notebook.settle()
    top = explorer.bounding_box()["y"]
    for name, sentence in SENTENCES.items():
        explorer.locator(".widget-text input").fill(sentence)
        notebook.settle()
        assert explorer.bounding_box()["y"] == pytest.approx(top, abs=1), name
        assert explorer.evaluate(_CUT_OFF) == [], name
        assert explorer.locator(".lesson-stack .lesson-message, .lesson-strip").count(), name
        for span in explorer.locator(".widget-readout", has_text="–").all_inner_texts():
            start, end = span.split("–")
            assert int(start) < int(end), name
    assert notebook.errors() == []
    typed(notebook, explorer, "the sentence is long enough to be drawn")


@pytest.mark.parametrize(
    ("call", "off", "on"),
    [
        ("explore_attention()", "encoder-only", "decoder-only, with a prefix"),
        ("explore_scenes()", "Captioning", "Masked multimodal modelling"),
    ],
)
def test_a_slider_that_plays_no_part_is_off_for_everybody(notebook, call, off, on):
    explorer = explorer_of(notebook, call)
    select = explorer.locator("select", has_text=on)
    select.select_option(label=off)
    notebook.settle()
    slider = explorer.locator(".widget-slider:has(.noUi-target[disabled])")
    handle, readout = slider.locator(".noUi-handle"), slider.locator(".widget-readout")
    assert "plays no part" in explorer.locator(".lesson-note").inner_text().lower()
    assert handle.get_attribute("aria-disabled") == "true"
    assert handle.get_attribute("tabindex") == "-1"
    assert "plays no part" in handle.get_attribute("aria-description").lower()
    assert readout.get_attribute("contenteditable") == "false"
    before = readout.inner_text()
    handle.focus()
    notebook.page.keyboard.press("ArrowLeft")
    notebook.settle()
    assert readout.inner_text() == before
    select.select_option(label=on)
    notebook.settle()
    assert not explorer.locator(".noUi-target[disabled], [aria-disabled]").count()
    assert explorer.locator(".noUi-handle:not([tabindex='0'])").count() == 0
    assert not explorer.locator(".lesson-note").inner_text().strip()
    select.select_option(label=off)
    notebook.settle()
    assert slider.count() == 1


def test_a_gap_to_the_end_has_one_end_to_move(notebook):
    explorer = explorer_of(notebook, "explore_denoisers()")
    mode = explorer.locator("select")
    mode.select_option(label="R: short gaps")  # whatever an earlier test has left
    notebook.settle()
    before = places(explorer)
    mode.select_option(label="S: the end is missing")
    notebook.settle()
    count = len(explorer.locator(".widget-text input").input_value().split())
    assert places(explorer)[0].endswith(f"– {count}")
    assert [handle.is_visible() for handle in explorer.locator(".noUi-handle").all()] == [
        True,
        False,
    ]
    mode.select_option(label="R: short gaps")
    notebook.settle()
    assert places(explorer) == before
