"""Slides: one deck for each notebook of the lesson, one slide for each of its headings."""

import re
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lessonlib.practice.course import Step
from lessonlib.site import plain
from lessonlib.site.formulas import mathml
from lessonlib.site.pages import Page, pages
from lessonlib.site.tables import without_empty_headings
from lessonlib.words import Words

WORDS = Words("site")

FOLDER = "slides"
UP = "../"

_COLOURS = {
    "a11y-high-contrast-light": ".code",
    "a11y-high-contrast-dark": "[data-theme=dark] .code",
}
_TO_THE_COURSE = re.compile(
    r'href="(?:\.\./)?(?P<folder>(?:notebooks|exercises)/)?(?P<name>[^":/#]+)\.(?:ipynb|md)(?=["#])'
)


def build(course: Path, out: Path) -> None:
    """Make the slides of a course in ``out/slides``, with a list of them all."""
    plain.write(out)
    folder = out / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    decks = [page for page in pages(course, UP) if page.step.folder == "notebooks"]
    for page in decks:
        (folder / _file(page.step)).write_text(deck(page), "utf-8")
    (folder / "index.html").write_text(_all_decks([page.step for page in decks]), "utf-8")
    shutil.copy(plain.HERE / "slides.js", folder / "slides.js")
    (folder / "code.css").write_text(_code_colours(), "utf-8")


def deck(page: Page) -> str:
    """Return a notebook's slides as one page."""
    slides = list(_slides(page))
    shown = "\n".join(_slide(number, len(slides), cells) for number, cells in enumerate(slides, 1))
    title = WORDS("slides.title", title=page.step.title)
    head = '<link rel="stylesheet" href="code.css">\n<script defer src="slides.js"></script>\n'
    body = f'<body class="deck">\n<main>\n{shown}\n</main>\n{_turns(page, len(slides))}\n</body>'
    return plain.page(title, body, UP, head)


def _slides(page: Page) -> Iterator[list[NotebookNode]]:
    """Part a notebook's cells where its metadata says that a slide begins."""
    slide: list[NotebookNode] = []
    for cell in page.cells:
        if slide and cell.metadata.get("slideshow", {}).get("slide_type") == "slide":
            yield slide
            slide = []
        slide.append(cell)
    yield slide


def _slide(number: int, count: int, cells: list[NotebookNode]) -> str:
    heading = next(filter(None, map(_heading, cells)), "")
    label = escape(WORDS("slides.slide", at=number, of=count, title=heading))
    html = _TO_THE_COURSE.sub(
        lambda link: f'href="{UP}book/{link["folder"] or "notebooks/"}{link["name"]}.html',
        "\n".join(map(_cell, cells)),
    )
    return f'<section class="slide" tabindex="0" aria-label="{label}">\n{html}\n</section>'


def _heading(cell: NotebookNode) -> str:
    found = re.match(r"#+ (.*)", cell.source) if cell.cell_type == "markdown" else None
    return found[1] if found else ""


def _cell(cell: NotebookNode) -> str:
    if cell.cell_type != "code":
        written = without_empty_headings(_MARKDOWN.render(cell.source))
        return f'<div class="written">{written}</div>'
    code = highlight(cell.source, PythonLexer(), HtmlFormatter(nowrap=True))
    shown = "".join(map(_output, cell.outputs))
    return f'<pre class="code">{code}</pre>{shown}'


def _output(output: NotebookNode) -> str:
    data = output.get("data", {})
    text = output.get("text", data.get("text/plain", ""))
    html = data.get("text/html") or f"<pre>{escape(text)}</pre>"
    return f'<div class="shown">{html}</div>'


def _formula(formula: str, options: dict[str, bool]) -> str:
    return mathml(formula, as_block=options["display_mode"])


_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
_MARKDOWN.use(dollarmath_plugin, renderer=_formula)


def _turns(page: Page, count: int) -> str:
    """Return the line below the slides: how they are turned, and the ways out."""
    buttons = "".join(
        f'<button type="button" data-turn>{WORDS(f"slides.{turn}")}</button>'
        for turn in ("back", "next")
    )
    where = escape(WORDS("slides.where", at="{at}", of=count))
    book = f"{UP}book/{page.step.file.removesuffix('.ipynb')}.html"
    return f"""<nav class="turns" aria-label="{WORDS("slides.all")}">
{buttons}<p role="status" data-where="{where}"></p>
<a class="far" href="index.html">{WORDS("slides.home")}</a>
<a href="{book}">{WORDS("slides.book")}</a>
{page.open_it}
{plain.dark_button()}
</nav>"""


def _all_decks(steps: list[Step]) -> str:
    items = "\n".join(f'<li><a href="{_file(s)}">{escape(s.title)}</a></li>' for s in steps)
    body = f"""<body>
<main class="decks">
<h1>{WORDS("slides.all")}</h1>
<p>{WORDS("slides.all_intro")}</p>
<ul>
{items}
</ul>
<p><a href="{UP}index.html">{WORDS("course")}</a></p>
</main>
</body>"""
    return plain.page(WORDS("slides.all"), body, UP)


def _file(step: Step) -> str:
    return f"{step.name}.html"


def _code_colours() -> str:
    """Return the colours of the book's code, for light and dark pages."""
    return "\n".join(
        HtmlFormatter(style=style).get_style_defs(where) for style, where in _COLOURS.items()
    )
