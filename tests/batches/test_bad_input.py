"""What cannot be meant is refused: what was wrong, what is allowed, what to do."""

import inspect

import numpy as np
import pytest

from lessonlib import batches
from tests.batches.builders import (
    CLOSE,
    FIXED,
    MASK,
    MODES,
    OPEN,
    PAD,
    START,
    VOCAB_SIZE,
    build,
    texts,
)

ALL = [name for name in FIXED if name != "ul2"]  # which is given its spans
DRAWING = [name for name in ALL if "rng" in inspect.signature(getattr(batches, name)).parameters]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def ids(rng):
    return texts(rng, [12, 9, 12])


def refused(error, text, objective, ids, rng, **arguments):
    with pytest.raises(error, match=text):
        build(objective, ids, rng, **{"pad_id": PAD} | arguments)


@pytest.mark.parametrize("objective", ALL)
def test_ids_of_the_wrong_kind(objective, ids, rng):
    refused(TypeError, "ids is of type list.*numpy array", objective, ids.tolist(), rng)
    refused(TypeError, "dtype float64.*integer", objective, ids.astype(float), rng)
    refused(TypeError, "dtype bool", objective, ids > 3, rng)
    refused(TypeError, "dtype object", objective, ids.astype(object), rng)
    refused(ValueError, r"shape \(12,\).*\(rows, length\)", objective, ids[0], rng)
    refused(ValueError, "at least one row", objective, ids[:0], rng)
    refused(ValueError, "at least one row", objective, ids[:, :0], rng)
    refused(TypeError, "ids is of type MaskedArray", objective, np.ma.masked_array(ids), rng)
    refused(TypeError, "ids is of type matrix", objective, ids.view(np.matrix), rng)


@pytest.mark.parametrize("objective", ALL)
def test_ids_out_of_range(objective, ids, rng):
    ids[1, 4] = -100
    refused(ValueError, r"ids\[1, 4\]=-100 is out of range; allowed: 0", objective, ids, rng)
    if "vocab_size" in FIXED.get(objective, {}):
        ids[1, 4] = VOCAB_SIZE
        refused(ValueError, r"=1000 is out of range; allowed: 0\.\.999", objective, ids, rng)


@pytest.mark.parametrize("objective", DRAWING)
def test_generators_of_the_wrong_kind(objective, ids):
    for wrong in (0, None, np.random, np.random.RandomState(0)):
        refused(TypeError, r"numpy Generator.*default_rng", objective, ids, wrong)


@pytest.mark.parametrize("objective", sorted({*ALL} - {"masked"}))
def test_padding_amid_a_row(objective, ids, rng):
    ids[1, 4] = PAD
    refused(ValueError, r"ids\[1, 4\] is pad_id=0 but tokens follow", objective, ids, rng)


def test_padding_may_lie_anywhere_in_masked_and_is_never_chosen(ids, rng):
    ids[:, ::2] = PAD
    batch = build("masked", ids, rng, pad_id=PAD, rate=1)
    assert (batch.loss_mask == (ids != PAD)).all()
    assert not batch.attention_mask[:, :, 0].any()


@pytest.mark.parametrize("objective", ALL)
def test_rows_with_nothing_to_ask(objective, ids, rng):
    ids[1] = PAD
    refused(ValueError, "row 1 has (length 0|nothing to choose)", objective, ids, rng)
    ids[1, 0] = 50
    if objective == "masked":
        assert build(objective, ids, rng, pad_id=PAD).loss_mask.any(axis=1).all()
    else:
        refused(ValueError, "row 1 has length 1.*2 or more", objective, ids, rng)


@pytest.mark.parametrize("objective", ["masked", "span_corruption"])
def test_rows_that_are_all_special(objective, ids, rng):
    ids[2] = OPEN
    refused(
        ValueError, "row 2 has (length 0 without|nothing to choose)", objective, ids, rng,
        special_ids={OPEN, CLOSE},
    )  # fmt: skip


def test_special_tokens_amid_the_text(ids, rng):
    ids[1, 4] = CLOSE
    refused(
        ValueError, r"ids\[1, 4\]=7 is a special id amid the text", "span_corruption", ids, rng,
        special_ids=[CLOSE],
    )  # fmt: skip


