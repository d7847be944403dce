"""Pictures with captions in numbers: what models read and practise on."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from lessonlib.batches.pictures import PictureBatch
from lessonlib.exams.scenes.items import SEEN
from lessonlib.exams.vocabulary import Ids, Vocabulary
from lessonlib.models import Config, Transformer
from lessonlib.samples.pictures import NO, YES
from lessonlib.worlds import scenes as world

ROWS = 64
SCENES = 6000
HEADS = 4
LONGEST = 14  # words of the longest caption

VOCABULARY = Vocabulary((*world.WORDS, YES, NO))

Patches = NDArray[np.floating]


class Gallery:
    """Pictures to practise on, so many of them, other ones for each seed."""

    def __init__(self, count: int = SCENES) -> None:
        self.count = count

    def new_model(self, architecture: str, seed: int) -> Transformer:
        """Return a model that has never practised anything; the same for all objectives."""
        sizes = {"length": world.GRID**2 + 2 + LONGEST, "patch_size": 3 * world.PATCH**2 + 1}
        config = Config(architecture, len(VOCABULARY), heads=HEADS, **sizes)
        return Transformer(config, np.random.default_rng([seed, 0]))

    def practice(self, builder: Callable, seed: int) -> Iterator[PictureBatch]:
        """Yield batches of `lessonlib.batches.pictures`; a seed gives all the same pictures."""
        album = Album(np.random.default_rng([seed, 1]), self.count)
        drawing, choices = np.random.default_rng([seed, 2]), np.random.default_rng([seed, 3])
        while True:
            yield VOCABULARY.batch(builder, *album.draw(drawing), rng=choices)


class Album:
    """Pictures with all their right captions, to draw batches from."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self.scenes = [world.random_scene(rng, SEEN) for _ in range(count)]
        self.patches = as_patches(self.scenes, rng)
        self.captions = [_by_kind(scene) for scene in self.scenes]

    def draw(self, rng: np.random.Generator, rows: int = ROWS) -> tuple[Ids, Patches]:
        """Return captions as ids, of a kind that is drawn first, and pictures as patches."""
        chosen = rng.integers(len(self.scenes), size=rows)
        lots = rng.random((rows, 2))
        captions = []
        for number, (kind, which) in zip(chosen, lots, strict=True):
            kinds = self.captions[number]
            of_kind = kinds[int(kind * len(kinds))]
            captions.append(of_kind[int(which * len(of_kind))])
        return VOCABULARY.padded(captions), self.patches[chosen]


def as_patches(scenes: list[world.Scene], rng: np.random.Generator | None = None) -> Patches:
    """Draw scenes and cut them up: shape (scenes, patches, numbers in a patch)."""
    return np.stack([world.to_patches(world.draw(scene, rng)) for scene in scenes])


def _by_kind(scene: world.Scene) -> list[list[list[int]]]:
    kinds: dict[type, list[list[int]]] = {}
    for caption in world.right_captions(scene):
        kinds.setdefault(type(world.parse(caption)), []).append(VOCABULARY.encode(caption))
    return list(kinds.values())
