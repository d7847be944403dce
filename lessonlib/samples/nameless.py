"""Samples to recognise: their objectives are not named where a learner meets them."""

from collections.abc import Sequence

from lessonlib.samples.continuation import fill_in_middle, prefix_lm
from lessonlib.samples.denoising import token_deletion
from lessonlib.samples.sample import Sample


def three_samples(tokens: Sequence[str]) -> tuple[Sample, Sample, Sample]:
    """Make three samples of one sentence of 6 tokens or more, each with another objective."""
    return token_deletion(tokens, [2, 5]), fill_in_middle(tokens, 2, 5), prefix_lm(tokens, 4)
