"""Pictures with words: every figure of the course is shown through `Picture`, with alt text."""

from base64 import b64encode
from html import escape

from lessonlib.samples import objectives
from lessonlib.views.strips import ALL_OBJECTIVES

SHORTEST_ALT = 12
ROUTES = ("causal", "masked", "span_corruption")

# The three routes, as in strips.css; what is on none of them is grey.
COLOURS = {"decoder-only": "#0068a3", "encoder-only": "#a34000", "encoder-decoder": "#00694e"}
GREY = "#57606a"
KIN = {"sigmoid": "contrastive"}  # the same objective with another loss

# A dark page turns a drawing's lightness round and keeps its hues.
STYLE = (
    "<style>[data-jp-theme-light=false] .lesson-drawing"
    "{filter:invert(1) hue-rotate(180deg)}</style>"
)


def colour_of(objective: str) -> str:
    """Return the colour of an objective's route, the same in every picture of the course."""
    row = ALL_OBJECTIVES.get(KIN.get(objective, objective))
    return COLOURS.get(row.architectures[0], GREY) if row else GREY


class Picture:
    """An SVG picture that says in words what it shows.

    It is shown as an ``<img>`` with alt text, which JupyterLab, screen readers and GitHub
    understand. On a dark page of JupyterLab it is dark, elsewhere it keeps its own light ground.

    Parameters
    ----------
    svg : str
        The drawing, a whole ``<svg>`` element.
    alt : str
        What is to be seen, in at least 12 characters.
    as_it_is : bool
        Whether its colours mean themselves, as in a photograph, and stay on a dark page.

    Raises
    ------
    ValueError
        If `alt` is too short to say anything.
    """

    def __init__(self, svg: str, alt: str, as_it_is: bool = False) -> None:
        if len(alt.strip()) < SHORTEST_ALT:
            raise ValueError(
                f"alt={alt!r} is too short; say in {SHORTEST_ALT} characters or more what is seen"
            )
        self.svg, self.alt, self.as_it_is = svg, alt, as_it_is

    def _repr_html_(self) -> str:
        data = b64encode(self.svg.encode()).decode()
        style, kind = ("", "") if self.as_it_is else (STYLE, 'class="lesson-drawing" ')
        return (
            f'{style}<img {kind}alt="{escape(self.alt)}" style="max-width:100%;height:auto" '
            f'src="data:image/svg+xml;base64,{data}">'
        )

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"


def routes_map() -> Picture:
    """Draw the map of the course: one text, three rules, three kinds of practice.

    Returns
    -------
    Picture
    """
    middle = 170
    parts = [
        _box(16, middle - 34, 130, 68, "#57606a", ["one text,", "read by all"]),
    ]
    for route, top in zip(ROUTES, (20, 130, 240), strict=True):
        row = objectives[route]
        colour, centre = colour_of(route), top + 40
        parts += [
            _arrow(146, middle, 196, centre, colour),
            _box(200, top, 230, 80, colour, [row.title, f"asks for {row.asked}"]),
            _arrow(430, centre, 476, centre, colour),
            _box(480, top, 250, 80, colour, ["practises", row.practises]),
            _arrow(730, centre, 776, centre, colour),
            _box(780, top, 104, 80, colour, ["known from", row.family]),
        ]
    sentences = (
        f"{objectives[r].title} practises: {objectives[r].practises} "
        f"(known from {objectives[r].family})."
        for r in ROUTES
    )
    alt = "Map. The same text goes into three rules. " + " ".join(sentences)
    return Picture(svg(900, 340, "".join(parts)), alt)


def svg(width: int, height: int, body: str) -> str:
    """Put drawn parts on a light ground of their own, readable in a dark theme too."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif">'
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>{body}</svg>'
    )


def _box(x: int, y: int, width: int, height: int, colour: str, lines: list[str]) -> str:
    """Draw a box whose first line is bold and whose second is wrapped."""
    title, text = lines
    wrapped = _wrap(text, (width - 20) // 7)
    first = y + height / 2 - 9 * len(wrapped) + 4
    spans = "".join(
        f'<text x="{x + width / 2}" y="{first + 18 * (i + 1)}" text-anchor="middle" '
        f'font-size="13" fill="#1f2328">{escape(line)}</text>'
        for i, line in enumerate(wrapped)
    )
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="#ffffff" '
        f'stroke="{colour}" stroke-width="2"/>'
        f'<text x="{x + width / 2}" y="{first}" text-anchor="middle" font-size="14" '
        f'font-weight="600" fill="{colour}">{escape(title)}</text>{spans}'
    )


def _arrow(x1: int, y1: int, x2: int, y2: int, colour: str) -> str:
    return (
        f'<path d="M{x1} {y1} C{(x1 + x2) // 2} {y1} {(x1 + x2) // 2} {y2} {x2 - 6} {y2}" '
        f'fill="none" stroke="{colour}" stroke-width="2"/>'
        f'<path d="M{x2} {y2} l-9 -5 v10 z" fill="{colour}"/>'
    )


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
