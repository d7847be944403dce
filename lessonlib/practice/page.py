"""What a practice cell shows: the same words as HTML and as plain text."""

from html import escape

from lessonlib.styles import STYLE


class Page:
    """Words that show themselves as HTML in a notebook and as plain text anywhere else.

    `html` is a fragment, without the stylesheet.
    """

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def _repr_html_(self) -> str:
        return f'{STYLE}<div class="lesson-practice">{self.html}</div>'

    def __repr__(self) -> str:
        return self.text


def paragraph(text: str) -> str:
    """Write plain text as an HTML paragraph."""
    return f"<p>{escape(text)}</p>"


def bullets(lines: list[str]) -> str:
    """Write plain texts as an HTML list."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if lines else ""


def asked(question: str) -> str:
    """Write a question as HTML."""
    return f'<p class="lesson-question">{escape(question)}</p>'


def answered(verdict: str, *reasons: str) -> str:
    """Write the answer to a question as HTML: the verdict on it, and the reasons."""
    return f"<p><strong>{escape(verdict)}</strong></p>{''.join(map(paragraph, reasons))}"


def folded(summary: str, html: str, is_open: bool = False) -> str:
    """Put HTML behind a line to click; every viewer of notebooks knows how to open it."""
    state = " open" if is_open else ""
    return (
        f'<details class="lesson-cover"{state}><summary>{escape(summary)}</summary>{html}</details>'
    )


def with_table(headings: list[str], rows: list[list[str]], *sentences: str) -> Page:
    """Make a page of a table, and sentences below it."""
    from lessonlib.views.tables import Table  # so that marking something done needs no widgets

    table = Table(headings, rows)
    html = table._repr_html_() + "".join(map(paragraph, sentences))
    return Page(html, "\n".join([repr(table), *sentences]))
