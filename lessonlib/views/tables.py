"""Tables made from the registry of objectives, so that no table can fall behind the code."""

from collections.abc import Sequence
from html import escape

from lessonlib.checks import one_of
from lessonlib.samples import objectives

HEADINGS = {
    "reads": "The model reads",
    "asked": "It is asked for",
    "practises": "So it practises",
    "family": "Known from",
}


class Table:
    """A table with row names that reads as HTML, without styles, and as plain text.

    Parameters
    ----------
    headings : sequence of str
        One heading per column, the first over the row names.
    rows : sequence of sequence of str
        The cells; one that has a ``_repr_html_`` of its own, such as a link, is shown by that.
    """

    def __init__(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.headings, self.rows = headings, rows

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="text-align:left">{escape(h)}</th>' for h in self.headings
        )
        body = "".join(f"<tr>{_html_row(row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        lines = [self.headings, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.headings))]
        return "\n".join(
            "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )


def comparison_table(*names: str, columns: Sequence[str] = tuple(HEADINGS)) -> Table:
    """Compare objectives by what is read, asked and practised.

    Parameters
    ----------
    *names : str
        Names of objectives; all of them if none is given.
    columns : sequence of str
        Some of ``"reads"``, ``"asked"``, ``"practises"``, ``"family"``.

    Returns
    -------
    Table
        One row per objective.

    Raises
    ------
    TypeError, ValueError
        If a name or a column is unknown.
    """
    for name in names:
        one_of(name, "name", objectives)
    for column in columns:
        one_of(column, "column", HEADINGS)
    rows = [
        [objectives[name].title, *(getattr(objectives[name], column) for column in columns)]
        for name in names or objectives
    ]
    return Table(["Objective", *(HEADINGS[column] for column in columns)], rows)


def _html_row(cells: Sequence[str]) -> str:
    name, *others = cells
    cell = '<td style="text-align:left">{}</td>'
    return f'<th scope="row" style="text-align:left">{_html(name)}</th>' + "".join(
        cell.format(_html(text)) for text in others
    )


def _html(text: str) -> str:
    return text._repr_html_() if hasattr(text, "_repr_html_") else escape(text)
