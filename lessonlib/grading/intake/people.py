"""Which claims are one person's: no two people become one, and none becomes two.

A lasting id is one person wherever it stands. A name is one person as long as no exercise is
handed in under it twice. What then cannot be told is nobody's until a person says whose it is.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from types import MappingProxyType

from lessonlib.grading.intake.layouts import FILE, FOLDER, MOODLE, Claim, Claims, Parts
from lessonlib.grading.intake.names import alike, exercise_in, exercise_of, readable, without_copy
from lessonlib.grading.paper.words import WORDS

YOU = "you"  # the rule: a person said so

_NUMBERED = re.compile(r"(.+) \(\d+\)")  # as people of one name are told apart
# What Moodle calls an assignment's archive: course, assignment, and its number.
_OF_ONE = re.compile(r".+-.+-\d+")


@dataclass(frozen=True)
class Owner:
    """Whom a file belongs to: nobody yet if there is no learner.

    The rule, a key of the words, is by what it was decided, or why it was not. The id that a
    platform may be told stands after what it is: ``canvas:123``.
    """

    learner: str
    rule: str
    identity: str = ""


@dataclass
class _Person:
    """All that stands under one name, or number, in one place or, if it is lasting, anywhere."""

    claims: list[Claim] = field(default_factory=list)
    handed_in: set[tuple[Parts, str]] = field(default_factory=set)  # places and exercises
    rooms: set[tuple[Parts, str]] = field(default_factory=set)  # where it has one number

    @property
    def name(self) -> str:
        times = Counter(claim.name for claim in self.claims)
        return min(times, key=lambda name: (-times[name], name))

    @property
    def first(self) -> Claim:
        return self.claims[0]

    @property
    def exercises(self) -> set[str]:
        return {exercise for _, exercise in self.handed_in}


_Persons = Mapping[tuple, _Person]


@dataclass(frozen=True)
class People:
    """Who owns what (a team's file has several), and in words who is one by an equal name alone."""

    owners: dict[Parts, list[Owner]]
    joined: list[str]


def people(claims: Claims, known: Collection[str]) -> People:
    """Tell which claims, as `layouts` reads them, are one person's."""
    persons = _persons(claims, known)
    _find_rooms(persons, known)
    owners: dict[tuple, Owner] = {}
    joined = []
    groups: dict[str, dict[tuple, _Person]] = defaultdict(dict)
    for key, person in persons.items():
        # What persons are compared by; in a file's name, words such as *final* may be no name.
        by_file = person.first.rule == FILE
        name = alike(without_copy(person.first.name) if by_file else person.name)
        groups["anonymous" if person.first.kind == "anonymous" else name][key] = person
    for group in groups.values():
        learners = _learners(group)
        for key, learner in learners.items():
            claim = group[key].first
            asked = "ask_anonymous" if claim.kind == "anonymous" else "ask_name"
            owners[key] = Owner(learner, claim.rule if learner else asked, claim.identity)
            called = sorted({alike(claim.name): claim.name for claim in group[key].claims}.values())
            if len(called) > 1 and claim.kind == "lasting":
                joined.append(_joined("under_one_number", learner=learner, names=", ".join(called)))
        taken = sorted({*learners.values()})
        if len(group) > 1 and len(taken) == 1 and taken[0]:
            what = sorted({exercise for each in group.values() for exercise in each.exercises})
            joined.append(": ".join([taken[0], *([", ".join(what)] if what else [])]))
        taken = list(filter(None, taken))
        if len(taken) > 1 and next(iter(group.values())).first.kind == "numbered":
            joined.append(_joined("several_of_one_name", names=", ".join(taken)))
    for key in _perhaps_of_teams(persons):
        owners[key] = Owner("", "ask_team")
    told = {
        path: [owners[_key(claim)] if _key(claim) else Owner("", claim.rule) for claim in each]
        for path, each in claims.items()
    }
    return People(told, sorted(joined))


def as_before(found: People, earlier: Collection[str]) -> People:
    """Return people as an earlier run spelt them; in Moodle, one of several of a name is asked."""
    called = {alike(name): name for name in earlier}
    learners = {owner.learner for those in found.owners.values() for owner in those}
    new = learners.difference(earlier)
    other = {each: called[alike(each)] for each in new if alike(each) in called}
    several = {alike(match[1]) for name in earlier if (match := _NUMBERED.fullmatch(name))}

    def before(owner: Owner) -> Owner:
        is_new = owner.rule == MOODLE and owner.learner in new
        if is_new and alike(_NUMBERED.sub(r"\1", owner.learner)) in several:
            return Owner("", "ask_name")
        return replace(owner, learner=other.get(owner.learner, owner.learner))

    owners = {path: list(map(before, those)) for path, those in found.owners.items()}
    said = (_joined("as_before", name=name, learner=now) for now, name in other.items())
    return People(owners, sorted([*found.joined, *said]))


def with_what_was_said(
    owners: Mapping[Parts, list[Owner]],
    said: Mapping[str, Sequence[str]],
    shown: Mapping[Parts, str] = MappingProxyType({}),
) -> dict[Parts, list[Owner]]:
    """Return who owns what once a person wrote learners beside a path, given in words.

    A way is shown as its names say, or else as given.
    """
    everyone = (owner for each in owners.values() for owner in each if owner.learner)
    called = {alike(owner.learner): replace(owner, rule=YOU) for owner in everyone}
    ways = {path: shown.get(path) or readable("/".join(path)) for path in owners}
    looks = Counter(ways.values())
    told = dict(owners)
    for path, way in ways.items():
        if way in said and looks[way] > 1:
            told[path] = [Owner("", "ask_twins")]
        elif names := said.get(way):
            told[path] = [called.get(alike(name), Owner(name, YOU)) for name in names]
    return told


def _persons(claims: Claims, known: Collection[str]) -> _Persons:
    found: dict[tuple, _Person] = defaultdict(_Person)
    for path, each in claims.items():
        for claim in each:
            if key := _key(claim):
                found[key].claims.append(claim)
                if exercise := exercise_of(claim.file or path[-1], known):
                    found[key].handed_in.add((claim.place, exercise))
    return found


def _key(claim: Claim) -> tuple | None:
    place = () if claim.kind in ("lasting", "numbered") else claim.place
    return None if claim.kind == "unknown" else (claim.rule, claim.key, place)


def _find_rooms(persons: _Persons, known: Collection[str]) -> None:
    """Note where a person has one of Moodle's numbers: an assignment's folder, or an exercise."""
    here: dict[Parts, list[_Person]] = defaultdict(list)
    for person in persons.values():
        for place in {claim.place for claim in person.claims if claim.kind == "numbered"}:
            here[place].append(person)
    for person in persons.values():
        person.rooms |= person.handed_in
    for place, those in here.items():
        last = place[-1] if place else ""
        is_ones = _OF_ONE.fullmatch(last) or exercise_in(last, known)
        for person in those if is_ones or _is_of_one_assignment(place, those) else ():
            person.rooms.add((place, ""))


def _perhaps_of_teams(persons: _Persons) -> Iterator[tuple]:
    """Yield who may have a team's name before their own, as Moodle writes where teams hand in."""
    called = defaultdict(list)
    for key, person in persons.items():
        if person.first.kind == "numbered":
            called[alike(person.name)].append(key)
    for name, keys in called.items():
        words = name.split("-")
        ends = ("-".join(words[number:]) for number in range(1, len(words)))
        others = [persons[key] for end in ends for key in called.get(end.strip(), ())]
        for key in keys:
            if others and persons[key].rooms.isdisjoint(chain(*(each.rooms for each in others))):
                yield key


def _is_of_one_assignment(place: Parts, persons: Sequence[_Person]) -> bool:
    """Tell whether all numbers are of one assignment: others come in blocks, or several each."""
    numbers: dict[str, list[int]] = defaultdict(list)
    done: dict[str, set[str]] = defaultdict(set)
    for person in persons:
        for exercise in {each for where, each in person.handed_in if where == place}:
            numbers[exercise].append(int(person.first.key))
            done[alike(person.name)].add(exercise)
    blocks = sorted((min(each), max(each)) for each in numbers.values())
    apart = all(one[1] < other[0] for one, other in pairwise(blocks))
    many = 2 * sum(len(each) > 1 for each in done.values()) >= len(done)
    return len(blocks) == 1 or (not apart and not many)


def _learners(group: _Persons) -> dict[tuple, str]:
    """Return what each of those who have one name is called; empty if that cannot be told."""
    if next(iter(group.values())).first.kind == "anonymous":
        alone = len(_connected(person.handed_in for person in group.values())) <= 1
        return {key: person.name if alone else "" for key, person in group.items()}
    numbered = {key: each.rooms for key, each in group.items() if each.first.kind == "numbered"}
    together = Counter(chain(*numbered.values()))
    certain = {key for key, rooms in numbered.items() if any(together[room] > 1 for room in rooms)}
    times = Counter(exercise for person in group.values() for exercise in person.exercises)
    if max(times.values(), default=0) < 2 and not certain and not _differ(group.values()):
        return dict.fromkeys(group, min(person.name for person in group.values()))
    if len(_connected(numbered[key] for key in certain)) != 1:
        certain = set()
    return {
        key: f"{person.name} ({person.first.key})" if key in certain else ""
        for key, person in group.items()
    }


def _differ(persons: Iterable[_Person]) -> bool:
    """Tell whether equal names stand beside one another in different spellings.

    Two folders, *Ann* and *ann*, are hardly one person's; of files, *ann* and *ann_final* may be.
    """
    names: dict[tuple[str, Parts], set[str]] = defaultdict(set)
    for claim in (person.first for person in persons):
        if claim.rule in (FILE, FOLDER):
            name = claim.name if claim.rule == FOLDER else alike(claim.name)
            names[claim.rule, claim.place].add(name)
    return any(len(each) > 1 for each in names.values())


def _connected(sets: Iterable[set]) -> list[set]:
    found: list[set] = []
    for each in filter(None, sets):
        linked = [other for other in found if not other.isdisjoint(each)]
        found = [*(other for other in found if other not in linked), each.union(*linked)]
    return found


def _joined(key: str, **slots: str) -> str:
    return WORDS(f"joined.{key}", **slots)
