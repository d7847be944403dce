"""Packed practice: all ways ask about the same documents, and who looks where is what is said."""

import numpy as np
import pytest

from lessonlib.exams.experiments import packing
from lessonlib.exams.sentences.candidates.writers import DecoderOnly
from lessonlib.exams.sentences.unread import READ, read_village
from lessonlib.exams.vocabulary import END
from lessonlib.samples import packed


@pytest.fixture(scope="module")
def read():
    return read_village()


@pytest.fixture(scope="module")
def windows(read):
    """Two of them, of three documents and of one."""
    end, rng = read.vocabulary[END], np.random.default_rng(0)
    return [
        [[*rng.integers(read.vocabulary.words, size=length - 1).tolist(), end] for length in some]
        for some in ((20, 10, 18), (30,))
    ]


@pytest.mark.parametrize(("way", "across"), [("across", True), ("inside", False)])
def test_a_window_is_the_sample_of_the_course(read, windows, way, across):
    batch = packing.WAYS[way](windows, read.vocabulary, None)
    for row, documents in enumerate(windows):
        texts = [list(read.vocabulary.decode(document[:-1])) for document in documents]
        wanted = packed(texts, across)
        made = batch.sample(row, lambda number: read.vocabulary.tokens[number])
        assert (made.inputs, made.targets) == (wanted.inputs, wanted.targets)
        assert made.loss_mask == wanted.loss_mask
        length = len(made.inputs)
        mask = batch.attention_mask[row, :length, :length]
        assert (mask == wanted.attention_mask).all()
        assert not batch.attention_mask[row, :, length:].any()


def test_all_ways_say_the_same_tokens_but_for_the_beginnings(read, windows):
    said = {}
    for way, make in packing.WAYS.items():
        batch = make(windows, read.vocabulary, None)
        said[way] = sorted(batch.targets[batch.loss_mask].tolist())
    assert said["rows"] == said["inside"]
    begun = [document[0] for document in windows[0][1:]]
    assert said["across"] == sorted(said["inside"] + begun)


def test_a_seed_gives_all_ways_the_same_documents_and_none_is_cut(read):
    material, end = packing.Closed(), read.vocabulary[END]
    stream = material.practice(lambda windows, *_: windows, 4)
    drawn = [next(stream) for _ in range(3)]
    for windows in drawn:
        assert len(windows) == packing.WINDOWS
        for window in windows:
            assert window
            assert sum(map(len, window)) <= packing.WINDOW
            assert all(one[-1] == end and one.count(end) == 1 for one in window)
            assert all(read.parse(one[:-1]) is not None for one in window)
    again = material.practice(packing.inside, 4)
    for windows in drawn:
        batch, texts = next(again), [sum(window, []) for window in windows]  # noqa: RUF017 - few
        for row, text in zip(batch.inputs, texts, strict=True):
            assert row[: len(text) - 1].tolist() == text[:-1]


def test_what_stands_before_changes_nothing_for_who_looks_inside(read):
    candidate = DecoderOnly(packing.Closed().new_model("decoder-only", 0), packing.Closed())
    end = read.vocabulary[END]
    rows = [[5, 6, end, 7, 8], [9, 9, end, 7, 8]]
    inside = packing.said_in(candidate, rows, [[4], [4]], "documents")
    across = packing.said_in(candidate, rows, [[4], [4]], "causal")
    assert inside[0] == pytest.approx(inside[1], abs=1e-5)
    assert np.abs(across[0] - across[1]).max() > 1e-3


@pytest.mark.parametrize("before", packing.BEFORE)
def test_who_knows_the_language_scores_1_and_who_knows_nothing_none(read, monkeypatch, before):
    """The rows that are asked end where the sentence goes on, whatever stands before it."""
    monkeypatch.setattr(packing, "ASKED", 6)
    end = read.vocabulary[END]

    def knows(candidate, rows, asked, pattern):
        said = []
        for row, places in zip(rows, asked, strict=True):
            for place in places:
                begun = row[: place + 1]
                assert begun.count(end) == before
                own = begun[begun.index(end, begun.index(end) + 1) + 1 :] if before else begun
                answer = read.oracle.next_word(read.vocabulary.decode(own))
                said.append([np.log(answer.get(word, 1e-30)) for word in read.oracle.words])
        return np.array(said)

    monkeypatch.setattr(packing, "said_in", knows)
    found = packing.continued(None, READ, read, before, "inside", 0)
    assert [one.score for one, _ in found] == pytest.approx([1, 1])
