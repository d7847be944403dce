"""The batch builders make what the reference implementations make of the same random decisions."""

import numpy as np
import pytest

from lessonlib import attention, batches
from tests import golden

NO_LOSS = -100
MANY = 20_000


def runs(mask):
    """Return the maximal runs of true values as (0, start, end)."""
    edges = np.flatnonzero(np.diff(np.array(mask, dtype=bool), prepend=False, append=False))
    return np.array([(0, *pair) for pair in edges.reshape(-1, 2)], dtype=int).reshape(-1, 3)


def row_that_drew(batch, **wanted):
    """Return a row for which just these decisions were drawn."""
    for row in range(len(batch)):
        if batch.decisions(row) == wanted:
            return row
    raise AssertionError(f"{wanted} was not drawn in {len(batch)} rows")


@golden.checks(
    "t5.t5_spans",
    "tokens",
    "noise_mask",
    "vocab_size",
    "noise_span_to_unique_sentinel",
    "derived_paper_targets_final_sentinel",
)
def test_t5_spans(case):
    ids, start = np.array([case["tokens"]]), 1
    batch = batches.hide_spans(
        ids, runs(case["noise_mask"]), vocab_size=case["vocab_size"], start_id=start
    )
    targets = case["derived_paper_targets_final_sentinel"]
    assert batch.source[0].tolist() == case["noise_span_to_unique_sentinel"]
    assert batch.targets[0].tolist() == targets
    assert batch.inputs[0].tolist() == [start, *targets[:-1]]


@golden.checks("t5.random_spans_helper", "inputs_length", "noise_density", "mean", "result")
def test_span_lengths(case):
    lengths = batches.span_lengths(case["inputs_length"], case["noise_density"], case["mean"])
    assert list(lengths) == case["result"]


@golden.checks(
    "t5.noise_mask_counts", "length", "density", "mean", "n_noise", "n_spans", "first", "last"
)
def test_noise_mask_counts(case):
    rng = np.random.default_rng(0)
    mask = batches.span_mask(case["length"], rng, case["density"], case["mean"])
    assert mask.sum() == case["n_noise"]
    assert len(runs(mask)) == case["n_spans"]
    assert mask[0] == case["first"]
    assert mask[-1] == case["last"]


@golden.checks("t5.float32_vs_float64_mismatch", "mask_counts", "round_L_x_015")
def test_counts_are_those_of_the_length_helper_where_t5_disagrees_with_itself(case):
    assert not case["mask_counts"]
    rng = np.random.default_rng(0)
    lengths = np.arange(2, 4097)
    single = np.rint(lengths.astype(np.float32) * np.float32(0.15)).astype(int)
    double = np.rint(lengths * 0.15).astype(int)
    differ = np.flatnonzero(single != double)
    columns = np.column_stack([lengths, single, double, double])[differ]
    assert columns.tolist() == case["round_L_x_015"]
    for length, _, count, _ in case["round_L_x_015"]:
        assert batches.span_mask(length, rng).sum() == count


@golden.checks("t5.prefix_lens", "length", "prefix_lens")
def test_prefixes_have_the_lengths_that_t5_draws_from(case):
    ids = np.full((MANY, case["length"]), 7)
    if case["prefix_lens"] == [0]:
        with pytest.raises(ValueError, match="has length 1"):
            batches.prefix_lm(ids, np.random.default_rng(0))
    else:
        splits = batches.prefix_lm(ids, np.random.default_rng(0)).choices["split"]
        assert np.unique(splits).tolist() == case["prefix_lens"]


@golden.checks("prefix_lm.cases", "tokens", "prefix_len", "enc_dec", "shifted")
def test_prefix_lm(case):
    ids, rng = np.tile(case["tokens"], (MANY // 100, 1)), np.random.default_rng(0)
    batch = batches.prefix_lm(ids, rng)
    row = row_that_drew(batch, split=case["prefix_len"])
    expected = case["shifted"]
    labels = np.where(batch.loss_mask, batch.targets, NO_LOSS)[row]
    assert batch.inputs[row].tolist() == expected["inputs"]
    assert labels.tolist() == expected["labels"]
    assert batch.attention_mask[row].astype(int).tolist() == expected["attention_allowed"]

    two_stacks = batches.prefix_lm(ids, rng, architecture="encoder-decoder", start_id=1, pad_id=0)
    row = row_that_drew(two_stacks, split=case["prefix_len"], architecture="encoder-decoder")
    sample = two_stacks.sample(row, int)
    assert sample.source == case["enc_dec"]["inputs"]
    assert sample.targets == case["enc_dec"]["targets"]


@golden.checks(
    "fim.cases", "tokens", "boundaries", "spm", "prefix_id", "middle_id", "suffix_id", "output"
)
def test_fill_in_middle(case):
    ids = np.tile(case["tokens"], (MANY, 1))
    batch = batches.fill_in_middle(
        ids,
        np.random.default_rng(0),
        rate=1,
        spm_rate=case["spm"],
        prefix_id=case["prefix_id"],
        middle_id=case["middle_id"],
        suffix_id=case["suffix_id"],
    )
    start, end = sorted(case["boundaries"])
    row = row_that_drew(
        batch, start=start, end=end, order="spm" if case["spm"] else "psm", closed=False
    )
    assert [*batch.inputs[row].tolist(), batch.targets[row, -1]] == case["output"]


@golden.checks("mlm_hf.cases", "tokens", "special_ids", "mask_id", "labels")
def test_masked_chooses_only_where_the_reference_may(case):
    ids, special = np.array(case["tokens"]), case["special_ids"]
    batch = batches.masked(
        ids,
        np.random.default_rng(0),
        mask_id=case["mask_id"],
        vocab_size=40_000,
        special_ids=special,
        pad_id=0,
        rate=1,
        keep=0,
        random=0,
    )
    may_be_chosen = ~np.isin(ids, [*special, case["mask_id"]])
    assert (batch.loss_mask == may_be_chosen).all()
    labelled = np.array(case["labels"]) != NO_LOSS
    assert (may_be_chosen | ~labelled).all()
    assert (batch.targets[labelled] == np.array(case["labels"])[labelled]).all()


@golden.checks("causal.cases", "input_ids", "pad_id", "model_shift_labels")
def test_causal(case):
    ids = np.array(case["input_ids"])
    batch = batches.causal(ids, pad_id=case["pad_id"])
    labels = np.where(batch.loss_mask, batch.targets, NO_LOSS)
    # Shifted in the model, the last position stays without a label; shifted here, it is cut off.
    assert (
        np.pad(labels, [(0, 0), (0, 1)], constant_values=NO_LOSS).tolist()
        == (case["model_shift_labels"])
    )


@golden.checks("xlnet_hf.cases", "tokens", "half_permutation", "span", "perm_mask", "labels")
def test_permutation_lm_attention(case):
    predicted = np.array(case["labels"]) != NO_LOSS
    # The reference orders both halves alike: rank of position i is that of i in its half.
    order = np.argsort(np.tile(case["half_permutation"], 2), kind="stable")
    real = np.array(case["tokens"]) >= 0
    mask = attention.masks("permutation", real, order[None], predicted)
    assert (mask == ~np.array(case["perm_mask"], dtype=bool)).all()
