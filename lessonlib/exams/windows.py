"""What it costs to put texts into windows, by counting: padding, cuts, looks elsewhere."""

from collections.abc import Sequence
from typing import NamedTuple

from lessonlib import checks


class Costs(NamedTuple):
    """Shares between 0 and 1."""

    padding: float  # of the positions, if every text had a row of its own
    cut: float  # of the texts that go on in another window
    across: float  # of the looks back that go into another text, if they may


def windows(lengths: Sequence[int], size: int) -> list[list[int]]:
    """Write texts one after the other and cut every `size` tokens; return how long the parts are.

    `lengths` are those of the texts, their end tokens counted. The last window may be shorter.

    >>> windows([3, 4, 2], 5)
    [[3, 2], [2, 2]]
    """
    size = checks.integer(size, "size", 1)
    made: list[list[int]] = [[]]
    for index, length in enumerate(lengths):
        left = checks.integer(length, f"lengths[{index}]", 1)
        while left:
            room = size - sum(made[-1])
            part = min(left, room)
            made[-1].append(part)
            left -= part
            if part == room:
                made.append([])
    return [window for window in made if window]


def costs(lengths: Sequence[int], size: int) -> Costs:
    """Count what texts of such lengths cost in windows of `size`; none is longer than that."""
    for index, length in enumerate(lengths):
        checks.integer(length, f"lengths[{index}]", 1, size)
    packed, texts = windows(lengths, size), len(lengths)
    parts = [part for window in packed for part in window]
    everywhere = sum(_looks(sum(window)) for window in packed)
    inside = sum(map(_looks, parts))
    padding = 1 - sum(lengths) / (texts * size)
    return Costs(padding, (len(parts) - texts) / texts, 1 - inside / everywhere)


def _looks(length: int) -> int:
    """Count who looks at whom where every position looks at itself and back."""
    return length * (length + 1) // 2
