"""Draw what was measured: objectives against abilities, and curves, with their intervals."""

from collections.abc import Mapping, Sequence
from html import escape
from io import StringIO
from math import isnan
from typing import TYPE_CHECKING, Protocol

from lessonlib.views.figures import Picture, colour_of, svg
from lessonlib.views.strips import ALL_OBJECTIVES
from lessonlib.views.tables import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = {
    "ul2": "UL2-style mixture",
    "sigmoid": "Contrastive, sigmoid",
    "untrained": "Untrained (control)",
}
ABILITIES = {
    "continuation": "Continue freely",
    "blank": "Fill one blank",
    "missing_span": "Missing stretch",
    "matching": "Match meanings",
    "classification": "Who does what",
    "rewriting": "Rewrite",
    "find_caption": "Find the caption",
    "find_picture": "Find the picture",
    "truth": "True or not",
    "binding": "Whose colour",
    "relation": "Who is where",
    "counting": "Count",
    "held_out": "New combination",
    "completeness": "Which says all",
    "writing": "Write a true one",
}
NOTHING = "Nothing has been measured yet."
KEY = (
    ("filled", "native answer"),
    ("outlined", "best known work-around"),
    ("★", "best native answer of the column"),
    ("–", "there is no such way"),
)
MARKS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
OTHERS = ("#6f42c1", "#9a6700", "#1f2328", "#57606a")  # none of them a route's
INK, RULE = "#1f2328", "#d1d9e0"
LETTER = 0.62  # width of a letter for each unit of its font size, on the safe side
WIDE, HIGH, HEAD, ROOM = 124, 58, 44, 150  # a cell, the column heads, the widest row name


class Interval(Protocol):
    """A mean over seeds and half of its 95 % interval, which is NaN for a single seed."""

    mean: float
    half: float


class Scored(Interval, Protocol):
    """A score and what it costs."""

    forward_passes: float


Key = tuple[str, str, str]  # objective, ability, answer


def matrix_table(cells: Mapping[Key, Scored], answer: str = "native") -> Table:
    """Show the matrix as a table: 0 is guessing, 100 is the best that is possible.

    Parameters
    ----------
    cells : mapping
        From (objective, ability, answer) to a score.
    answer : {"native", "workaround"}
        Which way of answering.

    Returns
    -------
    Table
        A dash where an objective has no such answer.
    """
    rows, columns = _axes(cells)
    lines = [
        [objective_name(row), *(_words(cells.get((row, column, answer))) for column in columns)]
        for row in rows
    ]
    return Table(["Objective", *(ABILITIES.get(column, column) for column in columns)], lines)


def matrix_picture(cells: Mapping[Key, Scored], alt: str) -> Picture:
    """Draw the matrix: one bar for the native answer, one for the work-around, in each cell.

    Parameters
    ----------
    cells : mapping
        From (objective, ability, answer) to a score.
    alt : str
        What is to be seen, in words.

    Returns
    -------
    Picture
        The length of a bar and the number beside it carry the score; the best native score of
        each column is marked with a star.
    """
    if not cells:  # a live measurement that was stopped before its first row
        empty = _text(12, 26, NOTHING, anchor="start")
        return Picture(svg(360, 40, empty), NOTHING)
    rows, columns = _axes(cells)
    names = {row: wrapped(objective_name(row), ROOM, 13) for row in rows}
    left = 22 + max(round(width_of(line, 13)) for lines in names.values() for line in lines)
    best = {column: max(_score(cells, row, column) for row in rows) for column in columns}
    width, foot = left + WIDE * len(columns), HEAD + HIGH * len(rows)
    parts = []
    for i, column in enumerate(columns):
        head = wrapped(ABILITIES.get(column, column), WIDE - 10, 13)
        parts += _lines(left + WIDE * i + WIDE / 2, HEAD - 8, head, "middle", weight=600)
    for j, row in enumerate(rows):
        y = HEAD + HIGH * j
        parts.append(f'<path d="M8 {y} H{width}" stroke="{RULE}"/>')
        parts += _lines(left - 10, y + 26 + 8 * len(names[row]), names[row], "end")
        for i, column in enumerate(columns):
            x = left + WIDE * i + 6
            native = cells.get((row, column, "native"))
            around = cells.get((row, column, "workaround"))
            star = native is not None and _score(cells, row, column) == best[column]
            parts.append(_bar(x, y + 10, native, colour_of(row), star))
            parts.append(_bar(x, y + 34, around, colour_of(row), False, filled=False))
    parts.append(f'<path d="M8 {foot} H{width}" stroke="{RULE}"/>')
    key, across = _key(left, foot + 12)
    return Picture(svg(max(width + 12, across), foot + 40, "".join(parts) + key), alt)


def width_of(words: str, size: int) -> float:
    """Return how wide a line of text may be drawn, in pixels."""
    return LETTER * size * len(words)


