"""Samples to recognise: their objectives are not named where a learner meets them."""

from collections.abc import Sequence

from lessonlib.samples.continuation import fill_in_middle, prefix_lm
from lessonlib.samples.noising import token_deletion
from lessonlib.samples.sample import Sample


def three_samples(tokens: Sequence[str]) -> tuple[Sample, Sample, Sample]:
    """Make three samples of one sentence, each with another objective.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 6 tokens.
    """
    return token_deletion(tokens, [2, 5]), fill_in_middle(tokens, 2, 5), prefix_lm(tokens, 4)
