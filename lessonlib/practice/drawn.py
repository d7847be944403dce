"""The sample that belongs to a question of the inventory: rows of tokens, or who may look where."""

from collections.abc import Mapping, Sequence
from typing import Any

from lessonlib.attention import Mask, mask
from lessonlib.samples import is_special
from lessonlib.views.drawing import GREY, INK, Picture, rect, svg, text, width_of
from lessonlib.views.strips import NARROWEST, NO_QUESTION, Cell, rows_strip
from lessonlib.words import Words

WORDS = Words("practice")

Drawn = Mapping[str, Any]  # as it is written in concepts.toml
HIDDEN = "×"
KIND = "decoder-only"  # only decides the colour, which must not give an answer away
SQUARE, TOP = 22, 34  # a square with the room around it, and what is above the squares
LINE = "#8c959f"  # around a square where nothing may be seen
LETTERS = 12  # the size of the tokens' names


def drawn_html(drawn: Drawn) -> str:
    """Draw a sample; its sentence is below it, or is what a screen reader says of a picture."""
    if "_mask" in drawn:
        return _grid(drawn["_tokens"].split(), mask(*drawn["_mask"]), drawn["says"]).html()
    rows = [(row["name"], [*map(_cell, row["_tokens"].split())]) for row in drawn["rows"]]
    columns = max(len(cells) for _, cells in rows)
    letters = max(NARROWEST, *(len(token) for _, cells in rows for token, _ in cells))
    return rows_strip([rows], drawn["says"], KIND, columns, letters)


def drawn_text(drawn: Drawn) -> list[str]:
    """Write a sample in letters alone, for terminals and stored plain-text output."""
    rows = drawn.get("rows", [])
    return [drawn["says"], *(f"  {row['name']}: {row['_tokens']}" for row in rows)]


def _cell(token: str) -> Cell:
    kind = "aside" if token in (NO_QUESTION, HIDDEN) else "marker" if is_special(token) else "read"
    return token, kind


def _grid(tokens: Sequence[str], may_look: Mask, alt: str) -> Picture:
    """Draw a row and a column for each token, by number and name; what is asked is left open."""
    left = 30 + max(width_of(token, LETTERS) for token in tokens)
    parts = []
    for place, token in enumerate(tokens):
        x, y = left + SQUARE * place + SQUARE / 2 - 2, TOP + SQUARE * place
        parts.append(text(x, TOP - 8, str(place), "middle", LETTERS, fill=GREY))
        parts.append(text(left - 8, y + 14, f"{token} {place}", "end", LETTERS))
        for column, may in enumerate(may_look[place]):
            look = {"fill": INK} if may else {"fill": "none", "stroke": LINE}
            parts.append(rect(left + SQUARE * column, y, SQUARE - 4, SQUARE - 4, rx=2, **look))
    size, key = SQUARE * len(tokens), WORDS("inventory.grid_key")
    parts.append(text(12, TOP + size + 16, key, size=LETTERS, fill=GREY))
    width = max(left + size, width_of(key, LETTERS)) + 24
    return Picture(svg(width, TOP + size + 28, *parts), alt)
