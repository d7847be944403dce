"""The map of the course, bar charts, and the colours of the routes."""

from collections.abc import Sequence

from lessonlib.samples import objectives
from lessonlib.samples.pictures import picture_objectives
from lessonlib.samples.registry import BOTH, DECODER, ENCODER
from lessonlib.styles import accent
from lessonlib.views.drawing import GREY, PAPER, Picture, path, rect, svg, text, wrapped
from lessonlib.views.tables import WORDS

ROUTES = ("causal", "masked", "span_corruption")
ALL_OBJECTIVES = {**objectives, **picture_objectives}

# The three routes, as in strips.css; what is on none of them is grey.
COLOURS = {kind: accent(kind) for kind in (DECODER, ENCODER, BOTH)}
KIN = {  # the same objective with another loss, or by another rule of hiding
    "sigmoid": "contrastive",
    "masked_at_every_rate": "masked",
    "any_number_of_blanks": "masked",
    "t5_spans": "span_corruption",
    "t5_spans_rolled": "span_corruption",
    "spans_and_endings": "span_corruption",
}


def colour_of(objective: str) -> str:
    """Return the colour of an objective's route, the same in every picture of the course."""
    row = ALL_OBJECTIVES.get(KIN.get(objective, objective))
    return COLOURS.get(row.architectures[0], GREY) if row else GREY


def objective_name(objective: str) -> str:
    """Return the name under which learners know an objective, or a row of a matrix."""
    known = WORDS.texts["rows"].get(objective)
    return known or ALL_OBJECTIVES[objective].title


def ability_name(ability: str) -> str:
    """Return the name under which learners know an ability."""
    return WORDS(f"abilities.{ability}")


def routes_map() -> Picture:
    """Draw the map of the course: one text, three rules, three kinds of practice."""
    middle, said = 170, []
    parts = [_box(16, middle - 34, 130, 68, GREY, WORDS("map.text"), WORDS("map.read"))]
    for route, top in zip(ROUTES, (20, 130, 240), strict=True):
        row = objectives[route]
        colour, centre = colour_of(route), top + 40
        asks = WORDS("map.asks", asked=row.asked)
        parts += [
            _arrow(146, middle, 196, centre, colour),
            _box(200, top, 230, 80, colour, row.title, asks),
            _arrow(430, centre, 476, centre, colour),
            _box(480, top, 250, 80, colour, WORDS("map.practises"), row.practises),
            _arrow(730, centre, 776, centre, colour),
            _box(780, top, 104, 80, colour, WORDS("map.known_from"), row.family),
        ]
        known = {name: getattr(row, name) for name in ("title", "practises", "family")}
        said.append(WORDS("map.route", **known))
    return Picture(svg(900, 340, *parts), WORDS("map.alt", routes=" ".join(said)))


def bars(values: Sequence[float], labels: Sequence[str], alt: str) -> Picture:
    """Draw a bar for each share (none negative), with its per cent above and its label below."""
    high, wide, gap = 130, 30, 6
    top, parts = max(max(values), 1e-9), []
    for index, (value, label) in enumerate(zip(values, labels, strict=True)):
        x, length = gap + index * (wide + gap), 86 * value / top
        y = high - 22 - length
        parts += [
            rect(x, y, wide, length, fill=COLOURS[BOTH]),
            text(x + wide / 2, y - 4, f"{value:.0f}%", "middle", 11),
            text(x + wide / 2, high - 8, label, "middle", 11),
        ]
    return Picture(svg(len(values) * (wide + gap) + gap, high, *parts), alt)


def _box(x: int, y: int, width: int, height: int, colour: str, title: str, words: str) -> str:
    lines = wrapped(words, 1.16 * (width - 20), 13)  # the letters of a sentence are narrow
    middle, first = x + width / 2, y + height / 2 - 9 * len(lines) + 4
    written = [text(middle, first + 18 * nth, line, "middle") for nth, line in enumerate(lines, 1)]
    head = text(middle, first, title, "middle", 14, font_weight=600, fill=colour)
    edge = rect(x, y, width, height, rx=8, fill=PAPER, stroke=colour, stroke_width=2)
    return "".join([edge, head, *written])


def _arrow(x1: int, y1: int, x2: int, y2: int, colour: str) -> str:
    half = (x1 + x2) // 2
    line = path(f"M{x1} {y1} C{half} {y1} {half} {y2} {x2 - 6} {y2}", stroke=colour, stroke_width=2)
    return line + path(f"M{x2} {y2} l-9 -5 v10 z", fill=colour)
