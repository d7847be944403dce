"""A change of objective: each step practises what it should; one stack is asked in both ways."""

import numpy as np
import pytest

from lessonlib.exams.experiments import midway
from lessonlib.exams.experiments.midway import CAUSAL, MASKED
from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.items import Gap
from lessonlib.exams.sentences.unread import read_village
from lessonlib.exams.vocabulary import PAD
from lessonlib.models import train
from lessonlib.samples import MASK, START


def first_batches(first, change, count=4):
    stream = midway.Changing(first, change).practice(midway.practised, seed=3)
    return [next(stream) for _ in range(count)]


@pytest.mark.parametrize(("first", "last"), [(CAUSAL, MASKED), (MASKED, CAUSAL)])
def test_the_objective_changes_when_it_should(first, last):
    names = {"causal": CAUSAL, "bidirectional": MASKED}
    told = [names[batch.attention[0]] for batch in first_batches(first, 2)]
    assert told == [first, first, last, last]


def test_the_sentences_go_on_and_are_the_same_for_all():
    start, pad = read_village().vocabulary.encode([START, PAD])
    texts = []
    for first, change in ((CAUSAL, 2), (MASKED, 1), (MASKED, 9)):
        own = []
        for batch in first_batches(first, change):
            causal = batch.attention[0] == "causal"
            ids = batch.targets if causal else batch.targets[:, 1:]
            own.append([row[real].tolist() for row, real in zip(ids, ids != pad, strict=True)])
            assert (batch.inputs[:, 0] == start).all()
        texts.append(own)
    assert texts[0] == texts[1] == texts[2]
    assert texts[0][0] != texts[0][2]


def test_a_blank_is_asked_where_its_word_stands():
    (batch,) = first_batches(MASKED, 9, 1)
    assert not batch.loss_mask[:, 0].any()
    assert batch.real[:, 0].all()
    words = batch.targets[batch.loss_mask]
    assert len(words)
    assert words.max() < read_village().vocabulary.words
    assert batch.inputs.shape == batch.targets.shape == batch.loss_mask.shape


@pytest.fixture(scope="module")
def stack():
    material = midway.Changing(MASKED, 99)
    return DecoderOnly(material.new_model("decoder-only", 0), material)


def test_the_encoder_has_the_same_weights_and_looks_both_ways(stack):
    encoder = midway.Filler(midway.as_encoder(stack.model), stack.language)
    gaps = [Gap([5, 6], [7], [8]), Gap([5, 6], [9], [8])]
    said = encoder.ways["blank", NATIVE](gaps)
    assert np.abs(said[0] - said[1]).max() > 1e-3
    v = stack.vocabulary
    row = np.array([[v[START], 5, 6, v[MASK], 7]])
    logits = stack.model.logits(row, np.ones((5, 5), bool))[3, : v.words]
    assert said[0] == pytest.approx(logits - np.logaddexp.reduce(logits), abs=1e-4)
    back = stack.ways["blank", NATIVE](gaps)
    assert back[0] == pytest.approx(back[1], abs=1e-5)


def test_both_practices_train_one_stack(stack):
    """Twelve steps are enough to see both losses fall below what an even guess costs."""
    for objective in midway.OBJECTIVES:
        model = stack.model.copy()
        stream = midway.Changing(objective, 99).practice(midway.practised, 1)
        losses = train(model, stream, 12, learning_rate=midway.RATE).losses
        assert losses[-1] < losses[0] - 0.5


def test_at_1_the_change_never_comes():
    assert midway.CHANGES[-1] == 1
    assert all(midway.other(midway.other(name)) == name for name in midway.OBJECTIVES)
    told = [batch.attention[0] for batch in first_batches(CAUSAL, 4)]
    assert told == ["causal"] * 4
