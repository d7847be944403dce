"""Positions of texts as rows: there and back, and no more of them than the answers need."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lessonlib.models.layers import Rows
from tests.models.cases import BATCH, LENGTH, random_batch, self_masks, small_model
from tests.models.test_transformer import paths

WIDTH, HEADS = 4, 2
patient = settings(deadline=None)  # on a busy machine, too
FLAGS = arrays.arrays(bool, st.tuples(st.integers(0, 3), st.integers(1, 5)))


@patient
@given(FLAGS)
def test_rows_stand_in_their_texts_with_nothing_between_and_come_back_as_they_were(there):
    x = np.arange(1.0, 1 + there.sum() * WIDTH).reshape(-1, WIDTH)
    rows = Rows(there)
    texts = rows.spread(x, HEADS)
    assert texts.shape == (len(there), HEADS, there.shape[1], WIDTH // HEADS)
    np.testing.assert_array_equal(rows.gather(texts), x)
    assert not texts.swapaxes(1, 2)[~there].any()


@patient
@given(FLAGS, st.randoms(use_true_random=False))
def test_some_rows_are_found_among_all(there, random):
    chance = [random.random() < 0.5 for _ in range(there.size)]
    some = there & np.array(chance, bool).reshape(there.shape)
    places = np.arange(there.size).reshape(there.shape)
    among = Rows(some).among(Rows(there))
    np.testing.assert_array_equal(places[there][among], places[some])
    rows = Rows(there)
    np.testing.assert_array_equal(places[there][rows.among(rows)], places[there])


@pytest.mark.parametrize("architecture", ["decoder-only", "encoder-only"])
@pytest.mark.parametrize("mask", self_masks(np.random.default_rng(0)))
def test_what_no_answer_depends_on_has_no_row(architecture, mask):
    rng = np.random.default_rng(1)
    model = small_model(architecture, rng)
    batch = random_batch(architecture, rng, self_masks(rng)[mask])
    stack, asked = model.config.predicting, batch.loss_mask
    states, _ = model.read(batch.inputs, batch.attention_mask, asked)
    masks = np.broadcast_to(batch.attention_mask, (BATCH, LENGTH, LENGTH))
    needed = [
        paths(masks[row], model.config.layers)[asked[row]].any(axis=0) for row in range(BATCH)
    ]
    assert len(states[f"{stack}.0"]) == np.sum(needed)
    whole, _ = model.read(batch.inputs, batch.attention_mask)
    np.testing.assert_allclose(states[stack], whole[stack][asked.ravel()], rtol=1e-9)
