"""Draw what was measured: objectives against abilities, and curves, with their intervals."""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from logging import ERROR, getLogger
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from lessonlib.exams.results import Cell
from lessonlib.views.drawing import (
    GREY,
    INK,
    Picture,
    dot,
    path,
    rect,
    svg,
    text,
    width_of,
    wrapped,
)
from lessonlib.views.figures import ALL_OBJECTIVES, ability_name, colour_of, objective_name
from lessonlib.views.tables import WORDS, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ABILITIES = tuple(WORDS.texts["abilities"])  # in the order of the columns

NO_WAY, BEST = "–", "★"
MARKS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
RULE = "#d1d9e0"
BELOW = -0.14  # where a legend begins, in heights of a plot: below the name of its x axis
OTHERS = ("#6f42c1", "#9a6700", INK, GREY)  # none of them a route's
SMALLEST = 0.005  # half of an interval that a whole number of per cent can say
WIDE, HIGH, HEAD, ROOM = 124, 58, 44, 150  # a cell, the column heads, the widest row name

Cells = Mapping[tuple[str, str, str], Cell]  # by objective, ability and answer


def matrix_table(cells: Cells, answer: str = "native") -> Table:
    """Show the matrix as a table: 0 is guessing, 100 is the best that is possible.

    `answer` is "native" or "workaround"; a dash stands where an objective has no such answer.
    """
    rows, columns = _axes(cells)
    lines = [
        [objective_name(row), *(in_words(cells.get((row, column, answer))) for column in columns)]
        for row in rows
    ]
    return Table([WORDS("headings.Objective"), *map(ability_name, columns)], lines)


def matrix_picture(cells: Cells, alt: str) -> Picture:
    """Draw the matrix: a bar for the native answer, one for the work-around, stars for the best.

    Each dot is one random start.
    """
    if not cells:  # a live measurement that was stopped before its first row
        nothing = WORDS("matrix.nothing")
        return Picture(svg(360, 40, text(12, 26, nothing)), nothing)
    rows, columns = _axes(cells)
    names = {row: wrapped(objective_name(row), ROOM, 13) for row in rows}
    left = 22 + max(round(width_of(line, 13)) for lines in names.values() for line in lines)
    best: dict[str, float] = {}
    for (_, ability, answer), cell in cells.items():
        if answer == "native":
            best[ability] = max(cell.mean, best.get(ability, cell.mean))
    width, foot = left + WIDE * len(columns), HEAD + HIGH * len(rows)
    parts = []
    for i, ability in enumerate(columns):
        head = wrapped(ability_name(ability), WIDE - 10, 13)
        parts.append(_column(left + WIDE * (i + 0.5), HEAD - 8, head, "middle", font_weight=600))
    for j, row in enumerate(rows):
        y = HEAD + HIGH * j
        parts.append(path(f"M8 {y} H{width}", stroke=RULE))
        parts.append(_column(left - 10, y + 26 + 8 * len(names[row]), names[row], "end"))
        for i, ability in enumerate(columns):
            x = left + WIDE * i + 6
            native, around = (cells.get((row, ability, way)) for way in ("native", "workaround"))
            star = native is not None and native.mean == best[ability]
            colour = colour_of(row)
            parts += [_bar(x, y + 10, native, colour, colour, star)]
            parts += [_bar(x, y + 34, around, colour, "none")]
    parts.append(path(f"M8 {foot} H{width}", stroke=RULE))
    key, across, last = _key(left, foot + 12, width)
    return Picture(svg(max(width + 12, across), last + 28, *parts, key), alt)


def curves_picture(
    series: Mapping[str, Sequence[tuple[float, Cell]]],
    x_label: str,
    y_label: str,
    alt: str,
    log_x: bool = False,
    objectives: Mapping[str, str] | None = None,
) -> Picture:
    """Draw one line with its interval for each series; lines differ by mark and dash as well.

    A series is a name with its points (x, cell), in per cent; small dots are random starts.
    `objectives` tells whose route's colour it has. Where `log_x`, equal factors get equal room on
    the x axis.
    """
    getLogger("matplotlib.font_manager").setLevel(ERROR)  # else it says once that it lists fonts
    from matplotlib.figure import Figure  # here, so that strips do without matplotlib

    names = -(-len(series) // 2)  # lines of the legend, which lies on no point
    figure = Figure(figsize=(8, 4.2 + 0.25 * names), layout="constrained")
    axes = figure.subplots()
    for index, (name, points) in enumerate(series.items()):
        known = (objectives or {}).get(name)
        colour = colour_of(known) if known else OTHERS[index % len(OTHERS)]
        x, cells = zip(*points, strict=True)
        means = 100 * np.array([cell.mean for cell in cells])
        style = {"color": colour, "marker": MARKS[index % 7], "ls": DASHES[index % 7]}
        axes.plot(x, means, label=name, **style)
        halves = 100 * np.nan_to_num([cell.half for cell in cells])
        axes.fill_between(x, means - halves, means + halves, color=colour, alpha=0.12, lw=0)
        starts = [(at, 100 * score) for at, cell in points for score in cell.each]
        axes.scatter(*zip(*starts, strict=True) if starts else ((), ()), s=5, color=colour, lw=0)
    ticks = sorted({place for points in series.values() for place, _ in points})
    if log_x:
        axes.set_xscale("symlog", linthresh=ticks[0] or ticks[1])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.grid(alpha=0.3)
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, BELOW)}
    axes.legend(frameon=False, ncols=2, **below)
    return Picture(_as_svg(figure), alt)


