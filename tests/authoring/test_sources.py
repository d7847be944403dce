"""Sources become notebooks with stable ids, and worked notebooks become exercises."""

import json

import pytest

from lessonlib.authoring.sources import CODE_HERE, blank_out, read_source, write_here
from lessonlib.authoring.sources import without_answers as exercise_of

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Whatever
  language: python
  name: whatever
lessonlib:
  minutes: 5
---
"""
BODY = """
# A title

```{code-cell}
1 + 1
```

```{code-cell}
:lessonlib: {role: answer, question: double, points: 2}

def double(x):
    # BEGIN SOLUTION
    secret = x + x
    return secret
    # END SOLUTION
```

```{code-cell}
:lessonlib: {role: check, question: double, points: 2}

double(2)
```

+++ {"lessonlib": {"role": "answer", "question": "why", "points": 1, "rubric": ["hush"]}}

Because of the secret.
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "01_try.md"
    path.write_text(HEADER + BODY)
    return path


def test_reading_gives_the_cells_and_one_kernel(source):
    notebook = read_source(source)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code", "code", "code", "markdown"]
    assert notebook.metadata.kernelspec["name"] == "python3"
    assert notebook.metadata.lessonlib == {"minutes": 5}
    assert set(notebook.metadata) == {"kernelspec", "language_info", "lessonlib"}


def test_ids_survive_the_insertion_of_a_cell(source):
    before = {cell.source: cell.id for cell in read_source(source).cells}
    source.write_text(
        HEADER + BODY.replace("# A title", "# A title\n\n```{code-cell}\nnew = 1\n```\n\nMore.")
    )
    after = {cell.source: cell.id for cell in read_source(source).cells}
    kept = set(before) & set(after)
    assert len(kept) >= 5
    assert {text: before[text] for text in kept} == {text: after[text] for text in kept}


def test_ids_differ_even_for_equal_cells(source):
    source.write_text(HEADER + "\n".join(["```{code-cell}\n1\n```\n"] * 3))
    ids = [cell.id for cell in read_source(source).cells]
    assert len(set(ids)) == 3


def test_answers_and_checks_have_ids_of_their_own_and_are_locked(source):
    _, _, answer, check, written = read_source(source).cells
    assert (answer.id, check.id, written.id) == ("answer-double", "check-double", "answer-why")
    assert not answer.metadata.deletable
    assert "editable" not in answer.metadata
    assert not check.metadata.editable


def test_defects_of_a_source_are_errors_that_name_it(source):
    source.write_text(HEADER + BODY.replace("role: check", "role: chek"))
    with pytest.raises(ValueError, match=r"01_try\.md.*'chek'"):
        read_source(source)


def test_an_exercise_is_its_solution_without_the_answers(source):
    worked = read_source(source)
    worked.cells[1].outputs = [{"output_type": "stream", "name": "stdout", "text": "secret"}]
    worked.cells[1].execution_count = 7
    worked.metadata["widgets"] = {"state": "secret"}
    exercise = exercise_of(worked)
    text = json.dumps(exercise)
    assert "secret" not in text
    assert "hush" not in text
    assert [cell.id for cell in exercise.cells] == [cell.id for cell in worked.cells]
    assert worked.cells[1].execution_count == 7
    assert exercise.cells[2].source == f"def double(x):\n    {CODE_HERE}\n    return ..."
    assert exercise.cells[4].source == write_here()
    for cell, original in zip(exercise.cells, worked.cells, strict=True):
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
        if not cell.id.startswith("answer-"):
            assert cell.source == original.source


@pytest.mark.parametrize(
    ("code", "blanked"),
    [
        ("labels = tokens[1:]  # SOLUTION", "labels = ..."),
        ("    return tokens[1:]  # SOLUTION", "    return ..."),
        ("x: int = y == 3  # SOLUTION", "x: int = ..."),
        ("table[a] = 1  # SOLUTION\nb = 2", "table[a] = ...\nb = 2"),
        ("# BEGIN SOLUTION\nx = 1\n# END SOLUTION", f"{CODE_HERE}\n..."),
        (
            "def f():\n    # BEGIN SOLUTION\n    x = 1\n    return x\n    # END SOLUTION",
            f"def f():\n    {CODE_HERE}\n    return ...",
        ),
    ],
)
def test_marked_code_is_blanked_out(code, blanked):
    assert blank_out(code) == blanked


@pytest.mark.parametrize(
    "code",
    [
        "x = 1",
        "print(1)  # SOLUTION",
        "x += 1  # SOLUTION",
        "# BEGIN SOLUTION\nx = 1",
        "x = 1\n# END SOLUTION",
        "# BEGIN SOLUTION\n# BEGIN SOLUTION\nx\n# END SOLUTION",
        "# BEGIN SOLUTION\n# END SOLUTION",
        "# begin SOLUTION\nx = 1\n",
    ],
)
def test_marks_that_cannot_be_understood_are_refused(code):
    with pytest.raises(ValueError, match=r"(?i)solution"):
        blank_out(code)