WRONG_SHARES = {
    "masked": ["rate", "keep", "random"],
    "span_corruption": ["noise_density", "mean_span_length"],
    "fill_in_middle": ["rate", "spm_rate"],
}


@pytest.mark.parametrize(
    ("objective", "name"), [(o, name) for o, names in WRONG_SHARES.items() for name in names]
)
def test_numbers_out_of_range(objective, name, ids, rng):
    for wrong in (-0.1, float("nan"), float("inf"), -1):
        refused((ValueError, TypeError), f"{name}=.*allowed", objective, ids, rng, **{name: wrong})
    for wrong in ("0.1", None, True, [0.1]):
        refused(TypeError, f"{name}=.*allowed", objective, ids, rng, **{name: wrong})
    if "rate" in name or name in ("keep", "random", "noise_density"):
        refused(ValueError, f"{name}=1.5", objective, ids, rng, **{name: 1.5})


def test_a_rate_of_0_asks_nothing(ids, rng):
    refused(ValueError, "rate=0 .*above 0", "masked", ids, rng, rate=0)
    for wrong in (0, 1):
        allowed = f"noise_density={wrong} .*above 0 and below 1"
        refused(ValueError, allowed, "span_corruption", ids, rng, noise_density=wrong)


@pytest.mark.parametrize(
    ("objective", "arguments"),
    [
        ("masked", {"rate": 5e-324}),
        ("masked", {"keep": 5e-324, "random": 1 - 2**-53}),
        ("span_corruption", {"noise_density": 5e-324, "mean_span_length": 1e300}),
        ("span_corruption", {"noise_density": 1 - 2**-53, "mean_span_length": 1}),
    ],
)
def test_extremes_still_give_every_row_a_label(objective, arguments, ids, rng):
    batch = build(objective, ids, rng, pad_id=PAD, **arguments)
    assert batch.loss_mask.any(axis=1).all()


def test_shares_that_add_up_to_more_than_everything(ids, rng):
    refused(ValueError, "more than 1", "masked", ids, rng, keep=0.6, random=0.6)


def test_no_word_left_to_draw(rng):
    ids = rng.integers(0, 2, (3, 9))
    with pytest.raises(ValueError, match="no random word"):
        batches.masked(ids, rng, mask_id=0, vocab_size=2, special_ids=[1])


ID_NAMES = [
    (objective, name) for objective, fixed in FIXED.items() for name in fixed if "_id" in name
]


@pytest.mark.parametrize(("objective", "name"), [pair for pair in ID_NAMES if "ids" not in pair[1]])
def test_special_ids_of_the_wrong_kind(objective, name, ids, rng):
    arguments = {"architecture": "encoder-decoder"} if objective == "prefix_lm" else {}
    for wrong in (1.0, "1", True, None):
        refused(TypeError, f"{name}=.*integer", objective, ids, rng, **arguments, **{name: wrong})
    refused(ValueError, f"{name}=-1", objective, ids, rng, **arguments, **{name: -1})


def test_ids_that_do_not_fit_the_dtype(ids, rng):
    with pytest.raises(ValueError, match="mask_id=300 does not fit into ids of dtype uint8"):
        batches.masked((ids % 200).astype("u1"), rng, mask_id=300, vocab_size=400)
    with pytest.raises(ValueError, match=r"the last word.* does not fit"):
        batches.masked((ids % 200).astype("u1"), rng, mask_id=3, vocab_size=400)
    for objective in ("span_corruption", "ul2"):
        small = (ids % 200).astype("u1")
        refused(ValueError, "first sentinel.*uint8.*wider dtype", objective, small, rng,
                vocab_size=400)  # fmt: skip
        refused(ValueError, r"first sentinel.*int64 \(0\.\.9223372036854775807\)$", objective, ids,
                rng, vocab_size=10**25)  # fmt: skip


def test_two_special_tokens_with_one_id(ids, rng):
    for name in ("suffix_id", "start_id", "end_id"):
        refused(ValueError, "both 3", "fill_in_middle", ids, rng, prefix_id=3, **{name: 3})
    refused(ValueError, "both 2", "masked", ids, rng, mask_id=2, pad_id=2)
    refused(ValueError, "both 5", "ul2", ids, rng, mode_ids={"R": 5, "S": 5, "X": 6})


