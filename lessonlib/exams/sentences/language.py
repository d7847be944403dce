"""Sentences in numbers: what models read, practise on and are asked about."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.sentences.shapes import SHAPES
from lessonlib.exams.vocabulary import Ids, Vocabulary
from lessonlib.models import Config, Transformer
from lessonlib.worlds.sentences import Sentence, World, harder_world, learnable_world

ROWS = 64
HEADS = 4
SENTINELS = 10  # enough for any rule on a sentence of these
EXTRA_POSITIONS = 4  # PRE, SUF, MID and the end of the middle
JOINED_POSITIONS = 20  # two sentinels for every hidden stretch, where one stack reads and writes

MakeBatch = Callable[[Ids, Vocabulary, np.random.Generator], Batch]


class Texts:
    """Texts as rows of ids, padded at the right; ``world.sample(count, rng)`` draws rows."""

    vocabulary: Vocabulary
    longest: int
    world: Any
    ids: Ids
    lengths: Ids

    def new_model(self, architecture: str, seed: int) -> Transformer:
        """Return a model that has never practised anything; a seed gives a shape the same one."""
        shape = SHAPES[architecture]
        more = JOINED_POSITIONS if shape.architecture == "decoder-only" else EXTRA_POSITIONS
        sizes = {"length": self.longest + more, "heads": HEADS, "layers": shape.layers}
        config = Config(shape.architecture, len(self.vocabulary), **sizes)
        return shape.kind(config, np.random.default_rng([seed, 0]))

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = ROWS) -> Iterator[Batch]:
        """Yield batches without end; a seed gives every objective the same texts."""
        texts, choices = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
        while True:
            drawn = self.world.sample(rows, texts)
            ids = self.ids[drawn, : self.lengths[drawn].max()]
            yield make_batch(ids, self.vocabulary, choices)


class Language(Texts):
    """A world in numbers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.oracle = world.oracle
        self.vocabulary = Vocabulary(self.oracle.words, SENTINELS)
        self.longest = max(len(sentence.words) for sentence in world.sentences)

    @cached_property
    def ids(self) -> Ids:
        """Every sentence of the world, padded: shape (sentences, longest)."""
        return self.vocabulary.padded(
            [self.vocabulary.encode(sentence.words) for sentence in self.world.sentences]
        )

    @cached_property
    def lengths(self) -> Ids:
        """Number of words of every sentence."""
        return np.array([len(sentence.words) for sentence in self.world.sentences])

    def parse(self, ids: Sequence[int]) -> Sentence | None:
        """Return what a row of ids means; None if it is no sentence of the world."""
        return self._sentence_of.get(self.vocabulary.decode(ids))

    @cached_property
    def _sentence_of(self) -> dict[tuple[str, ...], Sentence]:
        return {sentence.words: sentence for sentence in self.world.sentences}


def village() -> Language:
    """Return the world of the matrix."""
    return Language(learnable_world())


def sister_village() -> Language:
    """Return the harder world: what is given depends on who gives *and* who gets there."""
    return Language(harder_world())
