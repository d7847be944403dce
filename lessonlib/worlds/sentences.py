"""A village in sentences: a little language with an exact answer key.

Every sentence tells who gives, sells, lends, sends or teaches what to whom, and sometimes why.
Each can be told from either side ("the cook sells a cake to the doctor", "the doctor buys a cake
from the cook"), with the reason first or last, and every person, thing and reason has two names.
They, and how likely each choice is, stand in ``village.toml``.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from lessonlib import checks
from lessonlib.worlds.oracle import WORDS, Oracle

_VILLAGE = tomllib.loads((files(__package__) / "village.toml").read_text("utf-8"))
PEOPLE, VERBS = _VILLAGE["people"], _VILLAGE["verbs"]
THINGS, REASONS = _VILLAGE["things"], _VILLAGE["reasons"]


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
    """How one choice is made, given earlier choices."""

    choice: str  # a field of `Meaning` or `Wording`
    parents: tuple[str, ...]  # the earlier choices it depends on
    rows: Mapping[tuple, Mapping]  # for each tuple of parent values, how likely each option is


def say(meaning: Meaning, wording: Wording) -> tuple[str, ...]:
    """Put a meaning into words, with the comma and the full stop as words of their own.

    The wording's ``place`` is "none" exactly when there is no reason.
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

    There is one table for each choice, parents before children.
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
        """Draw so many sentences with their probabilities; return their indices in `sentences`."""
        count = checks.integer(count, "count", 0)
        draws = checks.generator(rng).random(count) * self._cumulative[-1]
        return np.searchsorted(self._cumulative, draws, side="right")

    def draw(self, count: int, seed: int) -> list[tuple[str, ...]]:
        """Draw sentences with their probabilities, as words; frequent ones come again."""
        rows = self.sample(count, np.random.default_rng(checks.integer(seed, "seed", 0)))
        return [self.sentences[row].words for row in rows]

    def draw_different(self, count: int, seed: int) -> list[tuple[str, ...]]:
        """Draw sentences as `draw` does, and leave out those that were drawn before.

        At most half of all sentences, as rare ones take long to come.
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


def _village(seconds: Sequence[str] = ("", "", "")) -> World:
    """Make a world; of verb, thing and reason each may have a second parent."""
    of_verb, of_thing, of_reason = seconds
    chances, name = _VILLAGE["chances"], {0: 0.75, 1: 0.25}
    reason_name = {reason: {0: 1.0} if reason == "none" else name for reason in chances["place"]}
    return World(
        (
            _table("giver", chances["giver"]),
            _table("giver_number", chances["number"]),
            _table("receiver", chances["receiver"], "giver"),
            _table("receiver_number", chances["number"]),
            _table("verb", chances["verb"], "giver", of_verb),
            _table("thing", chances["thing"], "verb", of_thing),
            _table("reason", chances["reason"], "thing", of_reason),
            _table("subject", chances["subject"]),
            _table("place", chances["place"], "reason"),
            _table("giver_name", name),
            _table("receiver_name", name),
            _table("thing_name", name),
            _table("reason_name", reason_name, "reason"),
        )
    )


def _table(choice: str, rows: Mapping, parent: str = "", second: str = "") -> Table:
    """Let a second parent, a person, turn the shares of each row around among its options."""
    if not parent:
        return Table(choice, (), {(): rows})
    if not second:
        return Table(choice, (parent,), {(given,): row for given, row in rows.items()})
    turned = {
        (given, person): dict(zip(row, np.roll(list(row.values()), turn).tolist(), strict=True))
        for given, row in rows.items()
        for turn, person in enumerate(PEOPLE)
    }
    return Table(choice, (parent, second), turned)


@cache
def learnable_world() -> World:
    """Return the village in which every choice depends on at most one other."""
    return _village()


@cache
def harder_world() -> World:
    """Return the sister village: the same options, but verb, thing and reason have two parents.

    What is likely for one value of the second parent is unlikely for another, so that a model
    has to look at both at once.
    """
    return _village(("receiver", "receiver", "giver"))
