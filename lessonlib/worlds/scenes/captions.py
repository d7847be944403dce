"""A little grammar of captions, and the answer key: which of them are right about a scene.

A caption names things ("a red square and a blue circle"), relates one thing to others ("a red
square left of a blue circle and above a green cross") or counts ("two squares").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any, ClassVar

from lessonlib import checks
from lessonlib.worlds.scenes.scene import (
    COLOURS,
    MOST_THINGS,
    PAIRS,
    RELATIONS,
    SAID,
    SHAPES,
    Pair,
    Scene,
)

COUNTS = ("one", "two", "three")
ANY = "shape"  # counts things of every shape

Words = tuple[str, ...]


@dataclass(frozen=True)
class Naming:
    """There are these things, each a different one."""

    pairs: tuple[Pair, ...]
    relations: ClassVar[tuple] = ()

    def __post_init__(self) -> None:
        _check_pairs(self.pairs)

    @property
    def named(self) -> tuple[Pair, ...]:
        """The things that it names."""
        return tuple(self.pairs)


@dataclass(frozen=True)
class Relating:
    """One thing stands in these relations to these others, each a different one."""

    subject: Pair
    relations: tuple[tuple[str, Pair], ...]

    def __post_init__(self) -> None:
        for relation, _ in self.relations:
            checks.one_of(relation, "relation", RELATIONS)
        _check_pairs(list(self.named), least=2)

    @property
    def named(self) -> tuple[Pair, ...]:
        """The things that it names, the subject first."""
        return (self.subject, *(pair for _, pair in self.relations))


@dataclass(frozen=True)
class Counting:
    """There are so many of a kind, no more and no fewer; None stands for any colour or shape."""

    number: int
    colour: str | None = None
    shape: str | None = None
    named: ClassVar[tuple] = ()

    def __post_init__(self) -> None:
        checks.integer(self.number, "number", 1, len(COUNTS))
        if self.colour is not None:
            checks.one_of(self.colour, "colour", COLOURS)
        if self.shape is not None:
            checks.one_of(self.shape, "shape", SHAPES)


Claim = Naming | Relating | Counting


def say(claim: Claim) -> Words:
    """Put a claim into words."""
    checks.instance(claim, "claim", (Naming, Relating, Counting), SAID("caption.wanted"))
    if isinstance(claim, Naming):
        return _joined([("a", *pair) for pair in claim.pairs])
    if isinstance(claim, Relating):
        others = [(*relation.split(), "a", *pair) for relation, pair in claim.relations]
        return ("a", *claim.subject, *_joined(others))
    colour = [claim.colour] if claim.colour else []
    return (COUNTS[claim.number - 1], *colour, _kind(claim.shape, claim.number))


def parse(caption: Sequence[str] | str) -> Claim:
    """Read a caption, as words or as one string; the inverse of :func:`say`."""
    words = caption.split() if isinstance(caption, str) else checks.tokens(caption, 0, "caption")
    if not words:
        raise ValueError(SAID("caption.empty"))
    for word in words:
        if word not in WORDS:
            said = {"word": checks.shown(word), "allowed": ", ".join(WORDS)}
            raise ValueError(SAID("caption.unknown_word", **said))
    reader = _Reader(words)
    claim = reader.counting() if words[0] in COUNTS else reader.naming_or_relating()
    reader.expect_end()
    return claim


def is_true(caption: Sequence[str] | str, scene: Scene) -> bool:
    """Say whether a caption is true of a scene."""
    return _holds(parse(caption), _checked_scene(scene))


def is_complete(caption: Sequence[str] | str, scene: Scene) -> bool:
    """Say whether a caption is true and names every thing of a scene by colour and shape.

    Always False for a caption that counts.
    """
    claim, scene = parse(caption), _checked_scene(scene)
    return len(claim.named) == len(scene.things) and _holds(claim, scene)


def right_captions(scene: Scene) -> list[Words]:
    """List every caption that is true of a scene."""
    return list(dict.fromkeys(say(claim) for claim in _right_claims(_checked_scene(scene))))


def _checked_scene(scene: Any) -> Scene:
    return checks.instance(scene, "scene", Scene, "Scene([Thing(...), ...])")


def _check_pairs(pairs: Sequence[Pair], least: int = 1) -> None:
    if not least <= len(pairs) <= MOST_THINGS:
        raise ValueError(SAID("caption.number", least=least, most=MOST_THINGS, pairs=pairs))
    for pair in pairs:
        if pair not in PAIRS:
            raise ValueError(SAID("caption.no_thing", pair=checks.shown(pair)))


def _right_claims(scene: Scene) -> Iterator[Claim]:
    pairs, indices = scene.pairs, range(len(scene.things))
    for size in range(1, len(pairs) + 1):
        for chosen in permutations(indices, size):
            yield Naming(tuple(pairs[k] for k in chosen))
    for size in range(2, len(pairs) + 1):
        for subject, *others in permutations(indices, size):
            ways = [[r for r in RELATIONS if scene.holds(r, subject, k)] for k in others]
            for relations in product(*ways):
                named = [pairs[k] for k in others]
                yield Relating(pairs[subject], tuple(zip(relations, named, strict=True)))
    for colour, shape in product((None, *COLOURS), (None, *SHAPES)):
        number = _count(scene, colour, shape)
        if number:
            yield Counting(number, colour, shape)


def _holds(claim: Claim, scene: Scene) -> bool:
    if isinstance(claim, Counting):
        return _count(scene, claim.colour, claim.shape) == claim.number
    pairs = scene.pairs
    for subject, *others in permutations(range(len(pairs)), len(claim.named)):
        if claim.named == tuple(pairs[k] for k in (subject, *others)) and all(
            scene.holds(relation, subject, k)
            for (relation, _), k in zip(claim.relations, others, strict=False)
        ):
            return True
    return False


def _count(scene: Scene, colour: str | None, shape: str | None) -> int:
    return sum(colour in (None, pair[0]) and shape in (None, pair[1]) for pair in scene.pairs)


def _joined(phrases: Sequence[Words]) -> Words:
    first, *others = phrases
    return (*first, *(word for phrase in others for word in ("and", *phrase)))


def _kind(shape: str | None, number: int) -> str:
    name = shape or ANY
    several = "es" if name.endswith("s") else "s"
    return name if number == 1 else name + several


_KINDS = {
    _kind(shape, number): (shape, number > 1) for shape in (None, *SHAPES) for number in (1, 2)
}

#: All words of the captions.
WORDS: Words = tuple(
    dict.fromkeys(
        [*COUNTS, "a", "and", *COLOURS, *_KINDS, *(w for r in RELATIONS for w in r.split())]
    )
)


class _Reader:
    """Reads a caption from left to right."""

    def __init__(self, words: list[str]) -> None:
        self.words, self.at = words, 0

    def counting(self) -> Counting:
        number = COUNTS.index(self.take(COUNTS, "number")) + 1
        colour = self.take(COLOURS, "colour") if self.sees(COLOURS) else None
        shape, several = _KINDS[self.take(_KINDS, "shape")]
        if several != (number > 1):
            self.refuse("disagree", first=repr(self.words[0]), last=repr(self.words[-1]))
        return Counting(number, colour, shape)

    def naming_or_relating(self) -> Naming | Relating:
        subject = self.thing()
        if self.sees(_FIRST_WORDS):
            return Relating(subject, tuple(self.listed(self.relation)))
        others = self.listed(self.thing) if self.after_and() else []
        return Naming((subject, *others))

    def listed(self, phrase: Any) -> list:
        found = [phrase()]
        while self.after_and():
            found.append(phrase())
        if len(found) > MOST_THINGS - 1:
            self.refuse("too_many", most=MOST_THINGS)
        return found

    def thing(self) -> Pair:
        self.take(["a"], "word", "'a'")
        return self.take(COLOURS, "colour"), self.take(SHAPES, "shape")

    def relation(self) -> tuple[str, Pair]:
        first = self.take(_FIRST_WORDS, "relation")
        relation = _FIRST_WORDS[first]
        for word in relation.split()[1:]:
            self.take([word], "word", repr(word))
        return relation, self.thing()

    def sees(self, wanted: Any) -> bool:
        return self.at < len(self.words) and self.words[self.at] in wanted

    def after_and(self) -> bool:
        found = self.sees(["and"])
        self.at += found
        return found

    def take(self, wanted: Any, what: str, word: str = "") -> str:
        if not self.sees(wanted):
            self.refuse(f"{what}_missing", word=word)
        self.at += 1
        return self.words[self.at - 1]

    def expect_end(self) -> None:
        if self.at < len(self.words):
            self.refuse("too_long")

    def refuse(self, why: str, **slots: Any) -> None:
        read = checks.shown(" ".join(self.words[: self.at]))
        why = SAID(f"caption.why.{why}", read=read, **slots)
        raise ValueError(
            SAID("caption.refused", caption=checks.shown(" ".join(self.words)), why=why)
        )


_FIRST_WORDS = {relation.split()[0]: relation for relation in RELATIONS}
