"""The backward passes are right: every single weight agrees with finite differences."""

import numpy as np
import pytest

from lessonlib import attention
from lessonlib.models import layers
from lessonlib.models.layers import Parameter
from tests.models.cases import ARCHITECTURES, BATCH, LENGTH, SOURCE, random_batch, self_masks
from tests.models.cases import small_model as model_of

STEP = 1e-6


def slopes(function, array):
    """Central differences of a function of no arguments with respect to each entry of an array."""
    result = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + STEP
        above = function()
        array[index] = before - STEP
        below = function()
        array[index] = before
        result[index] = (above - below) / (2 * STEP)
    return result


def assert_same(hand_written, measured):
    np.testing.assert_allclose(hand_written, measured, rtol=1e-5, atol=1e-8)


def gradients(model, *batch):
    model.gradients[:] = 0
    model.loss(*batch)
    return model.gradients.copy()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("mask", ["causal", "prefix per row", "any"])
def test_every_weight_of_every_architecture(architecture, mask):
    rng = np.random.default_rng(1)
    model = model_of(architecture, rng, layers=2)
    batch = random_batch(architecture, rng, self_masks(rng)[mask])
    assert_same(gradients(model, batch), slopes(lambda: model.loss(batch), model.values))


def test_two_layers_on_each_side():
    rng = np.random.default_rng(2)
    model = model_of("encoder-decoder", rng, width=2, layers=4)
    batch = random_batch("encoder-decoder", rng)
    assert_same(gradients(model, batch), slopes(lambda: model.loss(batch), model.values))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_continuous_inputs(architecture):
    rng = np.random.default_rng(3)
    model = model_of(architecture, rng, width=2, layers=2, patch_size=3)
    batch = random_batch(architecture, rng)
    patches = rng.normal(size=(BATCH, 2, 3))
    if architecture == "encoder-decoder":
        batch.attention_mask = attention.encoder_decoder(SOURCE + 2, LENGTH)
    else:
        batch.attention_mask = attention.prefix(LENGTH + 2, 2)
    measured = slopes(lambda: model.loss(batch, patches), model.values)
    assert_same(gradients(model, batch, patches), measured)


def test_hidden_states_carry_any_gradient_back():
    rng = np.random.default_rng(4)
    model = model_of("encoder-only", rng)
    batch = random_batch("encoder-only", rng, attention.bidirectional(LENGTH))

    def pooled():
        states, back = model.hidden(batch.inputs, batch.attention_mask)
        return np.sum(states.reshape(BATCH, LENGTH, -1).mean(axis=1) ** 2), states, back

    _, states, back = pooled()
    model.gradients[:] = 0
    mean = states.reshape(BATCH, LENGTH, -1).mean(axis=1, keepdims=True)
    back(np.broadcast_to(2 * mean / LENGTH, (BATCH, LENGTH, mean.shape[2])).reshape(states.shape))
    assert_same(model.gradients, slopes(lambda: pooled()[0], model.values))


def test_gradients_add_up_until_they_are_cleared():
    rng = np.random.default_rng(5)
    model = model_of("decoder-only", rng)
    first, second = random_batch("decoder-only", rng), random_batch("decoder-only", rng)
    separate = gradients(model, first) + gradients(model, second)
    model.gradients[:] = 0
    model.loss(first)
    model.loss(second)
    np.testing.assert_allclose(model.gradients, separate, rtol=1e-12)


@pytest.mark.parametrize(
    "layer",
    [
        layers.rms_norm,
        lambda x: layers.linear(x, Parameter(np.eye(4, 3) + 0.5, np.zeros((4, 3)))),
        lambda x: layers.feed_forward(
            x,
            {
                "here.up": Parameter(np.linspace(-1, 1, 24).reshape(4, 6), np.zeros((4, 6))),
                "here.down": Parameter(np.linspace(1, -2, 24).reshape(6, 4), np.zeros((6, 4))),
            },
            "here",
        ),
    ],
    ids=["rms_norm", "linear", "feed_forward"],
)
def test_layers_pass_the_gradient_to_their_input(layer):
    x = np.random.default_rng(6).normal(size=(5, 4))
    y, backward = layer(x)
    weighting = np.random.default_rng(7).normal(size=y.shape)
    assert_same(backward(weighting), slopes(lambda: np.sum(weighting * layer(x)[0]), x))


@pytest.mark.parametrize("size", [1, 200])
def test_attention_scores_may_be_small_or_huge(size):
    rng = np.random.default_rng(8)
    scores = rng.normal(0, size, (2, 1, 6, 6))
    visible = rng.random((2, 1, 6, 6)) < 0.6
    visible[0, 0, 3] = False
    weights, _ = layers.masked_softmax(scores.copy(), visible)
    for index in np.ndindex(2, 1, 6):
        shown = visible[index]
        expected = np.zeros(6)
        if shown.any():
            expected[shown] = np.exp(scores[index][shown] - scores[index][shown].max())
            expected /= expected.sum()
        np.testing.assert_allclose(weights[index], expected, rtol=1e-12, atol=1e-300)


def test_cross_entropy_of_certain_and_of_hopeless_answers():
    logits = np.array([[1000.0, 0, 0], [0, 0, 0], [-1000, 0, -1000]])
    loss, backward = layers.cross_entropy(logits, np.array([0, 1, 0]))
    assert loss == pytest.approx((0 + np.log(3) + 1000) / 3)
    expected = np.array([[0, 0, 0], [1 / 3, -2 / 3, 1 / 3], [-1, 1, 0]]) / 3
    np.testing.assert_allclose(backward(), expected, atol=1e-12)
