"""The oracle against brute force on a small language, and against laws on the whole village."""

import itertools
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.worlds.oracle import Oracle
from lessonlib.worlds.sentences import harder_world, learnable_world

WORLDS = {"learnable": learnable_world, "harder": harder_world}


def small_language() -> dict[tuple[str, ...], float]:
    """Words a, b, c in all sentences of 1 to 4 words, with uneven probabilities."""
    sentences = [s for n in range(1, 5) for s in itertools.product("abc", repeat=n)]
    weights = [1 + 7 * i % 13 for i in range(len(sentences))]
    return {s: w / sum(weights) for s, w in zip(sentences, weights, strict=True)}


LANGUAGE = small_language()
ORACLE = Oracle(list(LANGUAGE), list(LANGUAGE.values()))


def normalised(answers: Counter) -> dict:
    return {answer: mass / answers.total() for answer, mass in answers.items()}


def assert_same(found: dict, expected: dict) -> None:
    assert found == pytest.approx(expected, abs=1e-12)
    assert list(found.values()) == sorted(found.values(), reverse=True)


@pytest.mark.parametrize("prefix", [(), ("a",), ("b", "c"), ("c", "c", "a")])
def test_next_word_by_brute_force(prefix):
    expected = Counter()
    for sentence, mass in LANGUAGE.items():
        if sentence[: len(prefix)] == prefix and len(sentence) > len(prefix):
            expected[sentence[len(prefix)]] += mass
    assert_same(ORACLE.next_word(prefix), normalised(expected))


@pytest.mark.parametrize(
    "pattern", [(None,), ("a", None), (None, "b", None), ("c", None, "a", None), (None, None, "b")]
)
def test_blanks_by_brute_force(pattern):
    holes = [i for i, word in enumerate(pattern) if word is None]
    joint = Counter()
    for sentence, mass in LANGUAGE.items():
        if len(sentence) == len(pattern) and all(
            word in (None, sentence[i]) for i, word in enumerate(pattern)
        ):
            joint[tuple(sentence[i] for i in holes)] += mass
    for number, found in enumerate(ORACLE.blanks(pattern)):
        marginal = Counter()
        for answer, mass in joint.items():
            marginal[answer[number]] += mass
        assert_same(found, normalised(marginal))


@pytest.mark.parametrize(
    ("left", "right"), [((), ("a",)), (("b",), ()), (("a",), ("c",)), ((), ())]
)
@pytest.mark.parametrize("lengths", [{1: 0.5, 2: 0.5}, {1: 0.7, 2: 0.2, 3: 0.1}, {3: 1.0}])
def test_stretch_is_the_bayesian_answer_to_how_the_question_was_made(left, right, lengths):
    """Play the game with every sentence, length and place, and keep those that look like this."""
    expected = Counter()
    for sentence, mass in LANGUAGE.items():
        possible = {n: p for n, p in lengths.items() if n <= len(sentence)}
        for missing, chance in possible.items():
            places = range(len(sentence) - missing + 1)
            for start in places:
                if (sentence[:start], sentence[start + missing :]) == (left, right):
                    expected[sentence[start : start + missing]] += mass * chance / len(places)
    if expected:
        assert_same(ORACLE.stretch(left, right, lengths), normalised(expected))
    else:
        with pytest.raises(ValueError, match="no sentence fits"):
            ORACLE.stretch(left, right, lengths)


def test_what_cannot_be_is_asked_about_in_vain_and_leaves_the_rest_as_it_was():
    """Sentences with probability 0 add nothing: the answers are those of the language without."""
    impossible = [("d",), ("a", "d"), ("d", "a"), ("d", "d", "d"), ("a",) * 6]
    oracle = Oracle(
        [*impossible[:2], *LANGUAGE, *impossible[2:]], [0, 0, *LANGUAGE.values()] + 3 * [0]
    )
    for ask in (
        lambda o: o.next_word(["a"]),
        lambda o: o.blank([], ["a"]),
        lambda o: o.blanks([None, "a", None]),
        lambda o: o.stretch(["a"], []),
    ):
        assert ask(oracle) == ask(ORACLE)
    for ask in (
        lambda: oracle.next_word(["d"]),
        lambda: oracle.blanks([None, "d"]),
        lambda: oracle.stretch(["d"], []),
    ):
        with pytest.raises(ValueError, match="no sentence"):
            ask()
    assert [oracle.probability(s) for s in impossible] == [0] * 5


def test_the_law_of_lengths_changes_the_answer():
    rare_long = ORACLE.stretch(("a",), (), {1: 0.9, 2: 0.1})
    often_long = ORACLE.stretch(("a",), (), {1: 0.1, 2: 0.9})
    assert sum(p for s, p in rare_long.items() if len(s) == 2) < sum(
        p for s, p in often_long.items() if len(s) == 2
    )


