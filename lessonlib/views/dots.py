"""Scores as dots: every random start is one, and the mean stands beside them with its interval."""

from collections.abc import Mapping, Sequence
from math import floor

from lessonlib.exams.measurement import Row
from lessonlib.exams.results import Cell
from lessonlib.views.drawing import GREY, Picture, dot, path, svg, text, width_of
from lessonlib.views.matrix import RULE, in_words

ROW, HEAD, WIDE = 24, 34, 375  # height of a row and of a heading, width of a whole scale
LOWEST, LEAST = -0.25, -1  # where a scale begins, and where it ends if scores are worse
TICKS = (-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1)

Lines = Mapping[str, Cell | None]  # from a name to its scores


def dots_picture(
    panels: Mapping[str, Lines], alt: str, colours: Mapping[str, str] | None = None
) -> Picture:
    """Draw panels below each other, each with a heading and a row of dots for each name.

    `colours` are those of the rows, by name. A row without scores is left out.
    """
    names = [name for lines in panels.values() for name in lines]
    scores = [
        score for lines in panels.values() for cell in lines.values() if cell for score in cell.each
    ]
    lowest = max(LEAST, min([LOWEST, *(floor(4 * score) / 4 for score in scores)]))
    scale = WIDE / (1 - lowest)
    zero = 24 + round(max(width_of(name, 13) for name in names) - lowest * scale)
    parts: list[str] = []
    y = 4
    for heading, lines in panels.items():
        found = {name: cell for name, cell in lines.items() if cell is not None}
        parts += _panel(heading, found, colours or {}, (zero, scale), y, lowest)
        y += HEAD + ROW * len(found) + 22
    return Picture(svg(zero + round(scale) + 130, y, *parts), alt)


def _panel(
    heading: str,
    lines: Mapping[str, Cell],
    colours: Mapping[str, str],
    axis: tuple[int, float],
    top: int,
    lowest: float,
) -> list[str]:
    zero, scale = axis
    first, foot = top + HEAD, top + HEAD + ROW * len(lines)
    parts = [text(12, top + 18, heading, font_weight=600)]
    for share in [tick for tick in TICKS if tick >= lowest]:
        x = zero + scale * share
        parts.append(path(f"M{x:g} {first} V{foot}", stroke=GREY if share == 0 else RULE))
        parts.append(text(x, foot + 14, f"{100 * share:g}", "middle", 11, fill=GREY))
    for number, (name, cell) in enumerate(lines.items()):
        middle, colour = first + ROW * number + ROW // 2, colours.get(name, GREY)
        places = [zero + scale * min(max(score, lowest), 1.04) for score in cell.each]
        mean = zero + scale * min(max(cell.mean, lowest), 1.04)
        parts.append(text(zero + lowest * scale - 10, middle + 5, name, "end"))
        parts.append(path(f"M{mean:.0f} {middle - 9} v18", stroke=colour, stroke_width=4))
        parts += [dot(place, middle, colour) for place in places]
        parts.append(text(zero + scale + 26, middle + 5, in_words(cell), size=12))
    return parts


def by_score(lines: Lines) -> dict[str, Cell]:
    """Order rows by their means, the highest first; those without scores are left out."""
    found = {name: cell for name, cell in lines.items() if cell is not None}
    return dict(sorted(found.items(), key=lambda row: -row[1].mean))


def values_in_words(panels: Mapping[str, Lines]) -> str:
    """Say every mean of every panel, for who hears a picture."""
    return "; ".join(
        f"{heading}: " + ", ".join(f"{name} {in_words(cell)}" for name, cell in lines.items())
        for heading, lines in panels.items()
    )


def summed_up(rows: Sequence[Row], column: str = "score") -> Cell | None:
    """Sum up rows that differ in nothing but their random start; None if there are none."""
    scores = [row[column] for row in rows]
    return Cell.of(scores, float("nan"), float("nan")) if scores else None
