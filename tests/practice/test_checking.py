"""What is given to `check` and `try_it`: what was wrong, what is allowed, and what to write."""

import pytest

from lessonlib.practice import check, store, try_it
from lessonlib.practice.course import is_done, progress, standing, step_named
from lessonlib.practice.questions import QUESTIONS

NAME = "build_causal_example"


def build_causal_example(tokens):
    return tokens[:-1], tokens[1:]


def wrong(tokens):
    return tokens, tokens


def a_helper():
    pass


@pytest.mark.parametrize(("ask", "shape"), [(check, f"check({NAME!r}, {NAME})"), (try_it, NAME)])
@pytest.mark.parametrize("given", [(build_causal_example,), (build_causal_example, ["a", "b"])])
def test_a_function_in_the_place_of_the_name_is_told_what_to_write(ask, shape, given):
    with pytest.raises(TypeError) as caught:
        ask(*given)
    said = str(caught.value)
    assert said.startswith(f"question={NAME} is of type function")
    assert "must be the name of a question, as text" in said
    assert f"Write {ask.__name__}({NAME!r}, {NAME}" in said
    assert shape in said
    assert "0x" not in said


@pytest.mark.parametrize("given", [a_helper, None, 3, ["a"], (["a"], ["b"])])
def test_what_is_no_name_is_told_all_names(given):
    with pytest.raises(TypeError, match="must be the name of a question") as caught:
        check(given, build_causal_example)
    assert all(repr(name) in str(caught.value) for name in QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("misspelt", [str.upper, lambda name: name[:-1], "{}()".format])
def test_a_misspelt_name_is_told_the_nearest(name, misspelt):
    with pytest.raises(ValueError, match="is unknown") as caught:
        check(misspelt(name), wrong)
    assert f"Write check({name!r}, {name})" in str(caught.value)


@pytest.mark.parametrize("given", [(None,), (), ((["a"], ["b"]),), ("a b",), (3,)])
def test_what_is_no_function_is_said_as_it_is(given):
    for verdict in (check(NAME, *given), try_it(NAME, *given, *([["a", "b"]] if given else []))):
        if verdict.cause != "input_does_not_fit":
            assert verdict.cause == "not_a_function"
            assert f"{NAME}" in verdict.message
            assert repr(given[0] if given else None) in verdict.message


def test_what_is_reached_stays_and_a_failed_check_after_it_is_said(progress_file):
    step = step_named("exercise 1")
    for name in step.checks:
        assert check(name, QUESTIONS[name].reference)
    assert standing(step) == "✓ done"
    assert not check(NAME, wrong)
    assert is_done(step)
    assert f"your last check of {NAME} was not right" in standing(step)
    assert "last check not right" in repr(progress())
    assert "was not right" in repr(progress("exercise 1"))
    assert check(NAME, build_causal_example)
    assert standing(step) == "✓ done"


def test_a_first_check_that_fails_is_nothing_to_be_reminded_of():
    assert not check(NAME, wrong)
    assert store.kept("last checks") == {}
    assert "last check" not in standing(step_named("exercise 1"))
