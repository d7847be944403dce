"""Was a learner right as often as they were sure? Counted against predictions made on purpose."""

import base64
import random
import re

import pytest

from lessonlib import calibration
from lessonlib.practice.calibration import judgement, sorted_by_confidence
from lessonlib.practice.predictions import CONFIDENCES, commit, predictions, reveal
from lessonlib.words import Words

WORDS = Words("practice")
KNOWN = [each for each in predictions().values() if each.answer is not None]
MEASURED = [each for each in predictions().values() if each.answer is None]


def predicted(prediction, right, confidence):
    wrong = next(option for option in prediction.options if option != prediction.answer)
    commit(prediction, prediction.answer if right else wrong, confidence)


def test_before_any_prediction_it_says_what_it_waits_for():
    assert repr(calibration()) == WORDS("calibration.nothing_yet")


def test_every_prediction_is_counted_where_it_belongs():
    draws = random.Random(1)
    made = [(each, draws.random() < 0.5, draws.choice([None, *CONFIDENCES])) for each in KNOWN]
    for each in made:
        predicted(*each)
    for confidence, outcomes in sorted_by_confidence().items():
        there = [right for _, right, sure in made if sure == confidence]
        assert sorted(outcomes) == sorted(there)
        alt = WORDS(
            "calibration.alt_row",
            sure=WORDS(f"confidence.{confidence}"),
            right=sum(there),
            count=len(there),
        )
        assert alt in repr(calibration())


def test_what_is_not_measured_yet_does_not_count():
    prediction = MEASURED[0]
    commit(prediction, prediction.options[0], "very")
    assert not any(sorted_by_confidence().values())
    reveal(prediction.name, prediction.options[1])
    assert sorted_by_confidence()["very"] == [False]


@pytest.mark.parametrize(
    ("guess", "fairly", "very", "says"),
    [
        ([0, 0, 1], [0, 1, 1], [1, 1, 1], "as_sure"),
        ([0, 1, 1], [0, 1, 1], [0, 1, 1], "not_as_sure"),
        ([1, 1, 1], [0, 1, 1], [0, 0, 1], "not_as_sure"),
        ([0, 0, 1], [1, 1, 1], [0, 1, 1], "as_sure"),
        ([0, 0, 1], [], [1, 1, 1], "as_sure"),
        ([0, 0, 1], [1, 1], [1], "too_few"),
    ],
)
def test_the_surest_and_the_least_sure_are_compared(guess, fairly, very, says):
    outcomes = {"guess": guess, "fairly": fairly, "very": very}
    assert judgement(outcomes) == WORDS(f"calibration.{says}", least=3)


def test_each_prediction_is_one_dot_and_no_meaning_is_in_colour_alone():
    for number, each in enumerate(KNOWN[:40]):
        predicted(each, number % 3 > 0, "fairly")

    (drawn,) = re.findall(r"base64,([^\"]+)", calibration().html)
    assert base64.b64decode(drawn).decode().count("<circle") == min(40, len(KNOWN))
    assert WORDS("calibration.came_true", right=0, count=0) in base64.b64decode(drawn).decode()
