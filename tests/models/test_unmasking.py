"""A text is written in passes: as many tokens stay each time as are due, and what stays stays."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.models.unmasking import RANDOM, SUREST, due, unmask
from tests import golden
from tests.samples.strategies import few


def uneven(draft):
    """Like every word, but none of them equally well, and each blank differently."""
    blanks = [place for place, token in enumerate(draft) if token is None]
    return [{f"w{k}": 1 + (place * 7 + k * 3) % 11 for k in range(4)} for place in blanks]


@golden.checks("masked_diffusion.shares", "hidden", "passes", "shares")
def test_shares_as_llada_has_them(case):
    assert due(case["hidden"], case["passes"]) == case["shares"]


@golden.checks("masked_diffusion.generate", "logits", "mask", "stages")
def test_drafts_as_llada_writes_them(case):
    logits = iter(case["logits"])

    def guess(draft):
        rows = next(logits)
        chances = [[math.exp(score) for score in row] for row in rows]
        return [
            {str(k): chance / sum(row) for k, chance in enumerate(row)}
            for token, row in zip(draft, chances, strict=True)
            if token is None
        ]

    length, passes = len(case["logits"][0]), len(case["logits"])
    expected = [
        [None if number == case["mask"] else str(number) for number in stage]
        for stage in case["stages"]
    ]
    assert unmask(guess, length, passes) == expected


@few
@given(st.data(), st.integers(1, 9), st.sampled_from([SUREST, RANDOM]), st.integers(0, 99))
def test_each_pass_keeps_what_is_due_and_changes_nothing_that_stands(data, length, order, seed):
    passes = data.draw(st.integers(1, length))
    drafts = unmask(uneven, length, passes, np.random.default_rng(seed), order)
    assert len(drafts) == passes + 1
    assert drafts[0] == [None] * length
    assert None not in drafts[-1]
    kept = [sum(token is not None for token in draft) for draft in drafts]
    steps = np.diff(kept).tolist()
    assert steps == due(length, passes)
    assert max(steps) - min(steps) <= 1
    for before, after in pairwise(drafts):
        assert all(old in (None, new) for old, new in zip(before, after, strict=True))


@few
@given(st.integers(1, 7), st.integers(0, 99))
def test_the_surest_stay_first(length, seed):
    first = unmask(uneven, length, length, np.random.default_rng(seed))[1]
    (place,) = [place for place, token in enumerate(first) if token]
    likeliest = [max(options.values()) for options in uneven([None] * length)]
    unguided = unmask(uneven, length, length)[1]
    assert unguided[int(np.argmax(likeliest))] is not None
    assert uneven([None] * length)[place][first[place]] > 0


def test_tokens_are_drawn_as_often_as_they_are_likely():
    def guess(draft):
        return [{"often": 0.8, "seldom": 0.2}] * draft.count(None)

    (_, written) = unmask(guess, 2000, 1, np.random.default_rng(0))
    assert abs(written.count("often") / 2000 - 0.8) < 0.03
    assert unmask(guess, 3, 1)[1] == ["often"] * 3


@pytest.mark.parametrize(
    ("given_", "error", "said"),
    [
        ((0, 1), ValueError, "length=0"),
        ((3, 4), ValueError, "passes=4 is out of range; allowed: 1..3"),
        ((3, 0), ValueError, "passes=0"),
        ((3, 1.0), TypeError, "passes=1.0"),
        ((3, 1, 7), TypeError, "rng"),
        ((3, 1, None, RANDOM), TypeError, "rng"),
        ((3, 1, None, "best"), ValueError, "order='best'"),
    ],
)
def test_bad_input_is_refused_in_words(given_, error, said):
    with pytest.raises(error) as refused:
        unmask(uneven, *given_)
    assert said in str(refused.value)