def test_mode_ids(ids, rng):
    for wrong in ({"R": 1}, {"R": 1, "S": 2, "X": 3, "Y": 4}):
        refused(ValueError, "mode_ids=.*'R', 'S' and 'X'", "ul2", ids, rng, mode_ids=wrong)
    for wrong in (None, [1, 2, 3], "RSX"):
        refused(TypeError, "mode_ids=.*'R', 'S' and 'X'", "ul2", ids, rng, mode_ids=wrong)


@pytest.mark.parametrize("objective", ["span_corruption", "ul2"])
def test_sentinels_in_the_text(objective, ids, rng):
    ids[2, 3] = VOCAB_SIZE - 1
    refused(ValueError, r"ids\[2, 3\]=999 is a sentinel", objective, ids, rng)


@pytest.mark.parametrize("name", ["start_id", "pad_id"])
@pytest.mark.parametrize("objective", ["span_corruption", "ul2"])
def test_sentinels_that_are_special_tokens_too(objective, name, ids, rng):
    ids = ids[::2]  # rows without padding
    for wrong in (VOCAB_SIZE - 1, VOCAB_SIZE - 2):
        refused(ValueError, f"{name}={wrong} is a sentinel", objective, ids, rng, **{name: wrong})
    free = VOCAB_SIZE - 10  # rows of 12 tokens need fewer sentinels
    assert build(objective, ids, rng, **{"pad_id": PAD} | {name: free}).loss_mask.any()
    same = build(objective, ids, rng, pad_id=PAD, start_id=PAD)  # as T5 has it
    assert (same.inputs[:, 0] == PAD).all()


def test_sentinels_that_are_special_ids_or_modes(ids, rng):
    last = VOCAB_SIZE - 1
    refused(ValueError, "special id=999 is a sentinel", "span_corruption", ids, rng,
            special_ids=[OPEN, last])  # fmt: skip
    refused(ValueError, r"mode_ids\['S'\]=999 is a sentinel", "ul2", ids, rng,
            mode_ids={"R": 5, "S": last, "X": 6})  # fmt: skip
    spans = np.array([[0, 1, 2], [0, 3, 4]])
    with pytest.raises(ValueError, match=r"start_id=997 is a sentinel.*2 spans need 3 sentinels"):
        batches.hide_spans(ids, spans, vocab_size=VOCAB_SIZE, start_id=997, pad_id=PAD)
    assert batches.hide_spans(ids, spans, vocab_size=VOCAB_SIZE, start_id=996, pad_id=PAD)


@pytest.mark.parametrize(
    ("objective", "arguments"),
    [
        ("fill_in_middle", {}),
        ("prefix_lm", {"architecture": "encoder-decoder"}),
        ("span_corruption", {"random_roll": True}),
    ],
)
def test_whether_a_pad_id_is_needed_is_no_matter_of_luck(objective, arguments):
    for seed in range(40):
        rng = np.random.default_rng(seed)
        refused(ValueError, "rows of different lengths; give pad_id", objective,
                texts(rng, [20] * 2), rng, pad_id=None, **arguments)  # fmt: skip
        alone = build(objective, texts(rng, [20]), rng, pad_id=None, **arguments)
        assert alone.real.all()


