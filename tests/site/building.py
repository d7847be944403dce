"""The course's pages to read, built once for all tests of a run."""

import warnings
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from lessonlib.practice.course import STEPS

ROOT = Path(__file__).parents[2]
EXTRA = "the extra `site` is not installed: pip install -r requirements-site.txt"

BOOK = [f"book/{step.file.removesuffix('.ipynb')}.html" for step in STEPS]
DECKS = [f"slides/{step.name}.html" for step in STEPS if step.folder == "notebooks"]
OTHERS = ["index.html", "slides/index.html"]
BOOK_ITSELF = ["book/index.html", "book/search.html", "book/notebooks/glossary.html"]
PAGES = [*OTHERS, *BOOK_ITSELF, *BOOK, *DECKS]

_NO_END = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "source"}
_BLOCKS = {"div", "h1", "h2", "h3", "li", "p", "section", "summary", "td", "th"}
_NOT_READ = {"script", "style", "template"}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build everything but the browser edition, in a folder below others."""
    pytest.importorskip("sphinx_book_theme", reason=EXTRA)
    from lessonlib.site import book, front, slides

    out = tmp_path_factory.mktemp("site") / "any" / "path"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # Sphinx to its extensions
        for room in (book, slides, front):
            room.build(ROOT, out)
    return out


class Read(HTMLParser):
    """A page as a program reads it: its tags, its headings and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in _NO_END:
            self._open.append(tag)
        if tag in ("h1", "h2"):
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append(" ")
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not _NOT_READ & {*self._open}:
            self.words.append(data)
            if {"h1", "h2"} & {*self._open}:
                self.headings[-1] += data

    @property
    def text(self) -> str:
        """All that a reader reads, with single spaces."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str, attribute: str) -> Iterator[str]:
        """Yield an attribute of every tag of a kind that has it."""
        for name, attributes in self.tags:
            if name == tag and attributes.get(attribute) is not None:
                yield attributes[attribute]

    @property
    def addresses(self) -> Iterator[str]:
        """Yield all addresses that the page names, but for what it carries itself."""
        for tag, attribute in [("a", "href"), ("link", "href"), ("script", "src"), ("img", "src")]:
            found = self.all(tag, attribute)
            yield from (address for address in found if not address.startswith("data:"))


@cache
def read(page: Path) -> Read:
    """Read a page of the site."""
    return Read(page.read_text("utf-8"))


def leads_to(page: Path, address: str) -> tuple[Path, str]:
    """Return the file to which an address on a page leads, and the place in it."""
    parts = urlsplit(address)
    return (page.parent / unquote(parts.path) if parts.path else page).resolve(), parts.fragment
