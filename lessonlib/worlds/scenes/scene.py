"""What stands where in a picture: one to three coloured shapes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lessonlib import checks
from lessonlib.words import Words

SAID = Words("worlds")

#: Colours and their red, green and blue parts, 0..255.
COLOURS = {
    "red": (205, 40, 40),
    "green": (30, 140, 60),
    "blue": (40, 80, 205),
    "yellow": (235, 190, 20),
}

SHAPES = ("square", "circle", "triangle", "cross")

#: Quarters of a picture: row and column.
PLACES = {"top left": (0, 0), "top right": (0, 1), "bottom left": (1, 0), "bottom right": (1, 1)}

MOST_THINGS = 3

Pair = tuple[str, str]

#: All combinations of colour and shape.
PAIRS: tuple[Pair, ...] = tuple((colour, shape) for colour in COLOURS for shape in SHAPES)

#: Combinations that never occur in training: each colour and each shape is in one of them.
HELD_OUT: tuple[Pair, ...] = (
    ("red", "cross"),
    ("green", "square"),
    ("blue", "triangle"),
    ("yellow", "circle"),
)


@dataclass(frozen=True)
class Thing:
    """One coloured shape."""

    colour: str  # a key of `COLOURS`
    shape: str  # one of `SHAPES`
    place: str  # a key of `PLACES`
    inner: bool = False  # small, and inside the thing that stands at this place

    def __post_init__(self) -> None:
        checks.one_of(self.colour, "colour", COLOURS)
        checks.one_of(self.shape, "shape", SHAPES)
        checks.one_of(self.place, "place", PLACES)
        object.__setattr__(self, "inner", checks.boolean(self.inner, "inner"))

    @property
    def pair(self) -> Pair:
        """Colour and shape."""
        return self.colour, self.shape


#: What one thing can be to another, and when it is.
RELATIONS: dict[str, Callable[[Thing, Thing], bool]] = {
    "left of": lambda a, b: PLACES[a.place][1] < PLACES[b.place][1],
    "above": lambda a, b: PLACES[a.place][0] < PLACES[b.place][0],
    "inside": lambda a, b: a.inner and not b.inner and a.place == b.place,
}


@dataclass(frozen=True)
class Scene:
    """One to three things, in no particular order.

    No two stand in each other's place; an inner thing needs one around it, of another colour.
    """

    things: tuple[Thing, ...]

    def __post_init__(self) -> None:
        things = checks.members(self.things, "things", SAID("scene.things"))
        for index, thing in enumerate(things):
            checks.instance(thing, f"things[{index}]", Thing, "Thing(...)")
        if not 1 <= len(things) <= MOST_THINGS:
            raise ValueError(SAID("scene.number", most=MOST_THINGS, given=len(things)))
        around = {thing.place: thing for thing in things if not thing.inner}
        inner = {thing.place: thing for thing in things if thing.inner}
        if len(around) + len(inner) < len(things):
            raise ValueError(SAID("scene.same_place", things=things))
        for place, thing in inner.items():
            if place not in around:
                raise ValueError(SAID("scene.nothing_around", thing=thing, place=repr(place)))
            if around[place].colour == thing.colour:
                raise ValueError(SAID("scene.unseen", thing=thing))
        object.__setattr__(self, "things", tuple(things))

    @property
    def pairs(self) -> list[Pair]:
        """Colour and shape of each thing."""
        return [thing.pair for thing in self.things]

    def holds(self, relation: str, subject: int, other: int) -> bool:
        """Say whether thing number `subject` stands in a relation to thing number `other`."""
        checks.one_of(relation, "relation", RELATIONS)
        last = len(self.things) - 1
        a = self.things[checks.integer(subject, "subject", 0, last)]
        b = self.things[checks.integer(other, "other", 0, last)]
        return RELATIONS[relation](a, b)


def random_scene(
    rng: np.random.Generator, pairs: Sequence[Pair] = PAIRS, count: int | None = None
) -> Scene:
    """Draw a scene of `count` things, or else of 1, 2 or 3, each equally likely one of `pairs`.

    In half of the scenes of two or more things, the second is inside the first, so there must be
    two colours or more.
    """
    rng = checks.generator(rng)
    if len({colour for colour, _ in pairs}) < 2:
        raise ValueError(SAID("scene.one_colour", pairs=list(pairs)))
    if count is None:
        count = int(rng.integers(1, MOST_THINGS + 1))
    drawn = [pairs[k] for k in rng.integers(0, len(pairs), checks.integer(count, "count", 1, 3))]
    nested = count > 1 and rng.random() < 0.5
    if nested:
        others = [pair for pair in pairs if pair[0] != drawn[0][0]]
        drawn[1] = others[rng.integers(len(others))]
    places = [list(PLACES)[k] for k in rng.permutation(len(PLACES))[:count]]
    if nested:
        places[1] = places[0]
    return Scene(
        tuple(
            Thing(*pair, place, inner=nested and k == 1)
            for k, (pair, place) in enumerate(zip(drawn, places, strict=True))
        )
    )
