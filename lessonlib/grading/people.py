"""Which claims are one person's: no two people become one, and none becomes two.

A lasting id is one person wherever it stands. A name is one person as long as no exercise is
handed in under it twice. What then cannot be told is nobody's until a person says whose it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lessonlib.grading.layouts import Claim, Claims, Parts
from lessonlib.grading.names import alike, exercise_of, readable

ASK_NAME = "nobody yet: several may have this name"
ASK_ANONYMOUS = (
    "nobody yet: such names are new for each assignment, and here are several; "
    "grade one assignment at a time, or say whose this is"
)
YOU = "you"


@dataclass(frozen=True)
class Owner:
    """Whom a file belongs to.

    Parameters
    ----------
    learner
        The name under which everything of one person is gathered; empty if nobody's yet.
    rule
        In words, by what it was decided, or why it was not.
    identity
        The id that a platform may be told, after what it is: ``canvas:123``.
    """

    learner: str
    rule: str
    identity: str = ""


@dataclass(frozen=True)
class _Person:
    """All that stands under one name, or number, in one place or, if it is lasting, anywhere."""

    claims: tuple[Claim, ...]
    handed_in: frozenset[tuple[Parts, str]]  # places and exercises

    @property
    def name(self) -> str:
        return min(Counter(claim.name for claim in self.claims).most_common(), key=_rarest)[0]

    @property
    def exercises(self) -> set[str]:
        return {exercise for _, exercise in self.handed_in}


def _rarest(counted: tuple[str, int]) -> tuple[int, str]:
    name, times = counted
    return -times, name


@dataclass(frozen=True)
class People:
    """Who handed in what.

    Parameters
    ----------
    owners
        Of each file and folder; several only where a team handed in.
    joined
        What was taken for one person because of an equal name alone, in words.
    """

    owners: dict[Parts, list[Owner]]
    joined: list[str]


def people(claims: Claims, known: Collection[str]) -> People:
    """Tell which claims are one person's.

    Parameters
    ----------
    claims
        As `layouts` reads them.
    known
        The names of the exercises there are.
    """
    persons = _persons(claims, known)
    owners: dict[tuple, Owner] = {}
    joined = []
    names = defaultdict(list)
    for key, person in persons.items():
        kind = person.claims[0].kind
        names[kind if kind == "anonymous" else alike(person.name)].append(key)
    for group in names.values():
        learners = _learners({key: persons[key] for key in group})
        for key, learner in learners.items():
            claim = persons[key].claims[0]
            asked = ASK_ANONYMOUS if claim.kind == "anonymous" else ASK_NAME
            owners[key] = Owner(learner, claim.rule if learner else asked, claim.identity)
        if len(group) > 1 and len(set(learners.values())) == 1 and learners[group[0]]:
            joined.append(_said(learners[group[0]], [persons[key] for key in group]))
        taken = {learner for learner in learners.values() if learner}
        if len(taken) > 1 and persons[group[0]].claims[0].kind == "numbered":
            joined.append(f"{', '.join(sorted(taken))}: several people of one name")
    told = {
        path: [owners[_key(claim)] if _key(claim) else Owner("", claim.rule) for claim in each]
        for path, each in claims.items()
    }
    return People(told, sorted(joined))


def with_what_was_said(
    owners: Mapping[Parts, list[Owner]], said: Mapping[str, Sequence[str]]
) -> dict[Parts, list[Owner]]:
    """Return who owns what once a person has said so, by path in words.

    Parameters
    ----------
    owners
        By what the layouts tell.
    said
        The learners that a person wrote beside a path.
    """
    learners = {owner.learner: owner.identity for each in owners.values() for owner in each}
    called = {alike(learner): learner for learner in learners}
    return {
        path: [
            Owner(called.get(alike(name), name), YOU, learners.get(called.get(alike(name), ""), ""))
            for name in said.get(readable("/".join(path)), ())
        ]
        or each
        for path, each in owners.items()
    }


def _persons(claims: Claims, known: Collection[str]) -> dict[tuple, _Person]:
    found: dict[tuple, list[Claim]] = defaultdict(list)
    handed_in: dict[tuple, set[tuple[Parts, str]]] = defaultdict(set)
    for path, each in claims.items():
        for claim in each:
            if key := _key(claim):
                found[key].append(claim)
                if exercise := exercise_of(claim.file or path[-1], known):
                    handed_in[key].add((claim.place, exercise))
    return {key: _Person(tuple(those), frozenset(handed_in[key])) for key, those in found.items()}


def _key(claim: Claim) -> tuple | None:
    if claim.kind == "unknown":
        return None
    place = () if claim.kind in ("lasting", "numbered") else claim.place
    return claim.rule, claim.key, place


def _learners(group: Mapping[tuple, _Person]) -> dict[tuple, str]:
    """Return what each of those who have one name is called; empty if that cannot be told."""
    kind = next(iter(group.values())).claims[0].kind
    if kind == "anonymous":
        alone = len(_assignments(group)) <= 1
        return {key: person.name if alone else "" for key, person in group.items()}
    times = Counter(exercise for person in group.values() for exercise in person.exercises)
    if max(times.values(), default=0) < 2:
        name = min(person.name for person in group.values())
        return dict.fromkeys(group, name)
    # Two numbers that hand in one exercise in one place are two people for certain.
    numbered = {key: each for key, each in group.items() if each.claims[0].kind == "numbered"}
    together = Counter(pair for person in numbered.values() for pair in person.handed_in)
    certain = {
        key: person
        for key, person in numbered.items()
        if any(together[pair] > 1 for pair in person.handed_in)
    }
    if len(_assignments(certain)) != 1:
        certain = {}
    return {
        key: f"{person.name} ({person.claims[0].key})" if key in certain else ""
        for key, person in group.items()
    }


def _assignments(group: Mapping[tuple, _Person]) -> list[set]:
    """Return the sets of people's exercises that are connected by somebody who did both."""
    found: list[set] = []
    for person in group.values():
        if not person.handed_in:
            continue
        linked = [each for each in found if not each.isdisjoint(person.handed_in)]
        found = [each for each in found if each not in linked]
        found.append(set(person.handed_in).union(*linked))
    return found


def _said(learner: str, persons: list[_Person]) -> str:
    what = sorted({exercise for person in persons for exercise in person.exercises})
    return f"{learner}: {', '.join(what)}" if what else learner
