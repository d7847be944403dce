"""The losses on pictures: exact against the reference, and their gradients by differences."""

from dataclasses import replace

import numpy as np
import pytest

from lessonlib.batches.pictures import (
    captioning,
    contrastive,
    image_text_matching,
    masked_multimodal,
)
from lessonlib.models import Config, Transformer
from lessonlib.models.pictures import (
    alignment_loss,
    clip_loss,
    embeddings,
    loss_of_pairs,
    masked_loss,
    sigmoid_loss,
    word_loss,
)
from tests import golden
from tests.models.test_gradients import assert_same, slopes

PATCHES, NUMBERS, WIDTH = 3, 4, 4
IDS = np.array([[5, 6, 7], [8, 5, 0], [6, 0, 0]])
PICTURES = np.random.default_rng(0).random((3, PATCHES, NUMBERS))
BOTH = {"start_id": 2, "pad_id": 0}


def model_of(seed=0):
    config = Config("encoder-only", 9, PATCHES + 6, width=WIDTH, layers=2, patch_size=NUMBERS + 1)
    model = Transformer(config, np.random.default_rng(seed), np.float64)
    model.values *= 3  # far from the start, where nothing depends on anything
    return model


def batch_of(objective, seed=0):
    rng = np.random.default_rng(seed)
    if objective == "captioning":
        return captioning(IDS, PICTURES, end_id=3, **BOTH)
    if objective == "matching":
        return image_text_matching(IDS, PICTURES, rng, yes_id=3, no_id=4, **BOTH)
    if objective == "masked":
        return masked_multimodal(IDS, PICTURES, rng, mask_id=1, **BOTH)
    return contrastive(IDS, PICTURES, **BOTH)


def painted(model, batch):
    """Return the hidden patches as the model paints them, which is how `masked_loss` reads them."""
    asked = np.concatenate([batch.hidden, np.zeros_like(batch.loss_mask)], axis=1)
    states, _ = model.hidden(batch.inputs, batch.attention_mask, asked, patches=batch.seen)
    return states @ model.parameters["patches"].value[:-1].T


def unit_rows(seed, rows=5):
    x = np.random.default_rng(seed).normal(size=(rows, 6))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


@golden.checks("clip.cases", "image", "text", "logit_scale", "clip_loss", "siglip_loss")
def test_losses_are_those_of_open_clip(case):
    pictures, captions = np.array(case["image"]), np.array(case["text"])
    loss, _ = clip_loss(pictures, captions, case["logit_scale"])
    assert loss == pytest.approx(case["clip_loss"], rel=1e-6, abs=1e-12)
    loss, _ = sigmoid_loss(pictures, captions, scale=10, bias=-10)
    assert loss == pytest.approx(case["siglip_loss"], rel=1e-6)


@pytest.mark.parametrize("pair_loss", [clip_loss, sigmoid_loss])
@pytest.mark.parametrize("rows", [1, 2, 5])
def test_gradients_of_the_pair_losses(pair_loss, rows):
    pictures, captions = unit_rows(1, rows), unit_rows(2, rows)
    _, backward = pair_loss(pictures, captions)
    d_pictures, d_captions = backward()
    assert_same(d_pictures, slopes(lambda: pair_loss(pictures, captions)[0], pictures))
    assert_same(d_captions, slopes(lambda: pair_loss(pictures, captions)[0], captions))


def test_laws_of_the_clip_loss():
    pictures, captions = unit_rows(3), unit_rows(4)
    loss, _ = clip_loss(pictures, captions)
    assert clip_loss(captions, pictures)[0] == pytest.approx(loss)
    order = np.random.default_rng(5).permutation(5)
    assert clip_loss(pictures[order], captions[order])[0] == pytest.approx(loss)
    assert clip_loss(pictures, captions, scale=1e-9)[0] == pytest.approx(np.log(5))
    assert clip_loss(pictures[:1], captions[:1])[0] == pytest.approx(0)
    right, wrong = clip_loss(pictures, pictures)[0], clip_loss(pictures, -pictures)[0]
    assert right < loss < wrong


