"""The book, the front page and the slides as a browser shows them, at any width, light and dark."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

from lessonlib.words import Words
from tests.site.building import BOOK, DECKS, PAGES, site

from .notebook_page import axe_source
from .sheets import AXE

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
# What can be scrolled, and neither it nor anything in it is reached by keyboard.
OUT_OF_REACH = """() => [...document.querySelectorAll('main *, article *')].filter(node =>
    (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
    && /auto|scroll/.test(getComputedStyle(node).overflow)
    && node.checkVisibility()
    && !node.closest('[tabindex="0"],a,button')
    && !node.querySelector('a[href],button,input,[tabindex="0"]')
).map(node => node.outerHTML.slice(0, 200))"""
# Words of a strip that are broken over lines in mid-word.
BROKEN = """() => [...document.querySelectorAll('.lesson-tokens td')].filter(cell => {
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
        page.on("response", lambda found: found.ok or page.wrong.append(found.url))
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


def look(page: Page, width: int, theme: str) -> None:
    """Show a page in a window of some width, light or dark."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
    page.wait_for_function("document.getAnimations().length === 0")  # colours change slowly


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_at_any_width_light_and_dark(browser, address, path):
    looks = [(width, theme) for width in WIDTHS for theme in THEMES]
    with opened(browser, address) as page:
        page.goto(address + path)
        show_all(page)
        for seen in looks:
            look(page, *seen)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), seen
            for wrong in (CUT_OFF, BROKEN, OUT_OF_REACH):
                assert (seen, page.evaluate(wrong)) == (seen, [])
        assert page.wrong == []  # axe itself asks for stylesheets once more
        page.evaluate(axe_source())
        for seen in looks if path in KINDS else looks[:1]:
            look(page, *seen)
            assert (seen, page.evaluate(AXE)) == (seen, [])


def test_without_scripts_the_drawn_strips_stay(browser, address):
    with opened(browser, address, java_script_enabled=False) as page:
        page.goto(address + "book/notebooks/03_three_samples.html")
        drawn = page.locator('[data-explorer="explore"] .lesson-strip')
        expect(drawn).to_have_count(3)
        expect(drawn.first).to_contain_text("transformer")
        expect(drawn.first).to_be_visible()
        page.goto(address + DECKS[3])
        expect(page.locator(".slide").last).to_be_visible()


def test_strips_move_in_the_book_and_on_slides(browser, address):
    with opened(browser, address) as page:
        for path in ("index.html", BOOK[3], DECKS[3]):
            page.goto(address + path)
            page.wait_for_function("document.documentElement.dataset.theme")
            show_all(page)
            place = page.locator('[data-explorer="explore"]')
            place.get_by_label("sentence", exact=True).fill("rain falls softly on roofs")
            strips = place.locator(".lesson-strip")
            expect(strips.first).to_contain_text("softly")
            expect(strips.first).not_to_contain_text("transformer")
        assert page.wrong == []


def test_search_finds_what_the_course_speaks_of(browser, address):
    with opened(browser, address) as page:
        page.goto(f"{address}book/search.html?q=span+corruption")
        # Results come one by one; the limit is against hanging.
        found = page.locator("#search-results li a[href*='three_samples']")
        expect(found.first).to_be_visible(timeout=60_000)
        assert page.wrong == []


@pytest.mark.parametrize("sought", ["extra_id", "[MASK]"])
def test_what_was_found_fits_a_narrow_page_and_can_be_read_in_the_dark(browser, address, sought):
    narrow = {"width": 390, "height": 844}
    with opened(browser, address, viewport=narrow, color_scheme="dark") as page:
        page.goto(f"{address}book/search.html?q={sought}")
        expect(page.locator("#search-results li").first).to_be_visible(timeout=60_000)
        page.wait_for_timeout(1000)  # more is found meanwhile
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 1
        page.evaluate(axe_source())
        assert page.evaluate("axe.run('#search-results')")["violations"] == []


def test_titles_of_the_next_page_fit_the_narrowest_screens(browser, address):
    with opened(browser, address, viewport={"width": 320, "height": 700}) as page:
        for place in BOOK:
            page.goto(address + place)
            cut = page.evaluate(CUT_OFF)
            assert [each for each in cut if "prev-next" in each] == [], place


def test_explorers_begin_as_they_are_drawn_after_back_too(browser, address):
    with opened(browser, address) as page:
        page.goto(address + "index.html")
        slider = page.get_by_role("slider", name="how many masks")
        first = slider.input_value()
        slider.press("End")
        assert slider.input_value() != first
        page.goto(address + BOOK[0])
        page.go_back()
        readout = page.locator(".widget-slider", has=slider).locator(".widget-readout")
        assert slider.input_value() == readout.inner_text()


def test_next_and_previous_turn_the_pages(browser, address):
    with opened(browser, address) as page:
        page.goto(address + BOOK[0])
        page.locator("a.right-next").click()
        expect(page).to_have_url(address + BOOK[1])
        page.locator("a.left-prev").click()
        expect(page).to_have_url(address + BOOK[0])


def test_the_choice_of_dark_or_light_is_kept_on_the_whole_site(browser, address):
    with opened(browser, address) as page:
        page.goto(address + "index.html")
        page.get_by_role("button", name=WORDS("plain.dark")).click()
        for path in ("index.html", DECKS[0], BOOK[0]):
            page.goto(address + path)
            page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
            assert page.evaluate("document.documentElement.dataset.jpThemeLight") == "false"


def test_slides_turn_by_keys_buttons_and_address(browser, address):
    with opened(browser, address) as page:
        page.goto(address + DECKS[3])
        slides = page.locator(".slide")
        last = slides.count() - 1
        expect(slides.nth(0)).to_be_visible()
        expect(slides.nth(1)).to_be_hidden()
        page.keyboard.press("ArrowRight")
        expect(slides.nth(1)).to_be_focused()
        expect(page).to_have_url(f"{address}{DECKS[3]}#2")
        page.keyboard.press("End")
        expect(slides.nth(last)).to_be_visible()
        expect(page.get_by_role("button", name=WORDS("slides.next"))).to_be_disabled()
        page.get_by_role("button", name=WORDS("slides.back")).click()
        expect(slides.nth(last - 1)).to_be_visible()
        page.goto(f"{address}{DECKS[3]}#3")
        expect(slides.nth(2)).to_be_visible()
        expect(page.get_by_role("status").first).to_have_text(
            WORDS("slides.where", at=3, of=last + 1)
        )


def test_keys_within_an_explorer_do_not_turn_the_slide(browser, address):
    with opened(browser, address) as page:
        page.goto(address + DECKS[3])
        slide = page.locator(".slide", has=page.locator('[data-explorer="explore"]'))
        number = page.locator(".slide").evaluate_all(
            "all => all.findIndex(each => each.querySelector('[data-explorer=explore]')) + 1"
        )
        page.goto(f"{address}{DECKS[3]}#{number}")
        page.evaluate("document.querySelector('[data-explorer=explore] input').focus()")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("End")
        expect(slide).to_be_visible()


@pytest.mark.parametrize("path", [BOOK[3], BOOK[4], DECKS[3], "index.html"])
def test_a_page_prints(browser, address, path):
    with opened(browser, address) as page:
        page.goto(address + path)
        page.emulate_media(media="print")
        assert page.pdf().startswith(b"%PDF")
        heading = page.locator("main h1:visible, article h1:visible, .slide h1:visible")
        expect(heading.first).to_be_visible()
        expect(page.locator(".bd-sidebar-primary:visible, .turns:visible")).to_have_count(0)
        if path in DECKS:
            assert all(slide.is_visible() for slide in page.locator(".slide").all())


@pytest.mark.parametrize(
    ("look_for", "html"),
    [
        (CUT_OFF, '<p style="width:2000px">long</p>'),
        (CUT_OFF, '<p style="width:30px;overflow:hidden;white-space:nowrap">a long line</p>'),
        (BROKEN, '<td style="max-width:30px;overflow-wrap:anywhere">transformer</td>'),
        (OUT_OF_REACH, '<div style="width:40px;overflow:auto"><pre>a long line</pre></div>'),
    ],
    ids=["past the window", "cut off", "broken word", "out of reach"],
)
def test_what_is_wrong_would_be_seen(browser, look_for, html):
    inside = f'<table class="lesson-tokens"><tr>{html}</tr></table>' if "<td" in html else html
    page = browser.new_page()
    page.set_content(f"<main>{inside}</main>")
    assert len(page.evaluate(look_for)) == 1
    page.set_content("<main><p>short</p></main>")
    assert page.evaluate(look_for) == []
    page.close()
