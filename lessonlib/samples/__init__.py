"""Pretraining objectives: rules that turn a text into practice questions.

Each objective is a function from tokens to a :class:`Sample`; `objectives` is the table of all
of them. Nothing here is random: what training would draw by chance is an argument. All raise
TypeError or ValueError if an argument is not of its kind or outside its range; the message says
which, and what is allowed.

- ``sample``: the type, and how its fields are filled for each architecture
- ``continuation``, ``blanks``, ``spans``, ``noising``, ``orders``: the builders
- ``registry``: the table; ``pictures``: the same for pictures with captions
- ``restoring``: the way back to the text; ``inverses``: how each objective is undone
- ``special``: the special tokens
- ``lesson``: the lesson's three functions
"""

from lessonlib.samples.blanks import masked, replaced_token_detection, whole_word_masked
from lessonlib.samples.continuation import causal, fill_in_middle, prefix_lm
from lessonlib.samples.lesson import (
    build_causal_example,
    build_masked_example,
    build_span_corruption,
)
from lessonlib.samples.noising import (
    document_rotation,
    sentence_permutation,
    text_infilling,
    token_deletion,
)
from lessonlib.samples.orders import glm, glm_positions, permutation_lm
from lessonlib.samples.registry import SENTENCE, Objective, objectives
from lessonlib.samples.restoring import restore
from lessonlib.samples.sample import Sample
from lessonlib.samples.spans import span_corruption, ul2
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
    "glm",
    "glm_positions",
    "is_special",
    "masked",
    "objectives",
    "permutation_lm",
    "prefix_lm",
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
