"""One stylesheet, which a stored page carries once, wherever something needs it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.styles import CSS, STATE, STYLE, VIEW, styled_once

LESSON, OTHER = '<p class="lesson-strip">a</p>', "<p>somebody else's</p>"
# Of each output: what it says, whether it brings the style, whether it shows a widget.
OUTPUTS = st.lists(
    st.tuples(st.sampled_from([LESSON, OTHER]), st.booleans(), st.booleans()), max_size=6
)


def notebook(outputs, brought_by=()):
    """Return a notebook of one cell for each output, and the widgets that bring the style."""
    cells = [
        {
            "outputs": [
                {"data": {"text/html": styled * STYLE + html} | ({VIEW: {}} if widget else {})}
            ]
        }
        for html, styled, widget in outputs
    ]
    state = {name: {"state": {"_css": CSS}} for name in brought_by}
    return {"cells": cells, "metadata": {"widgets": {STATE: {"state": state}}}}


def html_of(page):
    return [cell["outputs"][0]["data"]["text/html"] for cell in page["cells"]]


def carried_by_widgets(page):
    models = page["metadata"]["widgets"][STATE]["state"].values()
    return [bool(model["state"]["_css"]) for model in models]


@given(OUTPUTS, st.sets(st.sampled_from("abc")))
def test_the_style_is_carried_once_if_anything_needs_it(outputs, widgets):
    page = notebook(outputs, widgets)
    styled_once(page)
    html = html_of(page)
    assert [text.removeprefix(STYLE) for text in html] == [text for text, *_ in outputs]
    seen = [k for k, (text, _, widget) in enumerate(outputs) if text == LESSON and not widget]
    assert [k for k, text in enumerate(html) if text.startswith(STYLE)] == seen[:1]
    assert sum(carried_by_widgets(page)) == (bool(widgets) and not seen)


@given(OUTPUTS)
def test_doing_it_twice_changes_nothing(outputs):
    page = notebook(outputs, "a")
    styled_once(page)
    once = str(page)
    styled_once(page)
    assert str(page) == once


def test_html_in_lines_and_styles_of_others_stay_as_they_are():
    lines, style = ["<p>\n", "a</p>"], "<style>.theirs {color: red}</style>"
    page = notebook([(OTHER, False, False), (LESSON, True, False)])
    page["cells"][0]["outputs"][0]["data"]["text/html"] = lines
    page["cells"][1]["outputs"][0]["data"]["text/html"] += style
    styled_once(page)
    assert html_of(page) == [lines, STYLE + LESSON + style]


def test_the_stylesheet_reaches_nothing_outside_the_course():
    rules = re.findall(r"([^{}]+){[^{}]*}", re.sub(r"@container[^{]*{", "", CSS))
    assert len(rules) > 100
    for rule in rules:
        for selector in outside_brackets(rule).split(","):
            assert ".lesson-" in selector, selector


def outside_brackets(selectors: str) -> str:
    """What is left without the brackets of `:is()`, `:not()` and `:has()`, however deep."""
    without = re.sub(r"\([^()]*\)", "", selectors)
    return without if without == selectors else outside_brackets(without)


@pytest.mark.parametrize(
    ("selectors", "left"),
    [
        (".a:is(.b,.c) td", ".a:is td"),
        (".a:is([x]:not(.b),.c:has(d:not(e))) f,g", ".a:is f,g"),
        (".a,b", ".a,b"),
    ],
)
def test_brackets_are_left_out_however_deep(selectors, left):
    assert outside_brackets(selectors) == left


def test_nothing_is_lost_but_comments_and_white_space():
    assert "@container (max-width:860px){" in CSS
    assert "}.lesson-message{border-left:5px solid" in CSS
    assert "/*" not in CSS
