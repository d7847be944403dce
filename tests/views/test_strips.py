"""A strip says exactly what the sample says, in words, aligned, with and without styles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.samples import build_masked_example, causal, masked, objectives, span_corruption
from lessonlib.views.strips import NO_QUESTION, STYLE, strip, text_strip
from tests.views.html_tables import read_rows, read_tables

EXAMPLES = [pytest.param(row.example(), id=name) for name, row in objectives.items()]
WORDS = st.lists(st.text(min_size=1, max_size=14), min_size=2, max_size=40)


def spoken(target):
    return {True: "replaced", False: "original"}[target] if isinstance(target, bool) else target


@pytest.mark.parametrize("sample", EXAMPLES)
def test_every_token_and_every_question_is_drawn_in_its_column(sample):
    *encoder, questions = read_tables(strip(sample))
    reads, says = ("reads", "must say") if sample.source is None else ("has written", "must write")
    assert read_rows(questions, reads) == sample.inputs
    assert read_rows(questions, says) == [
        spoken(target) if counts else NO_QUESTION
        for target, counts in zip(sample.targets, sample.loss_mask, strict=True)
    ]
    moved = sample.source is not None or sample.objective in ("fill_in_middle", "glm")
    counter = "step" if moved else "position"
    assert read_rows(questions, counter) == [str(i) for i in range(len(sample.targets))]
    assert [read_rows(table, "reads") for table in encoder] == [
        source for source in [sample.source] if source is not None
    ]


@pytest.mark.parametrize("sample", EXAMPLES)
def test_the_number_of_questions_is_said_in_words(sample):
    assert f"<strong>{sum(sample.loss_mask)} question" in strip(sample)


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


def test_the_stylesheet_reaches_nothing_outside_the_strips():
    body = re.sub(r"<[^>]*>|/\*.*?\*/", "", STYLE)
    selectors = [rule.split("{")[0] for rule in body.replace("\n", "").split("}") if rule.strip()]
    for selector in ",".join(selectors).split(","):
        assert ".lesson-" in selector, selector
