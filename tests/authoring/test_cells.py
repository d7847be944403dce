"""The marks of cells are read, and what is wrong with them is said."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lessonlib.authoring.cells import Mark, cell_id, defects, mark, marked, points


def cell(role, question, worth=2, kind=new_code_cell, **more):
    fields = {"role": role, "question": question, "points": worth, **more}
    return kind("x", id=cell_id(role, question), metadata={"lessonlib": fields})


def sound():
    return new_notebook(
        cells=[
            new_markdown_cell("text"),
            cell("answer", "first"),
            cell("check", "first"),
            cell("answer", "essay", 3, new_markdown_cell, rubric=["says why"]),
        ]
    )


def test_marks_are_read():
    notebook = sound()
    assert mark(notebook.cells[0]) is None
    assert mark(notebook.cells[1]) == Mark("answer", "first", 2)
    assert mark(notebook.cells[3]).rubric == ("says why",)
    assert list(marked(notebook, "check")) == ["first"]
    assert points(notebook) == {"first": 2, "essay": 3}
    assert defects(notebook) == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("answer", "not a mapping"),
        ({"role": "answer", "question": "q", "point": 1}, "keys"),
        ({"role": "solution", "question": "q"}, "role='solution'"),
        ({"role": "answer"}, "question=None"),
        ({"role": "check", "question": "two words"}, "question='two words'"),
        ({"role": "check", "question": "q" * 51}, "at most 50"),
        ({"role": "answer", "question": "q", "points": -1}, "points=-1"),
        ({"role": "answer", "question": "q", "points": True}, "points=True"),
        ({"role": "answer", "question": "q", "points": 1.5}, "points=1.5"),
    ],
)
def test_malformed_marks_are_refused(fields, says):
    broken = new_code_cell("x", metadata={"lessonlib": fields})
    with pytest.raises(ValueError, match=says):
        mark(broken)
    assert says in defects(new_notebook(cells=[broken]))[0]


def test_a_given_cell_needs_no_question():
    for role in ("given", "page"):
        assert mark(new_code_cell("x", metadata={"lessonlib": {"role": role}})) == Mark(role)


@pytest.mark.parametrize(
    ("added", "says"),
    [
        (cell("answer", "first"), "more than one answer"),
        (cell("check", "first"), "more than one check"),
        (cell("check", "second"), "no answer cell"),
        (cell("answer", "second", 2, new_markdown_cell), "no rubric"),
        (cell("check", "essay", 2), "is worth 3 in its answer cell, but 2"),
        (cell("check", "essay", 3, new_markdown_cell), "code cell"),
    ],
)
def test_defects_of_a_notebook_are_listed(added, says):
    notebook = sound()
    notebook.cells.append(added)
    assert any(says in found for found in defects(notebook))


def test_a_wrong_id_is_a_defect():
    notebook = sound()
    notebook.cells[1].id = "something-else"
    assert "its id should be 'answer-first'" in defects(notebook)[0]
