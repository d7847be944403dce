"""Writing in passes: many texts at once are written as one is, and the judge knows the language."""

import numpy as np
import pytest

from lessonlib.exams.experiments import passes
from lessonlib.exams.passes import LENGTH, chances
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.unread import read_village
from lessonlib.models.unmasking import RANDOM, SUREST, due, unmask
from lessonlib.samples import MASK


@pytest.fixture(scope="module")
def filler():
    read = read_village()
    return EncoderOnly(read.new_model("encoder-only", 0), read)


@pytest.mark.parametrize("count", [1, 3, 6])
def test_the_likeliest_words_are_those_that_unmasking_keeps(filler, count):
    decode, encode = filler.vocabulary.decode, filler.vocabulary.encode

    def guess(draft):
        row = encode([word or MASK for word in draft])
        blanks = [place for place, word in enumerate(draft) if word is None]
        said = filler.over_words([row], [blanks])
        return [dict(zip(filler.vocabulary.tokens, np.exp(one), strict=False)) for one in said]

    lengths = [6, 9]
    rng = np.random.default_rng(0)
    pages = passes.in_passes(filler, lengths, count, SUREST, rng, likeliest=True)
    for page, length in zip(pages, lengths, strict=True):
        assert decode(page) == tuple(unmask(guess, length, count)[-1])


class Counting(EncoderOnly):
    """Notes how many blanks it is asked about in each pass."""

    def over_words(self, rows, asked):
        self.noted.append([len(places) for places in asked])
        return super().over_words(rows, asked)


@pytest.mark.parametrize("order", [SUREST, RANDOM])
def test_each_pass_keeps_what_is_due_and_short_texts_are_done_earlier(filler, order):
    counting = Counting(filler.model, filler.language)
    counting.noted = []
    pages = passes.in_passes(counting, [2, 7], 4, order, np.random.default_rng(1))
    assert [len(page) for page in pages] == [2, 7]
    assert all(word < counting.vocabulary.words for page in pages for word in page)
    left = [7 - sum(due(7, 4)[:number]) for number in range(4)]
    assert counting.noted == [[2, left[0]], [1, left[1]], [left[2]], [left[3]]]


def test_perfect_writing_is_valid_and_as_surprising_as_the_language():
    those = chances()
    words = list(those)
    rng = np.random.default_rng(0)
    drawn = rng.choice(len(words), 3000, p=np.fromiter(those.values(), float))
    found = {row["metric"]: row for row in passes._told({}, [words[n] for n in drawn], 12)}
    assert found["valid"]["score"] == 1
    assert found["surprise"]["raw"] == pytest.approx(passes.entropy(), abs=0.15)
    common = max(those, key=those.get)
    found = {row["metric"]: row for row in passes._told({}, [common] * 5, 12)}
    assert found["surprise"]["raw"] < passes.entropy() - 1


def test_what_is_no_sentence_earns_nothing():
    (row,) = passes._told({}, [("the",) * LENGTH] * 3, 1)
    assert (row["metric"], row["score"]) == ("valid", 0)


def test_both_weights_practise_the_same_blanks():
    both = [passes.blanks_recipe(name) for name in (passes.DIFFUSION, passes.EACH_ANSWER)]
    assert both[0].learning_rate == both[1].learning_rate
    assert both[0].loss is not both[1].loss
    read = read_village()
    first, second = (next(read.practice(one.make_batch, 3)) for one in both)
    assert (first.inputs == second.inputs).all()
    assert set(first.inputs[first.loss_mask]) == {read.vocabulary[MASK]}
