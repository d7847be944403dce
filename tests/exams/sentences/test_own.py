"""A learner's rule becomes batches like any other, and its model sits the short exam."""

import numpy as np
import pytest

from lessonlib import batches
from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.sentences.abilities import ALL
from lessonlib.exams.sentences.own import LIKE, Practice, batch_of, jobs, measure, neighbours
from lessonlib.exams.sentences.short import (
    LESSONS,
    METRICS,
    QUESTIONS,
    practised,
    scores,
    the_village,
)
from lessonlib.exams.sentences.unread import UNREAD
from lessonlib.exams.vocabulary import PAD
from lessonlib.samples import MASK, START
from tests.practice.answers import own_objective

LANGUAGE = the_village()
VOCABULARY = LANGUAGE.vocabulary


def rule_of_causal(texts, rolls):
    return [[START, *text[:-1]] for text in texts], texts, "back"


def test_causal_by_the_rules_of_the_game_is_the_courses_own_causal_batch():
    own = next(LANGUAGE.practice(Practice(rule_of_causal), seed=3, rows=9))
    courses = next(LANGUAGE.practice(practised("causal"), seed=3, rows=9))
    assert (own.real == courses.real).all()
    assert (own.loss_mask == courses.loss_mask).all()
    for name in ("inputs", "targets"):
        both = (getattr(batch, name)[own.real] for batch in (own, courses))
        np.testing.assert_array_equal(*both)
    assert (own.attention_mask == courses.attention_mask)[own.real].all()


def test_masked_by_the_rules_of_the_game_is_a_masked_batch():
    def hide_low_rolls(texts, rolls):
        hidden = [[roll < 0.3 for roll in row] for row in rolls]
        both = [list(zip(text, row, strict=True)) for text, row in zip(texts, hidden, strict=True)]
        read = [[MASK if hide else word for word, hide in row] for row in both]
        return read, [[word if hide else None for word, hide in row] for row in both], "both"

    own = next(LANGUAGE.practice(Practice(hide_low_rolls), seed=0))
    masks = own.inputs == VOCABULARY[MASK]
    assert (masks == own.loss_mask).all()
    assert 0.25 < own.loss_mask.sum() / own.real.sum() < 0.35
    assert own.attention_mask[0][own.real[0]][:, own.real[0]].all()
    assert not own.attention_mask[0][:, ~own.real[0]].any()
    assert isinstance(own, batches.Batch)


def test_the_same_seed_gives_the_same_batches_and_another_seed_others():
    def drawn(seed):
        return next(LANGUAGE.practice(Practice(own_objective.bert_with_kept_words), seed))

    assert (drawn(0).inputs == drawn(0).inputs).all()
    assert drawn(0).inputs.shape != drawn(1).inputs.shape or (
        (drawn(0).inputs != drawn(1).inputs).any()
    )


def test_a_word_that_no_model_knows_is_told():
    with pytest.raises(ValueError, match="'zebra'"):
        batch_of(VOCABULARY, [["the", "zebra"]], [[None, "the"]], "back")


def test_rows_of_different_lengths_are_filled_up_and_padding_asks_nothing():
    batch = batch_of(VOCABULARY, [["the"], ["the", "cook"]], [["cook"], [None, "sells"]], "back")
    assert batch.inputs[0, 1] == VOCABULARY[PAD]
    assert batch.loss_mask.tolist() == [[True, False], [False, True]]
    assert batch.real.tolist() == [[True, False], [True, True]]


@pytest.mark.parametrize("looks", LIKE)
def test_a_rule_tells_how_its_model_looks(looks):
    assert Practice(lambda texts, rolls: (texts, texts, looks)).looks == looks


def test_who_looks_elsewhere_is_refused():
    with pytest.raises(ValueError, match="looks"):
        _ = Practice(lambda texts, rolls: (texts, texts, "up")).looks


def test_a_model_is_examined_in_all_that_is_asked_by_the_metric_of_the_matrix():
    rows = measure("own", own_objective.every_second_word, seed=0, steps=2)
    assert [row["ability"] for row in rows] == list(QUESTIONS)
    assert {row["ability"]: row["metric"] for row in rows} == METRICS
    assert {row["objective"] for row in rows} == {"own"}
    assert {row["answer"] for row in rows} == {NATIVE}
    assert {row["meanings"] for row in rows} == {ALL, UNREAD}
    assert set(scores(rows)) == set(QUESTIONS)


def test_there_is_a_job_for_each_start():
    assert [job[3] for job in jobs(rule_of_causal, seeds=(4, 5))] == [4, 5]


def test_the_neighbours_are_the_lessons_three():
    assert list(LESSONS) == ["causal", "masked", "span_corruption"]
    assert {row["objective"] for row in neighbours()} == set(LESSONS)
