"""What a function's code reads, told without running it."""

import functools
import json

import pytest

from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome
from lessonlib.practice.reading import MOST_CODE, read

my_words, my_number = ["a", "b"], 3


def reads_both(tokens, split):
    return tokens[:split]


def reads_one(tokens, split):
    return tokens


def reads_inside_others(tokens, split):
    return [word for word in tokens if (lambda at: at < split)(1)]


def writes_only(tokens, split):
    tokens = []
    return tokens, split


def reads_by_another_way(tokens, split):
    return len(locals())


def reads_a_helper(tokens, split):
    return reads_both(tokens, split), json


def borrows(tokens, split):
    return [word for word in my_words[:my_number] if word in tokens]


@pytest.mark.parametrize(
    ("function", "unread"),
    [
        (reads_both, ()),
        (reads_one, ("split",)),
        (reads_inside_others, ()),
        (reads_by_another_way, ()),
        (reads_a_helper, ()),
        (borrows, ("split",)),
        (lambda tokens, split: 0, ("tokens", "split")),
        (lambda *given: 0, ()),
        (print, ()),
        (functools.partial(reads_one, split=1), ()),
        (3, ()),
    ],
)
def test_unread_parameters(function, unread):
    assert read(function).unread == unread


@pytest.mark.parametrize(
    ("function", "borrowed"),
    [(borrows, ("my_words", "my_number")), (reads_both, ()), (reads_a_helper, ()), (print, ())],
)
def test_borrowed_names(function, borrowed):
    assert read(function).borrowed == borrowed


def test_code_too_long_to_look_into_is_left_alone():
    body = "\n".join(f"    x{at} = {at}" for at in range(MOST_CODE))
    known = {}
    exec(f"def long(tokens):\n{body}\n    return 0", known)  # written here, not by a learner
    assert read(known["long"]).unread == ()


def test_an_outcome_carries_what_was_read_through_json():
    outcome = run(borrows, [["a"], 1])
    assert (outcome.unread, outcome.borrowed) == (("split",), ("my_words", "my_number"))
    assert Outcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome


@pytest.mark.parametrize(
    ("function", "one_row"),
    [
        (lambda: [[False] * 2] * 2, True),
        (lambda: [[False] * 2 for _ in range(2)], False),
        (lambda: [[False] * 2], False),
        (lambda: ["a"] * 3, False),
        (lambda: None, False),
    ],
)
def test_an_outcome_tells_whether_all_rows_are_one_list(function, one_row):
    assert run(function, []).one_row is one_row


@pytest.mark.parametrize("field", ["unread", "borrowed", "one_row"])
def test_what_no_run_would_say_is_no_outcome(field):
    with pytest.raises(ValueError, match="not an outcome"):
        Outcome.from_json(Outcome().to_json() | {field: [1]})
