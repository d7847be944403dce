"""Attention masks: who may look at whom."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib import attention

few = settings(max_examples=50, deadline=None)
lengths = st.integers(0, 9)


def rows(mask):
    assert mask.dtype == bool
    return mask.astype(int).tolist()


def test_causal_looks_back_and_at_itself():
    assert rows(attention.causal(3)) == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_bidirectional_looks_everywhere():
    assert rows(attention.bidirectional(2)) == [[1, 1], [1, 1]]


def test_prefix_is_open_over_the_prefix_and_causal_behind_it():
    assert rows(attention.prefix(4, 2)) == [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 1],
    ]


def test_encoder_decoder_has_a_mask_for_each_pair_of_readers():
    encoder, decoder, cross = mask = attention.encoder_decoder(3, 2)
    assert (encoder is mask.encoder, decoder is mask.decoder, cross is mask.cross) == (True,) * 3
    assert rows(encoder) == [[1, 1, 1]] * 3
    assert rows(decoder) == [[1, 0], [1, 1]]
    assert rows(cross) == [[1, 1, 1]] * 2


def test_permutation_looks_at_what_comes_earlier_in_the_order():
    assert rows(attention.permutation([2, 0, 1])) == [[0, 0, 1], [1, 0, 1], [0, 0, 0]]


def test_permutation_with_context_that_is_not_predicted():
    assert rows(attention.permutation([2, 0, 1], predicted=[1, 2])) == [
        [1, 0, 0],
        [1, 0, 1],
        [1, 0, 0],
    ]


@few
@given(lengths)
def test_a_prefix_of_nothing_is_causal_and_of_everything_bidirectional(length):
    assert np.array_equal(attention.prefix(length, 0), attention.causal(length))
    assert np.array_equal(attention.prefix(length, length), attention.bidirectional(length))


@few
@given(lengths, st.data())
def test_a_longer_prefix_lets_nobody_see_less(length, data):
    shorter = data.draw(st.integers(0, length))
    longer = data.draw(st.integers(shorter, length))
    assert (attention.prefix(length, shorter) <= attention.prefix(length, longer)).all()


@few
@given(lengths)
def test_predicting_from_left_to_right_is_causal_without_oneself(length):
    mask = attention.permutation(range(length))
    assert np.array_equal(mask, np.tri(length, k=-1, dtype=bool))


@few
@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_permutation_never_shows_an_answer_to_who_must_give_it(order, predicted):
    mask = attention.permutation(order, sorted(predicted))
    for query in range(6):
        for key in range(6):
            if key not in predicted:
                allowed = True
            elif query not in predicted:
                allowed = False
            else:
                allowed = order.index(key) < order.index(query)
            assert mask[query, key] == allowed


@few
@given(st.permutations(range(6)))
def test_with_nothing_predicted_everything_is_context(order):
    assert attention.permutation(order, []).all()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: attention.causal(-1), ValueError, "length=-1"),
        (lambda: attention.causal(2.0), TypeError, "length=2.0"),
        (lambda: attention.causal(True), TypeError, "length=True"),
        (lambda: attention.bidirectional("3"), TypeError, "length='3'"),
        (lambda: attention.prefix(3, 4), ValueError, "split=4 is out of range; allowed: 0..3"),
        (lambda: attention.prefix(3, -1), ValueError, "split=-1 is out of range; allowed: 0..3"),
        (lambda: attention.prefix(None, 0), TypeError, "length=None"),
        (lambda: attention.encoder_decoder(-1, 2), ValueError, "source_length=-1"),
        (lambda: attention.encoder_decoder(1, 2.5), TypeError, "target_length=2.5"),
        (lambda: attention.permutation(3), TypeError, "order=3"),
        (lambda: attention.permutation([0, 0]), ValueError, "twice"),
        (lambda: attention.permutation([0, 2]), ValueError, "0..1"),
        (lambda: attention.permutation([0.0]), TypeError, "0.0"),
        (lambda: attention.permutation([1, 0], [2]), ValueError, "0..1"),
        (lambda: attention.permutation([1, 0], [1, 1]), ValueError, "twice"),
        (lambda: attention.permutation([1, 0], 1), TypeError, "predicted=1 "),
        (lambda: attention.permutation([1, 0], [2]), ValueError, "predicted[0]=2 "),
        (lambda: attention.permutation([1, 1]), ValueError, "order[1]=1 "),
    ],
)
def test_bad_input_is_refused_in_words(call, error, said):
    with pytest.raises(error) as refused:
        call()
    assert said in str(refused.value)


def test_apart_is_one_block_for_each():
    assert rows(attention.apart(1, 2)) == [[1, 0, 0], [0, 1, 1], [0, 1, 1]]
    assert np.array_equal(attention.apart(5), attention.bidirectional(5))
    assert attention.apart().shape == (0, 0)
    with pytest.raises(ValueError, match="length=-1"):
        attention.apart(2, -1)


def test_documents_are_causal_each_on_its_own():
    assert rows(attention.documents(1, 2)) == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert np.array_equal(attention.documents(5), attention.causal(5))
    assert attention.documents().shape == (0, 0)
    with pytest.raises(ValueError, match="length=-1"):
        attention.documents(2, -1)


@few
@given(st.lists(st.integers(0, 4), max_size=5))
def test_documents_look_back_as_texts_apart_do(sizes):
    both = attention.apart(*sizes) & attention.causal(sum(sizes))
    assert np.array_equal(attention.documents(*sizes), both)


#: For each pattern, what rows of 5 and 3 positions are given in a batch of two.
GIVEN = {
    "causal": (),
    "bidirectional": (),
    "prefix": (np.array([2, 3]),),
    "apart": (np.array([4, 1]),),
    "documents": (np.array([[0, 0, 1, 1, 2], [0, 1, 1, 1, 2]]),),
    "encoder_decoder": (np.array([[True, True, True, True], [True, False, False, False]]),),
    "permutation": (
        np.array([[2, 0, 1, 4, 3], [1, 2, 0, 3, 4]]),
        np.array([[True, False, True, False, True], [False, True, True, False, False]]),
    ),
}


@pytest.mark.parametrize("name", attention.PATTERNS)
def test_masks_of_a_batch_are_those_of_its_rows_and_never_fall_on_padding(name):
    real = np.arange(5) < np.array([[5], [3]])
    masks, pattern = attention.masks(name, real, *GIVEN[name]), attention.PATTERNS[name]
    for row in range(2):
        sizes = pattern.sizes(real[row].sum(), *(values[row].tolist() for values in GIVEN[name]))
        expected = attention.mask(name, *sizes)
        parts = [(masks[row], expected, real[row], real[row])]
        if isinstance(masks, attention.EncoderDecoderMask):
            source = GIVEN[name][0][row]
            parts = [
                (masks.encoder[row], expected.encoder, source, source),
                (masks.decoder[row], expected.decoder, real[row], real[row]),
                (masks.cross[row], expected.cross, real[row], source),
            ]
        for mask, wanted, queries, keys in parts:
            assert np.array_equal(mask[np.ix_(queries, keys)], wanted)
            assert not mask[:, ~keys].any()
            assert not mask.flags.writeable
            assert not wanted.flags.writeable


@pytest.mark.parametrize("name", attention.PATTERNS)
def test_every_pattern_has_an_architecture_and_words(name):
    pattern = attention.PATTERNS[name]
    sizes = ([1, 0], [1]) if name == "permutation" else (4, 2) if GIVEN[name] else (4,)
    assert pattern.mask is getattr(attention, name)
    assert pattern.architecture in ("decoder-only", "encoder-only", "encoder-decoder")
    assert pattern.words(*sizes)
    assert len(pattern.fits.split()) > 5


def test_a_pattern_that_does_not_exist_is_named():
    for ask in (attention.mask, attention.masks):
        with pytest.raises(ValueError, match=r"attention='sideways' is unknown.*'causal'"):
            ask("sideways", np.ones((1, 2), dtype=bool))
