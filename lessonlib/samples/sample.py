"""The one type of the course, and the three conventions by which its fields are filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lessonlib.samples.special import START

if TYPE_CHECKING:
    from lessonlib.attention import EncoderDecoderMask, Mask

Place = tuple[int, int] | None


@dataclass(frozen=True)
class Sample:
    """One practice question that an objective makes out of a text.

    `source` is what an encoder reads (None without one), `inputs` what the predicting stack reads,
    `targets` what must be said at each position of `inputs`, and `loss_mask` where being wrong
    costs something. `attention` says who may look at whom: a function of
    :mod:`lessonlib.attention`, by name, and its arguments. `places` says where in the text each
    token that is read (`source`, or else `inputs`) comes from: the stretch (start, end) that it
    stands for, or None for one that stands for no part of the text, such as a mode token. None
    altogether where the builder moves nothing, or where it is not known.
    """

    objective: str  # its name, a key of :data:`lessonlib.samples.objectives`
    source: list[str] | None
    inputs: list[str]
    # bool for replaced-token detection; for multi-token prediction the next few tokens
    targets: list[str] | list[bool] | list[tuple[str, ...]]
    loss_mask: list[bool]
    attention: tuple
    places: list[Place] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def attention_mask(self) -> Mask | EncoderDecoderMask:
        """Who may look at whom, ``[query, key]`` over `inputs`, True = may look.

        For an encoder-decoder, three arrays. Made when first asked for, and read-only; ``.copy()``
        gives an array of your own.
        """
        from lessonlib import attention  # here, so that samples can be made without numpy

        return attention.mask(*self.attention)


def decoder_only(
    objective: str,
    sequence: Sequence[str],
    loss_from: int = 0,
    prefix: int = 0,
    places: list[Place] | None = None,
) -> Sample:
    """Shift `sequence` by one: each position reads a token and must say the next.

    Targets count from position `loss_from` on; the first `prefix` inputs are read in both
    directions.
    """
    inputs, targets = list(sequence[:-1]), list(sequence[1:])
    loss_mask = [position >= loss_from for position in range(len(targets))]
    attention = ("prefix", len(inputs), prefix) if prefix else ("causal", len(inputs))
    return Sample(objective, None, inputs, targets, loss_mask, attention, places)


def encoder_only(
    objective: str, inputs: list[str], targets: list[str], chosen: Sequence[int]
) -> Sample:
    """Read a corrupted sequence in both directions; say the right token at the `chosen` places."""
    loss_mask = [False] * len(targets)
    for position in chosen:
        loss_mask[position] = True
    return Sample(objective, None, inputs, targets, loss_mask, ("bidirectional", len(inputs)))


def each(count: int) -> list[Place]:
    """Return the places of `count` tokens that stand where they stood in the text."""
    return [(position, position + 1) for position in range(count)]


def encoder_decoder(
    objective: str, source: list[str], targets: list[str], places: list[Place] | None = None
) -> Sample:
    """Read `source` with the encoder; write `targets` with the decoder, token by token.

    The decoder reads what it should have written so far, behind one start token; every position
    counts.
    """
    inputs = [START, *targets[:-1]]
    attention = ("encoder_decoder", len(source), len(inputs))
    return Sample(objective, source, inputs, targets, [True] * len(targets), attention, places)
