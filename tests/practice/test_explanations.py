"""What a check of exercises 1, 5 and 6 says, and the inputs that bring it to light."""

import random
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from lessonlib.practice import check
from lessonlib.practice.calling import run
from lessonlib.practice.judging import judge
from lessonlib.practice.questions import QUESTIONS, cases
from tests.practice.answers import many_spans, masking, three_samples

SOURCES = Path(__file__).parents[2] / "solutions" / "text"
CAUSAL, MASKED, SPAN = three_samples.CAUSAL, three_samples.MASKED, three_samples.SPAN
SEEDS = range(20)
SPOKEN = "the cat saw the dog".split()


def mask_without_quotes(tokens, positions, rolls, random_words):
    inputs = list(tokens)
    for at, roll in zip(positions, rolls, strict=True):
        if roll < 0.8:
            inputs[at] = [MASK]  # noqa: F821
    return inputs, {}


@pytest.mark.parametrize(
    ("question", "function", "says"),
    [
        (masking.NAME, masking.replaces_at_nine, "At a roll of exactly 0.9 you replace; from 0.9"),
        (masking.NAME, masking.hides_at_eight, "At a roll of exactly 0.8 you hide; from 0.8 on"),
        (masking.NAME, masking.keeps_at_eight, "At a roll of exactly 0.8 you keep the word"),
        (masking.NAME, masking.counts_in_hundredths, "exactly 0.799 you replace; below 0.8 the"),
        (masking.NAME, masking.forgets_zero, "At a roll of exactly 0 you keep the word"),
        (masking.NAME, masking.second_if, "use `elif`"),
        (masking.NAME, masking.second_if_with_else, "the `else` of a second `if`"),
        (masking.NAME, masking.returns_in_the_loop, "how far `return` is indented"),
        (masking.NAME, masking.labels_anew, "Only the last label is left"),
        (masking.NAME, mask_without_quotes, "Text needs quotes: `'[MASK]'`."),
        (masking.NAME, masking.yields, "`yield`, use `return` instead"),
        (masking.NAME, masking.labels_as_set, "not a dictionary. Curly brackets"),
        (many_spans.NAME, many_spans.goes_on_one_too_late, "exactly at the span's `end`"),
        (many_spans.NAME, many_spans.two_spans_only, "In all of these `spans` has 2 items"),
        (many_spans.NAME, many_spans.first_without_loop, "is there a loop"),
        (many_spans.NAME, many_spans.returns_behind_the_body, "is there a loop"),
        (many_spans.NAME, many_spans.goes_on_at_the_start, "where the last span ended"),
        (many_spans.NAME, many_spans.target_anew, "`+=` adds"),
        (many_spans.NAME, many_spans.rest_each_round, "once, not in each round"),
        (many_spans.NAME, many_spans.ends_each_round, "once, not in each round"),
        (many_spans.NAME, many_spans.closed_and_closed_again, "You close every span"),
        (many_spans.NAME, many_spans.without_f, "the `f` before the quotes is missing"),
        (many_spans.NAME, many_spans.like_bart, "That is BART's target. T5 writes the gaps only."),
        (many_spans.NAME, many_spans.drops_a_short_rest, "be it many words or one"),
        (SPAN, three_samples.span_source_through_end, "is in neither list"),
    ],
)
def test_a_slip_is_named(question, function, says):
    assert says in check(question, function).message.replace("\n", " ")


@pytest.mark.parametrize(
    ("question", "function", "arguments", "says"),
    [
        (
            MASKED,
            three_samples.masked_by_word,
            (SPOKEN, [3]),
            "'the' is at 0 and at 3, and only 3 is meant.",
        ),
        (
            masking.NAME,
            masking.compares_words,
            (SPOKEN, [0], [0.1], ["tea"]),
            "'the' is at 0 and at 3, and only 0 is meant.",
        ),
        (
            many_spans.NAME,
            many_spans.hides_words,
            (SPOKEN, [[3, 5]]),
            "'the' is at 0 and at 3, and only 3 is meant.",
        ),
        (
            SPAN,
            three_samples.span_looked_up,
            (SPOKEN, 3, 5),
            "'the' is at 0 and at 3, and only 3 is meant.",
        ),
        (
            CAUSAL,
            three_samples.causal_by_looking_up,
            (SPOKEN,),
            "'the' is at 0 and at 3, and each place counts for itself.",
        ),
        (
            many_spans.NAME,
            many_spans.goes_on_one_too_late,
            (SPOKEN, [[0, 1], [3, 4]]),
            "lost ('cat', 'dog')",
        ),
        (
            many_spans.NAME,
            many_spans.forgets_where_it_was,
            ("we eat warm bread".split(), [[2, 3]]),
            "'we', 'eat', 'warm': these words come again",
        ),
        (
            many_spans.NAME,
            many_spans.drops_a_short_rest,
            (SPOKEN, [[3, 4]]),
            "after the last span is lost: 'dog'",
        ),
    ],
)
def test_an_explanation_names_the_words_it_is_about(question, function, arguments, says):
    verdict = judge(QUESTIONS[question], arguments, run(function, arguments))
    assert says in verdict.message


def test_a_word_found_inside_other_words_is_told():
    def in_the_text(tokens, positions, rolls, random_words):
        text = " ".join(tokens).replace(tokens[positions[0]], "[MASK]")
        return text.split(), {positions[0]: tokens[positions[0]]}

    arguments = (["a", "cat", "ran"], [0], [0.1], ["tea"])
    verdict = judge(QUESTIONS[masking.NAME], arguments, run(in_the_text, arguments))
    assert verdict.cause == "word_taken_for_position"
    assert "inside longer words" in verdict.message


