"""The library's form asks the very questions that a sample or a batch asks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib import attention, batches, samples
from lessonlib.bridges import to_transformers
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.language import village
from lessonlib.exams.vocabulary import PAD
from lessonlib.samples import objectives
from tests import golden
from tests.samples.strategies import few

IGNORED = -100
WITHOUT_A_FORM = {"permutation_lm", "glm", "multi_token"}
LANGUAGE = village()


class Ids(dict):
    """Gives every token that it has not met the next number."""

    def __missing__(self, token):
        return self.setdefault(token, len(self))

    def word(self, number):
        return list(self)[number]


def questions_of(arrays, row, is_causal):
    """List what must be said in a row: a causal model drops the first label and the last output."""
    labels = arrays["labels"][row].tolist()
    labels = labels[1:] if is_causal else labels
    return [(at, label) for at, label in enumerate(labels) if label != IGNORED]


def asked_in(sample, ids):
    both = zip(sample.targets, sample.loss_mask, strict=True)
    said = [int(t) if isinstance(t, bool) else ids[t] for t, _ in both]
    return [(at, said[at]) for at, counts in enumerate(sample.loss_mask) if counts]


@pytest.mark.parametrize("name", sorted(set(objectives) - WITHOUT_A_FORM))
def test_every_objective_asks_its_own_questions(name):
    sample, ids = objectives[name].example(), Ids()
    arrays = to_transformers(sample, ids.__getitem__)
    is_causal = sample.attention[0] in ("causal", "prefix", "documents")
    assert questions_of(arrays, 0, is_causal) == asked_in(sample, ids)
    first, *_ = (sample.source or sample.inputs,)
    read = arrays["input_ids"][0].tolist()
    assert read[: len(first)] == [ids[token] for token in first]
    assert len(read) == len(first) + is_causal
    if sample.source is not None:
        assert arrays["decoder_input_ids"][0].tolist() == [ids[token] for token in sample.inputs]
    assert {array.dtype for key, array in arrays.items() if array.ndim == 2} == {np.dtype("int64")}


@pytest.mark.parametrize("name", sorted(WITHOUT_A_FORM))
def test_what_has_no_form_is_refused_with_those_that_have(name):
    with pytest.raises(ValueError, match=f"{name}.*an encoder-decoder"):
        to_transformers(objectives[name].example(), Ids().__getitem__)


@pytest.mark.parametrize("name", [name for name in RECIPES if RECIPES[name].make_batch])
def test_a_batch_is_its_rows_as_samples(name):
    """Rows of several objectives (fill in the middle leaves some as they are) are one by one."""
    batch = next(LANGUAGE.practice(RECIPES[name].make_batch, 0, rows=8))
    pad_id = LANGUAGE.vocabulary[PAD]
    together = to_transformers(batch, pad_id=pad_id)
    for row in range(len(batch)):
        alone = to_transformers(batch.sample(row, word=int), int)
        for key, array in alone.items():
            width = array.shape[-1]
            if array.ndim == 4:
                assert (together[key][row, 0, :width, :width] == array[0, 0]).all()
                assert not together[key][row, 0, :, width:].any()
                continue
            assert together[key][row, :width].tolist() == array[0].tolist(), (key, row)
            if key in ("labels", "attention_mask"):
                assert set(together[key][row, width:].tolist()) <= {0, IGNORED}


@few
@given(
    lengths=st.lists(st.integers(2, 9), min_size=1, max_size=5),
    data=st.data(),
)
def test_nothing_is_asked_on_padding_and_nobody_looks_at_it(lengths, data):
    texts = [[f"w{n}" for n in range(length)] for length in lengths]
    made = {
        "causal": lambda t: samples.causal(t),
        "masked": lambda t: samples.masked(t, [data.draw(st.integers(0, len(t) - 1))]),
        "prefix_lm": lambda t: samples.prefix_lm(t, data.draw(st.integers(1, len(t) - 1))),
        "span_corruption": lambda t: samples.span_corruption(t, [(0, 1)]),
    }[data.draw(st.sampled_from(["causal", "masked", "prefix_lm", "span_corruption"]))]
    some, ids = [made(text) for text in texts], Ids()
    pad_id = ids[PAD]
    arrays = to_transformers(some, ids.__getitem__, pad_id=pad_id)
    real = arrays["attention_mask"]
    real = real[:, 0, -1] if real.ndim == 4 else real == 1
    longest = real.sum(axis=1)
    for row, sample in enumerate(some):
        padding = arrays["input_ids"][row, longest[row] :] if real.ndim == 2 else []
        assert set(np.asarray(padding).tolist()) <= {pad_id}
        is_causal = sample.attention[0] in ("causal", "prefix")
        assert questions_of(arrays, row, is_causal) == asked_in(sample, ids)


def test_texts_that_share_a_window_look_at_themselves_and_nobody_asks_how_the_next_begins():
    windows = [samples.packed([["a", "b"], ["c"]]), samples.packed([["a"], ["b", "c", "d"]])]
    ids = Ids()
    arrays = to_transformers(windows, ids.__getitem__, pad_id=ids[PAD])
    short, long = arrays["attention_mask"][:, 0]
    assert (long == attention.documents(2, 4)).all()
    assert (short[:5, :5] == attention.documents(3, 2)).all()
    assert not short[:, 5].any()
    end = ids["</s>"]
    assert arrays["labels"][0].tolist() == [ids["a"], ids["b"], end, IGNORED, end, IGNORED]
    across = to_transformers(samples.packed([["a", "b"], ["c"]], across=True), ids.__getitem__)
    assert across["labels"].tolist() == across["input_ids"].tolist()
    assert across["attention_mask"].tolist() == [[1] * 5]


def test_a_batch_of_windows_is_its_rows_as_samples():
    sample = samples.packed([["0", "1"], ["2"]])
    owners = np.array([[0, 0, 0, 1]])
    fields = (np.array([[*map(int, row)]]) for row in (["0", "1", "9", "2"], ["1", "9", "2", "9"]))
    asked, real = np.array([sample.loss_mask]), np.ones((1, 4), bool)
    batch = batches.Batch("packed", None, *fields, asked, ("documents", owners), real)
    ours = to_transformers(sample, lambda token: 9 if token == "</s>" else int(token))
    for name, array in to_transformers(batch).items():
        assert (array == ours[name]).all(), name


def test_an_end_closes_source_and_targets_in_the_place_of_the_final_sentinel():
    sample, ids = samples.span_corruption(["a", "b", "c"], [(1, 2)]), Ids()
    end = ids["</s>"]
    arrays = to_transformers(sample, ids.__getitem__, end_id=end)
    word = ids.word
    said = {key: [word(n) for n in array[0]] for key, array in arrays.items() if "mask" not in key}
    assert said["input_ids"] == ["a", "<extra_id_0>", "c", "</s>"]
    assert said["labels"] == ["<extra_id_0>", "b", "</s>"]
    assert said["decoder_input_ids"] == ["<s>", "<extra_id_0>", "b"]


def test_an_end_comes_behind_what_has_no_final_sentinel():
    sample, ids = samples.token_deletion(["a", "b", "c"], [1]), Ids()
    arrays = to_transformers(sample, ids.__getitem__, end_id=ids["</s>"])
    assert [ids.word(n) for n in arrays["labels"][0]] == ["a", "b", "c", "</s>"]
    assert [ids.word(n) for n in arrays["decoder_input_ids"][0]] == ["<s>", "a", "b", "c"]


@golden.checks(
    "t5_hf.cases",
    "tokens",
    "noise_mask",
    "vocab_size",
    "start_id",
    "end_id",
    "input_ids",
    "labels",
    "decoder_input_ids",
)
def test_t5s_published_collator_is_given_the_same(case):
    ids = np.array(case["tokens"])
    edges = np.diff(np.pad(case["noise_mask"], [(0, 0), (1, 1)]))
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    spans = np.column_stack([starts, ends[:, 1]])
    sizes = {"vocab_size": case["vocab_size"], "start_id": case["start_id"], "pad_id": 0}
    batch = batches.hide_spans(ids, spans, **sizes)
    arrays = to_transformers(batch, pad_id=0, end_id=case["end_id"])
    for key in ("input_ids", "labels", "decoder_input_ids"):
        assert arrays[key].tolist() == case[key], key


@pytest.mark.parametrize(
    ("questions", "more", "error", "says"),
    [
        (samples.causal(["a", "b"]), {}, TypeError, "give `ids`"),
        ([], {"ids": int}, ValueError, "no questions"),
        ("causal", {"ids": int}, TypeError, "a Batch, a Sample"),
        ([samples.causal(["a", "b"]), 3], {"ids": int}, TypeError, "a Batch, a Sample"),
        (samples.causal(["a", "b"]), {"ids": 3}, TypeError, "ids"),
        (
            [samples.causal(["1", "2"]), samples.causal(list("123"))],
            {"ids": int},
            ValueError,
            "pad_id",
        ),
        (
            [
                samples.prefix_lm(["1", "2"], 1),
                samples.prefix_lm(["1", "2"], 1, "encoder-decoder"),
            ],
            {"ids": int},
            ValueError,
            "one architecture",
        ),
        (
            [samples.causal(["1", "2"]), samples.masked(["1", "2"], [0])],
            {"ids": len},
            ValueError,
            "causal, masked",
        ),
    ],
)
def test_what_is_wrong_is_said(questions, more, error, says):
    with pytest.raises(error, match=says):
        to_transformers(questions, **more)


def test_the_callers_batch_is_left_as_it_is():
    batch = next(LANGUAGE.practice(RECIPES["span_corruption"].make_batch, 0, rows=4))
    before = batch.source.copy(), batch.targets.copy()
    arrays = to_transformers(batch, pad_id=LANGUAGE.vocabulary[PAD], end_id=0)
    for array in arrays.values():
        array[:] = 7
    assert (before[0] == batch.source).all()
    assert (before[1] == batch.targets).all()
