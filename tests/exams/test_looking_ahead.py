"""Two heads: each is asked for its own word, and the way back is the slope."""

import numpy as np
import pytest

from lessonlib.exams.experiments import looking_ahead
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.practice import causal
from lessonlib.exams.sentences.unread import UNREAD
from lessonlib.models import Transformer
from lessonlib.models.layers import cross_entropy


@pytest.fixture(scope="module")
def material():
    return looking_ahead.TwoHeads()


@pytest.fixture
def model(material):
    config = material.new_model("decoder-only", 0).config
    return Transformer(config, np.random.default_rng(1), np.float64)


def few(material, rows=3):
    return next(material.practice(causal, 5, rows))


def test_both_losses_are_those_of_the_words_they_ask_for(material, model):
    batch, words = few(material), material.vocabulary.words
    states, _ = model.hidden(batch.inputs, batch.attention_mask)
    states = states.reshape(*batch.inputs.shape, -1)
    table = model.parameters["tokens"].value
    costs = ([], [])
    for row, real in enumerate(batch.real.sum(axis=1)):
        for ahead, rows in ((1, table[:-words]), (2, table[-words:])):
            for place in range(real - ahead + 1):
                target = batch.targets[row, place + ahead - 1]
                logits = (states[row, place] @ rows.T)[None]
                costs[ahead - 1].append(cross_entropy(logits, np.array([target]))[0])
    wanted = np.mean(costs[0]) + np.mean(costs[1])
    assert looking_ahead.next_two(model, batch) == pytest.approx(wanted)


def test_the_way_back_is_the_slope(material, model):
    batch = few(material, 2)
    model.gradients[:] = 0
    looking_ahead.next_two(model, batch)
    found = model.gradients.copy()
    strong = np.argsort(-np.abs(found))[:3].tolist()
    last = len(model.parameters["tokens"].value) * model.config.width - 7
    for place in [*strong, last]:
        around = []
        for step in (1e-6, -1e-6):
            model.values[place] += step
            around.append(looking_ahead.next_two(model, batch))
            model.values[place] -= step
        assert (around[0] - around[1]) / 2e-6 == pytest.approx(found[place], rel=1e-4, abs=1e-7)


def test_without_the_second_head_the_first_says_the_same(material, model):
    alone = looking_ahead.with_one_head(model)
    batch = few(material)
    both = model.logits(batch.inputs, batch.attention_mask)
    one = alone.logits(batch.inputs, batch.attention_mask)
    assert one.shape[1] == len(material.vocabulary)
    assert both[:, : one.shape[1]] == pytest.approx(one)


class Knowing(DecoderOnly):
    """Says the same word whatever stands there, with both heads; or another one with the second."""

    agrees = True

    def log_probabilities(self, rows, asked):
        said = np.zeros((len(rows), self.model.config.vocab_size))
        said[:, 3] = 1
        said[:, -self.vocabulary.words + (3 if self.agrees else 4)] = 1
        return said


@pytest.mark.parametrize("agrees", [True, False])
def test_what_is_confirmed_counts_and_nothing_else(material, monkeypatch, agrees):
    monkeypatch.setattr(looking_ahead, "PROPOSED", 12)
    one = Knowing(material.new_model("decoder-only", 0), material)
    one.agrees = agrees
    found = looking_ahead.proposed(one, 0)
    assert (found.raw, found.questions) == (float(agrees), 12)
    assert UNREAD in material.parts
