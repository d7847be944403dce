"""What the book is made of: the course's pages in their folders, the glossary and a first page."""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_notebook

from lessonlib.practice.course import STEPS
from lessonlib.practice.terms import GLOSSARY
from lessonlib.site.book.settings import LOOK
from lessonlib.site.pages import WORDS, Page, pages

UP = "../../"  # from a page to the site

_HEADING = re.compile(r"(?m)^# .*$")
_TO_A_PAGE = re.compile(r'(href="(?:\.\./)?(?:notebooks|exercises)/[^"]*)\.ipynb')
_OWN_ANCHOR = re.compile(r"(?m)^<a id=\"[^\"]*\"></a>\n\n")


def write_sources(course: Path, folder: Path) -> None:
    """Write everything from which Sphinx makes the book."""
    for page in pages(course, UP):
        _write(page, folder / page.step.file)
    # Sphinx makes an anchor of each heading itself.
    glossary = _OWN_ANCHOR.sub("", (course / GLOSSARY).read_text("utf-8"))
    (folder / GLOSSARY).write_text(glossary, "utf-8")
    (folder / "index.md").write_text(_first_page(), "utf-8")


def _write(page: Page, path: Path) -> None:
    opening = next(cell for cell in page.cells if cell.cell_type == "markdown")
    opened = f'<p class="lesson-open">{page.open_it} <span>{WORDS("book.here")}</span></p>'
    opening.source = _HEADING.sub(lambda heading: f"{heading[0]}\n\n{opened}", opening.source, 1)
    for cell in page.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html")
            if html:
                output["data"]["text/html"] = _TO_A_PAGE.sub(r"\1.html", html)
    path.parent.mkdir(parents=True, exist_ok=True)
    language = {"name": "python", "pygments_lexer": "python3"}
    notebook = new_notebook(cells=page.cells, metadata={"language_info": language})
    nbformat.write(notebook, path)


def _first_page() -> str:
    steps = "\n".join(f"{step.title} <{step.file.removesuffix('.ipynb')}>" for step in STEPS)
    said = [f"# {WORDS('book.title')}", WORDS("book.intro"), WORDS("book.nothing_runs")]
    contents = (LOOK / "contents.txt").read_text("utf-8")
    lists = {WORDS("book.contents"): steps, WORDS("book.words"): "notebooks/glossary"}
    toctrees = [contents.format(title=title, entries=entries) for title, entries in lists.items()]
    return "\n\n".join([*said, *toctrees])
