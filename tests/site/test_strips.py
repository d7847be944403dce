"""What a page holds in the place of an explorer: drawn strips, and what brings them to life."""

import json
from html.parser import HTMLParser

import pytest

from lessonlib.samples import SENTENCE
from lessonlib.site import strips
from lessonlib.styles import CSS
from lessonlib.views import explore, explore_hiding


class Places(HTMLParser):
    """Reads what the scripts read."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if "data-explorer" in said:
            self.found.append((said["data-explorer"], json.loads(said["data-arguments"])))


def places(html):
    reader = Places()
    reader.feed(html)
    return reader.found


def test_a_placeholder_is_drawn_and_names_its_explorer():
    html = strips.placeholder("explore", 'a "quoted" <b>')
    assert places(html) == [("explore", {"text": 'a "quoted" <b>', "tokenizer": None})]
    assert all(view.value in html for view in explore('a "quoted" <b>').views)
    assert explore_hiding("a b c", [1]).view.value in strips.placeholder(
        "explore_hiding", text="a b c", positions=[1]
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from lessonlib import explore\n\nexplore()", ("explore", SENTENCE)),
        ("explore_spans('a b c')", ("explore_spans", "a b c")),
        ("explore_hiding(text='a b', positions=[1])", ("explore_hiding", "a b")),
        ("covered('x', shown=explore_attention())", ("explore_attention", SENTENCE)),
    ],
)
def test_the_explorer_of_a_cell_is_found(source, found):
    ((name, given),) = places(strips.placeholder_of(source))
    assert (name, given["text"]) == found


@pytest.mark.parametrize(
    "source",
    ["", "x = 1", "explore_merges(tokenizer)", "explore('a b', tokenizer)", "explore(text)"],
)
def test_what_only_running_would_tell_has_no_placeholder(source):
    assert strips.placeholder_of(source) is None


def test_the_written_files_are_all_that_pages_ask_for(tmp_path):
    strips.write(tmp_path / "made" / "strips")
    names = {path.name: path.read_text("utf-8") for path in (tmp_path / "made/strips").iterdir()}
    wanted = {part.split('"')[0] for text in names.values() for part in text.split(' from "./')[1:]}
    assert wanted | {"explorers.js", "strips.css"} == names.keys()
    assert names["strips.css"].startswith(CSS)
    assert names["data.js"].startswith("export default {")
    assert not any("://" in text for name, text in names.items())
    assert 'src="../strips/explorers.js"' in strips.head("../strips")