def ends_in_words(series: Mapping[str, Sequence[tuple[float, Cell]]]) -> str:
    """Say where lines end, for who hears a picture."""
    return "; ".join(f"{name}: {in_words(points[-1][1])}" for name, points in series.items())


def _as_svg(figure: "Figure") -> str:
    """Save a figure so that the same figure always gives the same text."""
    import matplotlib as mpl

    first = mpl.rcParams["font.sans-serif"][:1]  # every text would name every font
    settings = {"svg.hashsalt": "lessonlib", "svg.fonttype": "none", "font.sans-serif": first}
    saved, nothing = StringIO(), dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with mpl.rc_context(settings):
        figure.savefig(saved, format="svg", metadata=nothing)
    drawn = saved.getvalue()[saved.getvalue().index("<svg") :]
    shown = re.sub(r"(\.\d\d)\d+", r"\1", drawn)  # nobody sees a thousandth of a point
    return re.sub(r"\s+", " ", shown)


def _axes(cells: Cells) -> tuple[list[str], list[str]]:
    known = [*ALL_OBJECTIVES, *WORDS.texts["rows"]]
    rows = sorted({row for row, _, _ in cells}, key=known.index)
    return rows, sorted({column for _, column, _ in cells}, key=ABILITIES.index)


def in_words(cell: Cell | None) -> str:
    """Say a score in per cent with its interval; never that there is no doubt."""
    if cell is None:
        return NO_WAY
    mean = f"{round(100 * cell.mean)}"
    if isnan(cell.half):
        return mean
    if len(set(cell.each)) == 1:
        return WORDS("matrix.all_alike", mean=mean, count=len(cell.each))
    return f"{mean} ± {100 * cell.half:.0f}" if cell.half >= SMALLEST else f"{mean} ± <1"


def _column(x: float, bottom: float, lines: Sequence[str], anchor: str, **look: object) -> str:
    """Write lines so that the last stands at `bottom`."""
    top = round(bottom) - 15 * (len(lines) - 1)
    return "".join(text(x, top + 15 * k, line, anchor, **look) for k, line in enumerate(lines))


def _bar(x: float, y: float, cell: Cell | None, edge: str, fill: str, star: bool = False) -> str:
    if cell is None:
        return text(x + 4, y + 12, NO_WAY, size=12)
    length = 62 * min(max(cell.mean, 0), 1)
    number = f"{round(100 * cell.mean)}{f' {BEST}' if star else ''}".replace("-", "−")
    box = rect(x, y, length, 16, fill=fill, stroke=edge)
    dots = "".join(
        dot(x + 62 * min(max(score, 0), 1), y + 8) for score in cell.each[1:] and cell.each
    )
    after = x + 62 * min(max(cell.mean, 0, *cell.each), 1) + 7
    return box + dots + text(after, y + 13, number, size=12)


def _key(left: float, y: float, right: float) -> tuple[str, float, float]:
    """Draw what the marks mean, each beside its mark, in as many lines as the room asks for.

    Return it, how far it reaches, and where its last line is.
    """
    boxes, parts, x, across = {"native": GREY, "workaround": "none"}, [], left, left
    for meaning in (*boxes, "start", "best", "no_way"):
        words, mark = WORDS(f"matrix.{meaning}"), 30 if meaning in boxes else 18
        if left < x and right < x + mark + width_of(words, 12):
            x, y = left, y + 22
        if meaning in boxes:
            parts.append(rect(x, y, 24, 16, fill=boxes[meaning], stroke=GREY))
        elif meaning == "start":
            parts.append(dot(x + 6, y + 8))
        else:
            parts.append(text(x, y + 13, BEST if meaning == "best" else NO_WAY))
        parts.append(text(x + mark, y + 13, words, size=12))
        x += mark + width_of(words, 12) + 14
        across = max(across, x)
    return "".join(parts), across, y
