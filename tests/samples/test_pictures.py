"""Objectives on pictures: laws of their samples, and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib import samples
from lessonlib.samples import MASK, START, prefix_lm
from lessonlib.samples.pictures import (
    CAPTION,
    captioning,
    contrastive,
    image_text_matching,
    masked_multimodal,
    patch,
    picture_objectives,
)
from lessonlib.samples.special import END

captions = st.lists(st.sampled_from("a red blue square circle above".split()), min_size=1)
sizes = st.integers(1, 9)
every_row = pytest.mark.parametrize("row", picture_objectives.values(), ids=picture_objectives)


@every_row
def test_a_row_builds_its_example_and_gets_picture_and_caption_back(row):
    sample = row.example()
    assert sample.objective == row.name
    assert any(sample.loss_mask)
    assert row.inverse(sample) == [*(patch(k) for k in range(4)), *CAPTION.split()]


def test_names_are_not_those_of_objectives_on_text():
    assert not picture_objectives.keys() & samples.objectives.keys()


@given(captions, sizes)
def test_captioning_is_a_prefix_lm_whose_prefix_is_the_picture(caption, size):
    sample = captioning(caption, size)
    picture = [patch(k) for k in range(size)]
    whole = [*picture, START, *caption, END]
    as_text = prefix_lm(whole, split=size + 1)
    assert (sample.inputs, sample.targets) == (as_text.inputs, as_text.targets)
    assert sample.loss_mask == as_text.loss_mask
    looks = sample.attention_mask
    assert looks[:size, :size].all()
    assert not looks[:size, size:].any()
    assert (
        looks[size:, size:]
        == [[j <= i for j in range(len(looks) - size)] for i in range(len(looks) - size)]
    ).all()


@given(captions, sizes, st.data())
def test_masked_hides_what_is_asked_and_nothing_else(caption, size, data):
    words = data.draw(st.lists(st.integers(0, len(caption) - 1), unique=True))
    hidden = data.draw(st.lists(st.integers(0, size - 1), unique=True))
    sample = masked_multimodal(caption, size, words, hidden)
    assert sample.targets == [*(patch(k) for k in range(size)), START, *caption]
    asked = {*hidden, *(size + 1 + word for word in words)}
    assert {i for i, counts in enumerate(sample.loss_mask) if counts} == asked
    for i, (read, said) in enumerate(zip(sample.inputs, sample.targets, strict=True)):
        assert read == (MASK if i in asked else said)
    assert sample.attention_mask.all()


@given(captions, sizes, st.integers(0, 99))
def test_contrastive_lets_nothing_pass_between_picture_and_caption(caption, size, pair):
    sample = contrastive(caption, size, pair)
    looks = sample.attention_mask
    of_picture = size + 1
    assert looks[:of_picture, :of_picture].all()
    assert looks[of_picture:, of_picture:].all()
    assert not looks[:of_picture, of_picture:].any()
    assert not looks[of_picture:, :of_picture].any()
    asked = [t for t, counts in zip(sample.targets, sample.loss_mask, strict=True) if counts]
    assert asked == [f"caption {pair}", f"picture {pair}"]
    where = [i for i, counts in enumerate(sample.loss_mask) if counts]
    assert [sample.inputs[i] for i in where] == [START, START]


@given(captions, sizes, st.booleans())
def test_matching_asks_one_question_with_both_in_view(caption, size, matches):
    sample = image_text_matching(caption, size, matches)
    assert sum(sample.loss_mask) == 1
    assert sample.targets[sample.loss_mask.index(True)] == ("yes" if matches else "no")
    assert sample.attention_mask.all()
    assert image_text_matching(caption, size, np.bool_(matches)) == sample


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: captioning([], 4), ValueError, r"caption=\[\] is too short"),
        (lambda: contrastive([], 4), ValueError, r"caption=\[\] is too short"),
        (lambda: image_text_matching([], 4, True), ValueError, r"caption=\[\] is too short"),
        (lambda: masked_multimodal([], 4, [], []), ValueError, r"caption=\[\] is too short"),
        (lambda: captioning("a cat", 4), TypeError, r"caption.split\(\)"),
        (lambda: captioning(["a", 3], 4), TypeError, r"caption\[1\]=3"),
        (lambda: captioning(["a"], 0), ValueError, "patches=0.*1 or more"),
        (lambda: captioning(["a"], 2.0), TypeError, "patches=2.0"),
        (lambda: contrastive(["a"], 2, -1), ValueError, "pair=-1"),
        (lambda: masked_multimodal(["a"], 2, [1], []), ValueError, r"words\[0\]=1.*0..0"),
        (lambda: masked_multimodal(["a"], 2, [], [2]), ValueError, r"hidden\[0\]=2.*0..1"),
        (lambda: masked_multimodal(["a"], 2, [], [0, 0]), ValueError, r"hidden\[1\]=0 .*twice"),
        (lambda: image_text_matching(["a"], 2, "yes"), TypeError, "matches='yes'.*True or False"),
        (lambda: image_text_matching(["a"], 2, 1), TypeError, "matches=1 .*int.*True or False"),
        (lambda: patch(-1), ValueError, "k=-1"),
    ],
)
def test_bad_input_is_named(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()
