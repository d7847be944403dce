"""Masking rates: each hides what it says, and nothing else differs."""

import numpy as np
import pytest

from lessonlib.exams.experiments import masking_rate
from lessonlib.exams.sentences.unread import read_village
from lessonlib.samples import MASK


@pytest.mark.parametrize("rate", masking_rate.HIDDEN_RATES)
def test_so_many_words_are_asked_and_most_of_them_hidden(rate):
    read, recipe = read_village(), masking_rate.recipe_at(rate)
    stream = read.practice(recipe.make_batch, 0)
    batches = [next(stream) for _ in range(20)]
    asked = np.concatenate([batch.loss_mask[batch.real] for batch in batches])
    hidden = np.concatenate([(batch.inputs == read.vocabulary[MASK])[batch.loss_mask]
                             for batch in batches])  # fmt: skip
    # A row of which nothing was chosen gets one word, which makes the lowest rate a little higher.
    assert asked.mean() == pytest.approx(rate, abs=0.03 if rate > 0.1 else 0.07)
    assert hidden.mean() == pytest.approx(0.8, abs=0.04)
    assert recipe.about["parameters"]["rate"] == rate


def test_rates_differ_in_their_rate_alone():
    recipes = [masking_rate.recipe_at(rate) for rate in masking_rate.HIDDEN_RATES]
    for name in ("objective", "architecture", "learning_rate", "candidate", "loss"):
        assert len({getattr(one, name) for one in recipes}) == 1
