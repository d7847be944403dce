"""How explorers stay in order: sliders that push each other, and room for the largest view."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import ipywidgets as widgets

from lessonlib.samples import Sample, is_special
from lessonlib.views.strips import ROWS, columns_of, fits_a_narrow_line, strip
from lessonlib.views.tables import WORDS


def in_order(values: Sequence[int], moved: int, steps: Sequence[int], last: int) -> list[int]:
    """Return values from 0 to `last` in rising order: the one that was moved pushes the others.

    It stays where it is, as far as the others have room. `steps` says how far apart neighbours must
    be, one fewer than there are values; `last` is at least their sum.
    """
    ordered = [
        min(max(value, sum(steps[:k])), last - sum(steps[k:])) for k, value in enumerate(values)
    ]
    for k in range(moved + 1, len(ordered)):
        ordered[k] = max(ordered[k], ordered[k - 1] + steps[k - 1])
    for k in reversed(range(moved)):
        ordered[k] = min(ordered[k], ordered[k + 1] - steps[k])
    return ordered


def listed(positions: Sequence[int]) -> str:
    """Write positions one by one, the middle of a long list left out."""
    if len(positions) > 8:
        return f"{', '.join(map(str, positions[:3]))}, …, {positions[-1]}"
    return ", ".join(map(str, positions)) or WORDS("explorer.nothing")


def wanted_now(wanted: Sequence[int], before: Sequence[int], now: Sequence[int]) -> list[int]:
    """Return where sliders are wanted after a move: what stood still, where it was wanted."""
    moves = zip(wanted, before, now, strict=False)  # there may be room for some only
    return [*(old if was == new else new for old, was, new in moves), *wanted[len(now) :]]


def gap_sizes(count: int, most: int = 1) -> list[tuple[int, int]]:
    """List how many tokens source and targets can have with up to `most` gaps in a sentence."""
    return [
        (count - hidden + gaps, hidden + gaps + 1)
        for gaps in range(1, most + 1)
        for hidden in range(gaps, count - gaps + 2)
    ]


def largest_strip(
    sample: Sample, sizes: Iterable[tuple[int, int]], values: str = "", marks: int = 0
) -> str:
    """Draw a strip as tall as any that takes the place of `sample` can get.

    `sizes` says how many tokens source and targets of all of them have; `values` are the longest.
    `marks` is in how many columns each of the sample's markers can stand, if not in all.
    """
    columns = columns_of(sample)

    def height(size: tuple[int, int]) -> int:
        source, steps = size
        return -(-source // columns) + 2 * -(-steps // columns)  # a line of steps is twice as tall

    sizes = [*sizes]
    tallest = max(map(height, sizes))
    source, steps = map(max, zip(*(size for size in sizes if height(size) == tallest), strict=True))
    line = _widest_line(sample, columns, marks)
    read, said = ([line[at % columns] for at in range(count)] for count in (source, steps))
    asks_markers = any(map(is_special, sample.targets))  # or none may be counted below the strip
    fullest = replace(
        sample,
        source=None if sample.source is None else read,
        inputs=said,
        targets=said if asks_markers else ["·" * len(token) for token in said],
        loss_mask=[True] * steps,
        places=None,
    )
    return strip(fullest, values, columns)


def _widest_line(sample: Sample, columns: int, marks: int) -> list[str]:
    """Return the longest tokens that can stand side by side if they fit a narrow line unbroken.

    If not, or if all may be markers, return as often the longest.
    """
    tokens = [*map(str, [*(sample.source or []), *sample.inputs, *sample.targets])]
    words = [token for token in [*(sample.source or []), *sample.targets] if not is_special(token)]
    columns_of_each = 1 if sample.source is None else 2  # as must be written, and as was written
    markers = sorted({*filter(is_special, tokens)})
    line = sorted([*words * columns_of_each, *markers * marks], key=len, reverse=True)[:columns]
    names = (WORDS(f"strip.{name}") for name in ROWS)
    fits = marks and fits_a_narrow_line([*map(len, line)], names)
    return line if fits else [max(tokens, key=len)] * columns


def stacked(view: widgets.HTML, room: widgets.HTML) -> widgets.Box:
    """Lay a view on an invisible one that keeps the room which the largest view needs."""
    room.add_class("lesson-room")
    box = widgets.Box([room, view])
    box.add_class("lesson-stack")
    return box


def grid(controls: Sequence[widgets.Widget], *kinds: str) -> widgets.Box:
    """Put controls side by side, as many as the page is wide for."""
    box = widgets.Box(controls)
    for name in ("lesson-controls", *kinds):
        box.add_class(name)
    return box
