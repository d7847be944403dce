"""Each row of a batch is the sample that `lessonlib.samples` makes of the same decisions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib import batches, samples
from tests.batches.builders import CLOSE, FIXED, OPEN, PAD, START, build, texts, word, words

rows_of_lengths = st.lists(st.integers(2, 40), min_size=1, max_size=8)
seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0.01, 0.99)
OPTIONS = {
    "causal": {},
    "masked": {"rate": shares, "keep": st.floats(0, 0.5), "random": st.floats(0, 0.5)},
    "span_corruption": {
        "noise_density": shares,
        "mean_span_length": st.floats(1, 9),
        "random_roll": st.booleans(),
    },
    "prefix_lm": {"architecture": st.sampled_from(["decoder-only", "encoder-decoder"])},
    "fill_in_middle": {
        "rate": st.floats(0, 1),
        "spm_rate": st.floats(0, 1),
        "start_id": st.sampled_from([None, START]),
        "end_id": st.sampled_from([None, CLOSE]),
    },
    "ul2": {},
}


def sample_of(batch, row, tokens):
    """Make the sample of a row's tokens with what was drawn for the row."""
    decisions = batch.decisions(row)
    if not decisions and batch.inputs[row, 0] == START:
        tokens = [word(START), *tokens]
    if "replacements" in decisions:
        decisions["replacements"] = [word(number) for number in decisions["replacements"]]
    return getattr(samples, batch.sample(row).objective)(tokens, **decisions)


@pytest.mark.parametrize("objective", OPTIONS)
@given(lengths=rows_of_lengths, seed=seeds, data=st.data())
@settings(max_examples=25, deadline=None)
def test_rows_are_samples(objective, lengths, seed, data):
    rng = np.random.default_rng(seed)
    ids = texts(rng, lengths)
    batch = build(
        objective, ids, rng, pad_id=PAD, **data.draw(st.fixed_dictionaries(OPTIONS[objective]))
    )
    for row in range(len(ids)):
        made = sample_of(batch, row, words(ids[row]))
        assert batch.sample(row, word) == made
        assert batch.sample(row - len(ids), word) == made
        assert batch.decisions(row - len(ids)) == batch.decisions(np.int32(row))


@pytest.mark.parametrize("objective", OPTIONS)
@given(lengths=rows_of_lengths, seed=seeds, data=st.data())
@settings(max_examples=15, deadline=None)
def test_attention_is_that_of_the_sample_and_never_falls_on_padding(objective, lengths, seed, data):
    rng = np.random.default_rng(seed)
    ids = texts(rng, lengths)
    batch = build(
        objective, ids, rng, pad_id=PAD, **data.draw(st.fixed_dictionaries(OPTIONS[objective]))
    )
    for row in range(len(ids)):
        expected = sample_of(batch, row, words(ids[row])).attention_mask
        real = batch.real[row]
        if batch.source is None:
            pairs = [(batch.attention_mask[row], real, real, expected)]
        else:
            source, masks = batch.source_real[row], batch.attention_mask
            pairs = [
                (masks.encoder[row], source, source, expected.encoder),
                (masks.decoder[row], real, real, expected.decoder),
                (masks.cross[row], real, source, expected.cross),
            ]
        for mask, queries, keys, wanted in pairs:
            assert (mask[np.ix_(queries, keys)] == wanted).all()
            assert not mask[:, ~keys].any()


@pytest.mark.parametrize("objective", sorted(OPTIONS))
@given(lengths=rows_of_lengths, seed=seeds)
@settings(max_examples=15, deadline=None)
def test_padding_holds_the_pad_id_and_no_loss(objective, lengths, seed):
    rng = np.random.default_rng(seed)
    batch = build(objective, texts(rng, lengths), rng, pad_id=PAD)
    assert not batch.loss_mask[~batch.real].any()
    assert (batch.targets[~batch.real] == PAD).all()
    assert (batch.targets[batch.loss_mask] != PAD).all()
    if batch.attention[0] not in ("causal", "prefix"):  # views, see `Batch`
        assert (batch.inputs[~batch.real] == PAD).all()
    if batch.source is not None:
        assert (batch.source[~batch.source_real] == PAD).all()
        assert (batch.source[batch.source_real] != PAD).all()


