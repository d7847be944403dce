"""The reversal curse: who has read “A gives to B” and is asked from whom B gets.

Sixty givers with names of their own each give to one receiver, always the same. A third of these
pairs is told from both sides, as all sentences of the village are; a third from the giver's side
alone, a third from the receiver's alone. Who has understood the village knows the other side of
these, too. Asked is the last name of a sentence, as practised and turned round; and the first name,
with all that follows in view. Source of the question: Berglund et al. 2023, "The Reversal Curse".
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import MakeBatch, Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Candidate, Measurement, Row, share
from lessonlib.exams.sentences.cells import RECIPES, variant
from lessonlib.exams.sentences.items import Gap, sentences
from lessonlib.exams.sentences.language import ROWS, SENTINELS, Texts
from lessonlib.exams.sentences.subject import SEEDS, own_practice
from lessonlib.exams.sentences.tasks import names
from lessonlib.exams.sentences.unread import read_village
from lessonlib.exams.vocabulary import Vocabulary
from lessonlib.worlds.sentences import Sentence

GIVER, RECEIVER = SIDES = ("giver", "receiver")  # who is the subject, and stands first
#: From which sides pairs are told; each kind has as many.
TOLD = (SIDES, (GIVER,), (RECEIVER,))
EACH = 20  # pairs of a kind
NAMED = 0.6  # of the sentences are about one of the pairs
STEPS = 1200
QUESTIONS = 5  # about each pair and side
WITH_WORKAROUND = 4  # one question of so many is also asked by a work-around
OBJECTIVES = ("causal", "masked", "masked_at_every_rate")


class Question(NamedTuple):
    """A name that is missing, and all names that could stand there for who knows the kind."""

    gap: Gap
    among: list[int]


class Acquaintances(Texts):
    """The village, and pairs of persons that are told of from one side or from both."""

    def __init__(self) -> None:
        self.read = read_village()
        self.longest = self.read.longest
        pairs = [(f"{GIVER}-{n}", f"{RECEIVER}-{n}") for n in range(EACH * len(TOLD))]
        words = self.read.vocabulary.tokens[: self.read.vocabulary.words]
        self.vocabulary = Vocabulary(
            [*words, *(name for pair in pairs for name in pair)], SENTINELS
        )
        self.names = [self.vocabulary.encode(pair) for pair in pairs]

    def kind(self, pair: int) -> tuple[str, ...]:
        """Return from which sides a pair is told."""
        return TOLD[pair % len(TOLD)]

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = ROWS) -> Iterator[Batch]:
        """Yield batches without end; a seed gives every objective the same sentences."""
        rng, choices = (np.random.default_rng([seed, number]) for number in (1, 2))
        while True:
            written = [self.sentence(rng) for _ in range(rows)]
            yield make_batch(self.vocabulary.padded(written), self.vocabulary, choices)

    def sentence(self, rng: np.random.Generator) -> list[int]:
        """Write a sentence about a pair, from a side from which it is told; or any other one."""
        if rng.random() >= NAMED:
            return sentences(self.read, self.read.world.sample(1, rng))[0]
        pair = int(rng.integers(len(self.names)))
        sides = self.kind(pair)
        return self.about(pair, sides[rng.integers(len(sides))], rng)

    def about(self, pair: int, side: str, rng: np.random.Generator) -> list[int]:
        """Write a sentence about a pair from a side."""
        rows, cumulative = _of_two_persons(side)
        drawn = rows[int(np.searchsorted(cumulative, rng.random() * cumulative[-1], "right"))]
        one = self.read.world.sentences[drawn]
        persons = [_person(one, role) for role in SIDES]
        ids = dict(zip(persons, self.names[pair], strict=True))
        return [ids.get(word, self.vocabulary[word]) for word in one.words]


@cache
def _of_two_persons(side: str) -> tuple[np.ndarray, np.ndarray]:
    """Sentences that are read, of one giver and one receiver, and how likely each is, added up."""
    world = read_village().world
    rows = [
        number
        for number in np.flatnonzero(world.drawn).tolist()
        if world.sentences[number].wording.subject == side
        and world.sentences[number].meaning.giver_number == "one"
        and world.sentences[number].meaning.receiver_number == "one"
    ]
    return np.array(rows), np.cumsum([world.sentences[row].probability for row in rows])


def _person(one: Sentence, role: str) -> str:
    (word,) = names(getattr(one.meaning, role), "one") & set(one.words)
    return word


def last_names(
    language: Acquaintances, kind: Sequence[str], side: str, rng: np.random.Generator
) -> list[Question]:
    """Ask for the last name of sentences from a side, about the pairs of a kind."""
    return _asked(language, kind, side, SIDES.index(RECEIVER if side == GIVER else GIVER), rng)


def first_names(
    language: Acquaintances, kind: Sequence[str], side: str, rng: np.random.Generator
) -> list[Question]:
    """Ask for the first name, with what follows in view."""
    return _asked(language, kind, side, SIDES.index(side), rng)


def _asked(
    language: Acquaintances, kind: Sequence[str], side: str, which: int, rng: np.random.Generator
) -> list[Question]:
    pairs = [n for n in range(len(language.names)) if language.kind(n) == tuple(kind)]
    among = [language.names[pair][which] for pair in pairs]
    asked = []
    for pair in pairs * QUESTIONS:
        ids = language.about(pair, side, rng)
        place = ids.index(language.names[pair][which])
        asked.append(Question(Gap(ids[:place], ids[place + 1 :], [ids[place]]), among))
    return asked


def questions(language: Acquaintances, seed: int) -> dict[str, list[Question]]:
    """Return all questions by what they ask; names that stand before and after are told apart."""
    rng = np.random.default_rng([seed, 40])
    other = {GIVER: RECEIVER, RECEIVER: GIVER}
    return {
        "both_sides_practised": [
            one for side in SIDES for one in last_names(language, SIDES, side, rng)
        ],
        "as_practised": [one for side in SIDES for one in last_names(language, [side], side, rng)],
        "turned_round": [
            one for side in SIDES for one in last_names(language, [side], other[side], rng)
        ],
        "first_name": [one for side in SIDES for one in first_names(language, [side], side, rng)],
    }


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return [
        size.job(measure, objective, seed, size.steps(STEPS))
        for seed in size.seeds(len(SEEDS))
        for objective in OBJECTIVES
    ]


NAMES = Subject("acquaintances", Acquaintances, {}, {}, own_practice)


def measure(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train on the pairs and ask about them."""
    recipe = variant(objective, RECIPES[objective].make_batch, pairs=EACH * len(TOLD))
    candidate = trained(recipe, NAMES, seed, steps, kept)
    about = described(recipe, candidate) | {"seed": seed}
    return [
        found.row(**about, ability=ability)
        for ability, asked in questions(candidate.language, seed).items()
        for found in told(candidate, asked)
    ]


def told(candidate: Candidate, asked: Sequence[Question]) -> Iterator[Measurement]:
    """Judge the names that are said: of all words, and among those of the kind that is asked for.

    Guessing knows that kind.
    """
    for answer, say, passes in candidate.known_ways("blank"):
        some = asked if answer == NATIVE else asked[::WITH_WORKAROUND]
        said = say([one.gap for one in some])
        cost, chance = passes() / len(some), 1 / EACH
        truth = [one.gap.missing[0] for one in some]
        best = [
            one.among[int(row[one.among].argmax())] for row, one in zip(said, some, strict=True)
        ]
        for metric, names_said in (("right", said.argmax(axis=1)), ("among_names", best)):
            right = share(np.array(names_said) == truth)
            yield Measurement(answer, metric, len(some), right, chance, 1.0, cost)
