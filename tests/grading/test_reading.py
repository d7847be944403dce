"""A notebook is read the same, whoever saved it and in whatever encoding."""

import json

import pytest

from lessonlib.grading.intake.assignment import load
from lessonlib.grading.intake.merge import merge
from lessonlib.grading.intake.reading import UnreadableError, cells_in, code_in, text_of
from tests.grading.handouts import CAUSAL, EXERCISE, RIGHT, course, dumped, handout
from tests.grading.odd_layouts import EDITORS, ENCODED, LAID_OUT

SAVED = {entry.name.removeprefix("saved_by_"): entry for entry in LAID_OUT}
# These leave neither ids nor metadata by which an answer is known.
MARKLESS = ("colab_with_ids_as_metadata", "vs_code", "deepnote", "kaggle", "databricks")
MARKLESS += ("nbstripout_and_metadata",)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return load(course(tmp_path_factory.mktemp("course")), EXERCISE)


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_an_encoding_changes_no_answer(assignment, data):
    merged = merge(data, assignment)
    assert merged.answers == RIGHT
    assert not merged.decided


@pytest.mark.parametrize("name", [name for name in EDITORS if name not in MARKLESS])
def test_an_editor_changes_no_answer(assignment, name, tmp_path):
    SAVED[name].write(tmp_path / "ada" / "x.ipynb")
    merged = merge((tmp_path / "ada" / "x.ipynb").read_bytes(), assignment)
    assert not merged.decided
    for question, answer in RIGHT.items():
        own = merged.answers[question].removeprefix("#@title Cell").lstrip(" 0123456789\n")
        assert own.replace('"', "'").strip() == answer


@pytest.mark.parametrize("name", MARKLESS)
def test_what_lost_all_marks_is_found_by_its_functions(assignment, name, tmp_path):
    SAVED[name].write(tmp_path / "ada" / "x.ipynb")
    merged = merge((tmp_path / "ada" / "x.ipynb").read_bytes(), assignment)
    assert {each.verdict for each in merged.decided.values()} == {"pending"}
    assert {name for name, cells in merged.elsewhere.items() if cells} == RIGHT.keys() - {
        part.question for part in assignment.parts if part.written
    }
    assert merged.elsewhere[CAUSAL] == (RIGHT[CAUSAL],)


@pytest.mark.parametrize(
    "notebook",
    [
        {"nbformat": 3},
        {"nbformat": 3, "worksheets": {"cells": []}},
        {"nbformat": 3, "worksheets": [[]]},
        {"nbformat": 3, "worksheets": [{"cells": 3}]},
        {"nbformat": 3, "cells": [], "worksheets": [None]},
        {"nbformat": 4.5, "cells": []},
        {"nbformat": True, "cells": []},
        {"nbformat": [4], "cells": []},
        {"nbformat": float("nan"), "cells": []},
        {"nbformat": 4, "worksheets": [{"cells": []}]},
    ],
)
def test_what_only_looks_like_a_notebook_is_none(notebook):
    with pytest.raises(UnreadableError) as problem:
        cells_in(json.dumps(notebook).encode())
    assert problem.value.cause == "not-a-notebook"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp437", "mac-roman"])
def test_what_is_no_unicode_is_said_to_be_none(encoding):
    notebook = dumped(handout(RIGHT | {CAUSAL: "x = 'größe'"})).decode("unicode_escape")
    with pytest.raises(UnreadableError) as problem:
        cells_in(notebook.encode(encoding))
    assert problem.value.cause in ("not-utf8", "not-json")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = 1", "x = 1"),
        ("```\nx = 1\n```", "x = 1"),
        ("```python\nx = 1\n```\nand\n~~~\ny = 2\n~~~", "x = 1\ny = 2"),
        ("so:\n   ```py\nx = '```'\n   ```", "x = '```'"),
        ("````\n```\n````", "```"),
        ("```\nx = 1", "x = 1"),
        ("``x``", "``x``"),
        ("```\n```", "```\n```"),
        ("", ""),
    ],
)
def test_code_between_fences(text, code):
    assert code_in(text) == code


def test_a_mark_of_the_byte_order_is_no_part_of_a_text():
    assert text_of({"source": ["\ufeffx = 1\r\n", "y = 2\r"]}) == "x = 1\ny = 2\n"
    assert text_of({"input": "x"}) == "x"
    assert text_of({"source": 3, "input": "x"}) is None
