"""Tables made from the registry of objectives, so that no table can fall behind the code."""

from collections.abc import Sequence
from html import escape

from lessonlib.checks import one_of
from lessonlib.samples import objectives
from lessonlib.words import Words

WORDS = Words("views")
COLUMNS = ("reads", "asked", "practises", "family")


class Table:
    """A table that reads as HTML, without styles, and as plain text; a row begins with its name.

    A cell that has a ``_repr_html_`` of its own, such as a link, is shown by that.
    """

    def __init__(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.headings, self.rows = headings, rows

    def _repr_html_(self) -> str:
        rows = [[_html(text) for text in row] for row in self.rows]
        return table_html([escape(text) for text in self.headings], rows)

    def __repr__(self) -> str:
        lines = [self.headings, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.headings))]
        filled = ([c.ljust(w) for c, w in zip(line, widths, strict=True)] for line in lines)
        return "\n".join("  ".join(cells).rstrip() for cells in filled)


def table_html(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table whose cells are HTML; the first cell of a row is its name."""
    left = 'style="text-align:left"'
    head = "".join(f'<th scope="col" {left}>{heading}</th>' for heading in headings)
    body = ""
    for name, *cells in rows:
        line = "".join(f"<td {left}>{cell}</td>" for cell in cells)
        body += f'<tr><th scope="row" {left}>{name}</th>{line}</tr>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def comparison_table(*names: str, columns: Sequence[str] = COLUMNS) -> Table:
    """Compare objectives, all of them if none is named, by what is read, asked and practised."""
    for name in names:
        one_of(name, "name", objectives)
    for column in columns:
        one_of(column, "column", COLUMNS)
    rows = [
        [getattr(objectives[name], column) for column in ("title", *columns)]
        for name in names or objectives
    ]
    headings = ["Objective", *columns]
    return Table([WORDS(f"headings.{heading}") for heading in headings], rows)


def _html(text: str) -> str:
    return text._repr_html_() if hasattr(text, "_repr_html_") else escape(text)
