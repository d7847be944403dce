"""Contrastive tuning: the way back of an embedding is right, and tuning teaches what it should."""

import numpy as np
import pytest

from lessonlib.exams.experiments import contrastive
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.tasks import TASKS
from lessonlib.exams.sentences.unread import read_village
from lessonlib.models import Transformer

NAMES = ("causal", "masked", "span_corruption")


@pytest.fixture(scope="module")
def read():
    return read_village()


def candidate(read, name, dtype=np.float32):
    recipe = RECIPES[name]
    config = read.new_model(recipe.architecture, 0).config
    return recipe.candidate(Transformer(config, np.random.default_rng(0), dtype), read)


def sentences(read, count=6):
    drawn = TASKS["paraphrase"].draw(read, count, np.random.default_rng(0))
    return [source for source, _ in drawn]


@pytest.mark.parametrize("name", NAMES)
def test_the_way_back_is_the_slope(read, name):
    one, rows = candidate(read, name, np.float64), sentences(read)
    vectors, back = contrastive.embedded(one, rows)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)
    towards = np.random.default_rng(1).normal(size=vectors.shape)
    back(towards)
    stack = next(iter(one.model.config.stacks))
    weight = one.model.parameters[f"{stack}.0.feed_forward.up"]
    around = []
    for step in (1e-5, -1e-5):
        weight.value[3, 5] += step
        around.append((contrastive.embedded(one, rows)[0] * towards).sum())
        weight.value[3, 5] -= step
    assert (around[0] - around[1]) / 2e-5 == pytest.approx(weight.gradient[3, 5], rel=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_vector_depends_on_its_own_sentence_alone(read, name):
    one, rows = candidate(read, name), sentences(read)
    together, _ = contrastive.embedded(one, rows)
    for row, vector in zip(rows, together, strict=True):
        assert contrastive.embedded(one, [row])[0][0] == pytest.approx(vector, abs=1e-5)


def test_tuning_brings_pairs_together_and_leaves_the_model_as_it_was(read, monkeypatch):
    monkeypatch.setattr(contrastive, "STEPS", 15)
    one = candidate(read, "masked")
    before = one.model.values.copy()
    tuned = contrastive.aligned(one, 64, seed=0)
    assert (one.model.values == before).all()
    pairs = TASKS["paraphrase"].draw(read, 64, np.random.default_rng([0, 96]))

    def found(who):
        sides = (contrastive.embedded(who, [pair[side] for pair in pairs])[0] for side in (0, 1))
        first, second = sides
        return np.mean((first @ second.T).argmax(axis=1) == np.arange(64))

    assert found(tuned) > found(one) + 0.2