def test_sentinels_in_the_text_are_no_matter_of_luck():
    """Rolling can cut a span in two, which takes one sentinel more."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ids = np.full((2, 20), VOCAB_SIZE - 3)  # 1 span, 2 when cut: sentinels 999, 998 and 997
        refused(ValueError, "=997 is a sentinel", "span_corruption", ids, rng, random_roll=True)
        assert build("span_corruption", ids, rng, pad_id=PAD)


def test_rolling_is_asked_for_with_true_or_false(ids, rng):
    for wrong in ("yes", None, 1):
        said = "random_roll=.*True or False"
        refused(TypeError, said, "span_corruption", ids, rng, random_roll=wrong)
        with pytest.raises(TypeError, match=said):
            batches.span_mask(9, rng, random_roll=wrong)
    assert build("span_corruption", ids, rng, pad_id=PAD, random_roll=np.True_)


@pytest.mark.parametrize("wrong", ["x", -1, float("nan"), True])
def test_a_start_id_is_checked_where_it_is_not_used_too(wrong, ids, rng):
    refused((TypeError, ValueError), "start_id=", "prefix_lm", ids, rng, start_id=wrong)


def test_a_row_of_one_token_is_enough_where_every_row_is_rearranged(rng):
    ids = np.array([[50], [51], [52], [53]])
    assert build("fill_in_middle", ids, rng, rate=1).loss_mask.any(axis=1).all()
    for rate in (0, 0.5, 0.999):
        refused(ValueError, "row 0 has length 1.*2 or more", "fill_in_middle", ids, rng, rate=rate)
        assert build("fill_in_middle", ids, rng, rate=rate, start_id=START, pad_id=PAD)


@pytest.mark.parametrize("objective", ALL)
def test_rows_that_a_batch_does_not_have(objective, ids, rng):
    batch = build(objective, ids, rng, pad_id=PAD)
    for ask in (batch.sample, batch.decisions):
        for wrong in (True, 1.0, "0", None, [0]):
            with pytest.raises(TypeError, match=r"row=.*integer \(allowed: -3\.\.2\)"):
                ask(wrong)
        for wrong in (3, -4, 5):
            with pytest.raises(ValueError, match=rf"row={wrong} is out of range; .* -3\.\.2"):
                ask(wrong)


def test_unknown_architectures(ids, rng):
    refused(ValueError, "architecture='encoder'.*'decoder-only'", "prefix_lm", ids, rng,
            architecture="encoder")  # fmt: skip


def test_spans_that_are_given(ids):
    def hide(spans, **arguments):
        fixed = {"vocab_size": VOCAB_SIZE, "start_id": MASK, "pad_id": PAD}
        return batches.hide_spans(ids, spans, **fixed | arguments)

    assert hide(np.zeros((0, 3), dtype=int)).targets.shape == (3, 1)
    with pytest.raises(TypeError, match=r"list.*numpy array"):
        hide([(0, 1, 2)])
    with pytest.raises(TypeError, match="float64"):
        hide(np.array([[0.0, 1.0, 2.0]]))
    with pytest.raises(ValueError, match=r"shape \(1, 2\)"):
        hide(np.array([[1, 2]]))
    for wrong in [(3, 1, 2), (-1, 1, 2), (0, 2, 2), (0, -1, 2), (1, 8, 10)]:
        with pytest.raises(ValueError, match=r"spans\[0\]=.* start < end, inside its row"):
            hide(np.array([wrong]))
    for first, second in [((1, 1, 2), (0, 1, 2)), ((0, 3, 5), (0, 1, 2)), ((0, 1, 3), (0, 3, 4))]:
        with pytest.raises(ValueError, match=r"spans\[1\]=.* after the one before it"):
            hide(np.array([first, second]))


def test_denoisers_that_do_not_fit(ids):
    spans = np.array([[0, 1, 2], [0, 5, 12], [1, 0, 9], [2, 3, 4]])
    fixed = {"vocab_size": VOCAB_SIZE, "start_id": START, "mode_ids": MODES, "pad_id": PAD}
    assert batches.ul2(ids, spans, ["X", "S", "R"], **fixed)
    for wrong, row in (("SSR", 0), ("XSS", 2)):
        with pytest.raises(ValueError, match=f"row {row} is of kind 'S'.* one span, up to its end"):
            batches.ul2(ids, spans, list(wrong), **fixed)
    with pytest.raises(ValueError, match="2 members for 3 rows"):
        batches.ul2(ids, spans, ["X", "S"], **fixed)
    with pytest.raises(ValueError, match=r"denoisers\[2\]='Q' is unknown"):
        batches.ul2(ids, spans, ["X", "S", "Q"], **fixed)
    with pytest.raises(TypeError, match="denoisers=3 "):
        batches.ul2(ids, spans, 3, **fixed)


def test_lengths_of_spans_and_masks(rng):
    for wrong in (0, -3):
        with pytest.raises(ValueError, match=r"length=.*1 or more"):
            batches.span_mask(wrong, rng)
    with pytest.raises(TypeError, match=r"length=2\.5"):
        batches.span_mask(2.5, rng)
    with pytest.raises(ValueError, match="inputs_length=1 "):
        batches.span_lengths(1)
    assert not batches.span_mask(1, rng).any()
