"""The lesson's three functions: the same builders, answering in plain lists and dicts."""

from collections.abc import Sequence

from lessonlib import checks
from lessonlib.samples.blanks import masked
from lessonlib.samples.continuation import causal
from lessonlib.samples.spans import span_corruption


def build_causal_example(tokens: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what a causal LM reads, and for each position the token it must say next.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 2 tokens.

    Returns
    -------
    inputs, labels : list of str
        Equally long; ``labels[i]`` follows ``inputs[i]`` in the sentence.

    Raises
    ------
    TypeError, ValueError
        If `tokens` is not a sequence of at least 2 strings.

    Examples
    --------
    >>> build_causal_example(["a", "b", "c"])
    (['a', 'b'], ['b', 'c'])
    """
    sample = causal(tokens)
    return sample.inputs, sample.targets


def build_masked_example(
    tokens: Sequence[str], mask_positions: Sequence[int]
) -> tuple[list[str], dict[int, str]]:
    """Return the sentence with some tokens hidden, and what the hidden tokens were.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 1 token.
    mask_positions : sequence or set of int
        Which positions to hide, each 0..len(tokens)-1 and at most once; none is allowed.

    Returns
    -------
    masked : list of str
        The sentence with ``[MASK]`` at the chosen positions.
    labels : dict of int to str
        The original token at each chosen position, in the order of `mask_positions`.

    Examples
    --------
    >>> build_masked_example(["a", "b", "c"], [1])
    (['a', '[MASK]', 'c'], {1: 'b'})
    """
    tokens = checks.tokens(tokens)
    positions = checks.positions(mask_positions, len(tokens), "mask_positions")
    return masked(tokens, positions).inputs, {at: tokens[at] for at in positions}


def build_span_corruption(
    tokens: Sequence[str], start: int, end: int
) -> tuple[list[str], list[str]]:
    """Return the sentence with one span behind a sentinel, and the span between two sentinels.

    Parameters
    ----------
    tokens : sequence of str
        The sentence, at least 1 token.
    start, end : int
        The span is ``tokens[start:end]``, with ``0 <= start < end <= len(tokens)``.

    Returns
    -------
    corrupted_input, target : list of str
        What the encoder reads, and what the decoder must write.

    Examples
    --------
    >>> build_span_corruption(["a", "b", "c"], 1, 2)
    (['a', '<extra_id_0>', 'c'], ['<extra_id_0>', 'b', '<extra_id_1>'])
    """
    sample = span_corruption(tokens, [(start, end)])
    return sample.source, sample.targets
