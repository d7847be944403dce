"""Half an answer: what is still to be done, and whether the half that is there is right."""

import pytest

from lessonlib.practice import check, try_it
from lessonlib.practice.questions import QUESTIONS
from tests.practice.answers import WRONG

SEVERAL = {
    name: question
    for name, question in QUESTIONS.items()
    if question.parts[1:] and question.accepts is None  # else no part is right by itself
}
HALVES = [(name, at) for name, question in SEVERAL.items() for at in range(len(question.parts))]


def with_dots_at(function, open_part):
    def half(*arguments):
        parts = list(function(*arguments))
        parts[open_part] = ...
        return tuple(parts)

    return half


@pytest.mark.parametrize(("name", "at"), HALVES)
def test_the_open_part_is_named_and_the_others_are_right(name, at):
    question = QUESTIONS[name]
    verdict = check(name, with_dots_at(question.reference, at))
    assert verdict.cause == "unanswered"
    still, _, done = verdict.message.partition("still to be done")
    assert f"`{question.parts[at]}`" in still
    others = [f"`{part}`" for part in question.parts if part != question.parts[at]]
    assert all(part in done and part not in still for part in others)
    assert "right on all" in done
    assert "not right yet" not in done


@pytest.mark.parametrize(("name", "at"), HALVES)
def test_a_wrong_half_is_told_by_what_is_wrong_with_it(name, at):
    question = QUESTIONS[name]
    names = question.parts

    def wrong_besides(*arguments):
        parts = [["nothing", "of", "this"]] * len(names)
        parts[at] = ...
        return tuple(parts)

    message = check(name, wrong_besides).message
    assert message.splitlines()[0].endswith("not right yet.")
    assert f"`{names[at]}`" not in message.splitlines()[1]
    assert "  expected" in message


@pytest.mark.parametrize(("name", "at"), HALVES)
def test_a_half_is_called_wrong_only_where_it_is(name, at):
    question = QUESTIONS[name]
    for function in (function for asked, _, function in WRONG if asked == name):
        half = with_dots_at(function, at)
        verdict = check(name, half)
        if "still to be done" not in verdict.message:
            continue  # it returns something else than the parts that are asked for

        def completed(*arguments, half=half):
            parts = list(half(*arguments))
            parts[at] = question.reference(*arguments)[at]
            return tuple(parts)

        said_wrong = "not right yet" in verdict.message
        assert said_wrong is not check(name, completed).passed, function.__name__


@pytest.mark.parametrize(
    ("inputs", "never"),
    [
        (lambda tokens: tokens[1:], "Your labels"),
        (lambda tokens: tokens, "Your labels"),
        (lambda tokens: [], "Your labels"),
    ],
)
def test_the_other_half_is_not_blamed(inputs, never):
    assert never not in check("build_causal_example", lambda tokens: (inputs(tokens), ...)).message


def second_place_open(tokens, positions, rolls, random_words):
    inputs, labels = list(tokens), {}
    for position, _ in zip(positions, rolls, strict=True):
        labels[position] = tokens[position]
        ...
    return inputs, labels


def untouched(tokens, positions, rolls, random_words):
    inputs, labels = list(tokens), {}
    for position in positions:
        labels[position] = ...
        ...
    return inputs, labels


def test_a_line_of_dots_is_named_beside_what_is_right_already():
    message = check("mask_80_10_10", second_place_open).message
    line = second_place_open.__code__.co_firstlineno + 4
    assert message.startswith(f"Line {line} of its cell is still dots")
    assert "`labels` is right on all" in message


def test_what_was_given_is_not_answered_and_nothing_in_it_is_judged():
    verdict = check("mask_80_10_10", untouched)
    assert verdict.cause == "unanswered"
    assert "rolls" not in verdict.message


def test_dots_alone_are_no_answer_and_dots_beside_a_right_one_are_no_matter():
    def nothing(tokens): ...

    def right(tokens):
        ...
        return tokens[:-1], tokens[1:]

    assert check("build_causal_example", nothing).cause == "unanswered"
    assert check("build_causal_example", right).passed


def test_code_that_stumbles_over_dots_is_told_so():
    def function(tokens):
        inputs = ...
        return inputs[:-1], tokens

    assert "where your own code belongs" in check("build_causal_example", function).message


def test_half_an_answer_is_said_where_it_would_be_drawn():
    shown = try_it("build_causal_example", lambda tokens: (tokens[:-1], ...), ["a", "b"])
    assert "`labels` is still to be done" in repr(shown)
    assert "`inputs` is right here" in repr(shown)