def test_the_sigmoid_loss_judges_every_combination_on_its_own():
    pictures, captions = unit_rows(6), unit_rows(7)
    total = 0.0
    for i, j in np.ndindex(5, 5):
        sign = 1 if i == j else -1
        total += np.log(1 + np.exp(-sign * (10 * pictures[i] @ captions[j] - 10)))
    assert sigmoid_loss(pictures, captions)[0] == pytest.approx(total / 5)


@pytest.mark.parametrize("pair_loss", [clip_loss, sigmoid_loss])
@pytest.mark.parametrize(
    ("pictures", "captions", "error"),
    [
        (unit_rows(1, 3), unit_rows(2, 2), ValueError),
        (unit_rows(1, 3), unit_rows(2, 3)[:, :4], ValueError),
        (unit_rows(1, 3)[:0], unit_rows(2, 3)[:0], ValueError),
        (unit_rows(1, 3)[0], unit_rows(2, 3)[0], ValueError),
        (unit_rows(1, 3).tolist(), unit_rows(2, 3), TypeError),
        (unit_rows(1, 3), np.ones((3, 6), int), TypeError),
    ],
)
def test_what_is_no_pairs_is_refused(pair_loss, pictures, captions, error):
    with pytest.raises(error, match=r"pictures has shape|list|int64"):
        pair_loss(pictures, captions)


LOSSES = {
    "contrastive": alignment_loss,
    "sigmoid": lambda model, batch: alignment_loss(model, batch, sigmoid_loss),
    "captioning": word_loss,
    "matching": word_loss,
    "masked": masked_loss,
}


@pytest.mark.parametrize("objective", LOSSES)
def test_every_weight_of_every_objective(objective):
    model, batch, loss = model_of(), batch_of(objective), LOSSES[objective]
    model.gradients[:] = 0
    loss(model, batch)
    hand_written = model.gradients.copy()
    assert np.abs(hand_written).max() > 1e-3
    assert_same(hand_written, slopes(lambda: loss(model, batch), model.values))


def test_masked_with_words_alone_or_patches_alone():
    model, rng = model_of(), np.random.default_rng(8)
    words = masked_multimodal(IDS, PICTURES, rng, mask_id=1, mask_ratio=0, **BOTH)
    assert masked_loss(model, words) == pytest.approx(word_loss(model, words))
    paint = masked_multimodal(IDS, PICTURES, rng, mask_id=1, word_rate=0, **BOTH)
    error = painted(model, paint) - PICTURES[paint.hidden]
    assert masked_loss(model, paint) == pytest.approx(np.mean(error**2))
    nothing = replace(paint, hidden=np.zeros_like(paint.hidden))
    with pytest.raises(ValueError, match="nothing to learn"):
        masked_loss(model, nothing)


def test_hidden_patches_cannot_be_peeked_at():
    model, batch = model_of(), batch_of("masked")
    before = painted(model, batch)
    batch.patches[batch.hidden] += 1
    np.testing.assert_array_equal(painted(model, batch), before)
    batch.patches[batch.hidden] -= 1


def test_embeddings_have_length_one_and_are_read_apart():
    model, batch = model_of(), batch_of("contrastive")
    pictures, captions = embeddings(model, batch)
    np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(captions, axis=1), 1, rtol=1e-5)
    other = contrastive(IDS[::-1].copy(), PICTURES, **BOTH)
    same_pictures, turned = embeddings(model, other)
    np.testing.assert_allclose(same_pictures, pictures)
    np.testing.assert_allclose(turned[::-1], captions)


def test_the_loss_of_vectors_made_by_hand_is_the_rounded_loss():
    pictures, captions = [[0, 1], [1, 0], [0.6, 0.8]], [[1, 0], [0, 1], [0.8, 0.6]]
    exact, _ = clip_loss(np.array(pictures, float), np.array(captions, float))
    assert loss_of_pairs(pictures, captions) == pytest.approx(exact, abs=1e-4)
    assert str(loss_of_pairs([[0, 1]], [[1, 0]])) == "0.0"  # one pair: nothing to choose from
