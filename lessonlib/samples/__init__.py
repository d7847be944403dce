"""Pretraining objectives: rules that turn a text into practice questions.

Each objective is a function from tokens to a :class:`Sample`; `objectives` is the table of all
of them. Nothing here is random: what training would draw by chance is an argument.

`tokens` is a text of 1 token or more. `positions` are each 0..len(tokens)-1 and at most once;
`spans` are half-open pairs ``start < end <= len(tokens)`` from left to right without overlap; both
may be empty. An `order` holds each of 0, 1, 2, ... once. All raise TypeError or ValueError if an
argument is not of its kind or outside its range; the message says which, and what is allowed.
"""

from lessonlib.samples.blanks import (
    masked,
    masked_diffusion,
    replaced_token_detection,
    whole_word_masked,
)
from lessonlib.samples.continuation import (
    causal,
    fill_in_middle,
    multi_token,
    packed,
    prefix_lm,
)
from lessonlib.samples.denoising import (
    document_rotation,
    gap_sentences,
    sentence_permutation,
    span_corruption,
    text_infilling,
    token_deletion,
    ul2,
)
from lessonlib.samples.lesson import (
    build_causal_example,
    build_masked_example,
    build_span_corruption,
)
from lessonlib.samples.orders import glm, glm_positions, permutation_lm
from lessonlib.samples.principal import principal
from lessonlib.samples.registry import SENTENCE, Objective, objectives
from lessonlib.samples.restoring import restore
from lessonlib.samples.sample import Sample
from lessonlib.samples.special import (
    EOP,
    MASK,
    MID,
    MODE,
    PRE,
    SOP,
    START,
    SUF,
    is_special,
    sentinel,
)

__all__ = [
    "EOP",
    "MASK",
    "MID",
    "MODE",
    "PRE",
    "SENTENCE",
    "SOP",
    "START",
    "SUF",
    "Objective",
    "Sample",
    "build_causal_example",
    "build_masked_example",
    "build_span_corruption",
    "causal",
    "document_rotation",
    "fill_in_middle",
    "gap_sentences",
    "glm",
    "glm_positions",
    "is_special",
    "masked",
    "masked_diffusion",
    "multi_token",
    "objectives",
    "packed",
    "permutation_lm",
    "prefix_lm",
    "principal",
    "replaced_token_detection",
    "restore",
    "sentence_permutation",
    "sentinel",
    "span_corruption",
    "text_infilling",
    "token_deletion",
    "ul2",
    "whole_word_masked",
]
