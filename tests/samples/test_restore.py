"""`restore` refuses what it cannot know, and says why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib import samples
from lessonlib.samples import MASK, MID, SOP, START, SUF, Sample, objectives, restore, sentinel
from lessonlib.samples.pictures import captioning, contrastive, patch, picture_objectives
from lessonlib.samples.special import END
from tests.samples import strategies
from tests.samples.strategies import few

SAYS_EVERYTHING = [
    "span_corruption",
    "ul2",
    "replaced_token_detection",
    "token_deletion",
    "text_infilling",
    "sentence_permutation",
    "document_rotation",
    "gap_sentences",
]
SAYS_THE_LAST = ["causal", "prefix_lm", "fill_in_middle", "multi_token", "packed"]


@pytest.mark.parametrize(
    "tokens",
    [[MASK, "a"], ["a", MASK], [MASK, MASK]],
)
def test_masked_text_may_contain_the_mask_itself(tokens):
    assert restore(samples.masked(tokens, [0])) == tokens


def test_sentinels_of_the_text_that_are_never_used_do_no_harm():
    tokens = ["a", sentinel(5), "b", sentinel(2)]
    assert restore(samples.span_corruption(tokens, [(2, 3)])) == tokens


def test_a_sentinel_of_the_text_that_is_also_used_is_refused():
    sample = samples.span_corruption(["a", sentinel(0), "b"], [(2, 3)])
    with pytest.raises(ValueError, match="<extra_id_0> comes 2 times"):
        restore(sample)
    final = samples.span_corruption(["a", sentinel(1), "b"], [(2, 3)])
    with pytest.raises(ValueError, match=r"<extra_id_1> comes 1 time in .*not 0 times"):
        restore(final)


@pytest.mark.parametrize("own", [SUF, MID])
def test_a_mark_of_the_text_that_is_also_used_is_refused(own):
    with pytest.raises(ValueError, match=f"{own} comes 2 times"):
        restore(samples.fill_in_middle(["a", own, "b"], 1, 2))


def test_the_mask_in_a_text_of_glm_is_refused():
    with pytest.raises(ValueError, match="comes 2 times"):
        restore(samples.glm(["a", MASK, "b"], [(0, 1)], [0]))


def test_several_gaps_of_glm_are_refused():
    sample = samples.glm(["a", "b", "c"], [(0, 1), (2, 3)], [1, 0])
    with pytest.raises(ValueError, match="not clear"):
        restore(sample)


def test_replaced_tokens_are_refused_and_lucky_ones_are_not():
    tokens = ["the", "cat"]
    assert restore(samples.replaced_token_detection(tokens, [1], ["cat"])) == tokens
    with pytest.raises(ValueError, match="'dog'"):
        restore(samples.replaced_token_detection(tokens, [1], ["dog"]))


def test_something_else_than_a_sample_is_refused():
    with pytest.raises(TypeError, match="what a builder made"):
        restore(["a", "b"])


def test_an_unknown_objective_is_refused_with_the_known_ones():
    unknown = Sample("riddles", None, ["a"], ["b"], [True], ("causal", 1))
    with pytest.raises(ValueError, match=r"'riddles'.*'causal'"):
        restore(unknown)


@pytest.mark.parametrize("name", SAYS_EVERYTHING + SAYS_THE_LAST)
@few
@given(data=st.data())
def test_a_target_that_is_needed_must_count(name, data):
    arguments = data.draw(strategies.arguments[name](strategies.plain_words))
    sample = objectives[name].builder(*arguments)
    last = len(sample.targets) - 1
    everything = name in SAYS_EVERYTHING or sample.source is not None
    dropped = data.draw(st.integers(0, last)) if everything else last
    loss_mask = [counts and at != dropped for at, counts in enumerate(sample.loss_mask)]
    with pytest.raises(ValueError, match=rf"cannot restore: targets\[{dropped}\] is needed"):
        restore(replace(sample, loss_mask=loss_mask))


BLANKS = {"masked", "masked_diffusion", "whole_word_masked", "permutation_lm"}


@pytest.mark.parametrize("name", sorted({*objectives} - BLANKS))
@few
@given(data=st.data())
def test_with_fewer_targets_that_count_it_is_right_or_refuses(name, data):
    arguments = data.draw(strategies.arguments[name](strategies.plain_words))
    sample = objectives[name].builder(*arguments)
    kept = data.draw(st.lists(st.booleans(), min_size=len(sample.loss_mask)))
    loss_mask = [c and k for c, k in zip(sample.loss_mask, kept, strict=False)]
    try:
        expected = restore(sample)
        restored = restore(replace(sample, loss_mask=loss_mask))
    except ValueError:
        return
    assert restored == expected


@pytest.mark.parametrize("name", objectives)
def test_fields_that_do_not_fit_each_other_are_refused(name):
    sample = objectives[name].example()
    for field in ("inputs", "targets", "loss_mask"):
        with pytest.raises(ValueError, match="equally many"):
            restore(replace(sample, **{field: getattr(sample, field)[:-1]}))
    with pytest.raises(ValueError, match="equally many, 1 or more"):
        restore(replace(sample, inputs=[], targets=[], loss_mask=[]))


@pytest.mark.parametrize("name", ["span_corruption", "ul2"])
def test_a_source_that_is_needed_and_missing_is_refused(name):
    with pytest.raises(ValueError, match="source is None"):
        restore(replace(objectives[name].example(), source=None))


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        (["<extra_id_0>", "b", "c"], "end with 'c'"),
        (["<extra_id_0>", "<extra_id_1>"], "followed by a span"),
        (["b", "<extra_id_0>", "c", "<extra_id_1>"], "in its order"),
        (["<extra_id_0>"], "<extra_id_0> comes 1 time in .*not 0 times"),
        (["<extra_id_0>", "b", "<extra_id_1>", "c", "<extra_id_2>"], "<extra_id_1> comes 0 times"),
    ],
)
def test_targets_that_do_not_fill_the_gaps_of_the_source_are_refused(targets, says):
    sample = samples.span_corruption(["a", "b", "c", "d"], [(1, 3)])
    wrong = replace(sample, inputs=targets, targets=targets, loss_mask=[True] * len(targets))
    with pytest.raises(ValueError, match=says):
        restore(wrong)


def test_a_source_of_ul2_without_its_mode_is_refused():
    sample = objectives["ul2"].example()
    for source in ([], sample.source[1:]):
        with pytest.raises(ValueError, match="does not start with a mode token"):
            restore(replace(sample, source=source))


def test_what_glm_writes_must_count():
    sample = samples.glm(["a", "b", "c"], [(1, 2)], [0])
    with pytest.raises(ValueError, match=SOP):
        restore(replace(sample, loss_mask=[False] * len(sample.inputs)))


def test_a_text_with_very_many_spans_is_restored():
    """Once over the text for each span would take minutes here."""
    tokens = [f"word {k}" for k in range(60_000)]
    sample = samples.span_corruption(tokens, [(k, k + 1) for k in range(0, 60_000, 2)])
    assert restore(sample) == tokens


@pytest.mark.parametrize("row", picture_objectives.values(), ids=picture_objectives)
def test_pictures_are_restored_with_their_captions(row):
    whole = [*(patch(k) for k in range(row.decisions["patches"])), *row.text]
    assert restore(row.example()) == whole


@pytest.mark.parametrize("row", picture_objectives.values(), ids=picture_objectives)
def test_a_caption_with_the_start_token_in_it_is_refused(row):
    with pytest.raises(ValueError, match=f"{START} comes . times.*not clear"):
        restore(row.builder(["a", START], **row.decisions | CAPTION_OF_TWO.get(row.name, {})))


CAPTION_OF_TWO = {"masked_multimodal": {"words": [0]}}


def test_the_end_token_of_a_caption_must_count_and_be_the_only_one():
    sample = captioning(["a", "cat"], 2)
    with pytest.raises(ValueError, match="is needed"):
        restore(replace(sample, loss_mask=[False] * len(sample.targets)))
    with pytest.raises(ValueError, match=f"{END} comes 2 times"):
        restore(captioning(["a", END], 2))
    assert restore(contrastive(["a", END], 1)) == ["patch 0", "a", END]
