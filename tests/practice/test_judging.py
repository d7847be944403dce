"""Verdicts: what a learner reads, and that judging is pure."""

import copy
from random import Random

import pytest

import lessonlib
from lessonlib import attention
from lessonlib.practice import Verdict, check
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome, encode
from lessonlib.practice.judging import judge, same
from lessonlib.practice.questions import QUESTIONS, cases

CAUSAL = QUESTIONS["build_causal_example"]
TOKENS = ["we", "read", "old", "books"]


def test_a_message_says_what_came_back_what_was_expected_and_where_to_read():
    value = encode((TOKENS, TOKENS))
    message = judge(CAUSAL, (TOKENS,), Outcome(value=value)).message
    assert f"build_causal_example({TOKENS!r})" in message
    assert f"returned  inputs = {TOKENS!r}" in message
    assert f"expected  inputs = {TOKENS[:-1]!r}" in message
    assert "03_three_samples" in message


def test_judging_changes_nothing():
    arguments, outcome = (list(TOKENS),), Outcome(value=encode((TOKENS, TOKENS)))
    before = copy.deepcopy((arguments, outcome))
    assert judge(CAUSAL, arguments, outcome) == judge(CAUSAL, arguments, outcome)
    assert (arguments, outcome) == before


def test_the_last_resort_names_the_part_and_the_place():
    value = encode((TOKENS[:-1], ["read", "new", "books"]))
    verdict = judge(CAUSAL, (TOKENS,), Outcome(value=value))
    assert verdict.cause == "labels_wrong"
    assert "position 1: 'new' should be 'old'" in verdict.message


def test_an_unknown_question_is_an_error_that_lists_the_questions():
    with pytest.raises(ValueError, match=r"'build_casual_example'.*build_causal_example"):
        check("build_casual_example", lambda tokens: tokens)


def test_a_verdict_reads_as_text_and_as_html():
    verdict = Verdict(False, "some_cause", "5 < 6 & so on")
    assert repr(verdict) == "Not yet.\n5 < 6 & so on"
    assert "5 &lt; 6 &amp; so on" in verdict._repr_html_()
    assert not verdict
    assert repr(Verdict(True, "right", "All good.")) == "Right.\nAll good."


def test_the_lessons_own_functions_are_right():
    for name in ("build_causal_example", "build_masked_example", "build_span_corruption"):
        assert check(name, getattr(lessonlib, name))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ([1, (2, 3)], (1, [2, 3]), True),
        ({1: [2]}, {1: (2,)}, True),
        (0.1 + 0.2, 0.3, True),
        (1.0, 1, True),
        (1.0, 1.001, False),
        ("a", ["a"], False),
        ({1: 2}, {"1": 2}, False),
        ([1], [1, 2], False),
        (1.0, "1.0", False),
    ],
)
def test_same(one, other, alike):
    assert same(one, other) is same(other, one) is alike


@pytest.mark.parametrize("length", range(1, 6))
def test_the_mask_questions_agree_with_the_course(length):
    causal, prefix = QUESTIONS["build_causal_mask"], QUESTIONS["build_prefix_mask"]
    assert causal.reference(length) == attention.causal(length).tolist()
    for split in range(length + 1):
        assert prefix.reference(length, split) == attention.prefix(length, split).tolist()


def message(question, function):
    return check(question, function).message


def test_swapped_values_are_put_right_by_their_names():
    span = QUESTIONS["build_span_corruption"]
    said = message(span.name, lambda *given: span.reference(*given)[::-1])
    assert "Return `corrupted` first, then `target`." in said


def test_a_swap_is_offered_beside_a_wrong_shift():
    assert "wrong order" in message(CAUSAL.name, lambda tokens: (tokens[1:], tokens[:-1]))


@pytest.mark.parametrize(
    "function",
    [
        lambda tokens: [].append(1),
        lambda tokens: (tokens[:-1], [].extend(tokens)),
        lambda tokens: ([].extend(tokens).append(1), tokens[1:]),
        lambda tokens: ([*[].sort()], tokens[1:]),
    ],
)
def test_none_is_explained_wherever_it_turns_up(function):
    assert "`append`, `extend` and `sort`" in message(CAUSAL.name, function)


def test_adding_a_word_to_a_list_is_explained():
    assert "`[word]`" in message(CAUSAL.name, lambda tokens: (tokens + tokens[0], tokens))


def test_a_dictionary_that_differs_is_told_by_its_key():
    masked = QUESTIONS["build_masked_example"]

    def judged(labels):
        value = encode((["we", "[MASK]", "old", "books"], labels))
        return judge(masked, (TOKENS, [1]), Outcome(value=value)).message

    assert "at 1 it holds 'new', not 'read'" in judged({1: "new"})
    assert "the key 1 is missing" in judged({2.5: "read"})
    assert "the key 'x' does not belong there" in judged({1: "read", "x": "y"})


def test_a_list_of_wrong_length_names_what_differs():
    value = encode((TOKENS[:-1], ["read", "old", "books", "books", "too"]))
    assert "Too many: 'books', 'too'." in judge(CAUSAL, (TOKENS,), Outcome(value=value)).message
    value = encode((["we", "old"], TOKENS[1:]))
    assert "Missing: 'read'." in judge(CAUSAL, (TOKENS,), Outcome(value=value)).message


def test_a_changed_argument_is_shown_as_it_is_afterwards():
    def pops(tokens):
        labels = tokens[1:]
        tokens.pop()
        return tokens, labels

    verdict = judge(CAUSAL, (TOKENS,), run(pops, (TOKENS,)))
    assert f"after it  tokens = {TOKENS[:-1]!r}" in verdict.message


def test_an_outcome_about_an_argument_that_was_never_given_is_refused():
    with pytest.raises(ValueError, match="changed=1 is out of range"):
        judge(CAUSAL, (TOKENS,), Outcome(changed=(1,), afterwards=([],)))


@pytest.mark.parametrize(
    "function", [lambda tokens: None, lambda tokens: tokens[99], lambda tokens: tokens.clear()]
)
def test_the_lesson_is_not_pointed_to_for_what_it_does_not_explain(function):
    assert "Read again" not in message(CAUSAL.name, function)


def test_several_values_are_not_called_a_list():
    assert "returned 3 values" in message(CAUSAL.name, lambda tokens: (tokens, tokens, tokens))
    assert "one list of" in message(CAUSAL.name, lambda tokens: tokens)


def test_code_in_a_message_is_marked_as_code_in_html():
    shown = check(CAUSAL.name, lambda tokens: (..., tokens))._repr_html_()
    assert "<code>build_causal_example</code>" in shown
    assert "`" not in shown


def test_a_fixed_length_is_suspected_where_only_one_length_is_right():
    length = len(cases(CAUSAL, Random(CAUSAL.name))[0][0])
    said = message(CAUSAL.name, lambda tokens: (tokens[: length - 1], tokens[1:length]))
    assert f"All of these have {length} items: is a length fixed" in said


def test_an_answer_that_is_right_here_and_there_says_on_how_many():
    def no_short_ones(tokens):
        return (tokens[:-1], tokens[1:]) if len(tokens) > 2 else ([], [])

    assert "right on 6 of the 7 inputs" in message(CAUSAL.name, no_short_ones)
    first = message(CAUSAL.name, lambda tokens: (tokens[:1], tokens[1:2]))
    assert "right on 1 of the 7 inputs tried, where this makes no difference" in first
    assert "inputs tried" not in message(CAUSAL.name, lambda tokens: (tokens, tokens))
