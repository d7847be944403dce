"""Batches of pictures: each row is the sample of the builder of the same name; MAE's masking."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.batches.pictures import (
    captioning,
    contrastive,
    image_text_matching,
    mask_patches,
    masked_multimodal,
)
from lessonlib.samples import START
from lessonlib.samples import pictures as builders
from lessonlib.samples.special import END
from tests import golden

PAD, MASK, BEGIN, STOP, YES, NO = range(6)
NAMES = {PAD: "<pad>", MASK: "[MASK]", BEGIN: START, STOP: END, YES: "yes", NO: "no"}
IDS = np.array(
    [[6, 7, 8, PAD, PAD], [9, PAD, PAD, PAD, PAD], [6, 6, 7, 8, 9], [7, 8, PAD, PAD, PAD]]
)
PATCHES = np.random.default_rng(0).random((4, 3, 2))


def name(token):
    return NAMES.get(token, f"word {token}")


def every_batch(rng):
    both = {"start_id": BEGIN, "pad_id": PAD}
    yield contrastive(IDS, PATCHES, **both)
    yield captioning(IDS, PATCHES, end_id=STOP, **both)
    yield masked_multimodal(IDS, PATCHES, rng, mask_id=MASK, **both)
    yield image_text_matching(IDS, PATCHES, rng, yes_id=YES, no_id=NO, **both)


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_each_row_is_the_sample_of_the_builder_of_the_same_name(seed):
    for batch in every_batch(np.random.default_rng(seed)):
        builder = getattr(builders, batch.objective)
        for row in range(len(batch)):
            sample = batch.sample(row, name)
            caption = [token for token in sample.inputs[3:] if token != START]
            if batch.objective == "masked_multimodal":
                caption = sample.targets[4:]
            expected = builder(caption, **batch.decisions(row))
            assert sample == expected
            assert batch.sample(row - len(batch), name) == expected
            assert batch.decisions(row - len(batch)) == batch.decisions(row)
            real = np.concatenate([[True] * 3, batch.real[row]])
            mask = batch.attention_mask[row]
            np.testing.assert_array_equal(mask[np.ix_(real, real)], expected.attention_mask)
            assert not mask[:, ~real].any()


def test_hidden_patches_are_flagged_and_the_others_shown():
    batch = masked_multimodal(
        IDS, PATCHES, np.random.default_rng(1), mask_id=MASK, start_id=BEGIN, pad_id=PAD
    )
    assert batch.hidden.sum(axis=1).tolist() == [2] * 4  # int(3 * (1 - 0.5)) are kept
    np.testing.assert_array_equal(batch.seen[..., -1], batch.hidden)
    assert not batch.seen[batch.hidden][:, :-1].any()
    np.testing.assert_array_equal(batch.seen[~batch.hidden][:, :-1], PATCHES[~batch.hidden])


def test_every_caption_has_a_hidden_word_unless_none_is_wanted():
    few = {"mask_id": MASK, "start_id": BEGIN, "pad_id": PAD}
    rng = np.random.default_rng(2)
    for _ in range(20):
        batch = masked_multimodal(IDS, PATCHES, rng, word_rate=0.01, **few)
        assert (batch.loss_mask.sum(axis=1) >= 1).all()
        assert not (batch.loss_mask & ~batch.real).any()
    batch = masked_multimodal(IDS, PATCHES, rng, word_rate=0, mask_ratio=0.5, **few)
    assert not batch.loss_mask.any()
    batch = masked_multimodal(IDS, PATCHES, rng, mask_ratio=0, **few)
    assert not batch.hidden.any()


def test_strangers_bring_the_caption_of_another_row():
    for seed in range(20):
        batch = image_text_matching(
            IDS,
            PATCHES,
            np.random.default_rng(seed),
            start_id=BEGIN,
            yes_id=YES,
            no_id=NO,
            pad_id=PAD,
        )
        own = (batch.inputs[:, 1:] == IDS).all(axis=1)
        np.testing.assert_array_equal(own, batch.choices["matches"])
        assert own.sum() == 2
        assert sorted(map(tuple, batch.inputs[:, 1:])) == sorted(map(tuple, IDS))


def test_nothing_that_is_given_is_changed():
    ids, patches = IDS.copy(), PATCHES.copy()
    for batch in every_batch(np.random.default_rng(3)):
        assert batch.seen is not None
        assert not batch.attention_mask.flags.writeable
    np.testing.assert_array_equal(ids, IDS)
    np.testing.assert_array_equal(patches, PATCHES)


@golden.checks("mae.cases", "noise", "mask_ratio", "ids_keep", "ids_restore", "mask_1_removed")
def test_patches_are_masked_as_in_mae(case):
    kept, restore, removed = mask_patches(np.array(case["noise"]), case["mask_ratio"])
    assert kept.tolist() == case["ids_keep"]
    assert restore.tolist() == case["ids_restore"]
    assert removed.astype(int).tolist() == case["mask_1_removed"]


@given(st.integers(0, 2**32), st.integers(1, 20), st.floats(0, 0.99))
def test_laws_of_masking_patches(seed, patches, ratio):
    noise = np.random.default_rng(seed).random((3, patches))
    if not int(patches * (1 - ratio)):
        with pytest.raises(ValueError, match=f"keeps 0 of {patches} patches"):
            mask_patches(noise, ratio)
        return
    kept, restore, removed = mask_patches(noise, ratio)
    assert kept.shape[1] == int(patches * (1 - ratio))
    for row in range(3):
        assert set(kept[row]) == set(np.flatnonzero(~removed[row]))
        gone = np.flatnonzero(removed[row])
        shuffled = [*kept[row], *sorted(gone, key=lambda k: noise[row, k])]
        assert [shuffled[k] for k in restore[row]] == list(range(patches))


BOTH = {"start_id": BEGIN, "pad_id": PAD}
RNG = np.random.default_rng(4)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: contrastive(IDS.tolist(), PATCHES, **BOTH), TypeError, "ids is of type list"),
        (lambda: contrastive(IDS, PATCHES.tolist(), **BOTH), TypeError, "patches is of type list"),
        (lambda: contrastive(IDS, PATCHES.astype(int), **BOTH), TypeError, "int64.*floats"),
        (lambda: contrastive(IDS, PATCHES[0], **BOTH), ValueError, r"patches has shape \(3, 2\)"),
        (lambda: contrastive(IDS, PATCHES[:2], **BOTH), ValueError, "2 rows and ids 4"),
        (lambda: contrastive(IDS * 0, PATCHES, **BOTH), ValueError, "row 0 has length 0"),
        (
            lambda: captioning(IDS, PATCHES, end_id=PAD, **BOTH),
            ValueError,
            "pad_id and end_id are both 0",
        ),
        (
            lambda: masked_multimodal(IDS, PATCHES, 0, mask_id=MASK, **BOTH),
            TypeError,
            "rng is of type int",
        ),
        (
            lambda: masked_multimodal(IDS, PATCHES, RNG, mask_id=MASK, word_rate=2, **BOTH),
            ValueError,
            "word_rate=2",
        ),
        (
            lambda: image_text_matching(IDS[:1], PATCHES[:1], RNG, yes_id=YES, no_id=NO, **BOTH),
            ValueError,
            "2 or more",
        ),
        (
            lambda: masked_multimodal(
                IDS, PATCHES, RNG, mask_id=MASK, word_rate=0, mask_ratio=0, **BOTH
            ),
            ValueError,
            "hide no word and no patch",
        ),
        (
            lambda: masked_multimodal(
                IDS, PATCHES, RNG, mask_id=MASK, word_rate=0, mask_ratio=1e-17, **BOTH
            ),
            ValueError,
            "hide no word and no patch",
        ),
        (lambda: contrastive(IDS, PATCHES * np.nan, **BOTH), ValueError, "finite"),
        (lambda: mask_patches(np.full((2, 3), np.nan)), ValueError, r"noise\[0, 0\] is nan"),
        (lambda: mask_patches(np.zeros((1, 39)), 0.99), ValueError, "keeps 0 of 39"),
        (lambda: mask_patches(np.zeros((2, 3)), 1), ValueError, "mask_ratio=1 .*below 1"),
        (lambda: mask_patches(np.zeros(3)), ValueError, r"noise has shape \(3,\)"),
        (lambda: mask_patches([[0.1]]), TypeError, "noise is of type list"),
    ],
)
def test_bad_input_is_named(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()


def test_rows_that_a_batch_does_not_have():
    for batch in every_batch(np.random.default_rng(5)):
        for ask in (batch.sample, batch.decisions):
            for wrong in (True, "0", 0.0):
                with pytest.raises(TypeError, match=r"row=.*-4\.\.3"):
                    ask(wrong)
            for wrong in (4, -5):
                with pytest.raises(ValueError, match=rf"row={wrong} .*-4\.\.3"):
                    ask(wrong)
