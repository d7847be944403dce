"""`try_it` draws what a learner's function returned, mistakes included."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonlib.practice import check, try_it
from lessonlib.practice.questions import QUESTIONS

TOKENS = ["we", "read", "old", "books"]


def drawn(question, function, *arguments):
    return repr(try_it(question, function, *arguments))


def test_a_right_answer_is_drawn_as_a_strip():
    shown = drawn("build_causal_example", lambda tokens: (tokens[:-1], tokens[1:]), TOKENS)
    assert "must say" in shown
    assert "3 questions" in shown
    assert "not right yet" not in shown


def test_a_wrong_drawing_has_its_caption_in_html_too():
    drawing = try_it("build_causal_example", lambda tokens: (tokens, tokens), TOKENS)
    assert "not right yet" in drawing._repr_html_()
    assert drawing.drawn._repr_html_() in drawing._repr_html_()


def test_mistakes_are_drawn_as_they_are():
    shown = drawn("build_causal_example", lambda tokens: (tokens, tokens[1:]), TOKENS)
    assert "not right yet" in shown
    reads, _, says, questions = shown.splitlines()[-4:]
    assert reads.split() == ["reads", *TOKENS]
    assert says.split() == ["must", "say", *TOKENS[1:], "·"]
    assert "3 questions" in questions


def test_labels_without_masks_are_drawn():
    labels = {0: "we", 3: "books"}
    shown = drawn("build_masked_example", lambda tokens, at: (tokens, labels), TOKENS, [1])
    assert "must say  we  ·     ·    books" in shown


def test_a_span_is_drawn_with_both_readers():
    shown = drawn(
        "build_span_corruption",
        lambda tokens, start, end: (["<extra_id_0>"], ["<extra_id_0>", *tokens]),
        TOKENS,
        0,
        4,
    )
    assert "must write" in shown


def test_a_rule_of_ones_own_is_drawn_by_its_first_row():
    rule, given_here = QUESTIONS["make_batch"].reference, INPUTS["make_batch"]
    assert "must say  we      ·     old     ·" in drawn("make_batch", rule, *given_here)
    letters = drawn("make_batch", lambda texts, rolls: (["we"], ["we"], "both"), *given_here)
    assert "Nothing to draw" in letters, "a row that is a text is no row"


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda tokens: ..., "Not answered yet."),
        (lambda tokens: None, "returned None"),
        (lambda tokens: tokens[9], "IndexError"),
        (lambda tokens: ([], []), "Nothing to draw"),
        (lambda tokens: (tokens, {0: "we"}), "dictionary"),
        (lambda tokens: ([1, 2], [2, 3]), "Nothing to draw"),
        (lambda tokens: (" ".join(tokens), " ".join(tokens[1:])), "Nothing to draw"),
        (3, "run its cell"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words(function, says):
    assert says in drawn("build_causal_example", function, TOKENS)


@pytest.mark.parametrize(
    ("question", "arguments", "says"),
    [
        (
            "build_masked_example",
            (TOKENS, [2, 9]),
            "`mask_positions` in this cell: position 9 is not in your sentence. Its 4 tokens",
        ),
        (
            "mask_80_10_10",
            (TOKENS, [1, 4], [0.1, 0.2], ["x", "y"]),
            "`positions` in this cell: position 4 is not in your sentence.",
        ),
        ("build_masked_example", (tuple(TOKENS), [9]), "position 9 is not in your sentence."),
        ("build_masked_example", ([], [1]), "in this cell: tokens=[]"),
        ("mask_80_10_10", (TOKENS, [0, 1, 2], [0.3], ["x"] * 3), "`positions` 3, `rolls` 1"),
        ("labels_to_learn", ([1, 2], [False], 1), "`ids` 2, `is_padding` 1"),
        ("build_many_spans", (TOKENS, [1, 3]), "`spans` in this cell: it should look like [["),
        ("build_causal_example", ("we read",), "`tokens` in this cell: it should look like ['"),
        ("build_span_corruption", (TOKENS, 1, 9), "your sentence has 4 tokens; end=9"),
        ("share_of_achievable", (0.5, 0.5, 0.5), "the right answer would divide by 0"),
        ("mean_loss", ([[1.0]], [[False]]), "the right answer would divide by 0"),
        ("mean_loss", ([[1.0], [2.0]], [[True]]), "`losses` 2, `loss_mask` 1"),
        ("mean_loss", ([[1.0], [2.0, 3]], [[True]] * 2), "in row 1 `losses` 2, `loss_mask` 1"),
        ("build_prefix_mask", (5,), "takes length, split"),
    ],
)
def test_an_input_that_does_not_fit_is_told_in_words(question, arguments, says):
    shown = drawn(question, lambda *_: pytest.fail("it was called"), *arguments)
    assert says in shown
    assert "Change" in shown


@pytest.mark.parametrize(
    ("question", "arguments", "says"),
    [
        ("build_causal_example", ("we read",), "'we read', which is text; `.split()`"),
        ("build_masked_example", (TOKENS, 2), "in square brackets it is a list: [2]"),
        ("build_masked_example", (TOKENS, ["2"]), "numbers are written without quotes"),
        ("build_masked_example", (TOKENS, "2"), "numbers are written without quotes"),
        ("build_masked_example", (TOKENS, None), "Now it is None."),
        ("build_masked_example", (TOKENS, {1, 2}), "Now it is {1, 2}."),
        ("build_causal_example", (TOKENS, 2), "this cell has 2 values"),
        ("build_causal_example", (), "this cell has 0 values"),
    ],
)
def test_what_was_given_is_said_and_how_to_mend_it(question, arguments, says):
    shown = drawn(question, QUESTIONS[question].reference, *arguments)
    assert says in shown
    assert shown.startswith("Not tried yet.")
    assert len(shown.splitlines()) <= 5


def counts_on_order(tokens, mask_positions):
    masked, labels, kept_from = [], {}, 0
    for at in mask_positions:
        masked += [*tokens[kept_from:at], "[MASK]"]
        labels[at], kept_from = tokens[at], at + 1
    return masked + tokens[kept_from:], labels


def test_positions_that_are_not_sorted_are_named_where_they_are_the_cause():
    question = "build_masked_example"
    assert "in the order [1, 3] it is right" in drawn(question, counts_on_order, TOKENS, [3, 1])
    assert "in the order" not in drawn(question, counts_on_order, TOKENS, [1, 3])
    assert "in the order" not in drawn(question, lambda *_: (TOKENS, {}), TOKENS, [3, 1])


def test_an_attention_mask_is_drawn_as_a_table():
    shown = drawn("build_causal_mask", lambda n: [[k <= q for k in range(n)] for q in range(n)], 3)
    assert [line.split() for line in shown.splitlines()[1:]] == [
        ["0", "●", "·", "·"],
        ["1", "●", "●", "·"],
        ["2", "●", "●", "●"],
    ]


def test_a_ragged_mask_is_drawn_too():
    shown = drawn("build_causal_mask", lambda n: [[True] * (q + 1) for q in range(n)], 2)
    assert shown.splitlines()[2].split() == ["0", "●"]


def test_labels_and_numbers_are_written_out():
    assert "-100" in drawn("labels_to_learn", lambda ids, *_: [-100] * 3, [5, 6, 7], [False] * 3, 1)
    assert "0.25" in drawn("mean_loss", lambda losses, mask: 0.25, [[1.0]], [[True]])


def test_a_rearranged_sequence_is_drawn_as_the_decoder_meets_it():
    sequence = ["<PRE>", "we", "<SUF>", "books", "<MID>", "read", "old"]
    shown = drawn("build_middle_example", lambda *_: sequence, TOKENS, 1, 3)
    assert "Fill in the middle" in shown


def test_an_entry_of_a_mask_that_is_neither_true_nor_false_is_not_drawn_as_one():
    rows = [["False", True], [[True], 7]]
    shown = drawn("build_causal_mask", lambda n: rows, 2)
    assert shown.splitlines()[-2].split() == ["0", "'False'", "●"]
    assert shown.splitlines()[-1].split() == ["1", "[True]", "7"]


def test_a_mask_of_dots_is_unanswered_and_not_drawn():
    shown = drawn("build_causal_mask", lambda n: [[...] * n for _ in range(n)], 2)
    assert shown.startswith("Not answered yet.\nNothing to draw yet.")


def test_a_mask_that_holds_itself_is_drawn_in_few_characters():
    def endless(length):
        row = []
        row += [row] * length
        return [row] * length

    assert len(drawn("build_causal_mask", endless, 4)) < 500


@pytest.mark.parametrize(
    ("question", "returned", "arguments"),
    [
        ("labels_to_learn", ([5], [6]), ([5, 6], [False, False], 1)),
        ("mean_loss", [1.0], ([[1.0]], [[True]])),
        ("mean_loss", "1.0", ([[1.0]], [[True]])),
        ("build_causal_mask", [True], (1,)),
    ],
)
def test_what_has_another_form_than_asked_for_is_not_drawn(question, returned, arguments):
    assert "Nothing to draw yet." in drawn(question, lambda *_: returned, *arguments)


def test_a_right_answer_without_anything_to_draw_is_right():
    shown = drawn("build_prefix_mask", lambda *_: [], 0, 0)
    assert shown.startswith("Right.")


def test_what_a_function_prints_stands_above_the_drawing(capsys):
    def speaks(tokens):
        print("reading", len(tokens))
        return tokens[:-1], tokens[1:]

    assert "must say" in drawn("build_causal_example", speaks, TOKENS)
    assert capsys.readouterr().out == "reading 4\n"


def test_a_number_is_drawn_without_the_dust_of_floats():
    shown = drawn("mean_loss", lambda *_: 0.1 + 0.2, [[0.3]], [[True]])
    assert shown.split() == ["loss", "0.3"]


class Broken:
    def __repr__(self):
        raise RuntimeError("no repr")

    def __eq__(self, other):
        raise RuntimeError("no comparison")

    def __hash__(self):
        raise RuntimeError("no hash")


class BrokenList(list):
    def __iter__(self):
        raise RuntimeError("no items")

    def __len__(self):
        raise RuntimeError("no length")


words = st.text(max_size=8) | st.sampled_from(
    [*TOKENS, "[MASK]", "<extra_id_0>", "<MID>", "a" * 300]
)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -100, True, np.float16(0.5)])
odd = (
    st.builds(Broken)
    | st.builds(BrokenList, st.lists(words))
    | st.sampled_from(
        [
            None,
            ...,
            {1, 2},
            b"x",
            print,
            Broken,
            (w for w in TOKENS),
            map(str, [1]),
            np.eye(3),
            [[]] * 2,
        ]
    )
)
values = st.recursive(
    words | numbers | odd,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.tuples(inner, inner)
        | st.dictionaries(words | st.integers(-2, 9), inner, max_size=4)
    ),
    max_leaves=12,
)
errors = st.sampled_from(
    [ValueError("x"), KeyError(), StopIteration(), SystemExit(), KeyboardInterrupt(), MemoryError()]
)
INPUTS = {
    "build_causal_example": (TOKENS,),
    "build_masked_example": (TOKENS, [1, 3]),
    "build_span_corruption": (TOKENS, 1, 3),
    "mask_80_10_10": (TOKENS, [1, 3], [0.1, 0.85], ["x", "y"]),
    "build_many_spans": (TOKENS, [[0, 1], [2, 3]]),
    "build_causal_mask": (3,),
    "build_prefix_mask": (3, 1),
    "build_prefix_example": (TOKENS, 2),
    "build_middle_example": (TOKENS, 1, 3),
    "labels_to_learn": ([5, 6, 7], [False, False, True], 1),
    "mean_loss": ([[1.0, 2.0]], [[True, False]]),
    "share_of_achievable": (0.5, 0.2, 0.8),
    "collate_causal": (TOKENS,),
    "labels_of_a_row": ([*TOKENS, "</s>", "</s>"], 5),
    "places_to_hide": ([*TOKENS, "<pad>"], [0.1, 0.9, 0.3, 0.8, 0.2], 0.4),
    "loss_of_a_step": ([[1.0, 2.0], [4.0]],),
    "collate_answer": (TOKENS[:2], TOKENS[2:]),
    "make_batch": ([TOKENS, TOKENS[:2]], [[0.1, 0.9, 0.2, 0.8], [0.9, 0.9]]),
    "my_prediction": ("blank",),
}


def test_there_is_an_input_of_ones_own_for_every_question():
    assert set(INPUTS) == set(QUESTIONS)


@pytest.mark.parametrize("question", INPUTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_comes_back_is_drawn_or_said(question, data):
    parts = len(QUESTIONS[question].parts)
    returned = data.draw(
        values | st.tuples(*[values] * parts) | st.tuples(*[st.lists(words)] * parts)
    )
    raised = data.draw(st.none() | errors) if data.draw(st.booleans()) else None

    def half_done(*arguments):
        if raised is not None:
            raise raised
        return returned

    shown = try_it(question, half_done, *INPUTS[question])
    assert repr(shown).strip()
    assert "<" in shown._repr_html_()
    assert check(question, half_done).message


@pytest.mark.parametrize("question", INPUTS)
def test_one_part_done_and_the_other_empty_is_drawn_or_said(question):
    right = QUESTIONS[question].reference(*INPUTS[question])
    parts = right if isinstance(right, tuple) else (right,)
    for at in range(len(parts)):
        for hole in ([], (), {}, "", None, 0, [[]], [None], ["x"] * 200):
            half = tuple(hole if k == at else part for k, part in enumerate(parts))
            shown = try_it(
                question, lambda *_, h=half: h if len(h) > 1 else h[0], *INPUTS[question]
            )
            assert repr(shown).strip()
            assert shown._repr_html_()


# A length of a billion runs out of time, and that may be raised while Hypothesis counts what the
# collection of garbage takes: there Python gives it up with a warning, and it is raised again.
@pytest.mark.filterwarnings("ignore:.*gc_cumulative_time:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("question", INPUTS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_given_is_tried_or_refused_in_words(question, data):
    given_here = list(INPUTS[question])
    at = data.draw(st.integers(0, len(given_here) - 1))
    given_here[at] = data.draw(values)
    if data.draw(st.booleans()):
        given_here = given_here[: data.draw(st.integers(0, len(given_here)))]
    shown = try_it(question, QUESTIONS[question].reference, *given_here)
    assert repr(shown).strip()
    assert shown._repr_html_()
