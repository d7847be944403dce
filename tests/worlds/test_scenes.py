"""The picture world: its key against brute force, its drawing, its held-out pairs, bad input."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.worlds.scenes import (
    COLOURS,
    COUNTS,
    GRID,
    HELD_OUT,
    PAIRS,
    PLACES,
    RELATIONS,
    SHAPES,
    SIZE,
    WORDS,
    Counting,
    Naming,
    Relating,
    Scene,
    Thing,
    draw,
    is_complete,
    is_true,
    parse,
    random_scene,
    right_captions,
    say,
    to_patches,
)

scenes = st.integers(0, 2**32).map(lambda seed: random_scene(np.random.default_rng(seed)))
EXAMPLE = Scene(
    [
        Thing("red", "square", "top left"),
        Thing("blue", "circle", "top left", inner=True),
        Thing("red", "square", "bottom right"),
    ]
)


def every_caption():
    """Write out the whole grammar, independently of how it is parsed."""
    things = [f"a {colour} {shape}" for colour, shape in PAIRS]
    related = [f"{relation} {thing}" for relation in RELATIONS for thing in things]
    for size in (1, 2, 3):
        yield from (" and ".join(chosen) for chosen in product(things, repeat=size))
    for thing, first in product(things, related):
        yield f"{thing} {first}"
        yield from (f"{thing} {first} and {second}" for second in related)
    for colour, shape in product(["", *COLOURS], ["shape", *SHAPES]):
        yield " ".join(f"one {colour} {shape}".split())
        plural = shape + ("es" if shape == "cross" else "s")
        yield " ".join(f"two {colour} {plural}".split())
        yield " ".join(f"three {colour} {plural}".split())


@pytest.fixture(scope="module")
def grammar():
    return list(every_caption())


@pytest.mark.parametrize(("count", "every"), [(1, 5), (2, 5), (3, 1)])
def test_the_listed_captions_are_all_that_are_true_in_the_grammar(grammar, count, every):
    scene = random_scene(np.random.default_rng(count), count=count)
    listed = {" ".join(caption) for caption in right_captions(scene)}
    looked_at = grammar[::every]
    assert {c for c in looked_at if is_true(c, scene)} == listed.intersection(looked_at)


def test_parsing_undoes_saying_over_the_whole_grammar(grammar):
    assert len(set(grammar)) == len(grammar)
    for caption in grammar[::17]:
        assert " ".join(say(parse(caption))) == caption
    assert {word for caption in grammar for word in caption.split()} == set(WORDS)


def middle(thing):
    """Where the ink of a thing lies, measured in its picture alone."""
    alone = draw(Scene([Thing(thing.colour, thing.shape, thing.place)]))
    rows, columns = np.nonzero((alone != 255).any(axis=2))
    return rows.mean(), columns.mean()


@given(scenes)
@settings(max_examples=50, deadline=None)
def test_relations_are_those_that_are_seen(scene):
    for a, b in permutations(range(len(scene.things)), 2):
        first, second = scene.things[a], scene.things[b]
        (row, column), (other_row, other_column) = middle(first), middle(second)
        assert scene.holds("left of", a, b) == (column < other_column - SIZE / 4)
        assert scene.holds("above", a, b) == (row < other_row - SIZE / 4)
        nested = first.place == second.place
        assert scene.holds("inside", a, b) == (nested and first.inner)


@given(scenes)
@settings(max_examples=50, deadline=None)
def test_laws_of_the_key(scene):
    captions = right_captions(scene)
    assert len(set(captions)) == len(captions)
    for caption in captions:
        assert is_true(caption, scene)
        names = caption[0] not in COUNTS
        counted = names * sum(pair in PAIRS for pair in pairwise(caption))
        assert is_complete(caption, scene) == (counted == len(scene.things))
    assert any(is_complete(caption, scene) for caption in captions)
    assert len(captions) >= 3


@given(scenes)
@settings(max_examples=50, deadline=None)
def test_the_order_of_things_means_nothing(scene):
    turned = Scene(scene.things[::-1])
    assert set(right_captions(turned)) == set(right_captions(scene))
    np.testing.assert_array_equal(draw(turned), draw(scene))


def test_some_captions_of_a_scene():
    assert is_true("a blue circle inside a red square", EXAMPLE)
    assert is_true("a blue circle left of a red square", EXAMPLE)
    assert is_true("a red square above a red square", EXAMPLE)
    assert is_true("a red square and a red square", EXAMPLE)
    assert is_true("two red squares", EXAMPLE)
    assert not is_true("one red square", EXAMPLE)
    assert not is_true("a red circle and a blue square", EXAMPLE)
    assert not is_true("a blue circle and a blue circle", EXAMPLE)
    assert not is_true("a red square inside a blue circle", EXAMPLE)
    assert is_complete("a blue circle inside a red square and above a red square", EXAMPLE)
    assert not is_complete("a blue circle inside a red square", EXAMPLE)
    assert not is_complete("three shapes", EXAMPLE)


@given(scenes)
@settings(max_examples=30, deadline=None)
def test_everything_can_be_seen(scene):
    picture = draw(scene, np.random.default_rng(0))
    assert picture.shape == (SIZE, SIZE, 3)
    assert picture.dtype == np.uint8
    for colour, paint in COLOURS.items():
        shown = (picture == paint).all(axis=2).any()
        assert shown == any(thing.colour == colour for thing in scene.things)


def test_different_scenes_have_different_pictures():
    single = [Scene([Thing(*pair, place)]) for pair in PAIRS for place in PLACES]
    nested = [
        Scene([Thing("red", outer, "top left"), Thing("blue", inner, "top left", True)])
        for outer in SHAPES
        for inner in SHAPES
    ]
    assert len({draw(scene).tobytes() for scene in single + nested}) == len(single + nested)


@given(scenes)
@settings(max_examples=30, deadline=None)
def test_patches_hold_the_whole_picture(scene):
    picture = draw(scene)
    patches = to_patches(picture)
    assert patches.min() >= 0
    assert patches.max() <= 1
    again = np.rint(255 * (1 - patches)).reshape(GRID, GRID, 6, 6, 3).swapaxes(1, 2)
    np.testing.assert_array_equal(again.reshape(picture.shape), picture)
    blank = [k for k, patch in enumerate(patches) if not patch.any()]
    for k in blank:
        row, column = divmod(k, GRID)
        assert (picture[6 * row : 6 * row + 6, 6 * column : 6 * column + 6] == 255).all()


def test_held_out_pairs_take_each_colour_and_each_shape_once():
    assert sorted(colour for colour, _ in HELD_OUT) == sorted(COLOURS)
    assert sorted(shape for _, shape in HELD_OUT) == sorted(SHAPES)
    rng = np.random.default_rng(0)
    allowed = [pair for pair in PAIRS if pair not in HELD_OUT]
    seen = {pair for _ in range(300) for pair in random_scene(rng, allowed).pairs}
    assert seen == set(allowed)


def test_drawn_scenes_are_of_every_kind():
    rng = np.random.default_rng(1)
    drawn = [random_scene(rng) for _ in range(600)]
    for count in (1, 2, 3):
        assert sum(len(scene.things) == count for scene in drawn) > 150
    assert sum(any(thing.inner for thing in scene.things) for scene in drawn) > 150
    assert {thing.pair for scene in drawn for thing in scene.things} == set(PAIRS)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Thing("purple", "square", "top left"), "purple.*unknown.*red"),
        (lambda: Thing("red", "star", "top left"), "star.*unknown.*cross"),
        (lambda: Thing("red", "square", "middle"), "middle.*unknown.*top left"),
        (lambda: Scene([]), "1 to 3 things, not 0"),
        (lambda: Scene([Thing("red", "cross", place) for place in PLACES]), "not 4"),
        (lambda: Scene([Thing("red", "cross", "top left")] * 2), "same place"),
        (lambda: Scene([Thing("red", "cross", "top left", True)]), "nothing stands around"),
        (
            lambda: Scene(
                [Thing("red", "cross", "top left"), Thing("red", "circle", "top left", True)]
            ),
            "would not be seen",
        ),
        (lambda: EXAMPLE.holds("under", 0, 1), "relation='under' is unknown.*above"),
        (lambda: EXAMPLE.holds("above", 0, 3), "other=3.*0..2"),
        (lambda: parse(""), "empty.*a red square"),
        (lambda: parse([]), "empty"),
        (lambda: is_true("a purple square", EXAMPLE), "'purple' is no word.*yellow"),
        (lambda: is_true("a red square below a blue circle", EXAMPLE), "'below' is no word"),
        (lambda: is_complete("a red", EXAMPLE), "a shape is missing"),
        (lambda: parse("two square"), "do not agree"),
        (lambda: parse("a red square a blue circle"), "nothing can follow"),
        (lambda: parse(" and ".join(["a red square"] * 4)), "more than 3"),
        (lambda: to_patches(np.zeros((24, 24), np.uint8)), r"shape \(24, 24\).*\(24, 24, 3\)"),
        (lambda: random_scene(np.random.default_rng(0), count=4), "count=4.*1..3"),
        (lambda: random_scene(np.random.default_rng(0), [("red", "cross")], 2), "one colour"),
        (lambda: Counting(0), "number=0.*1..3"),
        (lambda: Counting(4), "number=4.*1..3"),
        (lambda: Counting(1, "purple"), "colour='purple'"),
        (lambda: Counting(1, None, "star"), "shape='star'"),
        (lambda: Naming(()), r"names 1\.\.3 things"),
        (lambda: Naming((("red", "star"),)), "no thing"),
        (lambda: Relating(("red", "cross"), ()), r"names 2\.\.3 things"),
        (lambda: Relating(("red", "cross"), (("under", ("red", "cross")),)), "'under' is unknown"),
    ],
)
def test_wrong_values_are_named(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Thing(3, "square", "top left"), "int"),
        (lambda: Thing("red", "square", "top left", 1), "inner=1"),
        (lambda: Scene("red square"), "list of Thing"),
        (lambda: Scene(["red square"]), "red square"),
        (lambda: draw("a red square"), "str.*Scene"),
        (lambda: to_patches([[0]]), "list.*numpy array"),
        (lambda: to_patches(draw(EXAMPLE) / 255), "float64.*uint8"),
        (lambda: parse(7), "caption=7"),
        (lambda: parse(["a", 7]), "7.*int"),
        (lambda: say("two squares"), r"claim='two squares'.*parse\(caption\)"),
        (lambda: is_true("two squares", "a scene"), "scene='a scene'.*Scene"),
        (lambda: is_complete("two squares", None), "scene=None.*Scene"),
        (lambda: right_captions([EXAMPLE]), "scene=.*list.*Scene"),
        (lambda: random_scene(0), "rng is of type int"),
        (lambda: draw(EXAMPLE, 0), "rng is of type int"),
    ],
)
def test_wrong_kinds_are_named(wrong, says):
    with pytest.raises(TypeError, match=says):
        wrong()
