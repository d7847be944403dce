"""A call of a learner's function comes back with an outcome, whatever the function does."""

import contextlib
import itertools
import json
import sys
import threading
import time
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.practice import calling, check, checking
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Other, Outcome, decode, encode
from lessonlib.practice.judging import same

QUESTION = "build_causal_example"

whole = st.integers(-(2**60), 2**60)
plain = st.recursive(
    st.none() | st.booleans() | whole | st.text(max_size=20),
    lambda inner: st.lists(inner) | st.dictionaries(whole | st.text(), inner),
    max_leaves=10,
)


@settings(max_examples=40)
@given(plain)
def test_plain_data_survives_json(value):
    assert same(decode(json.loads(json.dumps(encode(value)))), value)


def test_keys_keep_their_type():
    assert decode(json.loads(json.dumps(encode({2: "a"})))) == {2: "a"}
    assert not same(decode(encode({2: "a"})), {"2": "a"})
    assert same(decode(encode({np.int64(2): np.str_("a")})), {2: "a"})


def test_arrays_tuples_and_lists_are_alike():
    table = [[1, 2], [3, 4]]
    assert encode(np.array(table)) == encode(((1, 2), (3, 4))) == encode(table)
    assert encode(np.bool_(True)) is True


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        set(range(10**5)),
        {"x" * 10**6},
        b"bytes",
        object(),
        10**400,
        float("nan"),
        range(10**9),
        np.zeros(10**6),
        [[0] * 100] * 1000,
        (word for word in "ab"),
        "x" * 10**6,
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_becomes_small_json(value):
    assert len(json.dumps(encode(value), allow_nan=False)) < 50_000


class Unwritable:
    def __repr__(self):
        raise RuntimeError


def test_a_set_of_what_cannot_be_written_is_named_by_its_kind():
    assert repr(decode(encode({Unwritable()}))) == "a set"


def test_a_message_about_a_large_set_is_short():
    message = check(QUESTION, lambda tokens: set(range(10**5))).message
    assert "returned a set" in message
    assert len(message) < 5_000


def test_fractions_and_decimals_are_numbers():
    assert encode(Fraction(1, 4)) == encode(Decimal("0.25")) == 0.25
    assert isinstance(decode(encode(Fraction(10**400))), Other)
    assert isinstance(decode(encode(Decimal("sNaN"))), Other)
    json.dumps([encode(Decimal(text)) for text in ("NaN", "Infinity", "1e999")], allow_nan=False)


def test_a_right_number_passes_whatever_its_kind():
    for kind in (Fraction, lambda number: Decimal(repr(number))):

        def share_of_achievable(score, chance, best, kind=kind):
            return (kind(score) - kind(chance)) / (kind(best) - kind(chance))

        assert check("share_of_achievable", share_of_achievable).passed


def test_a_list_inside_itself_ends():
    endless = []
    endless.append(endless)
    json.dumps(encode(endless))


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "text",
        {"value": 1},
        {**Outcome().to_json(), "timed_out": "no"},
        {**Outcome().to_json(), "failure": {"type": "E"}},
        {**Outcome().to_json(), "failure": {"type": 1, "text": "", "line": "", "line_number": 0}},
        {**Outcome().to_json(), "changed": ["tokens"]},
        {**Outcome().to_json(), "changed": None},
        {**Outcome().to_json(), "afterwards": None},
        {**Outcome().to_json(), "changed": [0], "afterwards": [{"typ": "x"}]},
        {**Outcome().to_json(), "changed": [99]},
        {**Outcome().to_json(), "changed": [-1], "afterwards": [1]},
        {**Outcome().to_json(), "changed": [True], "afterwards": [1]},
        {**Outcome().to_json(), "afterwards": [1]},
        {**Outcome().to_json(), "value": {"typ": 1}},
        {**Outcome().to_json(), "value": 10**400},
        {**Outcome().to_json(), "value": [{"dict": [[1, -(2**63)]]}]},
        {**Outcome().to_json(), "value": nested(10**5)},
    ],
)
def test_what_is_no_outcome_is_refused(data):
    with pytest.raises(ValueError, match="not an outcome"):
        Outcome.from_json(data)


@pytest.mark.parametrize("data", [{"dict": 3}, {"dict": [[1]]}, {"typ": "x"}, {"dict": [[{}, 1]]}])
def test_what_is_no_encoded_value_is_refused(data):
    with pytest.raises(ValueError, match="not an encoded value"):
        decode(data)


def swallows(tokens):
    while True:
        with contextlib.suppress(BaseException):
            tokens = tokens[:]


def grows(tokens):
    for word in tokens:
        tokens.append(word)


def sleeps(tokens):
    time.sleep(3600)


def spins(tokens):
    while True:
        pass


@pytest.mark.parametrize("function", [spins, grows, sleeps, swallows])
def test_endless_functions_are_stopped(function):
    started = time.monotonic()
    outcome = run(function, [["a", "b"]], seconds=0.2, patience=2)
    assert outcome.timed_out
    assert time.monotonic() - started < 10


