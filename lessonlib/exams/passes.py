"""Writing in passes with a perfect model: the village's own answer key fills the blanks."""

from functools import cache, lru_cache

import numpy as np

from lessonlib.models.unmasking import SUREST, Draft, unmask
from lessonlib.worlds.oracle import Oracle
from lessonlib.worlds.sentences import learnable_world

LENGTH = 12  # words of a sentence; a diffusion model is told how many


def perfect_guess(draft: Draft) -> list[dict[str, float]]:
    """Say for every blank exactly how likely each word is there, given all that is written.

    Where no sentence goes with what is written, it goes by the place alone.
    """
    return _answers(tuple(draft))


@lru_cache(4096)  # most drafts come once, and few of them come often
def _answers(draft: tuple[str | None, ...]) -> list[dict[str, float]]:
    try:
        return _key().blanks(draft)
    except ValueError:
        anywhere = _answers((None,) * len(draft))
        return [anywhere[place] for place, word in enumerate(draft) if word is None]


def village_in_passes(
    passes: int, order: str, rng: np.random.Generator
) -> tuple[list[Draft], bool]:
    """Write a sentence in so many passes; return the drafts, and whether the last is one."""
    drafts = unmask(perfect_guess, LENGTH, passes, rng, order)
    return drafts, _key().probability(drafts[-1]) > 0


def right_share(passes: int, sentences: int = 200, order: str = SUREST, seed: int = 0) -> float:
    """Return the share of sentences, written in so many passes, that are sentences at all."""
    rng = np.random.default_rng(seed)
    return sum(village_in_passes(passes, order, rng)[1] for _ in range(sentences)) / sentences


@cache
def chances() -> dict[tuple[str, ...], float]:
    """Return the sentences of that length, and how likely each is among them."""
    those = [s for s in learnable_world().sentences if len(s.words) == LENGTH]
    total = sum(sentence.probability for sentence in those)
    return {sentence.words: sentence.probability / total for sentence in those}


@cache
def _key() -> Oracle:
    """Return the answer key to the sentences of that length."""
    return Oracle([*chances()], [*chances().values()])
