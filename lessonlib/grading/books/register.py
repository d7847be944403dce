"""The class by its roster: what was late, what a group shares, and who handed in nothing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from heapq import merge
from pathlib import Path
from typing import NamedTuple

from lessonlib.grading.books.journal import Derived, Journal, Key, Record
from lessonlib.grading.books.late import NAME as RULE
from lessonlib.grading.books.late import Rule, moment
from lessonlib.grading.books.marks import Marks
from lessonlib.grading.books.roster import NAME, Person, Roster
from lessonlib.grading.intake.times import BY_FILE


class Shares(NamedTuple):
    """What groups share: whose answers stand for whom, and the ids of who handed in nothing.

    `disputed` is of which members handed in different answers, and `again` who has handed in the
    very answers that another of the group has.
    """

    givers: dict[Key, Key]
    blank: dict[Key, str]
    disputed: list[str]
    again: set[Key]


@dataclass(frozen=True)
class Register:
    """A roster and the rule for what is late; without them nothing changes."""

    roster: Roster = field(default_factory=Roster)
    rule: Rule = field(default_factory=Rule)

    @classmethod
    def read(cls, folder: Path, known: Collection[str] = ()) -> "Register":
        """Read what lies beside the marks; RefusedError if it cannot be read."""
        rule = Rule.read(folder / RULE)
        return cls(Roster.read(folder / NAME, rule.zone, known), rule)

    def person(self, record: Record) -> Person | None:
        """Return who handed in, if the roster has them."""
        return self.roster.person(record.learner, record.platform_id)

    def dated(self, record: Record) -> Record:
        """Return a record with its due date, how late it is, and what that costs.

        What only the date of a file says is no proof, unless the rule takes it for one: a copy has
        another date.
        """
        due = self.roster.until(self.person(record), record.exercise)
        if due is None or not record.digest:
            return replace(record, due=due.isoformat() if due else "", late=None, lost=0.0)
        late = self._after(due, record)
        points = sum(each.points for each in record.questions)
        most = sum(each.counts for each in record.questions)
        lost = self.rule.penalty(late, points, most) if late is not None else 0.0
        seconds = None if late is None else late / timedelta(seconds=1)
        return replace(record, due=due.isoformat(), late=seconds, lost=lost)

    def _after(self, due: datetime, record: Record) -> timedelta | None:
        if not record.time or (record.time_from == BY_FILE and not self.rule.file_times):
            return None
        try:
            return moment(record.time, self.rule.zone) - due
        except ValueError:
            return None

    def absent(self, learners: Iterable[tuple[str, str]]) -> list[Person]:
        """Return who is in the roster, and not among learners with their ids on platforms."""
        there = {id(self.roster.person(*each)) for each in learners}
        return [each for each in self.roster.people if id(each) not in there]

    def shares(self, records: Iterable[Record]) -> Shares:
        """Go through records once, and find out what groups share."""
        answers: dict[Key, dict[tuple[str, ...], Key]] = defaultdict(dict)  # by group and exercise
        own: set[Key] = set()
        blank: dict[Key, str] = {}
        called: dict[str, str] = {}
        again: set[Key] = set()
        for each in records:
            person = self.person(each)
            called |= {person.learner: each.learner} if person else {}
            if not each.digest:
                blank[_key(each)] = each.platform_id
                continue
            own.add(_key(each))
            if person and person.group:
                said = tuple(question.answer for question in each.questions)
                first = answers[person.group, each.exercise].setdefault(said, _key(each))
                again.update({_key(each)} - {first})
        disputed = [" / ".join(key) for key, those in answers.items() if len(those) > 1]
        agreed: dict[str, dict[str, Key]] = defaultdict(dict)  # by group, then by exercise
        for (group, exercise), those in answers.items():
            if len(those) == 1:
                agreed[group][exercise] = next(iter(those.values()))
        givers: dict[Key, Key] = {}
        for person in self.roster.people:
            name = called.get(person.learner, person.learner)
            for exercise, giver in agreed.get(person.group, {}).items():
                if (name, exercise) not in own:
                    givers[name, exercise] = giver
        return Shares(givers, blank, disputed, again)

    def strangers(self, learners: Iterable[tuple[str, str]]) -> list[str]:
        """Return who is among learners with their ids, and not in the roster, if there is one."""
        if not self.roster.people:
            return []
        return [each[0] for each in learners if not self.roster.person(*each)]


@dataclass(frozen=True)
class Together:
    """The records, with what one of a group handed in standing for all of its members.

    It stands for whoever handed in nothing for that exercise; `word` is what was said of those by
    name. If members handed in different answers, nobody knows which are the group's, and each keeps
    their own. The records come by learner and exercise, and `of` finds one of them. Who gives to
    whom is found out once.
    """

    records: Iterable[Record]
    of: Callable[[Key], Record]
    register: Register
    word: Callable[[Record], Record] = lambda each: each
    shared: set[Key] = field(default_factory=set)  # who has another's, once gone through
    disputed: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Record]:
        """Yield the records by learner and exercise; only a few are held in memory."""
        if not any(each.group for each in self.register.roster.people):
            yield from self.records
            return
        givers, blank = self._found
        self.shared.clear()
        self.shared.update(givers)
        new = sorted(givers.keys() - blank.keys())
        more = (self._given(key, givers[key], "") for key in new)
        own = (
            self._given(key, givers[key], blank[key]) if (key := _key(each)) in givers else each
            for each in self.records
        )
        yield from merge(own, more, key=_key)

    def _given(self, key: Key, giver: Key, platform_id: str) -> Record:
        whose = {"learner": key[0], "platform_id": platform_id}
        return self.word(replace(self.of(giver), **whose))

    @cached_property
    def _found(self) -> tuple[dict[Key, Key], dict[Key, str]]:
        """Whose answers stand for whom, and the ids of those who handed in nothing."""
        found = self.register.shares(self.records)
        self.disputed[:] = found.disputed
        return found.givers, found.blank


def _key(record: Record) -> Key:
    return record.learner, record.exercise


def of_the_class(folder: Path, register: Register) -> Iterable[Record]:
    """Return what stands in a gradebook, as each learner is told: marks, groups and lateness.

    RefusedError if its marks cannot be read.
    """
    journal = Journal(folder)
    marks = Marks.read(folder / "marks.csv", {learner for learner, _ in journal.entries})

    # Where nobody said anything, there is nothing to look for in each answer.
    word = marks.merged if any(each.by_a_person for each in marks.given.values()) else _as_it_is

    def of(key: Key) -> Record:
        return word(journal.of(key))

    together = Together(Derived(journal, word), of, register, marks.over)
    return Derived(together, register.dated)


def _as_it_is(record: Record) -> Record:
    return record
