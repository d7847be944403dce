"""Fine-tuning with a head: what is asked is true, and a head can learn it."""

import numpy as np
import pytest

from lessonlib.exams.experiments import fine_tuning as heads
from lessonlib.exams.sentences.shapes import ENCODER, EQUAL_WEIGHTS, FORWARD
from lessonlib.exams.sentences.unread import read_village

SHAPES = (FORWARD, ENCODER, EQUAL_WEIGHTS)


@pytest.fixture(scope="module")
def read():
    return read_village()


def test_the_lessons_tell_the_truth(read):
    rng = np.random.default_rng(0)
    for text, _, places, classes in heads.mark_the_giver(read, 50, rng):
        assert places == [*range(1, len(text) + 1)]
        (marked,) = np.flatnonzero(classes)
        meaning = read.parse(text).meaning
        word = read.vocabulary.decode([text[marked]])[0]
        assert word.removesuffix("s") in heads.PEOPLE[meaning.giver]
    for text, _, _, (number,) in heads.who_gives(read, 50, rng):
        assert heads.people()[number] == read.parse(text).meaning.giver
    pairs = heads.same_meaning(read, 80, rng)
    assert sum(classes[0] for *_, classes in pairs) == 40
    for first, second, _, (same,) in pairs:
        other = read.parse(second)  # a twin may be no sentence of the world
        alike = other is not None and other.meaning == read.parse(first).meaning
        assert alike == same


@pytest.mark.parametrize("task", heads.TASKS)
def test_perfect_answers_score_one_and_guesses_nothing(read, task):
    draw, classes = heads.TASKS[task]
    lessons = draw(read, 80, np.random.default_rng(1))
    sure = [np.log(np.eye(classes)[truth] * (1 - 1e-9) + 1e-12) for *_, truth in lessons]
    for found in heads.judged(task, sure, lessons):
        assert found.score == pytest.approx(1, abs=1e-3)
    flat = [np.zeros((len(truth), classes)) - np.log(classes) for *_, truth in lessons]
    for found in heads.judged(task, flat, lessons):
        assert found.score < 0.1


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("task", heads.TASKS)
def test_every_shape_is_asked_at_the_right_places(read, shape, task):
    draw, classes = heads.TASKS[task]
    lessons = draw(read, 6, np.random.default_rng(2))
    learner = heads.Headed(read_village().new_model(shape, 0), read, seed=0)
    batch = learner.batch(lessons)
    assert batch.loss_mask.sum() == sum(len(places) for _, _, places, _ in lessons)
    assert batch.real[batch.loss_mask].all()
    for row, (first, second, places, truth) in enumerate(lessons):
        asked = np.flatnonzero(batch.loss_mask[row])
        assert batch.targets[row, asked].tolist() == truth
        everything = batch.source if batch.source is not None else batch.inputs
        words = [token for token in everything[row] if token < read.vocabulary.words]
        assert words == [*first, *second]
        if len(places) > 1:
            assert batch.inputs[row, asked].tolist() == first
    found = learner.log_probabilities(lessons, classes)
    assert [len(some) for some in found] == [len(places) for _, _, places, _ in lessons]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_head_learns_a_few_examples_by_heart(read, shape, monkeypatch):
    monkeypatch.setattr(heads, "STEPS", 40)
    lessons = heads.who_gives(read, 8, np.random.default_rng(3))
    learner = heads.Headed(read_village().new_model(shape, 0), read, seed=0)
    learner.learn(lessons, len(heads.PEOPLE), 4e-3, seed=0)
    said = np.concatenate(learner.log_probabilities(lessons, len(heads.PEOPLE)))
    assert (said.argmax(axis=1) == [truth for *_, (truth,) in lessons]).all()


def test_the_model_under_exam_stays_as_it_was(read, monkeypatch):
    monkeypatch.setattr(heads, "STEPS", 2)
    model = read_village().new_model(ENCODER, 0)
    before = model.values.copy()
    list(heads.tuned(model, "matching", 8, seed=0, rate=4e-3, count=20))
    assert (model.values == before).all()


def test_rates_of_tuning_come_from_the_search(monkeypatch):
    row = {"objective": "masked", "ability": "matching", "start": "pretrained"}
    found = [row | {"learning_rate": rate, "raw": rate} for rate in (4e-3, 1e-3)]
    monkeypatch.setattr(heads, "_search", lambda: found)
    assert heads.tuning_rate("masked", "matching", "pretrained") == 1e-3
    assert heads.tuning_rate("causal", "matching", "pretrained") == heads.RATES[1]
