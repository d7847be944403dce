"""A tenth of the meanings is never read in practice, and asked about apart.

Who has read a meaning in one wording has read it, and who knows its twin with exchanged roles knows
its words; so all sentences of both stay together.
The oracle knows the whole language and not what was left out: what it reaches on unread sentences
is what somebody reaches who has understood the language and learned nothing by heart.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from lessonlib.exams.measurement import ANSWERS
from lessonlib.exams.sentences.language import Language, sister_village, village
from lessonlib.worlds.sentences import Meaning, World

UNREAD_SHARE = 10  # one meaning of so many
READ, UNREAD = PARTS = ("read", "unread")


def unread_rows(world: World) -> np.ndarray:
    """Say of every sentence whether its meaning is one of the tenth that is never read.

    A meaning stays with the one in which giver and receiver have changed places: it has the same
    words. Of every ten such twins that are about as frequent, one is left out.
    """
    frequency: dict[Meaning, float] = defaultdict(float)
    for sentence in world.sentences:
        frequency[_either(sentence.meaning)] += sentence.probability
    ordered = sorted(frequency, key=lambda meaning: (-frequency[meaning], meaning))
    rng = np.random.default_rng(14)
    left_out = {
        ordered[first + rng.integers(UNREAD_SHARE)]
        for first in range(0, len(ordered) - UNREAD_SHARE + 1, UNREAD_SHARE)
    }
    return np.array([_either(sentence.meaning) in left_out for sentence in world.sentences])


def exchanged(meaning: Meaning) -> Meaning:
    """Return the meaning in which giver and receiver have changed places."""
    return meaning._replace(
        giver=meaning.receiver,
        giver_number=meaning.receiver_number,
        receiver=meaning.giver,
        receiver_number=meaning.giver_number,
    )


def _either(meaning: Meaning) -> Meaning:
    return min(meaning, exchanged(meaning))


class PartOfWorld:
    """A world of which only some sentences are drawn; all else is that of the whole world."""

    def __init__(self, world: World, drawn: np.ndarray) -> None:
        self.whole, self.drawn = world, drawn
        mass = np.array([sentence.probability for sentence in world.sentences]) * drawn
        self.mass = float(mass.sum())  # how often a sentence of the world is one of these
        self._cumulative = np.cumsum(mass)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)

    def sample(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draw sentences with their probabilities; see `World.sample`."""
        draws = rng.random(count) * self._cumulative[-1]
        return np.searchsorted(self._cumulative, draws, side="right")


class PartOfLanguage(Language):
    """A language whose practice and questions come from one part of its sentences."""

    parts: Mapping[str, Language]  # all parts of the language, by name

    def __init__(self, whole: Language, drawn: np.ndarray) -> None:
        super().__init__(PartOfWorld(whole.world, drawn))
        self.vocabulary = whole.vocabulary
        self.ids, self.lengths = whole.ids, whole.lengths
        self._sentence_of = whole._sentence_of


def parts(language: Language) -> dict[str, PartOfLanguage]:
    """Return the two parts of a language, by name."""
    unread = unread_rows(language.world)
    both = {READ: PartOfLanguage(language, ~unread), UNREAD: PartOfLanguage(language, unread)}
    for part in both.values():
        part.parts = both
    return both


@cache
def read_village() -> PartOfLanguage:
    """Return what is read in practice of the world of the matrix."""
    return parts(village())[READ]


@cache
def read_sister_village() -> PartOfLanguage:
    """Return what is read in practice of the harder world."""
    return parts(sister_village())[READ]


Parts = Mapping[str, PartOfLanguage]


@dataclass(frozen=True)
class Asking:
    """What is asked, and how much of it."""

    parts: Parts  # what is read in practice, and what is not
    size: int  # questions about each part; of a work-around a tenth, because it costs so much more
    seed: int
    answers: Sequence[str] = ANSWERS  # native ones, work-arounds
    meanings: Sequence[str] = PARTS  # read ones, unread ones

    @property
    def asked(self) -> Iterator[tuple[str, PartOfLanguage]]:
        """Parts that are asked about, by name."""
        return ((name, self.parts[name]) for name in self.meanings)
