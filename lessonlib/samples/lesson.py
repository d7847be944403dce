"""The lesson's three functions: the same builders, answering in plain lists and dicts."""

from collections.abc import Sequence

from lessonlib import checks
from lessonlib.samples.blanks import masked
from lessonlib.samples.continuation import causal
from lessonlib.samples.denoising import span_corruption


def build_causal_example(tokens: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what a causal LM reads, and for each position the token it must say next.

    Takes 2 tokens or more; the labels are as long as the inputs.

    >>> build_causal_example(["a", "b", "c"])
    (['a', 'b'], ['b', 'c'])
    """
    sample = causal(tokens)
    return sample.inputs, sample.targets


def build_masked_example(
    tokens: Sequence[str], mask_positions: Sequence[int]
) -> tuple[list[str], dict[int, str]]:
    """Return the sentence with some tokens hidden, and what the hidden tokens were.

    The labels are the original token at each of `mask_positions`, in the same order.

    >>> build_masked_example(["a", "b", "c"], [1])
    (['a', '[MASK]', 'c'], {1: 'b'})
    """
    tokens = checks.tokens(tokens)
    positions = checks.positions(mask_positions, len(tokens), "mask_positions")
    return masked(tokens, positions).inputs, {at: tokens[at] for at in positions}


def build_span_corruption(
    tokens: Sequence[str], start: int, end: int
) -> tuple[list[str], list[str]]:
    """Return the sentence with ``tokens[start:end]`` behind a sentinel, and what must be written.

    >>> build_span_corruption(["a", "b", "c"], 1, 2)
    (['a', '<extra_id_0>', 'c'], ['<extra_id_0>', 'b', '<extra_id_1>'])
    """
    sample = span_corruption(tokens, [(start, end)])
    return sample.source, sample.targets
