"""Coloured shapes in small pictures, with captions and an exact answer key.

- ``scene``: what stands where, and how scenes are drawn by chance
- ``drawing``: scenes as pictures, pictures as patches
- ``captions``: a little grammar; which captions are true, and which name everything
"""

from lessonlib.worlds.scenes.captions import (
    COUNTS,
    WORDS,
    Counting,
    Naming,
    Relating,
    is_complete,
    is_true,
    parse,
    right_captions,
    say,
)
from lessonlib.worlds.scenes.drawing import GRID, PATCH, SIZE, draw, to_patches
from lessonlib.worlds.scenes.scene import (
    COLOURS,
    HELD_OUT,
    PAIRS,
    PLACES,
    RELATIONS,
    SHAPES,
    Scene,
    Thing,
    random_scene,
)

__all__ = [
    "COLOURS",
    "COUNTS",
    "GRID",
    "HELD_OUT",
    "PAIRS",
    "PATCH",
    "PLACES",
    "RELATIONS",
    "SHAPES",
    "SIZE",
    "WORDS",
    "Counting",
    "Naming",
    "Relating",
    "Scene",
    "Thing",
    "draw",
    "is_complete",
    "is_true",
    "parse",
    "random_scene",
    "right_captions",
    "say",
    "to_patches",
]
