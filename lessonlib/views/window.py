"""Where the questions are in one packed window, objective by objective."""

from collections.abc import Sequence
from itertools import accumulate, groupby

import numpy as np
from numpy.typing import NDArray

from lessonlib import checks
from lessonlib.batches import span_mask
from lessonlib.batches.draws import hits
from lessonlib.exams.windows import windows
from lessonlib.views.drawing import GREY, PAPER, Picture, path, rect, svg, text, width_of, wrapped
from lessonlib.views.figures import colour_of, objective_name
from lessonlib.views.looking import KEPT
from lessonlib.views.tables import WORDS

CELL, COLUMNS, LEFT, HEAD, GAP = 9, 64, 12, 26, 20  # a token, a line of them, what is around them
RATE, SEED = 0.15, 0  # BERT's and T5's share of hidden tokens

Places = NDArray[np.bool_]


def asked_places(lengths: Sequence[int], size: int) -> dict[str, Places]:
    """Tell for each objective which tokens of the first window of `size` are asked for.

    `lengths` are those of the texts, their end tokens counted. Causal LM looks back inside each
    text only; a prefix takes half of the window.
    """
    size, rng = checks.integer(size, "size", 2), np.random.default_rng(SEED)
    texts = windows(lengths, size)[0]
    size = sum(texts)
    causal, masked = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    causal[[0, *accumulate(texts[:-1])]] = False
    masked[hits(rng, RATE, size)] = True
    spans = span_mask(size, rng, RATE, random_roll=True)
    prefix = np.arange(size) >= size // 2
    return {"causal": causal, "masked": masked, "span_corruption": spans, "prefix_lm": prefix}


def window_picture(lengths: Sequence[int], size: int) -> Picture:
    """Draw every token of a packed window as a square, dark where it is asked for."""
    asked, parts, said, top = asked_places(lengths, size), [], [], 8
    for name, places in asked.items():
        where = WORDS(f"window.{name}", stretches=_stretches(places))
        count = {"count": int(places.sum()), "size": len(places)}
        heading = WORDS("window.heading", name=objective_name(name), where=where, **count)
        parts.append(text(LEFT, top + 16, heading, fill=colour_of(name), font_weight=600))
        drawn, height = _squares(places, top + HEAD, colour_of(name))
        parts += drawn
        top += HEAD + height + GAP
        said.append(f"{heading}.")
    widest = max(CELL * COLUMNS, *(round(width_of(line, 13)) for line in said))
    for line in wrapped(WORDS("window.key"), widest, 12):
        parts.append(text(LEFT, top + 6, line, size=12, fill=GREY))
        top += 16
    alt = WORDS("window.alt", panels=" ".join(said))
    return Picture(svg(2 * LEFT + widest, top + 6, *parts), alt)


def _stretches(places: Places) -> int:
    return sum(asked for asked, _ in groupby(places.tolist()))


def _squares(places: Places, top: int, colour: str) -> tuple[list[str], int]:
    """Draw runs of squares, told apart by a grid on top; return how high they are, too."""
    parts, lines = [], -(-len(places) // COLUMNS)
    for line in range(lines):
        x, y = LEFT, top + CELL * line
        for asked, run in groupby(places[line * COLUMNS : (line + 1) * COLUMNS].tolist()):
            width = CELL * len(list(run))
            parts.append(rect(x, y, width, CELL, fill=colour if asked else KEPT))
            x += width
    across, down = range(0, lines + 1), range(0, COLUMNS + 1)
    grid = "".join(f"M{LEFT} {top + CELL * n} h{CELL * COLUMNS}" for n in across)
    grid += "".join(f"M{LEFT + CELL * n} {top} v{CELL * lines}" for n in down)
    return [*parts, path(grid, stroke=PAPER, stroke_width=1.5)], CELL * lines
