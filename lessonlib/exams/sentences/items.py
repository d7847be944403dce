"""The items about sentences, the same for every candidate, and what the limits of answers are.

What guessing reaches knows how common words and stretches are, and nothing else. What is possible
is told by the oracle, which has the whole world in view.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from lessonlib.exams.sentences.language import Language

SHORTEST_STRETCH, LONGEST_STRETCH = 1, 5
STRETCHES_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Gap:
    """Something is missing between `left` and `right`."""

    # the visible words
    left: list[int]
    right: list[int]
    missing: list[int]  # what stood there
    unseen: int = 0  # how many words follow that are not shown


def next_words(language: Language, count: int, rng: np.random.Generator) -> list[Gap]:
    """Cut sentences at one place each: what comes next? The rest is not shown."""
    gaps = blanks(language, count, rng)
    return [Gap(gap.left, [], gap.missing, unseen=len(gap.right)) for gap in gaps]


def blanks(language: Language, count: int, rng: np.random.Generator) -> list[Gap]:
    """Hide one word of each sentence, every place equally likely."""
    return _gaps(language, np.ones(count, int), rng)


def stretches(language: Language, count: int, rng: np.random.Generator) -> list[Gap]:
    """Hide one to five words of each sentence: lengths equally likely, then places.

    Nobody is told how many words are missing.
    """
    return _gaps(language, rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, count), rng)


def _gaps(language: Language, lengths: np.ndarray, rng: np.random.Generator) -> list[Gap]:
    gaps = []
    rows = sentences(language, language.world.sample(len(lengths), rng))
    for ids, length in zip(rows, lengths, strict=True):
        start = int(rng.integers(len(ids) - length + 1))
        gaps.append(Gap(ids[:start], ids[start + length :], ids[start : start + length]))
    return gaps


def sentences(language: Language, rows: Sequence[int]) -> list[list[int]]:
    """Return sentences of the world as ids without padding."""
    return [language.ids[row, : language.lengths[row]].tolist() for row in rows]


def first_missing(gaps: Sequence[Gap]) -> np.ndarray:
    """Return the word that is missing, or the first of them."""
    return np.array([gap.missing[0] for gap in gaps])


@cache
def common_words(language: Language) -> np.ndarray:
    """Log-probability of every word at a place chosen at random (the unigram model)."""
    mass = np.array([sentence.probability for sentence in language.world.sentences])
    per_place = np.repeat(mass / language.lengths, language.lengths)
    words = language.ids[np.arange(language.ids.shape[1]) < language.lengths[:, None]]
    return np.log(np.bincount(words, weights=per_place, minlength=language.vocabulary.words))


@cache
def commonest_stretch(language: Language) -> tuple[int, ...]:
    """Return the stretch that is missing most often."""
    seen = stretches(language, STRETCHES_LOOKED_AT, np.random.default_rng(0))
    return Counter(tuple(gap.missing) for gap in seen).most_common(1)[0][0]


def oracle_words(language: Language, gaps: Sequence[Gap], both_sides: bool = True) -> np.ndarray:
    """Log-probability of every word in each gap, shape (gaps, words)."""
    oracle, answers = language.oracle, []
    for gap in gaps:
        left, right = language.vocabulary.decode(gap.left), language.vocabulary.decode(gap.right)
        answers.append(oracle.blank(left, right) if both_sides else oracle.next_word(left))
    return as_rows(language, answers)


def as_rows(language: Language, answers: Sequence[Mapping[str, float]]) -> np.ndarray:
    """Return answers of an oracle as log-probabilities of all words, a row for each."""
    rows = np.full((len(answers), language.vocabulary.words), -np.inf)
    for row, answer in zip(rows, answers, strict=True):
        row[language.vocabulary.encode([*answer])] = np.log([*answer.values()])
    return rows


def oracle_stretches(language: Language, gaps: Sequence[Gap]) -> list[list[int]]:
    """Return the likeliest stretch for every gap; all lengths were equally likely to be asked."""
    decode = language.vocabulary.decode
    lengths = dict.fromkeys(range(SHORTEST_STRETCH, LONGEST_STRETCH + 1), 1.0)
    found = (language.oracle.stretch(decode(g.left), decode(g.right), lengths) for g in gaps)
    return [language.vocabulary.encode(next(iter(stretch))) for stretch in found]
