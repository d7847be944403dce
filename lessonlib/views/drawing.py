"""Pictures with words, and the parts of an SVG: a part is a string, and y grows downwards."""

from base64 import b64encode
from html import escape
from textwrap import wrap

from lessonlib.styles import STYLE
from lessonlib.views.tables import WORDS

SHORTEST_ALT = 12
INK, GREY, PAPER = "#1f2328", "#57606a", "#ffffff"
LETTER = 0.62  # width of a letter for each unit of its font size, on the safe side


class Picture:
    """An SVG picture that says in words, of at least 12 characters, what is to be seen.

    It is shown as an ``<img>`` with alt text, which screen readers and GitHub understand. On a dark
    page it is dark, unless its colours are to stay `as_it_is`, as in a photograph.
    """

    def __init__(self, svg: str, alt: str, as_it_is: bool = False) -> None:
        if len(alt.strip()) < SHORTEST_ALT:
            raise ValueError(WORDS("errors.short_alt", alt=alt, least=SHORTEST_ALT))
        self.svg, self.alt, self.as_it_is = svg, alt, as_it_is

    def html(self) -> str:
        """Return the ``<img>`` element, without the stylesheet."""
        data = f"data:image/svg+xml;base64,{b64encode(self.svg.encode()).decode()}"
        kind = "" if self.as_it_is else 'class="lesson-drawing" '
        said = f'{kind}alt="{escape(self.alt)}" style="max-width:100%;height:auto"'
        return f'<img {said} src="{data}">'

    def _repr_html_(self) -> str:
        return self.html() if self.as_it_is else STYLE + self.html()

    def __repr__(self) -> str:
        return WORDS("picture", alt=self.alt)


def svg(width: float, height: float, *parts: str) -> str:
    """Put parts on a light ground of their own, readable in a dark theme too."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" fill="{INK}">'
        f"{rect(0, 0, width, height, rx=8, fill=PAPER)}{''.join(parts)}</svg>"
    )


def rect(x: float, y: float, width: float, height: float, **look: object) -> str:
    """Draw a rectangle; `look` are attributes of SVG, with "_" where SVG has "-"."""
    return _part("rect", x=x, y=y, width=width, height=height, **look)


def path(steps: str, **look: object) -> str:
    """Draw a line along the steps of SVG's own language."""
    return _part("path", d=steps, **{"fill": "none"} | look)


def dot(x: float, y: float, fill: str = PAPER, r: float = 2.5) -> str:
    """Draw a small disc with an edge."""
    return _part("circle", cx=x, cy=y, r=r, fill=fill, stroke=INK)


def text(
    x: float, y: float, words: str, anchor: str = "start", size: int = 13, **look: object
) -> str:
    """Write one line; `anchor` says which part of it stands at `x`."""
    place = {"x": x, "y": y} | ({} if anchor == "start" else {"text_anchor": anchor})
    return _part("text", escape(words), **place, font_size=size, **look)


def _part(name: str, inside: str = "", **look: object) -> str:
    said = "".join(f' {key.replace("_", "-")}="{_short(value)}"' for key, value in look.items())
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def moved(drawn: str, x: float, y: float) -> str:
    """Move what is drawn."""
    return _part("g", drawn, transform=f"translate({_short(x)} {_short(y)})")


def width_of(words: str, size: int) -> float:
    """Return how wide a line of text may be drawn, in pixels."""
    return LETTER * size * len(words)


def wrapped(words: str, room: float, size: int) -> list[str]:
    """Break a name into lines that fit; a single word that does not stays whole."""
    letters = int(room / (LETTER * size))
    return wrap(words, letters, break_long_words=False, break_on_hyphens=False)
