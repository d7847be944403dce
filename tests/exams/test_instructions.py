"""Questions in a text: what is asked has its answer in the text, and who knows it scores 1."""

from itertools import pairwise

import numpy as np
import pytest

from lessonlib.exams.experiments import instructions
from lessonlib.exams.experiments.instructions import ASKED, KINDS, PRACTICES
from lessonlib.exams.sentences.unread import READ, UNREAD, read_village


@pytest.fixture(scope="module")
def read():
    return read_village()


def drawn(part, count=80, seed=0):
    rng = np.random.default_rng(seed)
    return [instructions.plain(part, rng) for _ in range(count)]


class Answering:
    """Says one word for each text; a text is known by its last sentence."""

    def __init__(self, language, words):
        self.vocabulary, self.words = language.vocabulary, words

    def over_words(self, rows, asked):
        said = np.full((len(rows), self.vocabulary.words), -20.0)
        for row, word in zip(said, self.words, strict=True):
            row[self.vocabulary[word]] = 0
        return said


def judged(read, kind, answers, sentences):
    texts = [["the"]] * len(sentences)
    found = instructions.judged(Answering(read, answers), kind, texts, sentences)
    return {metric: (raw, chance) for metric, raw, chance in found}


@pytest.mark.parametrize("kind", ASKED)
def test_the_right_person_is_right_and_the_other_one_is_not(read, kind):
    some = drawn(read)
    right = [KINDS[kind](one)[-2] for one in some]
    other = [KINDS[next(k for k in ASKED if k != kind)](one)[-2] for one in some]
    for one, word in zip(some, right, strict=True):
        assert word in one.words
    assert {raw for raw, _ in judged(read, kind, right, some).values()} == {1}
    assert {raw for raw, _ in judged(read, kind, other, some).values()} == {0}
    common = max(set(right), key=right.count)
    raw, chance = judged(read, kind, [common] * len(some), some)["right"]
    assert raw <= chance < 0.5


@pytest.mark.parametrize("true", [True, False])
def test_a_question_has_its_examples_in_front_and_ends_before_the_answer(read, true):
    rng = np.random.default_rng(1)
    for one in drawn(read.parts[UNREAD], 20):
        text = instructions.question(read.parts[UNREAD], "who_gets", one, 2, true, rng)
        assert text[-len(one.words) - 2 :] == [*one.words, "to", "the"]
        first = text[: text.index(".") + 1]
        told = read.parse(read.vocabulary.encode(first))
        assert told.meaning in {s.meaning for s in read.world.sentences}
        answer = text[len(first) : len(first) + 4]
        if true:
            assert tuple(answer) == KINDS["who_gets"](told)
        else:
            assert tuple(answer[:2]) == ("to", "the")


def test_only_a_tenth_of_the_texts_has_answers_and_only_where_some_are_asked(read):
    rng = np.random.default_rng(2)
    answers = {("to", "the"), ("from", "the")}
    for practice, kinds in PRACTICES.items():
        texts = [instructions.text(read.parts[READ], kinds, rng) for _ in range(400)]
        stops = [[n + 1 for n, word in enumerate(text) if word == "."] for text in texts]
        has = [
            any(tuple(text[n : n + 2]) in answers for n in places)
            for text, places in zip(texts, stops, strict=True)
        ]
        assert np.mean(has) == pytest.approx(instructions.WITH_ANSWERS if kinds else 0, abs=0.06)
        assert max(map(len, texts)) <= instructions.LENGTH, practice


def test_who_gives_is_never_practised(read):
    rng = np.random.default_rng(3)
    kinds = PRACTICES["who_gets_and_what"]
    for _ in range(300):
        words = instructions.text(read.parts[READ], kinds, rng)
        assert not any(a == "." and b == "from" for a, b in pairwise(words))


def test_there_is_room_for_all_examples(read):
    rng = np.random.default_rng(4)
    most = max(instructions.EXAMPLES)
    longest = max(
        len(instructions.question(read, "who_gets", one, most, True, rng)) for one in drawn(read)
    )
    assert longest <= instructions.LENGTH
