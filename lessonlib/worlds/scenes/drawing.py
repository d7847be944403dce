"""Scenes as pictures, and pictures as patches: the pieces that a model reads like words."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.worlds.scenes.scene import COLOURS, PLACES, SAID, SHAPES, Scene

SIZE = 24  # height and width of a picture, in pixels
PATCH = 6  # height and width of a patch, in pixels
GRID = SIZE // PATCH  # patches in a row, and in a column
WHITE = 255
_QUARTER = SIZE // 2
_OUTER, _INNER = 9, 5

Picture = NDArray[np.uint8]
Patches = NDArray[np.float32]


def draw(scene: Scene, rng: np.random.Generator | None = None) -> Picture:
    """Paint a scene on white: (24, 24, 3), uint8, red, green and blue of each pixel.

    `rng` moves each thing, with what is inside it, by up to one pixel; without it, things stand in
    the middle of their places.
    """
    checks.instance(scene, "scene", Scene, "Scene([Thing(...), ...])")
    picture = np.full((SIZE, SIZE, 3), WHITE, np.uint8)
    moved = np.zeros((2, 2, 2), int)
    if rng is not None:
        moved = checks.generator(rng).integers(-1, 2, (2, 2, 2))
    for thing in sorted(scene.things, key=lambda thing: thing.inner):
        row, column = PLACES[thing.place]
        stencil = _STENCILS[thing.shape, _INNER if thing.inner else _OUTER]
        margin = (_QUARTER - len(stencil)) // 2
        down, right = moved[row, column]
        top, left = row * _QUARTER + margin + down, column * _QUARTER + margin + right
        region = picture[top : top + len(stencil), left : left + len(stencil)]
        region[stencil] = COLOURS[thing.colour]
    return picture


def to_patches(picture: Picture) -> Patches:
    """Cut a picture into 16 squares, row by row, each as one list of numbers: (16, 108), float32.

    They say how much of red, green and blue is missing from white, 0..1: white paper is all 0.
    Source: Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words" (ViT), section 3.1.
    """
    picture = _checked(picture)
    squares = picture.reshape(GRID, PATCH, GRID, PATCH, 3).swapaxes(1, 2)
    return 1 - squares.reshape(GRID * GRID, -1).astype(np.float32) / WHITE


def _checked(picture: Any) -> Picture:
    checks.array(picture, "picture", "iuf", SAID("picture.wanted"))
    if picture.dtype != np.uint8:
        raise TypeError(SAID("picture.dtype", dtype=picture.dtype))
    if picture.shape != (SIZE, SIZE, 3):
        raise ValueError(SAID("picture.shape", shape=picture.shape, allowed=(SIZE, SIZE, 3)))
    return picture


def _stencil(shape: str, size: int) -> NDArray[np.bool_]:
    """Return where a shape has its ink: (size, size)."""
    middle = (size - 1) / 2
    y, x = np.mgrid[:size, :size] - middle
    if shape == "circle":
        return x**2 + y**2 <= (size / 2) ** 2
    if shape == "triangle":
        return np.abs(x) <= (y + middle) / 2 + 0.5
    if shape == "cross":
        return np.minimum(np.abs(x), np.abs(y)) <= size // 2 - 2
    return np.ones((size, size), dtype=bool)


_STENCILS = {(shape, size): _stencil(shape, size) for shape in SHAPES for size in (_OUTER, _INNER)}
