"""Samples with their masks: what each position may read, what it must say, what writing keeps."""

from collections.abc import Sequence
from math import radians, sin

import numpy as np

from lessonlib.attention import EncoderDecoderMask, Mask
from lessonlib.samples import Sample
from lessonlib.views.drawing import GREY, INK, Picture, path, rect, svg, text, width_of
from lessonlib.views.figures import colour_of, objective_name
from lessonlib.views.strips import NO_QUESTION, count_questions, who_may_look
from lessonlib.views.tables import WORDS

CELL, NAMES, FOOT = 24, 124, 26  # a cell, the rows' names, the room below a panel
STEPS = 62  # where the steps of writing begin
SLANT = -40  # degrees, of the names above the columns
KEPT, NOTHING = "#afb8c1", "#8c959f"  # to be seen on white, and turned round on black


def looking_picture(*samples: Sample) -> Picture:
    """Draw samples below each other: a row for each position that reads, and what it must say.

    The columns are the tokens that are read. A square says that the row may look there; at its end
    stands what the row must say, or a dot where nothing is asked.
    """
    parts, top, widest, said = [], 8, 0, []
    for sample in samples:
        drawn, height, width = _panel(sample, top)
        parts += drawn
        top, widest = top + height, max(widest, width)
        name, counted = objective_name(sample.objective), count_questions(sample)
        said.append(WORDS("looking.panel", name=name, counted=counted, looks=who_may_look(sample)))
    alt = WORDS("looking.alt", panels=" ".join(said))
    return Picture(svg(widest, top, *parts), alt)


def cache_picture(tokens: Sequence[str]) -> Picture:
    """Draw what is worked out anew at each step of writing, with each of two masks.

    With a causal mask what was worked out before stays right; with one that shows everything each
    new token changes all of it.
    """
    size = len(tokens)
    panels = {"causal": np.eye(size, dtype=bool), "everything": np.tri(size, dtype=bool)}
    width = NAMES + CELL * size + 60
    parts, x = [], 12.0
    for name, fill in (("new", INK), ("kept", KEPT)):
        said = WORDS(f"cache.{name}")
        parts += [rect(x, 8, CELL - 8, CELL - 8, fill=fill), text(x + 24, 21, said, size=12)]
        x += 40 + width_of(said, 12)
    for place, (name, new) in enumerate(panels.items()):
        left = place * width
        parts.append(text(left + 12, 48, WORDS(f"cache.{name}"), font_weight=600))
        for step in range(size):
            y = STEPS + CELL * step
            parts.append(text(left + NAMES - 10, y + 16, tokens[step], "end"))
            for column in range(step + 1):
                filled = INK if new[step, column] else KEPT
                square = rect(left + NAMES + CELL * column, y, CELL - 4, CELL - 4, fill=filled)
                parts.append(square)
    counts = {name: int(new.sum()) for name, new in panels.items()}
    drawn = svg(2 * width, STEPS + CELL * size + 10, *parts)
    return Picture(drawn, WORDS("cache.alt", size=size, **counts))


def _panel(sample: Sample, top: int) -> tuple[list[str], int, int]:
    """Draw one sample; also return how high and how wide it is."""
    colour, mask = colour_of(sample.objective), _rows_look_at(sample)
    columns = [*(sample.source or []), *sample.inputs]
    slanted = max(width_of(str(token), 12) for token in columns)
    head = 34 + round(slanted * sin(radians(-SLANT)))
    first = top + head
    parts = [text(12, top + 16, objective_name(sample.objective), font_weight=600, fill=colour)]
    for column, token in enumerate(columns):
        x = NAMES + CELL * column + CELL // 2
        turned = f"rotate({SLANT} {x} {first - 6})"
        parts.append(text(x, first - 6, str(token), size=12, transform=turned))
    for row, token in enumerate(sample.inputs):
        y = first + CELL * row
        parts.append(text(NAMES - 10, y + 16, str(token), "end", 12))
        parts += [_cell(NAMES + CELL * k, y, may, colour) for k, may in enumerate(mask[row])]
        parts.append(_answer(sample, row, NAMES + CELL * len(columns) + 10, y + 16, colour))
    if sample.source is not None:
        x = NAMES + CELL * len(sample.source) - 2
        line = path(f"M{x} {first - 4} v{CELL * len(sample.inputs) + 4}", stroke=GREY)
        parts += [line]
    answers = max(width_of(str(target), 13) for target in sample.targets)
    width = NAMES + CELL * len(columns) + max(answers + 50, slanted)
    return parts, head + CELL * len(sample.inputs) + FOOT, round(width)


def _rows_look_at(sample: Sample) -> Mask:
    """Return where each position of the predicting stack may look: source first, then inputs."""
    mask = sample.attention_mask
    if isinstance(mask, EncoderDecoderMask):
        return np.hstack([mask.cross, mask.decoder])
    return mask


def _cell(x: float, y: float, may_look: bool, colour: str) -> str:
    if may_look:
        return rect(x, y, CELL - 4, CELL - 4, rx=3, fill=colour)
    return rect(x + CELL / 2 - 4, y + CELL / 2 - 4, 4, 4, fill=NOTHING)


def _answer(sample: Sample, row: int, x: float, y: float, colour: str) -> str:
    if not sample.loss_mask[row]:
        return text(x, y, NO_QUESTION, fill=GREY)
    asked = WORDS("looking.says", token=sample.targets[row])
    return text(x, y, asked, font_weight=600, fill=colour)
