"""Where transformers is not installed, the page says so and goes on."""

import pytest

from lessonlib.bridges import ask, course_matrix, library, library_matrix, library_table
from lessonlib.bridges.tiny import CLASSES
from lessonlib.samples import causal, masked, prefix_lm, span_corruption


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(library, "find_spec", lambda name: None)


def test_who_asks_is_told_what_to_install(nothing_installed):
    said = repr(ask("gpt2"))
    assert "accelerate, torch, transformers" in said
    assert "pip install" in said


@pytest.mark.parametrize(("given", "error"), [((3,), TypeError), (("text", 3), TypeError)])
def test_a_wrong_question_is_refused_all_the_same(given, error):
    with pytest.raises(error):
        ask("gpt2", *given)


def test_a_table_holds_words_in_the_place_of_ids():
    lines = repr(library_table(masked(["a", "b", "c"], [1]))).splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    assert rows == {
        "input_ids": ["a", "[MASK]", "c"],
        "attention_mask": ["1", "1", "1"],
        "labels": ["-100", "b", "-100"],
    }


def test_a_table_of_several_samples_has_a_line_for_each_and_shows_padding():
    both = [span_corruption(tokens, [(0, 1)]) for tokens in (["a", "b"], ["a", "b", "c"])]
    said = repr(library_table(*both, end="</s>"))
    assert said.count("\nlabels") == 2
    assert "<extra_id_0> b </s> <pad>" in said


def test_a_table_says_of_a_large_mask_how_large_it_is():
    assert "4 by 4" in repr(library_table(prefix_lm(["a", "b", "c", "d"], 2)))
    assert "4 by 4" not in repr(library_table(causal(["a", "b", "c", "d"])))


def test_the_stored_scores_of_the_librarys_classes_have_the_diagonal():
    """The same as the course's own: in each column the first word belongs to who practised it."""
    for table in (library_matrix(), course_matrix()):
        scores = [[int(cell) for cell in row[1:]] for row in table.rows]
        for column, objective in enumerate(CLASSES):
            best = max(range(len(CLASSES)), key=lambda row, at=column: scores[row][at])
            assert best == column, (objective, scores)
