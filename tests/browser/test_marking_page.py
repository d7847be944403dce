"""The pages on which a person marks, as a browser shows them: nothing runs, loads or covers."""

import base64
import json
from dataclasses import replace

import pytest

from lessonlib.grading.books.journal import record
from lessonlib.grading.books.marking import write_marking_pages
from lessonlib.grading.intake.around import around
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.merge import merge_job
from lessonlib.grading.paper.terms import Ruling, Terms
from tests.grading.handouts import CAUSAL, EXERCISE, RIGHT, WRITTEN, dumped, handout, solution
from tests.grading.test_marking import hostile_notebook, rich_notebook

from .notebook_page import THEMES, axe_source

LEARNERS = {
    "ada": rich_notebook(),
    "<img src=x onerror=alert(1)>": hostile_notebook(),
    "zoe": handout(RIGHT),
}
WIDTHS = (1300, 420)
_AXE = """async () => (await axe.run({resultTypes: ['violations']})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""
# The headings that something lies over, once they are scrolled to.
_COVERED = """() => [...document.querySelectorAll('h1, h2, h3')].filter(heading => {
    heading.scrollIntoView({block: 'center'});
    const {left, top, height} = heading.getBoundingClientRect();
    return !heading.contains(document.elementFromPoint(left + 5, top + height / 2));
}).map(heading => heading.textContent)"""
# What can be scrolled and is not reached by the keyboard.
_OUT_OF_REACH = """() => [...document.querySelectorAll('main *')].filter(node =>
    (node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
    && /auto|scroll/.test(getComputedStyle(node).overflow)
    && !node.closest('[tabindex="0"]')).map(node => node.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The pages of a class in which somebody means harm, and two questions wait."""
    out, assignment = tmp_path_factory.mktemp("gradebook"), Assignment(EXERCISE, solution())
    jobs = {
        learner: json.dumps(
            {"exercise": EXERCISE, "data": base64.b64encode(dumped(notebook)).decode()}
        )
        for learner, notebook in LEARNERS.items()
    }
    records = []
    for learner, job in jobs.items():
        answers = merge_job(json.loads(job), assignment).answers
        rulings = [
            Ruling(part.question, "pending" if part.question in (CAUSAL, WRITTEN) else "passed")
            for part in assignment.parts
        ]
        new = record(assignment, Terms(1), rulings, answers)
        records.append(replace(new, learner=learner))
    write_marking_pages(out, records, lambda each: around(jobs[each.learner], assignment))
    return out


@pytest.fixture(params=[(width, theme) for width in WIDTHS for theme in THEMES])
def page(request, browser):
    """An empty page in a window of some width; what it asks the net for or says is kept."""
    width, theme = request.param
    window = {"width": width, "height": 900}
    with browser.new_context(viewport=window, color_scheme=theme) as context:
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda each: page.asked.append(each.url))
        page.on("dialog", lambda each: page.said.append(each.message) or each.dismiss())
        page.on("console", lambda each: page.said.append(each.text))
        page.on("pageerror", lambda each: page.said.append(str(each)))
        yield page


def test_nothing_runs_loads_or_covers_and_all_is_reached(page, out):
    for path in (out / "to_mark.html", *sorted((out / "to_mark").iterdir())):
        page.asked.clear()
        page.goto(path.as_uri())
        page.wait_for_timeout(300)  # for what would come later
        assert {url for url in page.asked if not url.startswith("data:")} == {path.as_uri()}
        assert page.said == []
        assert page.locator("h1").count() == 1
        assert page.evaluate(_COVERED) == []
        assert page.evaluate(_OUT_OF_REACH) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        drawn = page.locator("img").evaluate_all("all => all.map(each => each.naturalWidth)")
        assert all(drawn)
        page.evaluate(axe_source())
        assert page.evaluate(_AXE) == []


def test_a_marker_goes_from_answer_to_answer_with_the_keyboard(page, out):
    def press_on(words):
        """Go to the next link that says so, by the Tab key alone."""
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").startswith(words):
                return page.keyboard.press("Enter")
        raise AssertionError(words)

    page.goto((out / "to_mark.html").as_uri())
    press_on(CAUSAL)
    page.wait_for_url(f"**/to_mark/{EXERCISE}-{CAUSAL}.html")
    for number in range(2, len(LEARNERS) + 1):
        press_on("Next answer")
        page.wait_for_url(f"**#a{number}")
        top = page.locator(f"#a{number}").evaluate("node => node.getBoundingClientRect().top")
        assert 0 <= top + 1 < 900
    page.goto((out / "to_mark" / f"{EXERCISE}-{CAUSAL}.html").as_uri())
    press_on("Next question")
    page.wait_for_url(f"**/{EXERCISE}-{WRITTEN}.html")
