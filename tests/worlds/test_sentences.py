"""The village: what the two worlds promise about their language."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from lessonlib.worlds.sentences import (
    PEOPLE,
    REASONS,
    THINGS,
    VERBS,
    Table,
    World,
    harder_world,
    learnable_world,
    say,
)

WORLDS = [learnable_world, harder_world]


FUNCTION_WORDS = frozenset(
    {"a", "some", "of", "because", "it", "is", "since", "the", "are", "so", "for", "to"}
    | {"before", "as", "their", "while", "on"}
)


def content_words() -> set[str]:
    people = {form for names in PEOPLE.values() for name in names for form in (name, name + "s")}
    verbs = {form for sides in VERBS.values() for forms in sides.values() for form in forms}
    named = {
        word
        for names in (THINGS, REASONS)
        for pair in names.values()
        for n in pair
        for word in n.split()
    }
    return people | verbs | named - FUNCTION_WORDS


@pytest.mark.parametrize("world", WORLDS)
def test_size_words_and_lengths(world):
    sentences = world().sentences
    assert 10**4 <= len(sentences) <= 10**5
    assert 60 <= len(world().oracle.words) <= 120
    shares = Counter()
    for sentence in sentences:
        shares[len(sentence.words)] += sentence.probability
    assert sum(share > 0.02 for share in shares.values()) >= 6
    assert max(shares.values()) < 0.3


@pytest.mark.parametrize("world", WORLDS)
def test_each_sentence_has_one_meaning_and_one_wording(world):
    sentences = world().sentences
    assert len({s.words for s in sentences}) == len(sentences)
    assert sum(s.probability for s in sentences) == pytest.approx(1)
    assert all(say(s.meaning, s.wording) == s.words for s in sentences[::97])


@pytest.mark.parametrize("world", WORLDS)
def test_a_paraphrase_keeps_the_meaning_and_no_content_word(world):
    by_words = {s.words: s for s in world().sentences}
    content = content_words()
    for sentence in world().sentences[::211]:
        other = by_words[world().paraphrase(sentence)]
        assert other.meaning == sentence.meaning
        assert not content & set(other.words) & set(sentence.words)
        assert world().paraphrase(other) == sentence.words


@pytest.mark.parametrize("world", WORLDS)
def test_shortening_drops_the_reason_and_nothing_else(world):
    by_words = {s.words: s for s in world().sentences}
    for sentence in world().sentences[::211]:
        short = by_words[world().shorten(sentence)]
        assert short.meaning == sentence.meaning._replace(reason="none")
        assert len(short.words) <= len(sentence.words)


@pytest.mark.parametrize("world", WORLDS)
def test_who_gives_cannot_be_read_from_the_words_present(world):
    """The same bag of words tells of both directions, and most of the mass has such a twin."""
    givers = defaultdict(set)
    for s in world().sentences:
        twin = frozenset((s.meaning.giver, s.meaning.receiver))
        givers[twin].add(s.meaning.giver)
    assert all(len(found) == 2 for found in givers.values())
    first_person = Counter()
    for s in world().sentences:
        first_person[s.wording.subject] += s.probability
    assert first_person["giver"] == pytest.approx(0.5)


def information(pairs: Counter) -> float:
    """Mutual information of the two parts, in nats."""
    total = pairs.total()
    left, right = Counter(), Counter()
    for (a, b), mass in pairs.items():
        left[a] += mass
        right[b] += mass
    return sum(m / total * np.log(m * total / (left[a] * right[b])) for (a, b), m in pairs.items())


@pytest.mark.parametrize("world", WORLDS)
def test_dependencies_run_forwards_and_backwards(world):
    """A reason tells about the thing, whether it was said before or comes after."""
    for place in ("first", "last"):
        pairs = Counter()
        for s in world().sentences:
            if s.wording.place == place:
                pairs[s.meaning.reason, s.meaning.thing] += s.probability
        assert information(pairs) > 0.3


def test_one_parent_in_the_learnable_world_and_two_in_the_harder_one():
    assert max(len(t.parents) for t in learnable_world().tables) == 1
    assert max(len(t.parents) for t in harder_world().tables) == 2


def test_harder_means_that_both_parents_are_needed():
    def told_by_giver(world):
        pairs = Counter()
        for s in world.sentences:
            pairs[s.meaning.giver, s.meaning.verb] += s.probability
        return information(pairs)

    assert told_by_giver(harder_world()) < told_by_giver(learnable_world()) - 0.1


def test_samples_follow_the_probabilities():
    world = learnable_world()
    count = 200_000
    drawn = world.sample(count, np.random.default_rng(5))
    share = Counter(world.sentences[i].meaning.verb for i in drawn)
    truth = Counter()
    for s in world.sentences:
        truth[s.meaning.verb] += s.probability
    for verb, p in truth.items():
        assert share[verb] / count == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / count))
    assert (world.sample(50, np.random.default_rng(5)) == drawn[:50]).all()


def test_wrong_arguments_of_a_world_are_named():
    world, rng = learnable_world(), np.random.default_rng(0)
    assert world.sample(0, rng).shape == (0,)
    for count, draws, error, says in [
        (3, 0, TypeError, "rng is of type int.*default_rng"),
        (3, None, TypeError, "rng is of type NoneType"),
        (-1, rng, ValueError, "count=-1.*0 or more"),
        (2.0, rng, TypeError, "count=2.0.*integer"),
        (True, rng, TypeError, "count=True.*integer"),
    ]:
        with pytest.raises(error, match=says):
            world.sample(count, draws)
    for rewrite in (world.paraphrase, world.shorten):
        for wrong in ("the cook", world.sentences[0].words, None):
            with pytest.raises(TypeError, match=r"sentence=.*one of the sentences of a world"):
                rewrite(wrong)


def replaced(tables, name, table):
    return [table if t.choice == name else t for t in tables]


def test_a_broken_world_is_refused():
    tables = learnable_world().tables
    with pytest.raises(ValueError, match="sum to 1"):
        World(replaced(tables, "subject", Table("subject", (), {(): {"giver": 0.7}})))
    with pytest.raises(ValueError, match="parents first"):
        World(tables[::-1])
    with pytest.raises(ValueError, match="no table for"):
        World(tables[:-1])


def test_drawn_sentences_are_those_of_the_sampled_rows():
    world = learnable_world()
    rows = world.sample(50, np.random.default_rng(7))
    assert world.draw(50, seed=7) == [world.sentences[row].words for row in rows]


@pytest.mark.parametrize("count", [0, 1, 700])
def test_different_sentences_are_the_draws_without_repetition(count):
    world = learnable_world()
    different = world.draw_different(count, seed=0)
    assert len(set(different)) == len(different) == count
    many = world.draw(20 * count, seed=0)
    assert different == list(dict.fromkeys(many))[:count]


def test_more_different_sentences_than_half_of_the_world_are_refused():
    world = learnable_world()
    with pytest.raises(ValueError, match="count"):
        world.draw_different(len(world.sentences), seed=0)


def test_every_verb_agrees_with_who_stands_before_it():
    one, many = ({forms[k] for both in VERBS.values() for forms in both.values()} for k in (0, 1))
    for words in learnable_world().draw(500, seed=0):
        ((noun, verb),) = [pair for pair in pairwise(words) if pair[1] in one | many]
        assert (verb in many) == noun.endswith("s"), words
