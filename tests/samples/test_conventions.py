"""What holds for the samples of every objective, whatever the text and the decisions."""

from copy import deepcopy
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.attention import EncoderDecoderMask
from lessonlib.samples import MODE, START, Sample, is_special, objectives, restore
from lessonlib.samples.inverses import sentinel_places
from tests.samples import strategies
from tests.samples.strategies import few

every_objective = pytest.mark.parametrize("name", list(objectives))
ALIGNED = {"permutation_lm", "glm"}  # targets stand where they are said, without a shift
IN_PARTS = {"sentence_permutation", "gap_sentences", "packed"}  # of a text in several lists
KINDS = {"replaced_token_detection": bool, "multi_token": tuple}  # of targets that are no tokens
# One stack that reads the text in another order.
MOVED = {
    name
    for name, sample in ((name, row.example()) for name, row in objectives.items())
    if sample.source is None and sample.places is not None
}


def build(name, arguments):
    return objectives[name].builder(*arguments)


def original(name, arguments):
    text = arguments[0]
    return list(chain.from_iterable(text)) if name in IN_PARTS else text


def drawn(data, name, words=strategies.awkward_words):
    return data.draw(strategies.arguments[name](words))


def test_every_objective_is_tested():
    assert set(strategies.arguments) == set(objectives)


@every_objective
@few
@given(data=st.data())
def test_fields_are_lists_of_one_length_and_named(name, data):
    sample = build(name, drawn(data, name))
    assert sample.objective == name
    kind = KINDS.get(name, str)
    assert type(sample.inputs) is type(sample.targets) is type(sample.loss_mask) is list
    assert len(sample.inputs) == len(sample.targets) == len(sample.loss_mask)
    assert {type(token) for token in sample.inputs} <= {str}
    assert {type(target) for target in sample.targets} <= {kind}
    assert {type(counts) for counts in sample.loss_mask} <= {bool}
    if sample.source is not None:
        assert type(sample.source) is list
        assert {type(token) for token in sample.source} <= {str}


@every_objective
@few
@given(data=st.data())
def test_inputs_and_targets_are_aligned_as_the_architecture_asks(name, data):
    sample = build(name, drawn(data, name))
    pattern = sample.attention[0]
    if pattern == "encoder_decoder":
        assert sample.inputs == [START, *sample.targets[:-1]]
        assert all(sample.loss_mask)
    elif pattern in ("causal", "prefix", "documents") and name not in ALIGNED:
        asked = [said[0] if name == "multi_token" else said for said in sample.targets]
        assert sample.inputs[1:] == asked[:-1]
    elif name != "replaced_token_detection":
        answers = zip(sample.inputs, sample.targets, sample.loss_mask, strict=True)
        assert all(read == said for read, said, counts in answers if not counts)


@every_objective
@few
@given(data=st.data())
def test_the_attention_mask_fits_what_is_read(name, data):
    sample = build(name, drawn(data, name))
    mask, length = sample.attention_mask, len(sample.inputs)
    assert sample.attention_mask is mask, "made once"
    if sample.source is None:
        assert mask.shape == (length, length)
        assert mask.dtype == bool
    else:
        assert isinstance(mask, EncoderDecoderMask)
        source = len(sample.source)
        assert [part.shape for part in mask] == [(source, source), (length,) * 2, (length, source)]
        assert mask.encoder.all()
        assert mask.cross.all()
        assert np.array_equal(mask.decoder, np.tri(length, dtype=bool))


@every_objective
@few
@given(data=st.data())
def test_arguments_stay_as_they_are(name, data):
    arguments = drawn(data, name)
    before = deepcopy(arguments)
    sample = build(name, arguments)
    for field in (sample.source, sample.inputs, sample.targets, sample.loss_mask):
        if field is not None:
            field.append("changed by the caller")
    assert arguments == before


@every_objective
@few
@given(data=st.data())
def test_tuples_and_numpy_arrays_do_as_well_as_lists(name, data):
    arguments = drawn(data, name)
    sample = build(name, arguments)
    assert build(name, as_tuples(arguments)) == sample
    as_arrays = [as_array(argument) for argument in arguments]
    from_arrays = build(name, as_arrays)
    assert from_arrays == sample
    assert {type(token) for token in from_arrays.inputs} <= {str}


def as_tuples(value):
    return tuple(map(as_tuples, value)) if isinstance(value, (list, tuple)) else value


def as_array(value):
    if isinstance(value, bool):
        return np.bool_(value)
    if isinstance(value, int):
        return np.int16(value)
    if isinstance(value, list) and value and all(isinstance(item, int) for item in value):
        return np.array(value)
    if isinstance(value, list) and value and all(isinstance(item, tuple) for item in value):
        return np.array(value)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return np.array([*value, None], dtype=object)[:-1]
    return value


@every_objective
@few
@given(data=st.data())
def test_restore_rebuilds_the_text(name, data):
    arguments = drawn(data, name, strategies.plain_words)
    sample = build(name, arguments)
    if name == "replaced_token_detection" and any(sample.targets):
        with pytest.raises(ValueError, match="targets do not say which"):
            restore(sample)
    elif name in ("glm", "gap_sentences") and len(arguments[1]) > 1:
        with pytest.raises(ValueError, match="not clear"):
            restore(sample)
    else:
        assert restore(sample) == original(name, arguments)


@every_objective
@few
@given(data=st.data())
def test_restore_is_right_or_refuses_where_the_text_has_special_tokens(name, data):
    arguments = drawn(data, name)
    text = original(name, arguments)
    try:
        restored = restore(build(name, arguments))
    except ValueError:
        cannot = {"glm", "gap_sentences", "replaced_token_detection"}
        assert name in cannot or any(map(is_special, text))
    else:
        assert restored == text


@every_objective
@few
@given(data=st.data())
def test_restore_looks_at_nothing_but_what_is_read_and_what_counts(name, data):
    sample = build(name, drawn(data, name, strategies.plain_words))
    pairs = zip(sample.targets, sample.loss_mask, strict=True)
    targets = [target if counts else "not asked" for target, counts in pairs]
    blurred = Sample(
        sample.objective, sample.source, sample.inputs, targets, sample.loss_mask, sample.attention
    )
    try:
        expected = restore(sample)
    except ValueError:
        return
    assert restore(blurred) == expected


@every_objective
@few
@given(data=st.data())
def test_places_say_where_in_the_text_each_token_that_is_read_comes_from(name, data):
    arguments = drawn(data, name, strategies.plain_words)
    sample, text = build(name, arguments), original(name, arguments)
    read = sample.inputs if sample.source is None else sample.source
    assert (sample.places is None) == (sample.source is None and name not in MOVED)
    if sample.places is None and sample.attention[0] in ("causal", "prefix"):
        assert read == text[: len(read)]
    for token, place in zip(read, sample.places or (), strict=bool(sample.places)):
        if place is None:
            assert is_special(token)
        elif not is_special(token):
            assert [token] == text[slice(*place)]


@few
@given(data=st.data(), name=st.sampled_from(["span_corruption", "ul2"]))
def test_the_places_of_sentinels_can_be_told_from_the_targets(data, name):
    sample = build(name, drawn(data, name, strategies.plain_words))
    mode = name == "ul2"
    if not mode or sample.source[0] != MODE["S"]:
        told = sentinel_places(sample.source[mode:], sample.targets)
        assert told == sample.places[mode:]