@pytest.mark.parametrize("seed", range(30))
def test_who_rolls_again_is_never_right_and_is_sent_to_the_given_rolls(seed, monkeypatch):
    monkeypatch.setattr(random, "random", Random(seed).random)

    def rolls_again(tokens, positions, rolls, random_words):
        own = [random.random() for _ in positions]
        return masking.by_loop(tokens, positions, own, random_words)

    verdict = check(masking.NAME, rolls_again)
    assert not verdict.passed
    if verdict.cause == "rolls_not_followed":
        assert "If you roll dice of your own, use the rolls" in verdict.message


def test_the_answers_of_a_random_roller_are_mostly_told_as_such():
    def cause(seed):
        dice = Random(seed)
        rolls = [dice.random() for _ in range(4)]
        arguments = (SPOKEN, [0, 1, 2, 4], [0.05, 0.5, 0.85, 0.95], ["tea", "sun", "ink", "oak"])
        outcome = run(masking.by_loop, (*arguments[:2], rolls, arguments[3]))
        return judge(QUESTIONS[masking.NAME], arguments, outcome).cause

    told = [cause(seed) in {"rolls_not_followed", "rolls_not_used"} for seed in range(100)]
    assert sum(told) > 80


@pytest.mark.parametrize(
    ("question", "page", "arguments"),
    [
        (CAUSAL, "01_your_own_sentence", ("rain falls on roofs",)),
        (MASKED, "01_your_own_sentence", ("rain falls on roofs", [1, 3])),
        (SPAN, "01_your_own_sentence", ("rain falls on roofs", 1, 3)),
        (
            masking.NAME,
            "05_masking_80_10_10",
            (
                "a small boat drifts past the sleeping town tonight",
                [1, 4, 6],
                [0.31, 0.85, 0.97],
                ["spoon", "tiger", "loud"],
            ),
        ),
        (
            many_spans.NAME,
            "06_many_spans",
            ("rain falls softly on roofs at night", [[1, 3], [5, 6]]),
        ),
    ],
)
def test_what_the_page_shows_is_tried(question, page, arguments):
    sentence, *rest = arguments
    text = " ".join((SOURCES / f"{page}.md").read_text("utf-8").split())
    assert sentence in text
    assert all(f"{each}".replace("'", '"') in text for each in rest)
    assert (sentence.split(), *rest) in cases(QUESTIONS[question], Random(0))


def hidden_positions(question, arguments):
    tokens, *rest = arguments
    if question == CAUSAL:
        return [len(tokens) - 1]
    if question == SPAN:
        return list(range(*rest))
    if question == many_spans.NAME:
        return [at for span in rest[0] for at in range(*span)]
    return rest[0]


@pytest.mark.parametrize("question", [CAUSAL, MASKED, SPAN, masking.NAME, many_spans.NAME])
def test_some_input_hides_one_copy_of_a_word_and_shows_another(question):
    for seed in SEEDS:
        earlier, later = False, False
        for arguments in cases(QUESTIONS[question], Random(seed)):
            tokens, chosen = arguments[0], hidden_positions(question, arguments)
            shown = [at for at in range(len(tokens)) if at not in chosen]
            pairs = [(a, b) for a in chosen for b in shown if tokens[a] == tokens[b]]
            earlier = earlier or any(a < b for a, b in pairs)
            later = later or any(a > b for a, b in pairs)
        assert later
        assert earlier or question == CAUSAL


@pytest.mark.parametrize("question", [MASKED, masking.NAME])
def test_some_positions_come_in_no_order_with_the_first_and_the_last(question):
    for seed in SEEDS:
        drawn = [arguments[:2] for arguments in cases(QUESTIONS[question], Random(seed))]
        assert any({0, len(tokens) - 1} <= set(at) and at != sorted(at) for tokens, at in drawn)


@pytest.mark.parametrize("seed", SEEDS)
def test_some_spans_leave_one_word_or_none_and_some_are_many(seed):
    drawn = [
        (len(tokens), spans) for tokens, spans in cases(QUESTIONS[many_spans.NAME], Random(seed))
    ]
    rests = {length - spans[-1][1] for length, spans in drawn if spans}
    assert {0, 1} <= rests
    assert any(spans == [[0, length]] for length, spans in drawn)
    assert max(len(spans) for _, spans in drawn) > 10
    for _, spans in drawn:
        assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_a_replaced_word_may_be_another_word_of_the_sentence():
    drawn = cases(QUESTIONS[masking.NAME], Random(0))
    assert any(
        0.8 <= roll < 0.9 and word in tokens
        for tokens, _, rolls, words in drawn
        for roll, word in zip(rolls, words, strict=True)
    )


@pytest.mark.parametrize(
    ("question", "function"),
    [
        (masking.NAME, masking.second_if),
        (masking.NAME, masking.yields),
        (many_spans.NAME, many_spans.nested),
        (many_spans.NAME, many_spans.without_f),
        (CAUSAL, three_samples.causal_without_colons),
        (CAUSAL, three_samples.causal_by_adding_words),
    ],
)
def test_the_lesson_is_not_pointed_to_for_a_slip_in_python(question, function):
    assert "Read again" not in check(question, function).message


def test_the_notebook_to_read_again_is_one_click_away():
    verdict = check(CAUSAL, three_samples.causal_copy)
    assert 'href="../notebooks/03_three_samples.ipynb"' in verdict._repr_html_()