def wrapped(words: str, room: float, size: int) -> list[str]:
    """Break a name into lines that fit; a single word that does not stays whole."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def curves_picture(
    series: Mapping[str, Sequence[tuple[float, Interval]]],
    x_label: str,
    y_label: str,
    alt: str,
    log_x: bool = False,
    objectives: Mapping[str, str] | None = None,
) -> Picture:
    """Draw one line with its interval for each series; lines differ by mark and dash as well.

    Parameters
    ----------
    series : mapping
        From a name to points (x, interval).
    x_label, y_label : str
        What the axes show.
    alt : str
        What is to be seen, in words.
    log_x : bool
        Whether equal factors get equal room on the x axis.
    objectives : mapping, optional
        From a line's name to its objective, which then has the colour of its route.

    Returns
    -------
    Picture
    """
    from matplotlib.figure import Figure  # here, so that strips do without matplotlib

    figure = Figure(figsize=(8, 4.4), layout="constrained")
    axes = figure.subplots()
    for index, (name, points) in enumerate(series.items()):
        known = (objectives or {}).get(name)
        colour = colour_of(known) if known else OTHERS[index % len(OTHERS)]
        style = {"color": colour, "marker": MARKS[index % 7]}
        x = [place for place, _ in points]
        axes.plot(x, [i.mean for _, i in points], ls=DASHES[index % 7], label=name, **style)
        halves = [0 if isnan(i.half) else i.half for _, i in points]
        lows = [i.mean - half for (_, i), half in zip(points, halves, strict=True)]
        highs = [i.mean + half for (_, i), half in zip(points, halves, strict=True)]
        axes.fill_between(x, lows, highs, color=style["color"], alpha=0.12, lw=0)
    ticks = sorted({place for points in series.values() for place, _ in points})
    if log_x:
        axes.set_xscale("symlog", linthresh=ticks[0] or ticks[1])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel=x_label, ylabel=y_label)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    return Picture(_as_svg(figure), alt)


def _as_svg(figure: "Figure") -> str:
    """Save a figure so that the same figure always gives the same text."""
    import matplotlib as mpl

    with mpl.rc_context({"svg.hashsalt": "lessonlib", "svg.fonttype": "none"}):
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()[text.getvalue().index("<svg") :]


def _axes(cells: Mapping[Key, Scored]) -> tuple[list[str], list[str]]:
    known = [*ALL_OBJECTIVES, *NAMES]
    rows = sorted({row for row, _, _ in cells}, key=known.index)
    columns = sorted({column for _, column, _ in cells}, key=list(ABILITIES).index)
    return rows, columns


def objective_name(objective: str) -> str:
    """Return the name under which learners know a row."""
    return NAMES.get(objective) or ALL_OBJECTIVES[objective].title


def ability_name(ability: str) -> str:
    """Return the name under which learners know a column."""
    return ABILITIES[ability]


def _score(cells: Mapping[Key, Scored], row: str, column: str) -> float:
    cell = cells.get((row, column, "native"))
    return -1.0 if cell is None else cell.mean


def _words(cell: Scored | None) -> str:
    if cell is None:
        return "–"
    interval = "" if isnan(cell.half) else f" ± {100 * cell.half:.0f}"
    return f"{round(100 * cell.mean)}{interval}"


def _bar(
    x: float, y: float, cell: Scored | None, colour: str, star: bool, filled: bool = True
) -> str:
    if cell is None:
        return _text(x + 4, y + 12, "–", anchor="start", size=12)
    length = 62 * min(max(cell.mean, 0), 1)
    number = f"{round(100 * cell.mean)}{' ★' if star else ''}".replace("-", "−")
    return _box(x, y, length, colour, filled) + _text(x + length + 5, y + 13, number, "start", 12)


def _box(x: float, y: float, length: float, colour: str, filled: bool) -> str:
    fill = colour if filled else "none"
    return (
        f'<rect x="{x}" y="{y}" width="{length:.1f}" height="16" fill="{fill}" stroke="{colour}"/>'
    )


def _key(x: float, y: float) -> tuple[str, float]:
    """Draw what the marks mean, each beside its mark; return it and how far it reaches."""
    parts = []
    for mark, words in KEY:
        parts.append(
            _text(x, y + 13, mark, "start")
            if len(mark) == 1
            else _box(x, y, 24, OTHERS[-1], filled=mark == "filled")
        )
        x += 18 if len(mark) == 1 else 30
        parts.append(_text(x, y + 13, words, "start", 12))
        x += width_of(words, 12) + 14
    return "".join(parts), x


def _lines(x: float, bottom: float, lines: Sequence[str], anchor: str, weight: int = 400) -> list:
    """Write lines so that the last stands at `bottom`."""
    last = len(lines) - 1
    return [
        _text(x, bottom - 15 * (last - at), line, anchor, weight=weight)
        for at, line in enumerate(lines)
    ]


def _text(
    x: float, y: float, words: str, anchor: str = "middle", size: int = 13, weight: int = 400
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}" fill="{INK}">{escape(words)}</text>'
    )
