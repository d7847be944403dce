"""Text to text: what is taught is true, and right answers are told from wrong ones."""

import numpy as np
import pytest

from lessonlib.exams.measurement import Measurement
from lessonlib.exams.sentences import tasks
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.tasks import QUESTION, TASKS, marks, taught
from lessonlib.exams.sentences.unread import READ, UNREAD, Asking, read_village
from lessonlib.worlds import harder_world, learnable_world
from lessonlib.worlds.sentences import say
from tests.exams.sentences.handmade import Copying


@pytest.fixture(scope="module")
def read():
    return read_village()


def drawn(task, language, count=60, seed=0):
    return TASKS[task].draw(language, count, np.random.default_rng(seed))


@pytest.mark.parametrize("task", TASKS)
def test_what_was_wanted_is_right_and_what_was_read_is_not(read, task):
    for name in (READ, UNREAD):
        part = read.parts[name]
        pairs = drawn(task, part)
        assert len(pairs) == 60
        assert marks(part, TASKS[task], [wanted for _, wanted in pairs], pairs) == (1, 1)
        kept, exact = marks(part, TASKS[task], [source for source, _ in pairs], pairs)
        assert (kept, exact) == (0, 0)
        nothing = marks(part, TASKS[task], [[]] * 60, pairs)
        assert nothing == (0, 0)


@pytest.mark.parametrize("task", ["paraphrase", "shorten", "translate", "long_text"])
def test_the_answers_of_others_earn_little(read, task):
    pairs = drawn(task, read, 100)
    others = [wanted for _, wanted in pairs[1:] + pairs[:1]]
    assert marks(read, TASKS[task], others, pairs)[0] < 0.4


def test_lessons_never_tell_of_a_meaning_that_is_unread(read):
    unread = read.parts[UNREAD].world
    meanings = {unread.sentences[row].meaning for row in np.flatnonzero(unread.drawn)}
    for task in ("paraphrase", "translate", "answer"):
        for source, _ in drawn(task, read, 100):
            words = [word for word in source if word != read.vocabulary[QUESTION]]
            assert read.parse(words).meaning not in meanings


def test_a_wrong_word_costs_a_part_of_the_meaning(read):
    pairs = drawn("paraphrase", read, 50)
    another = {"cold": "rain", "rain": "cold", "party": "trip", "trip": "party"}
    other, expected = [], []
    for _, words in pairs:
        told = read.parse(words)
        meaning = told.meaning._replace(reason=another[told.meaning.reason])
        said = read.vocabulary.encode(say(meaning, told.wording))
        other.append(said)
        expected.append(6 / 7 if read.parse(said) else 0)
    kept, exact = marks(read, TASKS["paraphrase"], other, pairs)
    assert kept == pytest.approx(np.mean(expected))
    assert exact == 0


def test_who_gets_is_the_one_who_gets_by_either_name(read):
    decode = read.vocabulary.decode
    for source, (answer,) in drawn("answer", read):
        told = read.parse(source[:-1])
        names = {"cook": {"cook", "chef"}, "doctor": {"doctor", "physician"}}
        if told.meaning.receiver in names:
            assert decode([answer])[0].removesuffix("s") in names[told.meaning.receiver]
        givers = names.get(told.meaning.giver, set())
        for word in source[:-1]:
            if decode([word])[0].removesuffix("s") in givers:
                assert TASKS["answer"].kept(read, [word], (source, [answer])) == 0


def test_the_second_language_says_the_same_in_another_order_and_all_of_it(read):
    pairs = drawn("translate", read, 400)
    said = {}
    for source, words in pairs:
        meaning = read.parse(source).meaning
        assert said.setdefault(tuple(words), meaning) == meaning  # nothing is lost
        assert min(words) >= len(read.vocabulary)
        assert max(words) < len(read.vocabulary) + TASKS["translate"].new_tokens
    for source, words in pairs:
        wrong = [*words[:-1], words[0]]
        kept = TASKS["translate"].kept(read, wrong, (source, words))
        assert kept == pytest.approx(1 - 1 / len(words))


def test_the_second_language_has_a_word_for_each_part_of_any_meaning_and_no_other():
    for world in (learnable_world(), harder_world()):
        meanings = {sentence.meaning for sentence in world.sentences}
        assert {*tasks._new_words()} == {part for one in meanings for part in tasks._in_order(one)}


def test_a_long_text_is_about_two_persons(read):
    for source, third in drawn("long_text", read):
        stop = source.index(read.vocabulary["."]) + 1
        first, second = read.parse(source[:stop]), read.parse(source[stop:])
        persons = {first.meaning.giver, first.meaning.receiver}
        for other in (second, read.parse(third)):
            assert {other.meaning.giver, other.meaning.receiver} == persons


def test_copying_is_no_rewriting(read):
    copying, asking = Copying(read), Asking(read.parts, 30, 0)
    for task in ("paraphrase", "shorten"):
        assert all(found.raw == 0 for found, _ in taught(task, copying, asking))


@pytest.mark.parametrize("name", ["causal", "masked", "span_corruption", "prefix_lm", "ul2"])
@pytest.mark.parametrize("task", ["translate", "long_text", "answer"])
def test_every_architecture_has_room_for_every_task(read, monkeypatch, name, task):
    monkeypatch.setattr("lessonlib.exams.sentences.tasks.STEPS", 2)
    recipe = RECIPES[name]
    candidate = recipe.candidate(read.new_model(recipe.architecture, 0), read)
    before = candidate.model.values.copy()
    found = list(taught(task, candidate, Asking(read.parts, 5, 0)))
    assert {(more["meanings"], one.metric) for one, more in found} == {
        (part, metric) for part in (READ, UNREAD) for metric in (task, f"{task}_exact")
    }
    assert (candidate.model.values == before).all()


def test_never_pretrained_scores_nothing_against_itself(read, monkeypatch):
    monkeypatch.setattr("lessonlib.exams.sentences.tasks.STEPS", 2)
    recipe = RECIPES["span_corruption"]
    never = recipe.candidate(read.new_model(recipe.architecture, 3), read)
    for found, _ in taught("answer", never, Asking(read.parts, 5, 3)):
        assert found.score == 0


@pytest.mark.parametrize(("raw", "score"), [(0.2, 0), (0.9, 1), (0.55, 0.5), (0.1, -1 / 7)])
def test_score_is_the_share_of_the_achievable(raw, score):
    one = Measurement("native", "m", 10, raw, chance=0.2, oracle=0.9, forward_passes=1)
    assert one.score == pytest.approx(score)


def test_score_of_a_cost_counts_downwards():
    one = Measurement("native", "nats", 10, 1.0, chance=3.0, oracle=1.0, forward_passes=1)
    assert one.score == 1


def test_without_limits_there_is_no_score():
    assert Measurement("native", "nats", 10, 1.0, None, None, 1.0).score is None
