"""What can be seen on a model that has learned nothing yet."""

from collections.abc import Sequence

import numpy as np

from lessonlib.attention import Mask
from lessonlib.models.config import WORDS, Architecture, Config
from lessonlib.models.transformer import Transformer


def tiny_model(architecture: Architecture) -> Transformer:
    """Return a model of eight words, always the same, small enough to look at all its numbers."""
    config = Config(architecture, vocab_size=8, length=8, width=16)
    return Transformer(config, np.random.default_rng(0), np.float64)


def changed_outputs(before: Sequence[int], after: Sequence[int], mask: Mask) -> list[int]:
    """Let one untrained model read two texts of ids, and list where its output differs.

    The `mask` says who may look at whom, ``[query, key]``.
    """
    if len(before) != len(after):
        raise ValueError(WORDS("different_lengths", before=len(before), after=len(after)))
    config = Config("decoder-only", vocab_size=max(*before, *after) + 1, length=len(before))
    model = Transformer(config, np.random.default_rng(0))
    scores = [model.logits(np.array([text]), mask) for text in (before, after)]
    same = np.isclose(*scores).all(axis=-1)
    return np.flatnonzero(~same).tolist()
