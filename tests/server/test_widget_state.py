"""A saved notebook keeps the widgets that it shows, of whichever kernel, and no others."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.contents.filemanager import FileContentsManager
from jupyter_server.services.contents.manager import ContentsManager

from lessonlib.server.widget_state import STATE, VIEW, keep_what_is_shown

NAMES = [f"{number:032x}" for number in range(8)]


def notebook(shown, known, html=True):
    """Return a notebook that shows some widgets; `known` says which others each one mentions."""
    data = {"text/plain": "words"} | ({"text/html": "<p>words</p>"} if html else {})
    cells = [
        {
            "cell_type": "code",
            "source": "form()",
            "metadata": {},
            "execution_count": 1,
            "outputs": [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": data | {VIEW: {"model_id": name}},
                }
            ],
        }
        for name in shown
    ]
    state = {
        name: {"state": {"children": [f"IPY_MODEL_{other}" for other in others]}}
        for name, others in known.items()
    }
    metadata = {"widgets": {STATE: {"version_major": 2, "version_minor": 0, "state": state}}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def saved(content, earlier=None, tmp_path=None):
    """Return what is saved of a page, and the names of the widgets in it."""
    manager = ContentsManager()
    if earlier is not None:
        (tmp_path / "n.ipynb").write_text(json.dumps(earlier))
        manager = FileContentsManager(root_dir=str(tmp_path))
    keep_what_is_shown({"type": "notebook", "content": content}, "n.ipynb", manager)
    widgets = content["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    return content, set(widgets)


def mentioned(name, known):
    found, waiting = set(), [name]
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting += known[name]
    return found


graphs = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3))


@given(st.lists(st.sampled_from(NAMES), max_size=4), graphs)
def test_what_is_shown_is_kept_with_all_it_needs_and_nothing_else(shown, known):
    _, names = saved(notebook(shown, known))
    assert names == set().union(*(mentioned(name, known) for name in shown))


def test_what_an_earlier_kernel_has_left_on_the_page_stays(tmp_path):
    """JupyterLab sends only the widgets of the kernel that runs now."""
    a, b, c, *_ = NAMES
    earlier = notebook([a, b], {a: [c], b: [], c: []})
    content, names = saved(notebook([a, b], {}), earlier, tmp_path)  # opened, saved, nothing run
    assert names == {a, b, c}
    content, names = saved(notebook([NAMES[4], b], {NAMES[4]: []}), content, tmp_path)  # first cell
    assert names == {NAMES[4], b}
    assert all(VIEW in cell["outputs"][0]["data"] for cell in content["cells"])


def test_what_the_page_says_now_counts_more_than_what_was_saved(tmp_path):
    a, b, c, *_ = NAMES
    earlier = notebook([a], {a: [b], b: []})
    _, names = saved(notebook([a], {a: [c], c: []}), earlier, tmp_path)
    assert names == {a, c}


def test_a_view_of_which_nothing_is_known_gives_way_to_what_can_be_read():
    content, _ = saved(notebook(NAMES[:1], {}))
    assert content["cells"][0]["outputs"][0]["data"].keys() == {"text/plain", "text/html"}
    content, _ = saved(notebook(NAMES[:1], {}, html=False))  # another program's: it stays as it is
    assert VIEW in content["cells"][0]["outputs"][0]["data"]


@pytest.mark.parametrize("earlier", ["", "no notebook", "[]", '{"metadata": 3}'])
def test_a_damaged_earlier_file_does_not_matter(earlier, tmp_path):
    (tmp_path / "n.ipynb").write_text(earlier)
    content = notebook(NAMES[:1], {NAMES[0]: []})
    manager = FileContentsManager(root_dir=str(tmp_path))
    keep_what_is_shown({"type": "notebook", "content": content}, "n.ipynb", manager)
    assert list(content["metadata"]["widgets"][STATE]["state"]) == NAMES[:1]


def test_a_notebook_without_widgets_and_other_files_stay_as_they_are():
    plain = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("hello")])
    before = json.dumps(plain)
    content, _ = saved(plain)
    assert json.dumps(content) == before
    text = {"type": "file", "content": "hello"}
    keep_what_is_shown(text, "a.txt", ContentsManager())
    assert text == {"type": "file", "content": "hello"}
