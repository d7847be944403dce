"""What must hold of every page that the grader writes, as a browser shows it."""

from pathlib import Path

from playwright.sync_api import Page

from .notebook_page import axe_source

WIDTHS = (1300, 420)
AXE = """async () => (await axe.run({resultTypes: ['violations']})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""
# The headings that something lies over, once they are scrolled to.
COVERED = """() => [...document.querySelectorAll('h1, h2, h3')].filter(heading => {
    heading.scrollIntoView({block: 'center'});
    const {left, top, height} = heading.getBoundingClientRect();
    return !heading.contains(document.elementFromPoint(left + 5, top + height / 2));
}).map(heading => heading.textContent)"""
# What can be scrolled and is not reached by the keyboard.
OUT_OF_REACH = """() => [...document.querySelectorAll('main *')].filter(node =>
    (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
    && /auto|scroll/.test(getComputedStyle(node).overflow)
    && !node.closest('[tabindex="0"]')).map(node => node.outerHTML.slice(0, 200))"""


def assert_sound(page: Page, path: Path) -> None:
    """Nothing runs, loads or covers anything, all is reached by keyboard, and axe finds nothing."""
    page.asked.clear()
    page.goto(path.as_uri())
    page.wait_for_timeout(300)  # for what would come later
    assert {url for url in page.asked if not url.startswith("data:")} == {path.as_uri()}
    assert page.said == []
    assert page.locator("h1").count() == 1
    assert page.evaluate(COVERED) == []
    assert page.evaluate(OUT_OF_REACH) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    drawn = page.locator("img").evaluate_all("all => all.map(each => each.naturalWidth)")
    assert all(drawn)
    page.evaluate(axe_source())
    assert page.evaluate(AXE) == []
