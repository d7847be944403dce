"""``roster.csv``: who is in the class, in which group, and until when each has time.

One table for all of it. A line with a learner and no exercise says who that is: ids as platforms
have them, an address, a group. Due dates and extensions may stand in any line: of a learner and an
exercise, of a learner, of an exercise (no learner), or of everybody (neither); the narrowest
counts. An extension is a new date, or so much longer.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path

from lessonlib.grading.books.late import duration, moment
from lessonlib.grading.intake.names import alike
from lessonlib.grading.paper.spreadsheets import lines_of
from lessonlib.grading.paper.text import plain, without_controls
from lessonlib.grading.paper.words import WORDS, RefusedError
from lessonlib.words import listed

NAME = "roster.csv"
IDS = ("canvas", "sid", "login", "email")  # each is one learner's alone
COLUMNS = ("learner", *IDS, "section", "group", "exercise", "due", "extension")
_SAME = {  # what other programs call these columns
    "learner": ("student", "name", "full_name", "learner_name"),
    "canvas": ("id", "canvas_id"),
    "sid": ("sis_user_id", "id_number", "idnumber", "student_id"),
    "login": ("sis_login_id", "username", "user_name"),
    "email": ("email_address", "e-mail", "mail"),
}


@dataclass(frozen=True)
class Person:
    """A learner as the roster has them."""

    learner: str
    ids: dict[str, str] = field(default_factory=dict)
    section: str = ""
    group: str = ""


Key = tuple[str, str]  # learner and exercise, either of which may be empty


@dataclass
class Roster:
    """The table, read. Nobody is in it if there is none."""

    people: list[Person] = field(default_factory=list)
    due: dict[Key, datetime] = field(default_factory=dict)
    longer: dict[Key, timedelta] = field(default_factory=dict)
    extended: dict[Key, datetime] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, zone: tzinfo | None = None, known: Collection[str] = ()) -> "Roster":
        """Read the table as any spreadsheet program saves it, if it is there.

        The exercises that are known may be told, so that no due date is of another. RefusedError if
        it is no table, or says of one thing two.
        """
        made = cls()
        try:
            for line in lines_of(path, ()) if path.exists() else ():
                made._take(_cells(line), zone, known)
        except ValueError as problem:
            raise RefusedError("roster.refused", file=path.name, problem=problem) from None
        return made

    def _take(self, cells: dict[str, str], zone: tzinfo | None, known: Collection[str]) -> None:
        ids = {kind: cells[kind] for kind in IDS if cells[kind]}
        person = self.person(cells["learner"], *map(":".join, ids.items()))
        called = cells["learner"] or next(iter(ids.values()), "")
        other = person and any(person.ids.get(kind, told) != told for kind, told in ids.items())
        if person and (
            other or _alike(called) not in {_alike(person.learner), *map(_alike, ids.values())}
        ):
            raise RefusedError(
                "roster.twice",
                what=listed(ids.values()) if ids else called,
                one=person.learner,
                other=called,
            )
        if called and not person:
            person = Person(called, ids, cells["section"], cells["group"])
            self._add(person)
        key = person.learner if person else "", cells["exercise"]
        if known and key[1] and key[1] not in known:
            raise RefusedError("roster.no_exercise", name=key[1])
        for column in ("due", "extension"):
            if said := cells[column]:
                self._date(column, key, said, zone)

    def _add(self, person: Person) -> None:
        told = [("", _alike(person.learner)), *(_key(each) for each in person.ids.items())]
        for each in told:
            if other := self._known.get(each):
                slots = {"one": other.learner, "other": person.learner}
                raise RefusedError("roster.twice", what=each[1], **slots)
        self.people.append(person)
        self._known |= dict.fromkeys(told, person)

    def _date(self, column: str, key: Key, said: str, zone: tzinfo | None) -> None:
        with suppress(ValueError):
            date = moment(said, zone)
            where = self.due if column == "due" else self.extended
            where[key] = date
            return
        with suppress(ValueError):
            if column == "extension":
                self.longer[key] = duration(said)
                return
        who = key[0] or WORDS("roster.everybody")
        raise RefusedError("roster.no_date", said=repr(said), who=who)

    @cached_property
    def _known(self) -> dict[tuple[str, str], Person]:
        """Everybody, by each id, and by name with nothing before it."""
        return {}

    def person(self, learner: str, *identities: str) -> Person | None:
        """Return who somebody is, by the ids that are known, such as ``canvas:12``, or the name."""
        for identity in identities:
            kind, _, told = identity.partition(":")
            if told and (found := self._known.get(_key((kind, told)))):
                return found
            shorter = learner.removesuffix(f"_{told}") if told else learner
            if shorter != learner and (found := self._known.get(("", _alike(shorter)))):
                # Whoever has another id of this kind is another person of this name.
                return found if kind not in found.ids else None
        return self._known.get(("", _alike(learner)))

    def until(self, person: Person | None, exercise: str) -> datetime | None:
        """Return until when somebody has time for an exercise; None if there is no due date."""
        keys = [*_narrowest(person.learner if person else "", exercise)]
        due = next((self.due[key] for key in keys if key in self.due), None)
        for key in keys:
            if key in self.extended:
                return max(self.extended[key], due) if due else self.extended[key]
            if key in self.longer and due:
                return due + self.longer[key]
        return due


def _narrowest(learner: str, exercise: str) -> Iterator[Key]:
    """Yield under what something may be said of a learner and an exercise."""
    yield from dict.fromkeys([(learner, exercise), (learner, ""), ("", exercise), ("", "")])


def _key(each: tuple[str, str]) -> tuple[str, str]:
    return each[0], _alike(each[1])


def _cells(line: dict[str, str]) -> dict[str, str]:
    """Return what stands in the columns that are read, whatever they are called."""
    found = {}
    for name in COLUMNS:
        cells = (line.get(each, "") for each in (name, *_SAME.get(name, ())))
        found[name] = next((plain(cell.strip()).strip() for cell in cells if cell.strip()), "")
    return found


def _alike(name: str) -> str:
    return alike(without_controls(name))  # half characters, too, are no name
