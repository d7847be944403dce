"""What each model practises on pictures with captions, and the pictures it practises on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lessonlib.batches import pictures
from lessonlib.batches.pictures import PictureBatch
from lessonlib.exams.scenes.items import SEEN
from lessonlib.exams.vocabulary import PAD, Vocabulary
from lessonlib.models import Config, History, Transformer, train
from lessonlib.models.pictures import alignment_loss, masked_loss, sigmoid_loss, word_loss
from lessonlib.samples import MASK, START
from lessonlib.samples.pictures import NO, YES
from lessonlib.samples.special import END
from lessonlib.worlds.scenes import (
    GRID,
    PATCH,
    WORDS,
    Scene,
    draw,
    parse,
    random_scene,
    right_captions,
    to_patches,
)

ROWS = 64
STEPS = 1500
SCENES = 6000
LEARNING_RATE = 3e-3
HEADS = 4
LONGEST = 14
"""Words of the longest caption."""

VOCABULARY = Vocabulary((*WORDS, YES, NO))

Ids = NDArray[np.integer]
Patches = NDArray[np.floating]
MakeBatch = Callable[[Ids, Patches, np.random.Generator], PictureBatch]
Loss = Callable[[Transformer, PictureBatch], float]

_AROUND = {"start_id": VOCABULARY[START], "pad_id": VOCABULARY[PAD]}


def contrastive(ids: Ids, patches: Patches, rng: np.random.Generator | None = None) -> PictureBatch:
    """Find the partner of each picture and each caption."""
    return pictures.contrastive(ids, patches, **_AROUND)


def captioning(ids: Ids, patches: Patches, rng: np.random.Generator | None = None) -> PictureBatch:
    """Write the captions."""
    return pictures.captioning(ids, patches, end_id=VOCABULARY[END], **_AROUND)


def masked(ids: Ids, patches: Patches, rng: np.random.Generator) -> PictureBatch:
    """Say hidden words, paint hidden patches."""
    return pictures.masked_multimodal(ids, patches, rng, mask_id=VOCABULARY[MASK], **_AROUND)


def matching(ids: Ids, patches: Patches, rng: np.random.Generator) -> PictureBatch:
    """Say which captions belong to their pictures."""
    answers = {"yes_id": VOCABULARY[YES], "no_id": VOCABULARY[NO]}
    return pictures.image_text_matching(ids, patches, rng, **answers, **_AROUND)


def together(ids: Ids, patches: Patches) -> PictureBatch:
    """Show pictures with captions to each other, with nothing hidden and nothing asked."""
    asked = masked(ids, patches, np.random.default_rng(0))
    nothing = {"loss_mask": np.zeros_like(asked.loss_mask), "hidden": np.zeros_like(asked.hidden)}
    return replace(asked, inputs=asked.targets, **nothing)


@dataclass(frozen=True)
class Recipe:
    """One row of the matrix.

    Attributes
    ----------
    objective : str
        Its name in the results.
    make_batch : callable
        From captions as ids (rows, length), patches and a generator to a batch.
    loss : callable
    """

    objective: str
    make_batch: MakeBatch
    loss: Loss


RECIPES = {
    recipe.objective: recipe
    for recipe in (
        Recipe("contrastive", contrastive, alignment_loss),
        Recipe("sigmoid", contrastive, partial(alignment_loss, pair_loss=sigmoid_loss)),
        Recipe("captioning", captioning, word_loss),
        Recipe("masked_multimodal", masked, masked_loss),
        Recipe("image_text_matching", matching, word_loss),
    )
}


class Album:
    """Pictures with all their right captions, to draw batches from.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        Number of pictures.
    pairs : sequence of (colour, shape)
        What is shown on them.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        count: int = SCENES,
        pairs: tuple[tuple[str, str], ...] = SEEN,
    ) -> None:
        self.scenes = [random_scene(rng, pairs) for _ in range(count)]
        self.patches = as_patches(self.scenes, rng)
        self.captions = [_by_kind(scene) for scene in self.scenes]

    def draw(self, rng: np.random.Generator, rows: int = ROWS) -> tuple[Ids, Patches]:
        """Return captions as ids and pictures as patches.

        Of each picture, a kind of caption is drawn first (naming, relating, counting), then one
        caption of this kind.
        """
        chosen = rng.integers(len(self.scenes), size=rows)
        lots = rng.random((rows, 2))
        captions = []
        for number, (kind, which) in zip(chosen, lots, strict=True):
            kinds = self.captions[number]
            of_kind = kinds[int(kind * len(kinds))]
            captions.append(of_kind[int(which * len(of_kind))])
        return VOCABULARY.padded(captions), self.patches[chosen]


def as_patches(scenes: list[Scene], rng: np.random.Generator | None = None) -> Patches:
    """Draw scenes and cut them up: shape (scenes, patches, numbers in a patch)."""
    return np.stack([to_patches(draw(scene, rng)) for scene in scenes])


def new_model(seed: int) -> Transformer:
    """Return a model that has never practised anything; the same for all objectives."""
    config = Config(
        "decoder-only",
        vocab_size=len(VOCABULARY),
        length=GRID**2 + 2 + LONGEST,
        heads=HEADS,
        patch_size=3 * PATCH**2 + 1,
    )
    return Transformer(config, np.random.default_rng([seed, 0]))


def practice(make_batch: MakeBatch, album: Album, seed: int) -> Iterator[PictureBatch]:
    """Yield batches without end; a seed gives every objective the same pictures and captions."""
    drawing, choices = np.random.default_rng([seed, 2]), np.random.default_rng([seed, 3])
    while True:
        yield make_batch(*album.draw(drawing), choices)


def pretrain(
    recipe: Recipe, seed: int, steps: int = STEPS, progress: bool = False
) -> tuple[Transformer, History]:
    """Train one model.

    Parameters
    ----------
    recipe : Recipe
    seed : int
        Decides the first weights, the pictures, the captions and the choices of the objective.
    steps : int
        Steps of 64 pictures with one caption each.
    progress : bool
        Show a progress bar.

    Returns
    -------
    model : Transformer
    history : History
    """
    model, album = new_model(seed), Album(np.random.default_rng([seed, 1]))
    history = train(
        model,
        practice(recipe.make_batch, album, seed),
        steps,
        learning_rate=LEARNING_RATE,
        loss=recipe.loss,
        progress=progress,
    )
    return model, history


def _by_kind(scene: Scene) -> list[list[list[int]]]:
    kinds: dict[type, list[list[int]]] = {}
    for caption in right_captions(scene):
        kinds.setdefault(type(parse(caption)), []).append(VOCABULARY.encode(caption))
    return list(kinds.values())
