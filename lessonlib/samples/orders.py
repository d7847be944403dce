"""Objectives that choose the order in which they predict: permutation LM and GLM.

Both are exceptions among the samples of one stack: their targets stand at the positions that
predict them, without the shift of a causal LM.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from lessonlib import checks
from lessonlib.samples.blanks import masked
from lessonlib.samples.denoising import with_gaps
from lessonlib.samples.sample import Sample, each
from lessonlib.samples.special import EOP, MASK, SOP


def permutation_lm(tokens: Sequence[str], order: Sequence[int], predicted: Sequence[int]) -> Sample:
    """Say the `tokens` at the `predicted` positions one after the other, in a chosen `order`.

    What a position may look at is decided by the attention mask, not by its place in the text: see
    :func:`lessonlib.attention.permutation`. A predicted position reads ``[MASK]``. One stack; the
    predicted positions count, each with the token at its own place as target. Source: Yang et al.
    2019 (XLNet), sections 2.2 and 2.3.

    >>> sample = permutation_lm(["a", "b", "c"], [2, 1, 0], [0, 1])
    >>> sample.inputs, sample.targets
    (['[MASK]', '[MASK]', 'c'], ['a', 'b', 'c'])
    >>> sample.attention_mask[0].tolist()  # position 0 comes last and may look at 1 and 2
    [False, True, True]
    """
    tokens = checks.tokens(tokens)
    order = checks.order(order, len(tokens))
    predicted = checks.positions(predicted, len(tokens), "predicted")
    attention = ("permutation", tuple(order), tuple(predicted))
    return replace(masked(tokens, predicted), objective="permutation_lm", attention=attention)


def glm(tokens: Sequence[str], spans: Sequence[tuple[int, int]], order: Sequence[int]) -> Sample:
    """Read a text with gaps in both directions, then write the spans that are missing, in `order`.

    Part A is `tokens` with one ``[MASK]`` for each of `spans`, also where two touch; part B holds
    the spans, each read behind a start token and written up to an end token. Part A has its own
    tokens as targets, which do not count. The model needs :func:`glm_positions` to know which gap
    it is filling. One stack; part B counts. All of part A may be looked at from everywhere, part B
    only by what comes later in it. Source: Du et al. 2022 (GLM), section 2.1.

    >>> sample = glm(["a", "b", "c", "d"], [(1, 2), (3, 4)], [1, 0])
    >>> sample.inputs
    ['a', '[MASK]', 'c', '[MASK]', '<sop>', 'd', '<sop>', 'b']
    >>> sample.targets
    ['a', '[MASK]', 'c', '[MASK]', 'd', '<eop>', 'b', '<eop>']
    """
    tokens, spans, order = _checked(tokens, spans, order)
    part_a, places = with_gaps(tokens, spans, [MASK] * len(spans))
    inputs, targets = part_a[:], part_a[:]
    for start, end in (spans[index] for index in order):
        inputs += [SOP, *tokens[start:end]]
        places += [None, *each(len(tokens))[start:end]]
        targets += [*tokens[start:end], EOP]
    loss_mask = [position >= len(part_a) for position in range(len(inputs))]
    attention = ("prefix", len(inputs), len(part_a))
    return Sample("glm", None, inputs, targets, loss_mask, attention, places)


def glm_positions(
    tokens: Sequence[str], spans: Sequence[tuple[int, int]], order: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Number the inputs of :func:`glm` twice: where in part A, and where inside the span.

    A token of part B has in part A the position of the mask whose span is written. Inside the span,
    part A has 0, and part B 1, 2, ... from the start token on. Source: Du et al. 2022 (GLM),
    section 2.2.1.

    >>> glm_positions(["a", "b", "c", "d"], [(1, 2), (3, 4)], [1, 0])
    ([0, 1, 2, 3, 3, 3, 1, 1], [0, 0, 0, 0, 1, 2, 1, 2])
    """
    tokens, spans, order = _checked(tokens, spans, order)
    lengths = [end - start for start, end in spans]
    hidden_before = list(accumulate(lengths, initial=0))
    masks = [start - hidden_before[k] + k for k, (start, _) in enumerate(spans)]
    in_text = list(range(len(tokens) - sum(lengths) + len(spans)))
    in_span = [0] * len(in_text)
    for k in order:
        in_text += [masks[k]] * (1 + lengths[k])
        in_span += range(1, 2 + lengths[k])
    return in_text, in_span


def _checked(tokens: Any, spans: Any, order: Any) -> tuple[list, list, list]:
    tokens = checks.tokens(tokens)
    spans = checks.spans(spans, len(tokens))
    return tokens, spans, checks.order(order, len(spans))