def test_waiting_is_not_computing():
    def waits_for_a_busy_computer(tokens):
        time.sleep(0.5)
        return tokens

    assert run(waits_for_a_busy_computer, [["a"]], seconds=0.2).value == ["a"]


def test_a_loop_is_stopped_by_its_computing_long_before_patience_ends():
    started = time.monotonic()
    assert run(spins, [["a"]], seconds=0.1, patience=300).timed_out
    assert time.monotonic() - started < 100


def test_a_second_stop_that_comes_late_is_not_printed(monkeypatch):
    printed = []
    monkeypatch.setattr(threading, "excepthook", printed.append)

    def stopped_as_it_ends():
        raise calling._TimeUpError

    thread = calling._Thread(stopped_as_it_ends)
    thread.start()
    thread.join()
    assert not printed
    assert not thread.at_work


def test_an_endless_function_has_its_own_cause(monkeypatch):
    monkeypatch.setattr(checking, "run", partial(run, seconds=0.2))
    verdict = check(QUESTION, spins)
    assert verdict.cause == "endless_loop"
    assert "busy" in verdict.message


def test_a_failure_names_the_learners_own_line():
    def function(tokens):
        inputs = tokens[:-1]
        return inputs, max([])  # the line that fails

    failure = run(function, [["a"]]).failure
    assert failure.type == "ValueError"
    assert failure.line == "return inputs, max([])  # the line that fails"
    assert failure.line_number == function.__code__.co_firstlineno + 2
    assert failure.line in check(QUESTION, function).message


def test_a_failure_inside_a_library_names_the_line_that_called_it():
    def function(tokens):
        return json.loads("{")

    assert run(function, [["a"]]).failure.line == 'return json.loads("{")'


class SpeechlessError(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (SystemExit(), "raised_SystemExit"),
        (KeyboardInterrupt(), "raised_KeyboardInterrupt"),
        (GeneratorExit(), "raised_GeneratorExit"),
        (MemoryError(), "raised_MemoryError"),
        (SpeechlessError(), "raised_SpeechlessError"),
    ],
)
def test_any_exception_is_a_verdict(error, cause):
    def function(tokens):
        raise error

    assert check(QUESTION, function).cause == cause


def test_endless_recursion_is_a_verdict():
    def function(tokens):
        return function(tokens)

    assert check(QUESTION, function).cause == "raised_RecursionError"


def test_asking_for_input_is_a_verdict():
    verdict = check(QUESTION, lambda tokens: (input(), tokens))
    assert verdict.cause == "raised_EOFError"
    assert "parameters" in verdict.message


class Strange(list):
    def __len__(self):
        raise RuntimeError("strange")

    def __eq__(self, other):
        return True

    __hash__ = None


async def later(tokens):
    return tokens


@pytest.mark.parametrize(
    "function",
    [
        later,
        lambda tokens: Strange(),
        lambda tokens: [Strange(), Strange()],
        lambda tokens: (object(), 1),
        lambda tokens: ({}, set()),
        lambda tokens: (1.5, float("nan")),
        lambda tokens: itertools.count(),
        lambda tokens: "ab",
        lambda tokens: {"inputs": tokens[:-1], "labels": tokens[1:]},
        lambda tokens: np.arange(4).reshape(2, 2),
        lambda tokens: np.float64(3),
        print,
        len,
        dict,
        time,
        None,
        "build_causal_example",
        (["a"], ["b"]),
    ],
)
def test_no_function_breaks_the_check(function):
    verdict = check(QUESTION, function)
    assert not verdict.passed
    assert verdict.cause.replace("_", "").isalnum()
    assert len(verdict.message) > 40


def test_what_a_function_prints_is_not_shown(capsys):
    def function(tokens):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        return tokens[:-1], tokens[1:]

    assert check(QUESTION, function).passed
    assert capsys.readouterr() == ("", "")


def test_arguments_are_fresh_lists():
    tokens = ["a", "b"]
    outcome = run(lambda words: words.append("c"), [tokens])
    assert tokens == ["a", "b"]
    assert outcome.changed == (0,)
    assert outcome.afterwards == (["a", "b", "c"],)


def test_a_browser_without_threads_still_checks(monkeypatch):
    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert check(QUESTION, lambda tokens: (tokens[:-1], tokens[1:])).passed


def test_other_values_look_like_what_they_are():
    assert repr(decode(encode({"b", "a"}))) == "{'a', 'b'}"
    assert isinstance(decode(encode(...)), Other)


@pytest.mark.parametrize(
    "number",
    [np.float16(0.75), np.longdouble(0.75), np.array(np.longdouble(0.75)), Fraction(3, 4)],
)
def test_every_kind_of_real_number_is_a_number(number):
    assert encode(number) == 0.75
    assert encode([number, np.int8(3), np.bool_(True)]) == [0.75, 3, True]
