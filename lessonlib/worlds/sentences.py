"""A village in sentences: a little language with an exact answer key.

Every sentence tells who gives, sells, lends, sends or teaches what to whom, and sometimes why.
Each can be told from either side ("the cook sells a cake to the doctor", "the doctor buys a cake
from the cook"), with the reason first or last, and every person, thing and reason has two names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from lessonlib import checks
from lessonlib.worlds.oracle import WORDS, Oracle

PEOPLE = {
    "cook": ("cook", "chef"),
    "teacher": ("teacher", "tutor"),
    "doctor": ("doctor", "physician"),
    "writer": ("writer", "author"),
    "artist": ("artist", "painter"),
}
VERBS = {
    "sell": {"giver": ("sells", "sell"), "receiver": ("buys", "buy")},
    "give": {"giver": ("gives", "give"), "receiver": ("gets", "get")},
    "lend": {"giver": ("lends", "lend"), "receiver": ("borrows", "borrow")},
    "send": {"giver": ("sends", "send"), "receiver": ("receives", "receive")},
    "teach": {"giver": ("teaches", "teach"), "receiver": ("learns", "learn")},
}
THINGS = {
    "soup": ("some soup", "a bowl of broth"),
    "cake": ("a cake", "a sweet tart"),
    "coat": ("a coat", "a warm jacket"),
    "book": ("a book", "a thick novel"),
    "picture": ("a picture", "a small drawing"),
    "letter": ("a letter", "a short note"),
    "song": ("a song", "a merry tune"),
    "game": ("a game", "a clever puzzle"),
}
REASONS = {
    "cold": ("because it is cold", "since the nights are so chilly"),
    "party": ("for the party", "to celebrate a big feast"),
    "trip": ("before the long trip", "as their journey starts soon"),
    "rain": ("while it rains", "on stormy days"),
}


class Meaning(NamedTuple):
    """What a sentence says, whatever the words."""

    giver: str
    giver_number: str
    receiver: str
    receiver_number: str
    verb: str
    thing: str
    reason: str


class Wording(NamedTuple):
    """How a meaning is put into words: who is the subject, where the reason stands, which names."""

    subject: str
    place: str
    giver_name: int
    receiver_name: int
    thing_name: int
    reason_name: int

    def opposite(self) -> "Wording":
        """Return the wording with the other subject, the other place and all other names."""
        return Wording(
            subject={"giver": "receiver", "receiver": "giver"}[self.subject],
            place={"first": "last", "last": "first", "none": "none"}[self.place],
            giver_name=1 - self.giver_name,
            receiver_name=1 - self.receiver_name,
            thing_name=1 - self.thing_name,
            reason_name=0 if self.place == "none" else 1 - self.reason_name,
        )


class Sentence(NamedTuple):
    """One sentence with its probability, its meaning and its wording."""

    words: tuple[str, ...]
    probability: float
    meaning: Meaning
    wording: Wording


@dataclass(frozen=True)
class Table:
    """How one choice is made, given earlier choices.

    Parameters
    ----------
    choice : str
        A field of `Meaning` or `Wording`.
    parents : tuple of str
        The earlier choices it depends on.
    rows : mapping
        For each tuple of parent values, the probability of each option.
    """

    choice: str
    parents: tuple[str, ...]
    rows: Mapping[tuple, Mapping]


def say(meaning: Meaning, wording: Wording) -> tuple[str, ...]:
    """Put a meaning into words.

    Parameters
    ----------
    meaning : Meaning
        What to say.
    wording : Wording
        How to say it; ``place`` is "none" exactly when there is no reason.

    Returns
    -------
    tuple of str
        The words, with the comma and the full stop as words of their own.
    """
    giver = _person(meaning.giver, wording.giver_name, meaning.giver_number)
    receiver = _person(meaning.receiver, wording.receiver_name, meaning.receiver_number)
    thing = THINGS[meaning.thing][wording.thing_name].split()
    if wording.subject == "giver":
        subject, number, link, other = giver, meaning.giver_number, "to", receiver
    else:
        subject, number, link, other = receiver, meaning.receiver_number, "from", giver
    verb = VERBS[meaning.verb][wording.subject][number == "many"]
    core = [*subject, verb, *thing, link, *other]
    if meaning.reason == "none":
        return (*core, ".")
    reason = REASONS[meaning.reason][wording.reason_name].split()
    return (*reason, ",", *core, ".") if wording.place == "first" else (*core, *reason, ".")


def _person(person: str, name: int, number: str) -> list[str]:
    return ["the", PEOPLE[person][name] + ("s" if number == "many" else "")]


class World:
    """A language given by its tables, written out in full.

    Parameters
    ----------
    tables : sequence of Table
        One for each choice, parents before children.

    Raises
    ------
    ValueError
        If a choice is missing, comes before its parents, or a row is not a distribution.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        _check_tables(tables)
        self.tables = tuple(tables)
        self.sentences = tuple(self._enumerate())

    def _enumerate(self) -> Iterator[Sentence]:
        for choices, probability in _all_choices(self.tables, {}, 1.0):
            meaning = Meaning(*(choices[field] for field in Meaning._fields))
            wording = Wording(*(choices[field] for field in Wording._fields))
            yield Sentence(say(meaning, wording), probability, meaning, wording)

    @cached_property
    def oracle(self) -> Oracle:
        """The answer key of this world."""
        words = [sentence.words for sentence in self.sentences]
        return Oracle(words, [sentence.probability for sentence in self.sentences])

    @cached_property
    def _cumulative(self) -> np.ndarray:
        return np.cumsum([sentence.probability for sentence in self.sentences])

    def sample(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draw sentences with their probabilities.

        Parameters
        ----------
        count : int
            How many, with repetition.
        rng : numpy.random.Generator
            Where the randomness comes from.

        Returns
        -------
        numpy.ndarray of int
            Their indices in `sentences`.

        Raises
        ------
        TypeError, ValueError
            If `count` is not an integer of at least 0, or `rng` not a Generator.
        """
        count = checks.integer(count, "count", 0)
        draws = checks.generator(rng).random(count) * self._cumulative[-1]
        return np.searchsorted(self._cumulative, draws, side="right")

    def draw(self, count: int, seed: int) -> list[tuple[str, ...]]:
        """Draw sentences with their probabilities, as words; frequent ones come again.

        Parameters
        ----------
        count : int
            How many.
        seed : int
            The same seed gives the same sentences.
        """
        rows = self.sample(count, np.random.default_rng(checks.integer(seed, "seed", 0)))
        return [self.sentences[row].words for row in rows]

    def draw_different(self, count: int, seed: int) -> list[tuple[str, ...]]:
        """Draw sentences as `draw` does, and leave out those that were drawn before.

        Parameters
        ----------
        count : int
            How many; at most half of all sentences, as rare ones take long to come.
        seed : int
            The same seed gives the same sentences.

        Returns
        -------
        list of tuple of str
            No two of them are the same.
        """
        count = checks.integer(count, "count", 0, len(self.sentences) // 2)
        drawn = 2 * count
        while len(different := dict.fromkeys(self.draw(drawn, seed))) < count:
            drawn *= 2
        return list(different)[:count]

    def paraphrase(self, sentence: Sentence) -> tuple[str, ...]:
        """Say the same from the other side: another order, and every name swapped."""
        _check_sentence(sentence)
        return say(sentence.meaning, sentence.wording.opposite())

    def shorten(self, sentence: Sentence) -> tuple[str, ...]:
        """Say who does what to whom and leave the reason out."""
        _check_sentence(sentence)
        wording = sentence.wording._replace(place="none")
        return say(sentence.meaning._replace(reason="none"), wording)


def _check_sentence(sentence: Sentence) -> None:
    checks.instance(sentence, "sentence", Sentence, WORDS("world.wanted"))


def _all_choices(
    tables: Sequence[Table], chosen: dict, probability: float
) -> Iterator[tuple[dict, float]]:
    if not tables:
        yield chosen, probability
        return
    table, *later = tables
    row = table.rows[tuple(chosen[parent] for parent in table.parents)]
    for option, share in row.items():
        yield from _all_choices(later, {**chosen, table.choice: option}, probability * share)


def _check_tables(tables: Sequence[Table]) -> None:
    seen: set[str] = set()
    for table in tables:
        late = set(table.parents) - seen
        if late:
            said = {"choice": table.choice, "parents": sorted(late)}
            raise ValueError(WORDS("world.parents_late", **said))
        for given, row in table.rows.items():
            if not np.isclose(sum(row.values()), 1) or min(row.values()) <= 0:
                said = {"choice": table.choice, "given": given, "row": row}
                raise ValueError(WORDS("world.no_distribution", **said))
        seen.add(table.choice)
    missing = {*Meaning._fields, *Wording._fields} - seen
    if missing:
        raise ValueError(WORDS("world.no_table", missing=sorted(missing)))


def _given_one(choice: str, parent: str, rows: Mapping[str, Mapping]) -> Table:
    return Table(choice, (parent,), {(given,): row for given, row in rows.items()})


def _given_nothing(choice: str, row: Mapping) -> Table:
    return Table(choice, (), {(): row})


_GIVER = {"cook": 0.25, "teacher": 0.2, "doctor": 0.2, "writer": 0.2, "artist": 0.15}
_NUMBER = {"one": 0.75, "many": 0.25}
_RECEIVER = {
    "cook": {"teacher": 0.7, "doctor": 0.2, "writer": 0.1},
    "teacher": {"writer": 0.7, "artist": 0.2, "cook": 0.1},
    "doctor": {"artist": 0.7, "cook": 0.2, "writer": 0.1},
    "writer": {"cook": 0.7, "doctor": 0.2, "teacher": 0.1},
    "artist": {"doctor": 0.7, "teacher": 0.3},
}
_VERB = {
    "cook": {"sell": 0.7, "give": 0.2, "teach": 0.1},
    "teacher": {"teach": 0.7, "lend": 0.2, "send": 0.1},
    "doctor": {"give": 0.7, "send": 0.2, "lend": 0.1},
    "writer": {"send": 0.7, "sell": 0.2, "teach": 0.1},
    "artist": {"lend": 0.7, "sell": 0.2, "give": 0.1},
}
_THING = {
    "sell": {"soup": 0.6, "cake": 0.2, "picture": 0.2},
    "give": {"cake": 0.6, "coat": 0.2, "picture": 0.2},
    "lend": {"coat": 0.6, "book": 0.2, "game": 0.2},
    "send": {"letter": 0.6, "book": 0.2, "picture": 0.2},
    "teach": {"song": 0.7, "game": 0.3},
}
_REASON = {
    "soup": {"cold": 0.55, "rain": 0.15, "none": 0.3},
    "cake": {"party": 0.55, "trip": 0.15, "none": 0.3},
    "coat": {"cold": 0.55, "trip": 0.15, "none": 0.3},
    "book": {"trip": 0.55, "rain": 0.15, "none": 0.3},
    "picture": {"party": 0.55, "cold": 0.15, "none": 0.3},
    "letter": {"trip": 0.55, "party": 0.15, "none": 0.3},
    "song": {"party": 0.55, "rain": 0.15, "none": 0.3},
    "game": {"rain": 0.55, "trip": 0.15, "none": 0.3},
}
_PLACE = {
    reason: {"none": 1.0} if reason == "none" else {"first": 0.5, "last": 0.5}
    for reason in (*REASONS, "none")
}
_NAME = {0: 0.75, 1: 0.25}
_REASON_NAME = {reason: {0: 1.0} if reason == "none" else _NAME for reason in (*REASONS, "none")}
_PEOPLE = (
    _given_nothing("giver", _GIVER),
    _given_nothing("giver_number", _NUMBER),
    _given_one("receiver", "giver", _RECEIVER),
    _given_nothing("receiver_number", _NUMBER),
)
_WORDING = (
    _given_nothing("subject", {"giver": 0.5, "receiver": 0.5}),
    _given_one("place", "reason", _PLACE),
    _given_nothing("giver_name", _NAME),
    _given_nothing("receiver_name", _NAME),
    _given_nothing("thing_name", _NAME),
    _given_one("reason_name", "reason", _REASON_NAME),
)


@cache
def learnable_world() -> World:
    """Return the village in which every choice depends on at most one other."""
    return World(
        (
            *_PEOPLE,
            _given_one("verb", "giver", _VERB),
            _given_one("thing", "verb", _THING),
            _given_one("reason", "thing", _REASON),
            *_WORDING,
        )
    )


@cache
def harder_world() -> World:
    """Return the sister village: the same options, but verb, thing and reason have two parents.

    What is likely for one value of the second parent is unlikely for another, so that a model
    has to look at both at once.
    """
    return World(
        (
            *_PEOPLE,
            _given_two("verb", "giver", _VERB, "receiver", tuple(PEOPLE)),
            _given_two("thing", "verb", _THING, "receiver", tuple(PEOPLE)),
            _given_two("reason", "thing", _REASON, "giver", tuple(PEOPLE)),
            *_WORDING,
        )
    )


def _given_two(
    choice: str,
    parent: str,
    rows: Mapping[str, Mapping[str, float]],
    second: str,
    values: Sequence[str],
) -> Table:
    """Let the second parent turn the shares of each row around among its options."""
    return Table(
        choice,
        (parent, second),
        {
            (given, value): dict(zip(row, np.roll(list(row.values()), turn).tolist(), strict=True))
            for given, row in rows.items()
            for turn, value in enumerate(values)
        },
    )