def test_the_two_sides_never_overlap():
    """The sentence "a b a" begins with "a b" and ends with "b a", but nothing is missing then."""
    with pytest.raises(ValueError, match="no sentence fits"):
        ORACLE.stretch(("a", "b"), ("b", "a"))
    assert () not in ORACLE.stretch(("a", "b"), ("a",))


def test_probability_of_every_sentence_and_of_what_is_none():
    for sentence, mass in LANGUAGE.items():
        assert ORACLE.probability(sentence) == pytest.approx(mass)
    assert ORACLE.probability(("a",) * 5) == 0
    assert ORACLE.probability(("a", "unheard")) == 0
    assert ORACLE.probability(()) == 0


@pytest.mark.parametrize(
    ("sentences", "probabilities", "message"),
    [
        ([("a",), ("a",)], [0.5, 0.5], "twice"),
        ([("a",), ()], [0.5, 0.5], "empty"),
        ([("a",)], [0.5], "sum to"),
        ([("a",)], [0.5, 0.5], "give one for each"),
    ],
)
def test_what_is_no_language_is_refused(sentences, probabilities, message):
    with pytest.raises(ValueError, match=message):
        Oracle(sentences, probabilities)


@pytest.mark.parametrize(
    "ask",
    [
        lambda o: o.next_word(("a", "unheard")),
        lambda o: o.next_word(("a",) * 4),
        lambda o: o.blank(("a",) * 4, ()),
        lambda o: o.blanks(("a", "b")),
        lambda o: o.stretch(("a",) * 4, ()),
        lambda o: o.blanks((*("a",) * 9, None)),
        lambda o: o.blanks((None, *("a",) * 9)),
        lambda o: o.blanks((None, *("a",) * 9, None)),
        lambda o: o.stretch(("a",) * 9, ("a",) * 9),
    ],
)
def test_impossible_questions_are_refused(ask):
    with pytest.raises(ValueError, match=r"(no sentence|no blank|not a word)"):
        ask(ORACLE)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ORACLE.probability("a b"),
        lambda: ORACLE.next_word("a"),
        lambda: ORACLE.blank("a", ()),
        lambda: ORACLE.blank((), "a"),
        lambda: ORACLE.stretch("a", ()),
        lambda: ORACLE.stretch((), "a"),
        lambda: Oracle(["ab", "b"], [0.5, 0.5]),
    ],
)
def test_a_bare_string_is_refused_with_what_to_do(ask):
    with pytest.raises(TypeError, match=r"split\(\)"):
        ask()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: ORACLE.blanks("a b"),
        lambda: ORACLE.blanks(["a", 3, None]),
        lambda: ORACLE.probability(["a", None]),
        lambda: ORACLE.next_word(7),
        lambda: Oracle([["a", 3]], [1]),
    ],
)
def test_what_is_no_list_of_words_is_refused(ask):
    with pytest.raises(TypeError, match="string"):
        ask()


# Laws on the whole village.


def drawn(world, data):
    return world.sentences[data.draw(st.integers(0, len(world.sentences) - 1))]


@pytest.mark.parametrize("name", WORLDS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_chain_rule_word_by_word(name, data):
    world = WORLDS[name]()
    words, probability, *_ = drawn(world, data)
    steps = [world.oracle.next_word(words[:t])[words[t]] for t in range(len(words))]
    assert math.prod(steps) == pytest.approx(probability, rel=1e-6)
    assert world.oracle.probability(words) == pytest.approx(probability)


@pytest.mark.parametrize("name", WORLDS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_distributions_sum_to_one_and_agree_with_each_other(name, data):
    world = WORLDS[name]()
    words = drawn(world, data).words
    start = data.draw(st.integers(0, len(words) - 1))
    left, right = words[:start], words[start + 1 :]
    blank = world.oracle.blank(left, right)
    assert sum(blank.values()) == pytest.approx(1)
    assert sum(world.oracle.next_word(left).values()) == pytest.approx(1)
    known_length = world.oracle.stretch(left, right, {1: 1.0})
    assert {words[0]: p for words, p in known_length.items()} == pytest.approx(blank)
    joint = world.oracle.stretch(left, right)
    assert sum(joint.values()) == pytest.approx(1)
    # Seeing less never contradicts seeing more: the blank is the sentences' share.
    compatible = {
        word: world.oracle.probability((*left, word, *right)) for word in world.oracle.words
    }
    total = sum(compatible.values())
    assert blank == pytest.approx({w: p / total for w, p in compatible.items() if p}, rel=1e-6)
