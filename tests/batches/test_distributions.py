"""What is drawn follows the published laws: a million tokens, each share within 4 sigma.

n counts independent draws: tokens where each is drawn for itself, rows where a row is drawn as a
whole.
"""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from lessonlib.batches.draws import choose, hits
from tests.batches.builders import (
    FIRST_WORD,
    MASK,
    PAD,
    VOCAB_SIZE,
    build,
    texts,
)

TOKENS = 1_000_000
LONG = 500


@pytest.fixture
def rng():
    return np.random.default_rng(2024)


def rows_of(length, rng):
    return texts(rng, np.full(TOKENS // length, length))


def is_share(observed, share):
    """Whether independent booleans are true with the given probability."""
    observed = np.asarray(observed)
    n = observed.size
    return abs(observed.mean() - share) <= 4 * np.sqrt(share * (1 - share) / n)


def are_shares(values, expected):
    """Whether independent values follow a law, value by value."""
    return {v: is_share(values == v, p) for v, p in expected.items()} == dict.fromkeys(
        expected, True
    )


def test_masked_chooses_and_replaces_as_bert_does(rng):
    ids = rows_of(LONG, rng)
    batch = build("masked", ids, rng)
    read, said = batch.inputs[batch.loss_mask], batch.targets[batch.loss_mask]
    lucky = 0.1 / (VOCAB_SIZE - 1)  # a random word may be the word itself
    assert is_share(batch.loss_mask, 0.15)
    assert is_share(read == MASK, 0.8)
    assert is_share(read == said, 0.1 + lucky)
    assert is_share((read != MASK) & (read != said), 0.1 - lucky)
    counts = batch.loss_mask.sum(axis=0)
    rows = len(ids)
    assert (np.abs(counts - 0.15 * rows) <= 4.5 * np.sqrt(0.15 * 0.85 * rows)).all()
    assert (batch.inputs == ids)[~batch.loss_mask].all()


@pytest.mark.parametrize("rate", [0.01, 0.4, 1])
@pytest.mark.parametrize(("keep", "random"), [(0, 0), (0, 1), (1, 0), (0.3, 0.7)])
def test_masked_at_other_rates(rng, rate, keep, random):
    ids = rows_of(LONG, rng)[:400]
    batch = build("masked", ids, rng, rate=rate, keep=keep, random=random)
    read, said = batch.inputs[batch.loss_mask], batch.targets[batch.loss_mask]
    nothing = (1 - rate) ** LONG  # such a row gets one label
    assert is_share(batch.loss_mask, rate + nothing / LONG)
    assert is_share(read == MASK, 1 - keep - random)
    assert is_share(read == said, keep + random / (VOCAB_SIZE - 1))


def test_random_words_are_uniform_over_the_words_that_are_not_special(rng):
    special = range(FIRST_WORD)
    batch = build("masked", rows_of(LONG, rng), rng, special_ids=special, random=1, keep=0)
    drawn = batch.inputs[batch.loss_mask]
    assert drawn.min() == FIRST_WORD
    assert drawn.max() == VOCAB_SIZE - 1
    share = 1 / (VOCAB_SIZE - FIRST_WORD)
    counts = np.bincount(drawn)[FIRST_WORD:]
    sigma = np.sqrt(share * (1 - share) * drawn.size)
    assert (np.abs(counts - share * drawn.size) <= 4.5 * sigma).all()


def test_a_short_row_gets_its_one_label_anywhere(rng):
    ids = rows_of(4, rng)[:100_000]
    batch = build("masked", ids, rng)
    per_row = batch.loss_mask.sum(axis=1)
    law = {k: comb(4, k) * 0.15**k * 0.85 ** (4 - k) for k in range(5)}
    assert are_shares(per_row, {0: 0, 1: law[0] + law[1], 2: law[2], 3: law[3], 4: law[4]})
    assert are_shares(batch.loss_mask[per_row == 1].argmax(axis=1), dict.fromkeys(range(4), 0.25))


def test_span_corruption_hides_fixed_numbers_never_first_always_last(rng):
    batch = build("span_corruption", rows_of(LONG, rng), rng)
    row, start, end = batch.choices["spans"].T
    rows = TOKENS // LONG
    hidden = np.bincount(row, weights=end - start)
    assert (hidden == 75).all()
    assert (np.bincount(row) == 25).all()
    assert start.min() > 0
    assert (np.bincount(row[end == LONG], minlength=rows) == 1).all()


def test_span_lengths_follow_the_law_of_uniform_compositions(rng):
    batch = build("span_corruption", rows_of(LONG, rng), rng)
    row, start, end = batch.choices["spans"].T
    lengths = (end - start).reshape(-1, 25)
    # 75 tokens in 25 spans: choosing a first length leaves 24 spans of at least 1 token.
    law = {k: comb(74 - k, 23) / comb(74, 24) for k in range(1, 13)}
    for span in (0, 11, 24):
        assert are_shares(lengths[:, span], law)
    assert (row.reshape(-1, 25) == row.reshape(-1, 25)[:, :1]).all()


def test_every_mask_of_a_short_text_is_equally_likely(rng):
    ids = rows_of(10, rng)
    batch = build("span_corruption", ids, rng, noise_density=0.4, mean_span_length=2)
    row, start, end = batch.choices["spans"].T
    pairs = np.column_stack([start, end]).reshape(-1, 4)
    seen, counts = np.unique(pairs, axis=0, return_counts=True)
    kept_ways, hidden_ways = 5, 3  # 6 kept and 4 hidden tokens, each in 2 stretches
    share = 1 / (kept_ways * hidden_ways)
    assert len(seen) == kept_ways * hidden_ways
    sigma = np.sqrt(share * (1 - share) * len(ids))
    assert (np.abs(counts - share * len(ids)) <= 4 * sigma).all()
    assert np.bincount(row).tolist() == [2] * len(ids)


def test_rolled_masks_cover_all_positions_alike(rng):
    ids = rows_of(50, rng)
    batch = build("span_corruption", ids, rng, random_roll=True, pad_id=PAD)
    row, start, end = batch.choices["spans"].T
    edges = np.zeros((len(ids), 51), dtype=int)
    np.add.at(edges, (row, start), 1)
    np.add.at(edges, (row, end), -1)
    hidden = np.cumsum(edges, axis=1)[:, :-1] > 0
    assert (hidden.sum(axis=1) == 8).all()
    for position in range(50):
        assert is_share(hidden[:, position], 8 / 50)


def test_rows_of_different_lengths_each_follow_their_own_law(rng):
    lengths = np.tile([7, 20, 40, 90], 2_000)
    batch = build("span_corruption", texts(rng, lengths), rng, pad_id=PAD)
    row, start, end = batch.choices["spans"].T
    hidden = np.bincount(row, weights=end - start).reshape(-1, 4)
    assert (hidden == [1, 3, 6, 14]).all()
    assert (np.bincount(row).reshape(-1, 4) == [1, 1, 2, 5]).all()
    # 40 tokens: 34 kept ones in 2 stretches, so the first span starts anywhere in 1..33.
    first = start[np.flatnonzero(np.diff(row, prepend=-1))][2::4]
    assert are_shares(first, dict.fromkeys(range(1, 34), 1 / 33))


def test_prefixes_are_uniform(rng):
    splits = build("prefix_lm", rows_of(10, rng), rng).choices["split"]
    assert are_shares(splits, dict.fromkeys(range(1, 10), 1 / 9))


def test_middles_are_cut_uniformly_and_half_the_rows_stay(rng):
    ids = rows_of(5, rng)
    batch = build("fill_in_middle", ids, rng, spm_rate=0.3, pad_id=PAD)
    order = batch.choices["order"]
    moved = np.arange(len(ids)) < len(ids) // 2
    assert ((order == "none") == ~moved).all()
    assert are_shares(order[moved], {"psm": 0.7, "spm": 0.3})
    cuts = batch.choices["start"][moved] * 10 + batch.choices["end"][moved]
    law = {10 * i + j: (1 + (i < j)) / 36 for i in range(6) for j in range(i, 6)}
    assert are_shares(cuts, law)


@pytest.mark.parametrize(("total", "count"), [(1, 1), (5, 2), (6, 6), (7, 0), (20, 2), (60, 1)])
def test_every_choice_is_equally_likely(rng, total, count):
    n = 50_000
    chosen = choose(rng, np.full(n, total), np.full(n, count))
    seen, counts = np.unique(chosen, axis=0, return_counts=True)
    assert seen.tolist() == [list(c) for c in combinations(range(total), count)]
    share = 1 / comb(total, count)
    assert (np.abs(counts - share * n) <= 4 * np.sqrt(share * (1 - share) * n)).all()


def test_rows_choose_as_many_as_they_were_told_of_as_many_as_they_have(rng):
    totals, counts = rng.integers(40, 60, 2_000), rng.integers(0, 5, 2_000)
    chosen = choose(rng, totals, counts)
    used = np.arange(chosen.shape[1]) < counts[:, None]
    assert (chosen[~used] == np.broadcast_to(totals[:, None], used.shape)[~used]).all()
    assert ((chosen < totals[:, None]) == used).all()
    assert (np.diff(chosen, axis=1)[used[:, 1:]] > 0).all()


@pytest.mark.parametrize("probability", [0, 1e-300, 1e-5, 0.15, 0.999, 1])
def test_hits_are_independent_trials(rng, probability):
    drawn = hits(rng, probability, TOKENS)
    success = np.zeros(TOKENS, dtype=bool)
    success[drawn] = True
    assert (np.diff(drawn) > 0).all()
    assert is_share(success, probability)
    assert is_share(success[1:] & success[:-1], probability**2)
