"""The table of all objectives: one row each, from which everything that compares them is made.

What there is to say about them stands in ``words/en/samples.toml``, below the builder's name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lessonlib.samples import blanks, continuation, denoising, inverses, orders
from lessonlib.samples.sample import Sample
from lessonlib.words import Words, listed

WORDS = Words("samples")

_TOKENS = ["transformer", "models", "learn", "patterns", "from", "large", "text", "corpora"]
_PIECES = ["transform", "##er", *_TOKENS[1:-1], "corp", "##ora"]
_PARTS = [_TOKENS[:2], _TOKENS[2:4], _TOKENS[4:]]

#: The lesson's sentence: every row shows its objective on it.
SENTENCE = " ".join(_TOKENS)

DECODER, ENCODER, BOTH = "decoder-only", "encoder-only", "encoder-decoder"


class Said:
    """A text about an objective, found by the name of this attribute when it is asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.key = name

    def __get__(self, objective: "Objective", owner: type) -> str:
        return WORDS(f"objectives.{objective.name}.{self.key}")


@dataclass(frozen=True)
class Objective:
    """One row of the table: a builder and what there is to say about it."""

    builder: Callable[..., Sample]  # its first argument is the text
    inverse: Callable[[Sample], list[str]]  # gets the text back, or refuses; see `restore`
    architectures: tuple[str, ...]  # those that it fits; the builder's form first
    text: list  # the builder's first argument in the example: the lesson's sentence, in tokens
    decisions: dict[str, Any]  # its other arguments: all that training would draw at random

    title = Said()  # in running text
    slogan = Said()  # what it makes of a text, in one line
    family = Said()  # a well-known model, or family of models, that was trained with it
    reads = Said()  # what the model sees, in a few plain words
    asked = Said()  # what it must say
    practises = Said()  # what it gets good at
    paper = Said()  # where it is described

    @property
    def name(self) -> str:
        """The builder's name: key in `objectives` and value of `Sample.objective`."""
        return self.builder.__name__

    @property
    def architecture(self) -> str:
        """The architectures it fits, in words."""
        return listed(self.architectures, "or")

    def example(self) -> Sample:
        """Build the sample that this objective makes of the lesson's sentence."""
        return self.builder(self.text, **self.decisions)


def row(
    builder: Callable[..., Sample],
    inverse: Callable[[Sample], list[str]],
    *architectures: str,
    text: list = _TOKENS,
    **decisions: Any,
) -> Objective:
    """Return one row; `decisions` are those of its example."""
    return Objective(builder, inverse, architectures, text, decisions)


def by_name(*rows: Objective) -> dict[str, Objective]:
    """Return a table."""
    return {row.name: row for row in rows}


_CHANGED = {"positions": [2, 5], "replacements": ["study", "large"]}
_DRAWN = {"order": [7, 0, 3, 6, 1, 4, 5, 2], "predicted": [2, 5]}

#: All objectives by name, the lesson's three first.
objectives = by_name(
    row(continuation.causal, inverses.next_tokens, DECODER),
    row(blanks.masked, inverses.blanks, ENCODER, positions=[2, 5]),
    row(denoising.span_corruption, inverses.sentinels, BOTH, spans=[(2, 5)]),
    row(continuation.prefix_lm, inverses.prefix_and_rest, DECODER, BOTH, split=3),
    row(continuation.multi_token, inverses.first_of_next, DECODER, ahead=3),
    row(continuation.packed, inverses.in_windows, DECODER, text=_PARTS, across=False),
    row(continuation.fill_in_middle, inverses.middle, DECODER, start=2, end=5),
    row(blanks.whole_word_masked, inverses.blanks, ENCODER, text=_PIECES, words=[[0, 1], [6]]),
    row(blanks.masked_diffusion, inverses.blanks, ENCODER, positions=[0, 2, 3, 5, 6]),
    row(blanks.replaced_token_detection, inverses.unreplaced, ENCODER, **_CHANGED),
    row(denoising.token_deletion, inverses.said, BOTH, positions=[2, 5]),
    row(denoising.text_infilling, inverses.said, BOTH, spans=[(2, 5), (7, 7)]),
    row(denoising.sentence_permutation, inverses.said, BOTH, text=_PARTS, order=[2, 0, 1]),
    row(denoising.gap_sentences, inverses.gap_sentence, BOTH, text=_PARTS, chosen=[1]),
    row(denoising.document_rotation, inverses.said, BOTH, offset=3),
    row(orders.permutation_lm, inverses.blanks, DECODER, **_DRAWN),
    row(orders.glm, inverses.pieces, DECODER, spans=[(2, 4), (5, 6)], order=[1, 0]),
    row(denoising.ul2, inverses.denoiser, BOTH, DECODER, denoiser="X", spans=[(1, 3), (4, 7)]),
)
