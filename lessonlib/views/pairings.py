"""The right pairing and the wrong one on one axis: how loss and valid sentences part company."""

from collections.abc import Iterable, Sequence

import numpy as np

from lessonlib.exams.sentences.pairings import Pairing
from lessonlib.views.drawing import GREY, Picture, path, svg, text, width_of
from lessonlib.views.figures import colour_of
from lessonlib.views.matrix import OTHERS, RULE
from lessonlib.views.tables import WORDS

LEFT, TOP, WIDE, HIGH, BETWEEN = 56, 84, 330, 190, 56  # a panel, and the room between two
TOGETHER = 10  # steps whose losses are one point of a line
DASHES = "6 4"
COLOURS = {"right_pairing": colour_of("causal"), "wrong_pairing": OTHERS[0]}

Point = tuple[float, float]  # steps and a share


def pairings_picture(right: Pairing, wrong: Pairing) -> Picture:
    """Draw what happens to the loss and to what is written while both pairings train.

    The loss is shown as a share of the first one, so that it has room on the same axis.
    """
    parts, said = [*_key()], []
    for number, (name, pairing) in enumerate(zip(COLOURS, (right, wrong), strict=True)):
        parts += _panel(name, pairing, LEFT + number * (WIDE + BETWEEN), first=number == 0)
        ends = {"loss": _losses(pairing)[-1][1], "valid": pairing.valid}
        shares = {key: f"{share:.0%}" for key, share in ends.items()}
        said.append(WORDS("pairings.panel", name=WORDS(f"training.{name}"), **shares))
    whole = svg(LEFT + 2 * WIDE + BETWEEN + 24, TOP + HIGH + 52, *parts)
    return Picture(whole, WORDS("pairings.alt", panels=" ".join(said)))


def _key() -> list[str]:
    loss, valid = WORDS("pairings.loss"), WORDS("pairings.valid")
    second = LEFT + 42 + round(width_of(loss, 12))
    return [
        path(f"M{LEFT} 22 h30", stroke=GREY, stroke_width=2, stroke_dasharray=DASHES),
        text(LEFT + 36, 26, loss, size=12),
        path(f"M{second} 22 h30", stroke=GREY, stroke_width=4),
        text(second + 36, 26, valid, size=12),
    ]


def _panel(name: str, pairing: Pairing, left: int, first: bool) -> list[str]:
    floor, steps = TOP + HIGH, len(pairing.losses)
    colour = COLOURS[name]
    parts = [
        text(left, TOP - 18, WORDS(f"training.{name}"), font_weight=600, fill=colour),
        text(left + WIDE / 2, floor + 38, WORDS("pairings.steps"), "middle", 12, fill=GREY),
    ]
    for share in (0, 50, 100):
        y = floor - HIGH * share / 100
        parts.append(path(f"M{left} {y:g} h{WIDE}", stroke=RULE))
        if first:
            parts.append(text(left - 8, y + 4, f"{share} %", "end", 11, fill=GREY))
    for step in (0, steps // 2, steps):
        x = left + WIDE * step / steps
        parts.append(text(x, floor + 18, str(step), "middle", 11, fill=GREY))

    def line(points: Iterable[Point], **look: object) -> str:
        places = (f"{left + WIDE * x / steps:.0f},{floor - HIGH * y:.0f}" for x, y in points)
        return path(f"M{' '.join(places)}", **look)

    written = line(pairing.valid_after.items(), stroke=colour, stroke_width=4)
    losses = line(_losses(pairing), stroke=GREY, stroke_width=2, stroke_dasharray=DASHES)
    return [*parts, written, losses]


def _losses(pairing: Pairing) -> Sequence[Point]:
    """Return mean losses as shares of the first one, each at the middle of its steps."""
    losses = np.array(pairing.losses) / pairing.losses[0]
    starts = range(0, len(losses), TOGETHER)
    means = [(at + TOGETHER / 2, losses[at : at + TOGETHER].mean()) for at in starts]
    return [(0, 1.0), *means[:-1], (len(losses), means[-1][1])]
