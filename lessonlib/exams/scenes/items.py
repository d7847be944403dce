"""The items about pictures with captions, each checked with the key; the same for everybody."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import numpy as np

from lessonlib.worlds.scenes import (
    COLOURS,
    COUNTS,
    HELD_OUT,
    PAIRS,
    PLACES,
    SHAPES,
    Counting,
    Naming,
    Relating,
    Scene,
    Thing,
    is_complete,
    is_true,
    parse,
    random_scene,
    right_captions,
    say,
)

Words = tuple[str, ...]
Pair = tuple[str, str]

#: Combinations of colour and shape that occur in training.
SEEN = tuple(pair for pair in PAIRS if pair not in HELD_OUT)


@dataclass(frozen=True)
class Choice:
    """A question: which of these captions is right about the picture."""

    scene: Scene
    options: tuple[Words, ...]  # they differ in words only, or in length where that is the question
    right: tuple[bool, ...]  # which options are right: at least one, never all
    hole: int | None = None  # the one position at which the options differ, if there is only one


Group = tuple[list[Scene], list[Words]]  # the k-th caption is true of the k-th scene only
Ask = Callable[[int, np.random.Generator], list[Choice]]


def groups(count: int, rng: np.random.Generator, size: int = 16) -> list[Group]:
    """Draw pictures of two or three things with captions that name all of them."""
    return [_group(size, rng) for _ in range(count)]


def _drawn(items: Callable[[np.random.Generator], Iterator[Choice]]) -> Ask:
    """Draw so many items, with their options in an order that gives nothing away."""

    @wraps(items)
    def ask(count: int, rng: np.random.Generator) -> list[Choice]:
        taken = []
        for choice, _ in zip(items(rng), range(count), strict=False):
            order = rng.permutation(len(choice.options))
            both = [(choice.options[k], choice.right[k]) for k in order]
            options, right = zip(*both, strict=True)
            taken.append(replace(choice, options=options, right=right))
        return taken

    return ask


@_drawn
def changed(rng: np.random.Generator) -> Iterator[Choice]:
    """Ask for a true caption, against the same with another colour or shape somewhere."""
    return _changed(rng, lambda: _several(rng), SEEN)


@_drawn
def held_out(rng: np.random.Generator) -> Iterator[Choice]:
    """Ask the same about a thing whose colour and shape never occurred together in training."""

    def scene_with_new_pair() -> Scene:
        while True:
            scene = random_scene(rng, PAIRS, count=int(rng.integers(1, 4)))
            if sum(pair in HELD_OUT for pair in scene.pairs) == 1:
                return scene

    return _changed(rng, scene_with_new_pair, HELD_OUT)


@_drawn
def exchanged(rng: np.random.Generator) -> Iterator[Choice]:
    """Ask for a relation, against the same with the two things exchanged."""
    while True:
        scene = _several(rng)
        claims = [claim for claim in _claims(scene, Relating) if len(claim.relations) == 1]
        if not claims:
            continue
        claim = _one(claims, rng)
        ((relation, other),) = claim.relations
        wrong = say(Relating(other, ((relation, claim.subject),)))
        if not is_true(wrong, scene):
            yield Choice(scene, (say(claim), wrong), (True, False))


@_drawn
def binding(rng: np.random.Generator) -> Iterator[Choice]:
    """Ask for two things, against the same with their colours exchanged."""
    while True:
        scene = random_scene(rng, SEEN, count=2)
        (colour, shape), (other_colour, other_shape) = scene.pairs
        swapped = ((other_colour, shape), (colour, other_shape))
        if set(swapped) <= set(SEEN):
            right, wrong = say(Naming(tuple(scene.pairs))), say(Naming(swapped))
            if not is_true(wrong, scene):
                yield Choice(scene, (right, wrong), (True, False))


def counting(count: int, rng: np.random.Generator) -> list[Choice]:
    """Ask for two or three, of all things or of those of one colour; both equally often."""
    return [_counting(rng, number=2 + k % 2, of_colour=k % 4 >= 2) for k in range(count)]


@_drawn
def blanks(rng: np.random.Generator) -> Iterator[Choice]:
    """Ask for a missing colour or shape in a caption; several words may be right."""
    while True:
        scene = _several(rng)
        caption = _one(_without_counts(scene), rng)
        places = [k for k, word in enumerate(caption) if word in COLOURS or word in SHAPES]
        k = _one(places, rng)
        words = list(COLOURS) if caption[k] in COLOURS else list(SHAPES)
        options = tuple((*caption[:k], word, *caption[k + 1 :]) for word in words)
        right = tuple(is_true(option, scene) for option in options)
        if not all(right):
            yield Choice(scene, options, right, hole=k)


@_drawn
def completeness(rng: np.random.Generator) -> Iterator[Choice]:
    """Ask which of two true captions names everything."""
    while True:
        scene = _several(rng)
        claims = [c for c in _claims(scene, Naming) if len(c.pairs) == len(scene.things)]
        whole = _one(claims, rng)
        yield Choice(scene, (say(whole), say(Naming(whole.pairs[:-1]))), (True, False))


def pictures(count: int, rng: np.random.Generator) -> list[Scene]:
    """Pictures to be described."""
    return [random_scene(rng, SEEN) for _ in range(count)]


def _group(size: int, rng: np.random.Generator) -> Group:
    scenes: list[Scene] = []
    captions: list[Words] = []
    while len(scenes) < size:
        scene = _several(rng)
        complete = [words for words in right_captions(scene) if is_complete(words, scene)]
        caption = _one(complete, rng)
        fits = any(is_true(caption, other) for other in scenes)
        if not fits and not any(is_true(other, scene) for other in captions):
            scenes.append(scene)
            captions.append(caption)
    return scenes, captions


def _changed(
    rng: np.random.Generator, draw_scene: Callable[[], Scene], about: Sequence[Pair]
) -> Iterator[Choice]:
    while True:
        scene = draw_scene()
        caption = _one(_without_counts(scene), rng)
        places = [k for k in range(len(caption) - 1) if caption[k : k + 2] in about]
        if not places:
            continue
        k = _one(places, rng)
        colour, shape = caption[k : k + 2]
        others = [pair for pair in SEEN if (pair[0] == colour) != (pair[1] == shape)]
        wrong = (*caption[:k], *_one(others, rng), *caption[k + 2 :])
        if not is_true(wrong, scene):
            hole = k if wrong[k] != colour else k + 1
            yield Choice(scene, (caption, wrong), (True, False), hole)


def _counting(rng: np.random.Generator, number: int, of_colour: bool) -> Choice:
    if of_colour:
        colour, other = (list(COLOURS)[k] for k in rng.permutation(len(COLOURS))[:2])
        colours = [colour] * number + [other] * (3 - number)
    else:
        colour = None
        colours = [_one(list(COLOURS), rng) for _ in range(number)]
    places = [list(PLACES)[k] for k in rng.permutation(len(PLACES))]
    things = [
        Thing(*_one([pair for pair in SEEN if pair[0] == c], rng), place)
        for c, place in zip(colours, places, strict=False)
    ]
    options = [say(Counting(k, colour)) for k in (2, 3)]
    scene = Scene(tuple(things))
    right = tuple(is_true(words, scene) for words in options)
    return Choice(scene, tuple(options), right, hole=0)


def _claims(scene: Scene, kind: type) -> list:
    return [claim for claim in map(parse, right_captions(scene)) if isinstance(claim, kind)]


def _several(rng: np.random.Generator) -> Scene:
    return random_scene(rng, SEEN, count=int(rng.integers(2, 4)))


def _without_counts(scene: Scene) -> list[Words]:
    return [words for words in right_captions(scene) if words[0] not in COUNTS]


def _one(options: Sequence, rng: np.random.Generator) -> Any:
    return options[int(rng.integers(len(options)))]
