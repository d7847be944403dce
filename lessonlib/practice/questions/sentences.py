"""The words of the questions: sentences to draw, and what can go wrong with words."""

from collections.abc import Collection, Iterable, Iterator
from random import Random
from typing import Any

from lessonlib.practice.question import Arguments, Case
from lessonlib.samples import MASK, Sample
from lessonlib.samples.sample import encoder_only
from lessonlib.words import Words, listed

CAUSES = Words("causes")

SENTENCE = """
a bird can hear rain before we do and children draw slow rivers under old stone bridges
while warm bread cools near every open window so nobody hurries home past the quiet garden
"""
VOCABULARY = SENTENCE.split()
#: What exercise 1 shows for each of its three builders.
SHOWN = ["rain", "falls", "on", "roofs"]


def distinct(rng: Random, least: int = 7, most: int = 10) -> list[str]:
    """Draw a sentence in which no word comes twice, so that every place can be told apart."""
    return rng.sample(VOCABULARY, rng.randint(least, most))


def with_a_span(rng: Random) -> Arguments:
    """Draw a sentence and a span in it, both long enough that an end taken for a length shows."""
    tokens = distinct(rng, 9, 11)
    start = rng.randint(2, 3)
    return tokens, start, start + rng.randint(2, 3)


def repeating(rng: Random) -> list[str]:
    """Draw a sentence whose words come again, so that a word does not name a place.

    The second word comes again with another word behind it.
    """
    first, second, third, fourth, fifth = rng.sample(VOCABULARY, 5)
    return [first, second, third, fourth, fifth, first, second, fourth]


def strangers(rng: Random, tokens: list[str], count: int) -> list[str]:
    """Draw words that the sentence does not have."""
    return rng.sample([word for word in VOCABULARY if word not in tokens], count)


def come_again(tokens: list[str], chosen: Collection[int] | None = None) -> set[str]:
    """List the words that stand at several places; of chosen places, those that stand elsewhere."""
    if chosen is None:
        return {word for word in tokens if tokens.count(word) > 1}
    elsewhere = {word for at, word in enumerate(tokens) if at not in chosen}
    return elsewhere & {tokens[at] for at in chosen}


def same_but_for(words: set[str], one: list[str], other: list[str]) -> bool:
    """Compare two lists without the given words and without sentinels."""
    kept_one, kept_other = (
        [word for word in each if word not in words and not word.startswith("<extra_id_")]
        for each in (one, other)
    )
    return bool(words) and kept_one == kept_other


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
    words = {tokens[at] for at in chosen}
    other = isinstance(labels, dict) and set(labels) != set(chosen)
    return other and {tokens[at] for at in labels} == words


def position_counts(tokens: list[str], chosen: Collection[int] | None = None) -> dict[str, str]:
    """Choose how to say that a word does not name a place: by a word that shows it, if there is."""
    copied = come_again(tokens, chosen)
    if not copied:
        return {"form": "inside_longer_words"}
    word = next(word for word in tokens if word in copied)
    places = [at for at, each in enumerate(tokens) if each == word]
    stands = listed(CAUSES("at_a_place", at=at) for at in places)
    if chosen is None:
        return {"form": "each_place_counts", "word": word, "places": stands}
    meant = listed(str(at) for at in places if at in chosen)
    return {"form": "only_some_are_meant", "word": word, "places": stands, "meant": meant}


def quoted(words: Iterable[str], most: int = 5) -> str:
    """Write the first few words in quotes."""
    shown = [repr(word) for word in dict.fromkeys(words)]
    return ", ".join([*shown[:most], *["..."][: len(shown) > most]])


def masked_sample(read: list[str], labels: dict[int, str]) -> Sample:
    """Make the sample of a masked text and its labels."""
    if not set(labels) <= set(range(len(read))):
        raise ValueError(CAUSES("label_without_position"))
    return encoder_only(
        "masked", read, [labels.get(at, word) for at, word in enumerate(read)], list(labels)
    )


# What is wrong with words in the same way, whatever was asked.


def another_sentence(c: Case) -> bool:
    """Fit where most words are none of those in the first argument, nor made of them."""
    words = set(_words(c.returned))
    strange = [word for word in words if not any(_akin(word, token) for token in c.tokens)]
    return len(strange) > len(words) / 2


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (word for word in value.split() if word[0] not in "<[")
    elif isinstance(value, dict):
        yield from _words([*value, *value.values()])
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _akin(word: str, token: str) -> bool:
    """Tell whether a word may have been made of a token: in capitals, cut, turned round."""
    word, token = word.casefold(), token.casefold()
    short, long = sorted((word, token), key=len)
    return sorted(word) == sorted(token) or (len(short) > 2 and short in long)


def holds_a_list(c: Case) -> bool:
    """Fit where a list stands in a returned list."""
    return any(isinstance(item, list) for part in c.returned for item in part)


def is_text(c: Case) -> bool:
    """Fit where text came back."""
    return any(isinstance(part, str) for part in c.returned)


def one_word(c: Case) -> bool:
    """Fit where a word came back."""
    return any(isinstance(part, str) and part in c.tokens for part in c.returned)


def inserted(c: Case) -> object:
    """Fit where a list has grown, and name it."""
    read = c.returned[0]
    rest = iter(read)
    grown = len(read) > len(c.tokens) and all(word in rest for word in c.tokens)
    return grown and {"name": c.names[0]}


def keeps_last_token(c: Case) -> bool:
    """Fit where the inputs are the whole sentence."""
    return c.inputs == c.tokens and c.labels == c.tokens[1:]


def labels_are_a_list(c: Case) -> bool:
    """Fit where labels are no dictionary."""
    return type(c.labels) is list and type(c.returned[0]) is list


def holds_mask_token(c: Case) -> bool:
    """Fit where [MASK] stands in the place of a sentinel."""
    return MASK in c.corrupted or MASK in c.target
