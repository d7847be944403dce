"""Next-word labels with the future in view: the label of each position can be looked up."""

import numpy as np

from lessonlib.exams.sentences import pairings
from lessonlib.exams.sentences.pairings import next_word_practice
from lessonlib.exams.sentences.practice import causal


def test_the_label_of_each_position_is_the_input_of_the_next(language):
    batch = next(language.practice(causal, seed=0, rows=8))
    inside = batch.real[:, 1:]
    assert np.array_equal(batch.targets[:, :-1][inside], batch.inputs[:, 1:][inside])


def test_a_few_steps_give_losses_and_sentences_for_both_pairings():
    for sees_future in (False, True):
        pairing = next_word_practice(sees_future, steps=3)
        assert pairing.sees_future is sees_future
        assert len(pairing.losses) == 3
        assert np.isfinite(pairing.final_loss)
        assert all(pairing.sentences)
        assert 0 <= pairing.valid <= 1
        assert pairing.valid_after == {0: 0.0, 3: pairing.valid}


def test_looking_at_what_it_writes_changes_nothing_of_its_training(monkeypatch):
    monkeypatch.setattr(pairings, "BETWEEN", 2)
    looked_at = next_word_practice(sees_future=False, steps=4)
    monkeypatch.setattr(pairings, "BETWEEN", 99)
    left_alone = next_word_practice(sees_future=False, steps=4)
    assert list(looked_at.valid_after) == [0, 2, 4]
    assert looked_at.losses == left_alone.losses
