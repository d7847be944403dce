"""A strip says exactly what the sample says, in words, aligned, with and without styles."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.samples import (
    Sample,
    build_masked_example,
    causal,
    masked,
    objectives,
    span_corruption,
    text_infilling,
    token_deletion,
    ul2,
)
from lessonlib.styles import BOXED
from lessonlib.views.strips import NO_QUESTION, columns_of, message, strip, text_strip
from tests.views.html_tables import read_rows, read_tables

EXAMPLES = [pytest.param(row.example(), id=name) for name, row in objectives.items()]
WORDS = st.lists(st.text(min_size=1, max_size=14), min_size=2, max_size=40)


def spoken(target):
    return {True: "replaced", False: "original"}[target] if isinstance(target, bool) else target


def heads_of(sample):
    return max(len(target) if isinstance(target, tuple) else 1 for target in sample.targets)


@pytest.mark.parametrize("sample", EXAMPLES)
def test_every_token_and_every_question_is_drawn_in_its_column(sample):
    *encoder, questions = read_tables(strip(sample))
    reads, says = ("reads", "must say") if sample.source is None else ("has written", "must write")
    assert read_rows(questions, reads) == sample.inputs
    for head, name in enumerate([says, "2 ahead", "3 ahead"][: heads_of(sample)]):
        asked = [t[head : head + 1] if isinstance(t, tuple) else (t,) for t in sample.targets]
        assert read_rows(questions, name) == [
            spoken(target[0]) if counts and target else NO_QUESTION
            for target, counts in zip(asked, sample.loss_mask, strict=True)
        ]
    counter = "step" if sample.source is not None or sample.places is not None else "position"
    assert read_rows(questions, counter) == [str(i) for i in range(len(sample.targets))]
    assert [read_rows(table, "reads") for table in encoder] == [
        source for source in [sample.source] if source is not None
    ]


@pytest.mark.parametrize("sample", EXAMPLES)
def test_the_number_of_questions_is_said_in_words(sample):
    several = [len(target) if isinstance(target, tuple) else 1 for target in sample.targets]
    asked = sum(n for n, counts in zip(several, sample.loss_mask, strict=True) if counts)
    assert f"<strong>{asked} question" in strip(sample)


@pytest.mark.parametrize("sample", EXAMPLES)
def test_questions_are_marked_by_more_than_colour(sample):
    assert strip(sample).count("↓") == sum(sample.loss_mask)


@pytest.mark.parametrize("sample", EXAMPLES)
def test_the_text_form_has_the_same_words(sample):
    text = text_strip(sample)
    for token in [*(sample.source or []), *sample.inputs]:
        assert token in text


@given(WORDS)
def test_no_word_of_a_sentence_becomes_markup(words):
    (table,) = read_tables(strip(causal(words)))
    assert read_rows(table, "reads") == words[:-1]
    assert read_rows(table, "must say") == words[1:]


def test_markup_in_a_sentence_is_shown_as_text():
    html = strip(causal(["<script>alert(1)</script>", "&", '"x"']), values="<b>")
    assert "<script" not in html
    assert "<b>" not in html


def test_a_masked_strip_asks_at_the_masked_positions_only():
    tokens = "the cat sat on the mat".split()
    _, labels = build_masked_example(tokens, [1, 4])
    (table,) = read_tables(strip(masked(tokens, [1, 4])))
    says = read_rows(table, "must say")
    assert {i: word for i, word in enumerate(says) if word != NO_QUESTION} == labels


def test_lines_of_a_long_sentence_are_about_equally_long():
    (table,) = read_tables(strip(causal([f"word{i}" for i in range(41)])))
    lengths = [len(row) - 1 for row in table if row[0] == "reads"]
    assert sum(lengths) == 40
    assert max(lengths) - lengths[-1] < len(lengths)


def test_an_encoder_strip_says_what_each_part_reads():
    html = strip(span_corruption("a b c d".split(), [(1, 3)]))
    assert [word in html for word in ("reads", "has written", "must write")] == [True] * 3


WHATEVER = st.lists(st.text(max_size=40) | st.none() | st.integers() | st.booleans(), max_size=6)
ATTENTION = st.sampled_from(
    [("causal", 0), ("causal",), ("encoder_decoder", 1, 0), ("prefix", 3, 0), (), ("none such", 1)]
)


@given(
    st.sampled_from([*objectives, "captioning", "no such objective"]),
    st.none() | WHATEVER,
    WHATEVER,
    WHATEVER,
    st.lists(st.booleans(), max_size=6),
    ATTENTION,
)
@settings(max_examples=300, deadline=None)
def test_a_half_done_sample_is_drawn_as_it_is(objective, source, inputs, targets, mask, attention):
    sample = Sample(objective, source, inputs, targets, mask, attention)
    html, text = strip(sample), text_strip(sample)
    *encoder, questions = read_tables(html)
    reads = "reads" if source is None else "has written"
    assert [cell for cell in read_rows(questions, reads) if cell] == [
        str(token) for token in inputs if str(token)
    ]
    assert len(encoder) == (source is not None)
    assert text.count("question") == html.count(" question") > 0


@given(st.integers(2, 30), st.data())
def test_columns_stay_whatever_is_hidden(length, data):
    tokens = [f"w{k}" for k in range(length)]
    position = st.integers(0, length - 1)
    spans = []
    for start, end in data.draw(st.lists(st.tuples(position, position), min_size=1, max_size=4)):
        if start < end and all(start > right or end < left for left, right in spans):
            spans.append((start, end))
    spans = sorted(spans) or [(0, 1)]
    assert columns_of(span_corruption(tokens, spans)) == columns_of(
        span_corruption(tokens, [(0, length)])
    )
    assert columns_of(text_infilling(tokens, spans[:1])) == columns_of(
        text_infilling(tokens, [(0, 0)])
    )
    assert columns_of(masked(tokens, [0])) == columns_of(masked(tokens, range(length)))


def test_the_source_says_which_positions_of_the_sentence_are_hidden():
    tokens = "a b c d e f g h".split()
    for sample, positions in [
        (span_corruption(tokens, [(5, 8)]), ["0", "1", "2", "3", "4", "5–7"]),
        (span_corruption(tokens, [(0, 1), (2, 4)]), ["0", "1", "2–3", "4", "5", "6", "7"]),
        (token_deletion(tokens, [0, 3]), ["1", "2", "4", "5", "6", "7"]),
        (text_infilling(tokens, [(1, 7), (8, 8)]), ["0", "1–6", "7", "none"]),
        (ul2(tokens, "S", [(2, 8)]), ["", "0", "1"]),
    ]:
        source, steps = read_tables(strip(sample))
        assert read_rows(source, "position") == positions
        assert read_rows(steps, "position") == []
        assert read_rows(steps, "step")[0] == "0"


def test_a_learners_sample_is_numbered_from_its_targets_or_not_at_all():
    made = span_corruption("a b c d".split(), [(1, 3)])
    told = replace(made, places=None)
    assert strip(told) == strip(made)
    (source, _) = read_tables(strip(replace(told, targets=["b", "c"])))
    assert read_rows(source, "position") == ["?", "?", "?"]


def test_what_a_narrow_explorer_can_show_unbroken_is_known():
    tokens = "transformer models learn patterns from large text corpora".split()
    hidden = strip(span_corruption(tokens, [(0, 8)]))
    assert hidden.count("lesson-tokens") == hidden.count("lesson-whole") == 2
    assert "&lt;extra_<wbr>id_0&gt;" in hidden
    assert "lesson-whole lesson-steady" in strip(masked(tokens, [1]))
    assert "lesson-whole" not in strip(causal([token.center(12, "_") for token in tokens * 2]))
    pieces = strip(masked([*"abcdefghijklmn"], [1, 2]))  # fourteen blanks are too many
    assert "lesson-whole" in pieces
    assert "lesson-steady" not in pieces
    longer = strip(masked([*"abcdefghijk", "physicians"], range(11)), columns=12)
    assert "lesson-whole lesson-small" in longer


def test_cells_are_boxes_without_the_stylesheet():
    html = strip(masked(["a", "b"], [0]))
    assert html.count(BOXED) == 3  # two that are read, one that must be said
    assert "<strong>a</strong>" in html


def test_a_message_says_the_words_of_a_learner_and_does_not_draw_them():
    assert "<b>" not in message("'<b>' is no token")
    assert "&lt;b&gt;" in message("'<b>' is no token")
