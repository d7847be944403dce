"""The family of objectives: what each new one changed in what is hidden, asked and looked at."""

from itertools import groupby

from lessonlib.samples.registry import BOTH, DECODER, ENCODER
from lessonlib.views.drawing import GREY, INK, PAPER, Picture, path, rect, svg, text, wrapped
from lessonlib.views.figures import COLOURS
from lessonlib.views.tables import WORDS

YEAR, NAME, FIRST, COLUMN = 12, 92, 206, 222  # where each begins, and how wide a column is
HEAD, LINE, GAP = 40, 16, 10
SHAPES = {DECODER: "circle", ENCODER: "square", BOTH: "diamond"}
COLUMNS = ("hides", "asks", "looks")


def family_picture() -> Picture:
    """Draw a line of years with a row for each objective; its sign tells the architecture."""
    rows = WORDS.texts["family"]["rows"]
    parts = [
        text(FIRST + COLUMN * k, HEAD - 14, WORDS(f"family.{name}"), font_weight=600)
        for k, name in enumerate(COLUMNS)
    ]
    top, said = HEAD, []
    for year, members in groupby(rows, key=lambda row: row["_year"]):
        parts.append(text(YEAR, top + 14, str(year), font_weight=600))
        for row in members:
            drawn, height = _row(row, top)
            parts += drawn
            top += height
            said.append(WORDS("family.row", year=year, **{key: row[key] for key in SAID}))
    spine = path(f"M{NAME - 20} {HEAD - 4} V{top - GAP}", stroke=GREY)
    foot = [text(YEAR, top + 14, WORDS("family.key"), size=12, fill=GREY)]
    whole = svg(FIRST + COLUMN * len(COLUMNS), top + 26, spine, *parts, *foot)
    return Picture(whole, WORDS("family.alt", rows=" ".join(said)))


SAID = ("name", *COLUMNS)


def _row(row: dict[str, str], top: int) -> tuple[list[str], int]:
    built = [row[key] for key in ("_architecture", "_also") if key in row]
    colour = COLOURS[built[0]] if len(built) == 1 else INK
    parts = [text(NAME, top + 14, row["name"], font_weight=600, fill=colour)]
    for number, architecture in enumerate(built):
        x = NAME - 20 + 14 * (number - (len(built) - 1) / 2)
        parts.append(_sign(SHAPES[architecture], x, top + 10, COLOURS[architecture]))
    most = 1
    for k, column in enumerate(COLUMNS):
        lines = wrapped(row[column], 1.16 * (COLUMN - 14), 12)
        most = max(most, len(lines))
        parts += [
            text(FIRST + COLUMN * k, top + 14 + LINE * nth, line, size=12)
            for nth, line in enumerate(lines)
        ]
    return parts, LINE * most + GAP


def _sign(shape: str, x: float, y: float, colour: str) -> str:
    if shape == "circle":
        return rect(x - 6, y - 6, 12, 12, rx=6, fill=colour, stroke=PAPER)
    turned = {"transform": f"rotate(45 {x} {y})"} if shape == "diamond" else {}
    return rect(x - 5, y - 5, 10, 10, fill=colour, stroke=PAPER, **turned)
