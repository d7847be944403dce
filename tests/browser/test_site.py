"""The book, the front page and the slides as a browser shows them, at any width, light and dark."""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from lessonlib.words import Words
from tests.site.building import BOOK, DECKS, OTHERS, PAGES, site

from .notebook_page import axe_source
from .sheets import AXE, OUT_OF_REACH

__all__ = ["site"]

WORDS = Words("site")
WIDTHS = (1440, 390)
THEMES = ("light", "dark")
# Where axe looks at both themes: what is on these is on the others, too.
KINDS = ["index.html", "book/index.html", BOOK[3], BOOK[4], DECKS[3]]

# What reaches past the window and lies in nothing that scrolls, or is cut off within its own box.
CUT_OFF = """() => [...document.querySelectorAll('main *, article *')].filter(node => {
    const box = node.getBoundingClientRect();
    const own = [...node.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!own || !box.width || !node.checkVisibility() || node.closest('math, .visually-hidden'))
        return false;
    let around = node;
    while (around && !/auto|scroll/.test(getComputedStyle(around).overflowX))
        around = around.parentElement;
    const hides = getComputedStyle(node).overflowX === 'hidden'
        && node.scrollWidth > node.clientWidth + 1;
    return hides || (!around && (box.right > innerWidth + 1 || box.left < -1));
}).map(node => node.outerHTML.slice(0, 200))"""
# Words of a strip that are broken over lines in mid-word.
BROKEN = """() => [...document.querySelectorAll('.lesson-tokens tr:not(.small) td')].filter(cell => {
    if (!cell.checkVisibility() || !cell.firstChild || cell.children.length) return false;
    if (/\\s/.test(cell.textContent.trim())) return false;
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1;
}).map(cell => cell.outerHTML)"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served: not at the top of its server."""
    top = site.parents[1]
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=top)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{site.relative_to(top).as_posix()}/"
        server.shutdown()
        thread.join()


@contextmanager
def opened(browser: Browser, address: str, **window: object) -> Iterator[Page]:
    """Open a window in which whatever goes wrong, or leaves the site, is kept in `page.wrong`."""
    size = {"width": WIDTHS[0], "height": 900}
    with browser.new_context(**{"viewport": size, "color_scheme": "light"} | window) as context:
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)
        page.on("requestfailed", lambda request: page.wrong.append(request.url))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:", "blob:"))
                else page.wrong.append(request.url)
            ),
        )
        yield page


def show_all(page: Page) -> None:
    """Open what is covered, and show all slides, so that everything is looked at."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    page.evaluate("document.querySelectorAll('.slide').forEach(each => each.hidden = false)")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_at_any_width_light_and_dark(browser, address, path):
    with opened(browser, address) as page:
        page.goto(address + path)
        show_all(page)
        page.evaluate(axe_source())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                page.wait_for_function(
                    "dark => document.documentElement.dataset.theme === dark", arg=theme
                )
                where = (width, theme)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
                assert (where, page.evaluate(CUT_OFF)) == (where, [])
                assert (where, page.evaluate(BROKEN)) == (where, [])
                first = where == (WIDTHS[0], THEMES[0])
                if first or path in KINDS:
                    assert (where, page.evaluate(AXE)) == (where, [])
            assert (width, page.evaluate(OUT_OF_REACH)) == (width, [])
        assert page.wrong == []
