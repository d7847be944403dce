"""What windows hold and cost is true by hand, and adds up for any texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.attention import causal, documents
from lessonlib.exams.windows import costs, windows
from tests.samples.strategies import few

lengths = st.lists(st.integers(1, 12), min_size=1, max_size=12)


@few
@given(lengths, st.integers(1, 15))
def test_windows_hold_every_token_once_and_are_full_but_for_the_last(texts, size):
    packed = windows(texts, size)
    assert sum(map(sum, packed)) == sum(texts)
    assert all(sum(window) == size for window in packed[:-1])
    assert 0 < sum(packed[-1]) <= size
    assert all(part > 0 for window in packed for part in window)


@few
@given(lengths, st.integers(12, 20))
def test_looks_are_those_of_the_masks(texts, size):
    packed = windows(texts, size)
    everywhere = sum(causal(sum(window)).sum() for window in packed)
    inside = sum(documents(*window).sum() for window in packed)
    assert costs(texts, size).across == pytest.approx(1 - inside / everywhere)


def test_costs_counted_by_hand():
    """Windows of 4 hold 3 + 1 and 2: of 13 looks, 10 stay inside."""
    padding, cut, across = costs([3, 3], 4)
    assert padding == pytest.approx(2 / 8)
    assert cut == 1 / 2
    assert across == pytest.approx(3 / 13)


def test_one_text_to_a_window_costs_nothing():
    assert costs([5, 5, 5], 5) == (0, 0, 0)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: windows([3], 0), ValueError, "size=0"),
        (lambda: windows([3, 0], 4), ValueError, "lengths[1]=0"),
        (lambda: windows([3, 2.5], 4), TypeError, "lengths[1]=2.5"),
        (lambda: costs([9], 4), ValueError, "lengths[0]=9 is out of range; allowed: 1..4"),
    ],
)
def test_bad_input_is_refused_in_words(call, error, said):
    with pytest.raises(error) as refused:
        call()
    assert said in str(refused.value)
