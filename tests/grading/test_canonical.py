"""nbval's comparison of texts decides, and never otherwise than a check in a notebook would."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonlib.grading.confined.kernel import Said
from lessonlib.grading.verdicts import ruling
from lessonlib.grading.verdicts.canonical import canonical, near
from lessonlib.grading.verdicts.probes import Answer, draw
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome, decode, encode
from lessonlib.practice.faults import same
from lessonlib.practice.questions import QUESTIONS
from tests.grading.handouts import CAUSAL
from tests.practice.answers import RIGHT, WRONG

on_a_busy_machine = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

numbers = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.floats(-3, 3),
    st.sampled_from([1.0, 2.0, 1 + 1e-8, 1 + 1e-5, 1e-12, 0.1 + 0.2, 0.3, 10**6, 10.0**6 + 1]),
)
keys = st.one_of(numbers, st.text("ab", max_size=2), st.tuples(numbers, numbers))
values = st.recursive(
    st.one_of(st.none(), numbers, st.text("ab", max_size=2), st.just(...), st.just({"b"})),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(keys, inner, max_size=3),
    ),
    max_leaves=6,
)


def written(value):
    return canonical(Outcome(value=encode(value)))


def alike(value, expected):
    right = written(expected)
    return near(written(value), right) == right


@on_a_busy_machine
@given(values, values)
def test_two_values_are_written_alike_if_they_are_the_same_to_a_check(one, other):
    assert alike(one, other) == same(decode(encode(one)), decode(encode(other)))


@on_a_busy_machine
@given(values, st.randoms())
def test_another_way_to_say_the_same_is_written_alike(value, rng):
    assert alike(said_otherwise(value, rng), value)


def said_otherwise(value, rng):
    """Return a value that is none other: another order of keys, a tuple, a number nearby."""
    if isinstance(value, dict):
        pairs = [(key, said_otherwise(item, rng)) for key, item in value.items()]
        return dict(rng.sample(pairs, len(pairs)))
    if isinstance(value, (list, tuple)):
        return rng.choice([list, tuple])(said_otherwise(item, rng) for item in value)
    if isinstance(value, float):
        return value * (1 + 1e-9)
    return rng.choice([int, bool])(value) if isinstance(value, bool) else value


def tried(probe, function):
    return Answer(True, tuple(run(function, copy.deepcopy(each)) for each in probe.drawn))


@pytest.mark.parametrize(("question", "function"), RIGHT)
def test_what_a_check_takes_for_right_is_what_nbval_expects(question, function):
    probe = draw(question, "exercise", 3, "t")
    assert probe.comparable(tried(probe, function)) == probe.cell.outputs


@pytest.mark.parametrize(
    ("question", "function"), [(name, wrong) for name, cause, wrong in WRONG if "loop" not in cause]
)
def test_what_a_check_takes_for_wrong_is_not_what_nbval_expects(question, function):
    probe = draw(question, "exercise", 3, "t")
    assert probe.comparable(tried(probe, function)) != probe.cell.outputs


def test_a_judge_that_finds_nothing_wrong_does_not_make_an_answer_right(monkeypatch):
    monkeypatch.setattr("lessonlib.practice.faults.Tried.right", property(lambda _: True))
    probe = draw(CAUSAL, "exercise", 3, "t")
    answer = tried(probe, lambda tokens: (tokens[1:], tokens[:-1]))
    assert probe.comparable(answer) != probe.cell.outputs
    found = ruling._explained(probe, answer, ruling._judged(probe, answer), Said(), "")
    assert (found.verdict, found.cause) == ("error", "two_minds")


def test_what_changes_its_arguments_raises_or_does_not_end_is_not_right():
    right = QUESTIONS[CAUSAL].reference(["a", "b"])
    for how in ({"changed": (0,), "afterwards": ([],)}, {"timed_out": True}):
        assert canonical(Outcome(value=encode(right), **how)) != written(right)
