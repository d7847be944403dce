"""The words of the questions: sentences to draw, and what can go wrong with words.

First what draws a sentence, then what tells whether a word was taken for its place, then the
causes that every question about a sentence shares.
"""

from collections.abc import Collection, Iterator
from random import Random
from typing import Any

from lessonlib.practice.question import Arguments, Cause

SENTENCE = """
a bird can hear rain before we do and children draw slow rivers under old stone bridges
while warm bread cools near every open window so nobody hurries home past the quiet garden
"""
WORDS = SENTENCE.split()
#: What exercise 1 shows for each of its three builders.
SHOWN = ["rain", "falls", "on", "roofs"]


def distinct(rng: Random, least: int = 7, most: int = 10) -> list[str]:
    """Draw a sentence in which no word comes twice, so that every place can be told apart."""
    return rng.sample(WORDS, rng.randint(least, most))


def with_a_span(rng: Random) -> Arguments:
    """Draw a sentence and a span in it, both long enough that an end taken for a length shows."""
    tokens = distinct(rng, 9, 11)
    start = rng.randint(2, 3)
    return tokens, start, start + rng.randint(2, 3)


def repeating(rng: Random) -> list[str]:
    """Draw a sentence whose words come again, so that a word does not name a place.

    The second word comes again with another word behind it.
    """
    first, second, third, fourth, fifth = rng.sample(WORDS, 5)
    return [first, second, third, fourth, fifth, first, second, fourth]


def strangers(rng: Random, tokens: list[str], count: int) -> list[str]:
    """Draw words that the sentence does not have."""
    return rng.sample([word for word in WORDS if word not in tokens], count)


def come_again(tokens: list[str], chosen: Collection[int] | None = None) -> set[str]:
    """List the words that stand at several places; of chosen places, those that stand elsewhere."""
    if chosen is None:
        return {word for word in tokens if tokens.count(word) > 1}
    return {word for at, word in enumerate(tokens) if at not in chosen} & {
        tokens[at] for at in chosen
    }


def same_but_for(words: set[str], one: list[str], other: list[str]) -> bool:
    """Compare two lists without the given words and without sentinels."""
    kept_one, kept_other = (
        [word for word in each if word not in words and not word.startswith("<extra_id_")]
        for each in (one, other)
    )
    return bool(words) and kept_one == kept_other


def stand_in_order(words: list[str], among: list[str]) -> bool:
    """Tell whether words stand in a list in their order, other items between them or not."""
    rest = iter(among)
    return all(word in rest for word in words)


def copies_changed(
    tokens: list[str], shown: list[str], right: list[str], chosen: Collection[int]
) -> bool:
    """Tell whether what is shown is wrong only at copies of chosen words, or inside other words."""
    copied = come_again(tokens, chosen)

    def is_copy(at: int) -> bool:
        if at in chosen or tokens[at] in copied:
            return tokens[at] in copied
        return any(shown[at] == tokens[at].replace(tokens[one], right[one]) for one in chosen)

    pairs = enumerate(zip(shown, right, strict=True))
    wrong = [at for at, (one, other) in pairs if one != other]
    return bool(wrong) and all(map(is_copy, wrong))


def copies_labelled(tokens: list[str], labels: dict[int, str], chosen: Collection[int]) -> bool:
    """Tell whether the labels stand at other copies of the chosen words."""
    return (
        isinstance(labels, dict)
        and set(labels) != set(chosen)
        and {tokens[at] for at in labels} == {tokens[at] for at in chosen}
    )


def position_counts(tokens: list[str], chosen: Collection[int] | None = None) -> str:
    """Say that a word does not name a place, with a word of the sentence that shows it."""
    copied = come_again(tokens, chosen)
    rule = "You look for the word; the position counts."
    if not copied:
        return f"{rule} Whoever looks for a word finds it inside longer words, too."
    word = next(word for word in tokens if word in copied)
    places = [at for at, each in enumerate(tokens) if each == word]
    stands = f"{word!r} stands at {' and at '.join(map(str, places))}"
    if chosen is None:
        return f"{rule} {stands}, and each place counts for itself."
    meant = " and ".join(str(at) for at in places if at in chosen)
    return f"{rule} {stands}, and only {meant} is meant."


def listed(words: Collection[str], most: int = 5) -> str:
    """Write the first few words in quotes."""
    shown = [repr(word) for word in dict.fromkeys(words)]
    return ", ".join([*shown[:most], *["..."][: len(shown) > most]])


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (word for word in value.split() if word[0] not in "<[")
    elif isinstance(value, dict):
        yield from _words([*value, *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _mostly_other_words(tokens: list[str], *rest: Any) -> bool:
    words = set(_words(list(rest)))
    strange = [word for word in words if not any(_akin(word, token) for token in tokens)]
    return len(strange) > len(words) / 2


def _akin(word: str, token: str) -> bool:
    """Tell whether a word may have been made of a token: in capitals, cut, turned round."""
    word, token = word.casefold(), token.casefold()
    short, long = sorted((word, token), key=len)
    return sorted(word) == sorted(token) or (len(short) > 2 and short in long)


def _is_one_word(tokens: list[str], *rest: Any) -> bool:
    return any(isinstance(part, str) and part in tokens for part in rest)


ONE_WORD = Cause(
    "word_instead_of_list",
    _is_one_word,
    "You return one word where a list of words belongs. `tokens[1]` is a single item; a slice "
    "needs a colon: `tokens[1:]` goes on from there, `tokens[:1]` goes up to there.",
    about_python=True,
    seen=True,
)

#: For questions whose first argument holds the only words that an answer may have.
ANOTHER_SENTENCE = Cause(
    "another_sentence",
    _mostly_other_words,
    "Your function answers for another sentence than the one it was called with. Either it is "
    "written for one sentence only, or it uses a variable of another cell in place of its own "
    "parameter.",
    may_be_right=True,
)
