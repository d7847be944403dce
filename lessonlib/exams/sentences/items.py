"""The items about sentences, drawn from a world, the same for every candidate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lessonlib.exams.sentences.language import Language

SHORTEST_STRETCH, LONGEST_STRETCH = 1, 5


@dataclass(frozen=True)
class Gap:
    """Something is missing between `left` and `right`."""

    # the visible words
    left: list[int]
    right: list[int]
    missing: list[int]  # what stood there
    unseen: int = 0  # how many words follow that are not shown


def next_words(language: Language, count: int, rng: np.random.Generator) -> list[Gap]:
    """Cut sentences at one place each: what comes next? The rest is not shown."""
    gaps = _gaps(language, np.ones(count, int), rng)
    return [Gap(gap.left, [], gap.missing, unseen=len(gap.right)) for gap in gaps]


def blanks(language: Language, count: int, rng: np.random.Generator) -> list[Gap]:
    """Hide one word of each sentence, every place equally likely."""
    return _gaps(language, np.ones(count, int), rng)


def stretches(language: Language, count: int, rng: np.random.Generator) -> list[Gap]:
    """Hide one to five words of each sentence: lengths equally likely, then places.

    Nobody is told how many words are missing.
    """
    return _gaps(language, rng.integers(SHORTEST_STRETCH, LONGEST_STRETCH + 1, count), rng)


def _gaps(language: Language, lengths: np.ndarray, rng: np.random.Generator) -> list[Gap]:
    gaps = []
    rows = sentences(language, language.world.sample(len(lengths), rng))
    for ids, length in zip(rows, lengths, strict=True):
        start = int(rng.integers(len(ids) - length + 1))
        gaps.append(Gap(ids[:start], ids[start + length :], ids[start : start + length]))
    return gaps


def sentences(language: Language, rows: Sequence[int]) -> list[list[int]]:
    """Return sentences of the world as ids without padding."""
    return [language.ids[row, : language.lengths[row]].tolist() for row in rows]
