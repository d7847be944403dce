"""A call of a learner's function comes back with an outcome, whatever the function does."""

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
from lessonlib.practice.clock import TimeUpError
from lessonlib.practice.codec import Other, Outcome, decode, encode
from lessonlib.practice.judging import same
from tests.practice import odd
from tests.practice.answers import RIGHT, WRONG

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


def sleeps(tokens):
    time.sleep(3600)


# It may be raised while Hypothesis counts what the collection of garbage takes: there Python gives
# it up with a warning, and it is raised again.
@pytest.mark.filterwarnings("ignore:.*gc_cumulative_time:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("function", [*odd.ENDLESS, sleeps])
def test_endless_functions_are_stopped(function):
    started = time.monotonic()
    outcome = run(function, [["a", "b"]], seconds=0.2, patience=2)
    assert outcome.timed_out
    assert time.monotonic() - started < 10


@pytest.fixture
def no_threads(monkeypatch):
    """Call where no thread can be started, as in a browser."""

    def refuse(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)


monitored = pytest.mark.skipif(
    not hasattr(sys, "monitoring"), reason="Python 3.11 has no monitor, and threads everywhere"
)


@monitored
@pytest.mark.parametrize("function", [*odd.ENDLESS, *odd.STUBBORN])
def test_endless_functions_are_stopped_without_threads(no_threads, function):
    assert run(function, [["a", "b"]], seconds=0.2).timed_out


@monitored
def test_a_clock_leaves_other_monitors_as_they_were(no_threads):
    watch, seen = sys.monitoring, []
    names = [watch.get_tool(number) for number in range(6)]
    tool = names.index(None)
    watch.use_tool_id(tool, "another")
    watch.register_callback(tool, watch.events.PY_START, lambda *where: seen.append(where))
    watch.set_events(tool, watch.events.PY_START)
    try:
        assert run(odd.spins, [["a"]], seconds=0.1).timed_out
        seen.clear()
        odd.changes_what_it_gets([])
        assert seen
    finally:
        watch.set_events(tool, watch.events.NO_EVENTS)
        watch.register_callback(tool, watch.events.PY_START, None)
        watch.free_tool_id(tool)
    assert names == [watch.get_tool(number) for number in range(6)]


def test_odd_answers_come_to_the_same_without_threads(request):
    with_threads = odd.outcomes(run)
    request.getfixturevalue("no_threads")
    for one, other in zip(odd.outcomes(run), with_threads, strict=True):
        assert one == other


def test_answers_are_told_by_the_same_words_without_threads(request):
    answers = [(name, function) for name, *_, function in (*RIGHT, *WRONG)]
    with_threads = [check(*answer).message for answer in answers]
    request.getfixturevalue("no_threads")
    assert [check(*answer).message for answer in answers] == with_threads


def test_waiting_is_not_computing():
    def waits_for_a_busy_computer(tokens):
        time.sleep(0.5)
        return tokens

    assert run(waits_for_a_busy_computer, [["a"]], seconds=0.2).value == ["a"]


def test_a_loop_is_stopped_by_its_computing_long_before_patience_ends():
    started = time.monotonic()
    assert run(odd.spins, [["a"]], seconds=0.1, patience=300).timed_out
    assert time.monotonic() - started < 100


def test_a_second_stop_that_comes_late_is_not_printed(monkeypatch):
    printed = []
    monkeypatch.setattr(threading, "excepthook", printed.append)

    def stopped_as_it_ends():
        raise TimeUpError

    thread = calling._Thread(stopped_as_it_ends)
    thread.start()
    thread.join()
    assert not printed
    assert not thread.at_work


def test_an_endless_function_has_its_own_cause(monkeypatch):
    monkeypatch.setattr(checking, "run", partial(run, seconds=0.2))
    verdict = check(QUESTION, odd.spins)
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


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (SystemExit(), "raised_SystemExit"),
        (KeyboardInterrupt(), "raised_KeyboardInterrupt"),
        (GeneratorExit(), "raised_GeneratorExit"),
        (MemoryError(), "raised_MemoryError"),
        (odd.SpeechlessError(), "raised_SpeechlessError"),
    ],
)
def test_any_exception_is_a_verdict(error, cause):
    def function(tokens):
        raise error

    assert check(QUESTION, function).cause == cause


def test_endless_recursion_is_a_verdict():
    assert check(QUESTION, odd.recurses).cause == "raised_RecursionError"
    assert run(odd.recurses, [["a"]]).failure.line == "return recurses(tokens)"


def test_asking_for_input_is_a_verdict():
    verdict = check(QUESTION, lambda tokens: (input(), tokens))
    assert verdict.cause == "raised_EOFError"
    assert "parameters" in verdict.message


@pytest.mark.parametrize(
    "function",
    [
        *(each for each in odd.ODD if each is not odd.prints),
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
    assert check(QUESTION, odd.prints).passed
    assert capsys.readouterr() == ("", "")


def test_arguments_are_fresh_lists():
    tokens = ["a", "b"]
    outcome = run(lambda words: words.append("c"), [tokens])
    assert tokens == ["a", "b"]
    assert outcome.changed == (0,)
    assert outcome.afterwards == (["a", "b", "c"],)


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
