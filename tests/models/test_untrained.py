"""Whose output changes with one word: those that may look at it, and nobody else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.attention import bidirectional, causal, prefix
from lessonlib.models.untrained import changed_outputs, tiny_model


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_output_changes_exactly_where_the_changed_word_can_be_seen(data):
    length = data.draw(st.integers(2, 8))
    at = data.draw(st.integers(0, length - 1))
    split = data.draw(st.integers(1, length))
    mask = data.draw(
        st.sampled_from([causal(length), bidirectional(length), prefix(length, split)])
    )
    before = list(range(length))
    after = [*before[:at], length, *before[at + 1 :]]
    seen = np.flatnonzero(mask[:, at]).tolist()
    changed = changed_outputs(before, after, mask)
    assert set(seen) <= set(changed)
    # With two layers a change also travels through those who saw it.
    reached = np.linalg.matrix_power(mask.astype(int), length) > 0
    assert set(changed) <= set(np.flatnonzero(reached[:, at]).tolist())


def test_the_same_text_changes_nothing():
    assert changed_outputs([1, 2, 3], [1, 2, 3], causal(3)) == []


def test_texts_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="3 words before and 2 after"):
        changed_outputs([1, 2, 3], [1, 2], causal(3))


def test_tiny_models_are_built_alike_and_take_one_anothers_numbers():
    encoder, decoder = tiny_model("encoder-only"), tiny_model("decoder-only")
    encoder.values[:] = decoder.values
    ids = np.arange(8)[None]
    for mask in (causal(8), np.ones((8, 8), bool)):
        np.testing.assert_array_equal(encoder.logits(ids, mask), decoder.logits(ids, mask))
