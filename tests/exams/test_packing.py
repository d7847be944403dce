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
def documents(read):
    """Some that fill two windows exactly."""
    end, rng = read.vocabulary[END], np.random.default_rng(0)
    return [
        [*rng.integers(read.vocabulary.words, size=length - 1).tolist(), end]
        for length in (20, 10, 18, 48)
    ]


@pytest.mark.parametrize(("way", "across"), [("across", True), ("inside", False)])
def test_a_window_is_the_sample_of_the_course(read, documents, way, across):
    batch = packing.WAYS[way](documents, read.vocabulary, None)
    words = [list(read.vocabulary.decode(document[:-1])) for document in documents]
    for row, texts in enumerate((words[:3], words[3:])):
        wanted = packed(texts, across)
        made = batch.sample(row, lambda number: read.vocabulary.tokens[number])
        assert (made.inputs, made.targets) == (wanted.inputs, wanted.targets)
        assert made.loss_mask == wanted.loss_mask
        assert (batch.attention_mask[row] == wanted.attention_mask).all()


def test_all_ways_say_the_same_tokens_but_for_the_beginnings(read, documents):
    said = {}
    for way, make in packing.WAYS.items():
        batch = make(documents, read.vocabulary, None)
        said[way] = sorted(batch.targets[batch.loss_mask].tolist())
    assert said["rows"] == said["inside"]
    begun = [document[0] for document in (documents[1], documents[2])]
    assert said["across"] == sorted(said["inside"] + begun)


def test_a_seed_gives_all_ways_the_same_documents(read):
    material = packing.Closed()
    first = [next(material.practice(make, 4)) for make in packing.WAYS.values()]
    rows, across, inside = first
    assert (across.inputs == inside.inputs).all()
    assert across.inputs.shape == (packing.WINDOWS, packing.WINDOW - 1)
    row = rows.inputs[0][rows.real[0]].tolist()
    assert across.inputs[0, : len(row)].tolist() == row
    assert rows.loss_mask.sum() + len(rows.inputs) >= packing.WINDOWS * packing.WINDOW


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
