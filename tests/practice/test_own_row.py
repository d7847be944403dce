"""A learner's row stands beside its prediction; nothing trains before both are sound."""

import pytest

from lessonlib.exams.sentences import own
from lessonlib.exams.sentences.short import QUESTIONS
from lessonlib.practice import own_row
from lessonlib.practice.own_row import train_own
from tests.practice.answers import own_objective


def rows(**scores):
    return [
        {"ability": ability, "score": score / 100, "seed": seed, "objective": "own"}
        for ability, several in scores.items()
        for seed, score in enumerate(several)
    ]


MEASURED = rows(continuation=(10, 20), blank=(80, 84), missing_span=(50, 40))


@pytest.fixture
def the_three(monkeypatch):
    found = [row | {"objective": name} for name in own.LESSONS for row in MEASURED]
    monkeypatch.setattr(own_row, "neighbours", lambda: found)


def test_the_row_shows_both_starts_beside_the_ranges_and_counts_what_came_true(the_three):
    predicted = {"continuation": (0, 30), "blank": (50, 80), "missing_span": (45, 60)}
    said = repr(own_row.own_row(MEASURED, predicted))
    assert "15 (starts: 10, 20)" in said
    assert "82 (starts: 80, 84)" in said
    assert "50 to 80" in said
    assert "2 of 3" in said, "82 lies outside of 50 to 80"
    assert "25 points wide" in said


def test_the_three_stand_above(the_three):
    said = repr(own_row.own_row(MEASURED, dict.fromkeys(QUESTIONS, (0, 40))))
    causal, masked, spans, predicted, measured = said.splitlines()[1:6]
    assert (causal[:9], masked[:9], spans[:4]) == ("Causal LM", "Masked LM", "Span")
    assert predicted.startswith("yours, predicted")
    assert measured.startswith("yours, measured")


@pytest.mark.parametrize(
    ("rule", "prediction", "cause"),
    [
        (..., own_objective.by_dictionary, "unanswered"),
        (own_objective.copies, own_objective.by_dictionary, "answer_in_view"),
        (own_objective.next_word, own_objective.too_sure, "a_point"),
    ],
)
def test_nothing_trains_before_rule_and_prediction_are_sound(
    rule, prediction, cause, monkeypatch, the_three
):
    def trains(*_, **__):
        raise AssertionError("something was trained")

    monkeypatch.setattr(own_row, "run_all", trains)
    assert train_own(rule, prediction).cause == cause


def test_a_short_training_gives_a_row(the_three):
    said = repr(
        train_own(own_objective.next_word, own_objective.by_dictionary, seeds=(0,), steps=2)
    )
    assert "yours, measured" in said


def test_who_stops_the_training_is_told_so(the_three, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(own_row, "run_all", stopped)
    assert "Stopped" in repr(train_own(own_objective.next_word, own_objective.by_dictionary))
