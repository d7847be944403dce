"""Cells of a submission as a reader sees them: Markdown, code, and what code has shown."""

from collections.abc import Callable, Iterable
from typing import Any

from lessonlib.grading.intake.around import Piece, joined
from lessonlib.grading.paper.hypertext import clean
from lessonlib.grading.paper.markdown import rendered
from lessonlib.grading.paper.pictures import drawing, picture
from lessonlib.grading.paper.text import escaped
from lessonlib.grading.paper.words import WORDS

MOST_OUTPUTS = 60  # of one cell
MOST_LETTERS = 60_000  # of what one cell printed
PICTURES = ("image/png", "image/jpeg", "image/gif")


def shown(piece: Piece, with_source: bool = True) -> str:
    """Return a cell as HTML, with what is stored as its outputs."""
    if not piece.cell.code:
        return box(rendered(piece.cell.source, _attached(piece)))
    source = preformatted(piece.cell.source) if with_source else ""
    outputs = [html for html in map(_output, piece.outputs[:MOST_OUTPUTS]) if html]
    if len(piece.outputs) > MOST_OUTPUTS:
        outputs.append(_too_much())
    heading = f"<h4>{WORDS('marking.printed')}</h4>" if outputs else ""
    return "\n".join([source, heading, *map(box, outputs)])


def box(html: str) -> str:
    """Return cleaned HTML in a box that nothing gets out of."""
    return f'<div class="handed-in" tabindex="0">{html}</div>'


def preformatted(text: str) -> str:
    """Return a text as HTML with its line breaks."""
    return f'<pre tabindex="0"><bdi>{escaped(text)}</bdi></pre>' if text else ""


def _attached(piece: Piece) -> Callable[[str], str]:
    def find(address: str) -> str:
        kinds = piece.attachments.get(address.removeprefix("attachment:"))
        return _picture(kinds) if isinstance(kinds, dict) else ""

    return find


def _output(output: dict[str, Any]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return _printed(joined(output.get("text")))
    if kind == "error":
        return _printed("\n".join(map(str, _list(output.get("traceback")))))
    data = output.get("data")
    return _richest(data) if isinstance(data, dict) else ""


def _richest(data: dict[str, Any]) -> str:
    """Return what a notebook would show of several forms of one thing."""
    if html := joined(data.get("text/html")):
        return clean(html)
    if text := joined(data.get("text/markdown")) or joined(data.get("text/latex")):
        return rendered(text)
    if address := _picture(data):
        alt = escaped(joined(data.get("text/plain"))[:200] or WORDS("marking.picture"))
        return f'<img src="{address}" alt="{alt}">'
    if any(name.startswith(("image/", "audio/", "video/")) for name in data):
        return _too_much()
    return _printed(joined(data.get("text/plain")))


def _picture(data: dict[str, Any]) -> str:
    found = (picture(joined(data[kind])) for kind in PICTURES if kind in data)
    return next(filter(None, found), "") or drawing(joined(data.get("image/svg+xml")))


def _printed(text: str) -> str:
    more = _too_much() if len(text) > MOST_LETTERS else ""
    return f"<pre>{escaped(text[:MOST_LETTERS])}</pre>{more}" if text.strip() else ""


def _too_much() -> str:
    return f"<p><em>{WORDS('marking.not_shown')}</em></p>"


def _list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
