"""Exercise 10 measures what it says: nobody meets a sentence of the exam while learning."""

from pathlib import Path

import nbformat
import pytest

from lessonlib.authoring.cells import mark
from lessonlib.models.counting import study

SOLUTION = Path(__file__).parents[2] / "solutions" / "10_measure_an_ability.ipynb"


@pytest.fixture(scope="module")
def given():
    """Run the definitions that the exercise gives."""
    known = {"study": study}
    for cell in nbformat.read(SOLUTION, as_version=4).cells:
        if cell.cell_type == "code" and "def " in cell.source and mark(cell) is None:
            exec(cell.source, known)  # our own code
    return known


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [10, 100, 1000])
def test_an_exam_has_100_sentences_and_none_that_was_learnt(given, count, seed):
    learning = given["world"].draw(count, seed)
    exam = given["draw_exam"](learning, 100 + seed)
    assert len(exam) == 100
    assert set(exam).isdisjoint(learning)


def test_a_longer_memory_pays_after_some_hundred_sentences_and_not_before(given):
    def score(count, memory, seed):
        learning = given["world"].draw(count, seed)
        exam = given["draw_exam"](learning, 100 + seed)
        return given["exam_score"](study(learning, memory), exam)

    few, many = ([[score(n, m, seed) for seed in range(5)] for m in (1, 3)] for n in (10, 1000))
    assert min(few[0]) > max(few[1])
    assert min(many[1]) > max(many[0])
