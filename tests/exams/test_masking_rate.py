"""Masking rates: each hides what it says, and nothing else differs."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from lessonlib.exams.experiments import masking_rate, search
from lessonlib.exams.sentences.subject import CROSSED, SEARCH_SEED
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


def test_the_better_learning_rate_is_taken_and_searched_once(monkeypatch, tmp_path):
    recipe = masking_rate.recipe_at(0.3)
    tried = []

    def trained(one, subject, seed, steps):
        tried.append((one.learning_rate, seed, steps))
        return SimpleNamespace(practised={"loss": abs(one.learning_rate - 0.003)})

    monkeypatch.setattr(search, "trained", trained)
    given = recipe, replace(CROSSED, name="some"), 700
    assert search.best_rate(*given, tmp_path, (0.001, 0.0035, 0.009)) == 0.0035
    assert tried == [(rate, SEARCH_SEED, 350) for rate in (0.001, 0.0035, 0.009)]
    assert search.best_rate(*given, tmp_path, (0.001, 0.0035, 0.009)) == 0.0035
    assert len(tried) == 3
    assert search.best_rate(*given, None) == recipe.learning_rate