@pytest.mark.parametrize("objective", OPTIONS)
@pytest.mark.parametrize("dtype", ["i8", "i4", "u2", ">i4"])
def test_a_seed_and_ids_decide_everything_and_ids_stay_as_they_are(objective, dtype):
    ids = texts(np.random.default_rng(1), [20, 7, 13]).astype(dtype)
    before = ids.copy()
    first, second = (build(objective, ids, np.random.default_rng(5), pad_id=PAD) for _ in range(2))
    assert (ids == before).all()
    for name in ("source", "inputs", "targets", "loss_mask"):
        one, other = getattr(first, name), getattr(second, name)
        assert one is other is None or (one == other).all()
        if one is not None and name != "loss_mask":
            assert one.dtype.newbyteorder("=") == ids.dtype.newbyteorder("=")


@pytest.mark.parametrize("objective", sorted({*OPTIONS} - {"ul2"}))
def test_padding_is_not_needed_where_rows_come_out_equally_long(objective):
    rng = np.random.default_rng(0)
    arguments = {"rate": 1} if objective == "fill_in_middle" else {}
    batch = build(objective, texts(rng, [30] * 5), rng, **arguments)
    assert batch.real.all()
    assert batch.real.shape == batch.targets.shape


@pytest.mark.parametrize("objective", ["masked", "span_corruption"])
@given(lengths=rows_of_lengths, seed=seeds)
@settings(max_examples=25, deadline=None)
def test_special_tokens_that_open_and_close_a_row_are_never_chosen(objective, lengths, seed):
    rng = np.random.default_rng(seed)
    ids = np.pad(texts(rng, lengths), [(0, 0), (1, 1)])
    ids[:, 0] = OPEN
    ids[np.arange(len(ids)), 1 + np.array(lengths)] = CLOSE
    batch = build(objective, ids, rng, pad_id=PAD, special_ids=[OPEN, CLOSE])
    for row in range(len(ids)):
        decisions = batch.decisions(row)
        chosen = {*decisions.get("positions", [])}
        chosen.update(p for span in decisions.get("spans", []) for p in range(*span))
        assert chosen, "every row has a label"
        assert chosen <= set(range(1, lengths[row] + 1))


def test_a_batch_shares_memory_with_its_ids_where_nothing_changes():
    ids = texts(np.random.default_rng(0), [9] * 4)
    batch = build("causal", ids, None)
    assert np.shares_memory(batch.inputs, ids)
    assert np.shares_memory(batch.targets, ids)
    assert batch.loss_mask.strides == (0, 0)
    prefix = build("prefix_lm", ids, np.random.default_rng(0))
    assert np.shares_memory(prefix.inputs, ids)
    assert np.shares_memory(build("masked", ids, np.random.default_rng(0)).targets, ids)


def test_what_filling_in_the_middle_leaves_as_it_is_is_causal():
    ids = texts(np.random.default_rng(0), [9] * 4)
    batch = build("fill_in_middle", ids, np.random.default_rng(0), rate=0)
    for row in range(4):
        assert batch.decisions(row) == {}
        assert batch.sample(row, word) == samples.causal(words(ids[row]))


@pytest.mark.parametrize("objective", OPTIONS)
def test_an_attention_mask_cannot_be_written_into(objective):
    rng = np.random.default_rng(0)
    mask = build(objective, texts(rng, [9, 7]), rng, pad_id=PAD).attention_mask
    for part in [mask] if isinstance(mask, np.ndarray) else mask:
        assert not part.flags.writeable


def test_every_builder_is_covered():
    assert set(OPTIONS) == set(FIXED) == samples.objectives.keys() & set(batches.__all__)
