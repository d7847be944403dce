"""The samples of many rows at once: the same fields as arrays, with padding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import attention, checks
from lessonlib.attention import EncoderDecoderMask, Mask
from lessonlib.batches.layout import Ids, Lengths, Padded, real_until
from lessonlib.samples import Sample


@dataclass(frozen=True, eq=False)
class Batch:
    """Practice questions made out of the rows of an array of token ids.

    The fields mean what they mean in :class:`lessonlib.samples.Sample`; the first axis counts the
    rows. On padding nothing counts and nobody looks at it. Where `inputs` is a view of longer rows,
    the first padded place of a row may still hold the row's last token. What an objective leaves as
    it is may be the memory of the ids themselves, so do not write into them while you use the
    batch. Two batches are equal only if they are the same object.
    """

    objective: str
    source: Ids | None  # what an encoder reads, (rows, source length); None without one
    inputs: Ids  # what the predicting stack reads, (rows, length), as all that follows
    targets: Ids
    loss_mask: Mask
    # Who may look at whom: the name of a pattern of :mod:`lessonlib.attention` and what decides it,
    # one entry for each row; see :func:`lessonlib.attention.masks`.
    attention: tuple
    real: Mask  # False on padding
    # What was drawn and cannot be seen in the fields, one entry for each row. Only ``spans`` has
    # its own shape (spans, 3): row, start and end, in order.
    choices: Mapping[str, NDArray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def source_real(self) -> Mask | None:
        """Where `source` holds a token of the row; None without a source."""
        return None if self.source is None else self.attention[1]

    @cached_property
    def attention_mask(self) -> Mask | EncoderDecoderMask:
        """Who may look at whom, ``[row, query, key]``, True = may look; made once, read-only."""
        return attention.masks(self.attention[0], self._readable, *self.attention[1:])

    def decisions(self, row: int) -> dict[str, Any]:
        """Return what was drawn for a row: arguments for the sample builder of its objective.

        ``builder(tokens, **decisions)`` makes ``sample(row)`` out of the row's tokens; so tests
        hold every row against its builder. Replacements come as ids.
        """
        row = self._row(row)
        if self._is_left_as_it_is(row):
            return {}
        each = {name: values for name, values in self.choices.items() if name != "spans"}
        drawn = {name: values[row].tolist() for name, values in each.items()}
        if "spans" in self.choices:
            spans = self.choices["spans"]
            drawn["spans"] = [tuple(span) for span in spans[spans[:, 0] == row, 1:].tolist()]
        if self.objective == "masked":
            chosen = np.flatnonzero(self.loss_mask[row])
            drawn["positions"] = chosen.tolist()
            drawn["replacements"] = self.inputs[row, chosen].tolist()
        return drawn

    def sample(self, row: int, word: Callable[[int], Any] = str) -> Sample:
        """Return one row as a sample, without its padding; `word` turns an id into its token.

        It is one of causal LM where filling in the middle left the row as it is.
        """
        row = self._row(row)
        objective = "causal" if self._is_left_as_it_is(row) else self.objective
        source = None
        if self.source is not None:
            source = [word(i) for i in self.source[row, self.source_real[row]].tolist()]
        inputs, targets, counts = self._questions(row, word)
        pattern, *given = self.attention
        sizes = attention.PATTERNS[pattern].sizes(len(inputs), *(v[row].tolist() for v in given))
        return Sample(objective, source, inputs, targets, counts, (pattern, *sizes))

    @property
    def _readable(self) -> Mask:
        """Where the predicting stack reads something, shape (rows, everything that it reads)."""
        return self.real

    def _questions(self, row: int, word: Callable[[int], Any]) -> tuple[list, list, list[bool]]:
        """Return what is read in a row, what must be said, and where it counts."""
        real = self.real[row]
        inputs = [word(i) for i in self.inputs[row, real].tolist()]
        targets = [word(i) for i in self.targets[row, real].tolist()]
        return inputs, targets, self.loss_mask[row, real].tolist()

    def _row(self, row: int) -> int:
        return checks.integer(row, "row", -len(self), len(self) - 1) % len(self)

    def _is_left_as_it_is(self, row: int) -> bool:
        return self.objective == "fill_in_middle" and self.choices["order"][row] == "none"


def decoder_only(objective: str, sequence: Ids, lengths: Lengths, **choices: NDArray) -> Batch:
    """Shift rows of the given lengths by one: views, no copies. Every position counts."""
    real = real_until(lengths - 1, sequence.shape[1] - 1)
    inputs, targets = sequence[:, :-1], sequence[:, 1:]
    return Batch(objective, None, inputs, targets, real, ("causal",), real, choices=choices)


def encoder_decoder(
    objective: str,
    source: Padded,
    targets: Padded,
    start_id: int,
    pad_id: int | None,
    **choices: NDArray,
) -> Batch:
    """Read `source` and write `targets`, behind one start token. Every position counts."""
    outputs, real = targets
    inputs = np.empty_like(outputs)
    inputs[:, 0] = start_id
    inputs[:, 1:] = outputs[:, :-1]
    lengths = real.sum(axis=1)
    short = np.flatnonzero(lengths < real.shape[1])
    if len(short):
        inputs[short, lengths[short]] = pad_id  # else the last target would be read behind the end
    pattern = ("encoder_decoder", source[1])
    return Batch(objective, source[0], inputs, outputs, real, pattern, real, choices)
