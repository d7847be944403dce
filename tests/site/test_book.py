"""The book has every page of the course, tells no answers, and says what is true of a book."""

import re
from pathlib import Path

import pytest

from lessonlib.authoring.sources import read_source, without_answers
from lessonlib.practice.course import STEPS, Step
from lessonlib.practice.predictions import prediction_named
from lessonlib.words import Words

from .building import BOOK, ROOT, read

WORDS = Words("site")
SOURCES = ROOT / "solutions" / "text"


def page_of(site: Path, step: Step) -> Path:
    return site / "book" / step.file.replace(".ipynb", ".html")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_step_has_its_page_and_its_title(site, step):
    page = read(page_of(site, step))
    source = ROOT / ("solutions" if step.folder == "exercises" else "notebooks") / "text"
    text = (source / f"{step.name}.md").read_text("utf-8")
    heading = re.search(r"(?m)^# (.*)$", text)[1]
    assert page.headings.count(heading) == 1 or f"{heading}#" in page.headings
    assert step.title in page.text  # in the contents


def test_previous_and_next_lead_through_all_pages_in_order(site):
    page, visited = site / "book" / "index.html", []
    while True:
        links = [a for tag, a in read(page).tags if tag == "a"]
        following = [a["href"] for a in links if a.get("class") == "right-next"]
        if not following:
            break
        page = (page.parent / following[0]).resolve()
        visited.append(page.relative_to(site.resolve()).as_posix())
    assert visited == [*BOOK, "book/notebooks/glossary.html"]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_button_opens_the_same_page_in_the_browser(site, step):
    page = page_of(site, step)
    opened = f"../../lite/lab/index.html?path={step.file}"
    assert opened in set(read(page).all("a", "href"))
    assert all(address == opened for address in read(page).all("a", "href") if "/lite/" in address)


def answers(name: str) -> list[str]:
    """List what a worked exercise says and its exercise does not: lines of code, texts, rubrics."""
    worked = read_source(SOURCES / f"{name}.md")
    asked = without_answers(read_source(SOURCES / f"{name}.md"))
    handed_out = {" ".join(line.split()) for c in asked.cells for line in c.source.splitlines()}
    told = []
    for cell in worked.cells:
        role = cell.metadata.get("lessonlib", {})
        if role.get("role") == "answer":
            lines = [line.split("# SOLUTION")[0] for line in cell.source.splitlines()]
            told += [*lines, *role.get("rubric", ())]
    tidy = {" ".join(line.split()) for line in told} - handed_out
    return sorted(line for line in tidy if len(line) > 15 and "SOLUTION" not in line)


@pytest.mark.parametrize("step", [s for s in STEPS if s.folder == "exercises"], ids=str)
def test_no_page_tells_an_answer(site, step):
    told = answers(step.name)
    assert told
    own = read(page_of(site, step)).text
    assert [line for line in told if line in own] == []
    sentences = [line for line in told if len(line) > 60]
    for page in BOOK:
        text = read(site / page).text
        assert [line for line in sentences if line in text] == [], page


def test_answers_would_be_found():
    assert "labels = tokens[1:]" in answers("01_your_own_sentence")
    assert any(
        line.startswith("Masked LM hides a word") for line in answers("03_blank_or_continuation")
    )


@pytest.mark.parametrize("page", BOOK)
def test_no_page_asks_to_run_a_cell_that_is_not_there(site, page):
    shown = re.sub(r"(?s)<pre.*?</pre>", "", (site / page).read_text("utf-8"))
    outputs = re.findall(r'(?s)<div class="output text_html">(.*?)</div>\n</div>\n</div>', shown)
    assert [out[:200] for out in outputs if re.search(r"Run this cell|Shift\+Enter", out)] == []


def test_a_form_says_what_it_asks_and_where_it_can_be_answered(site):
    text = read(site / "book/notebooks/00_start_here.html").text
    there = f"{WORDS('open')}: {WORDS('there.answer')}"
    assert f"{WORDS('reading.inventory', count=20)} {there}" in text
    asked = prediction_named("who_writes_the_story").question
    assert f"{WORDS('reading.predict')} {asked}" in text


def test_formulas_are_drawn_by_the_browser_alone(site):
    from lessonlib.site.formulas import mathml  # the `site` extra's own; absent, `site` skips

    html = (site / "book/notebooks/03b_tokens_are_pieces.html").read_text("utf-8")
    assert "<mfrac>" in html
    assert "\\frac" not in html.replace("\\text", "")
    assert "…" in mathml(r"x_1 \dots x_t")


def test_what_teachers_get_is_not_in_the_book(site):
    assert not list((site / "book").rglob("teaching*"))
    assert "peer instruction" not in (site / "book" / "searchindex.js").read_text("utf-8")


def test_search_knows_the_words_of_the_course(site):
    index = (site / "book" / "searchindex.js").read_text("utf-8")
    assert "corrupt" in index
    assert "03_three_samples" in index


def test_what_is_stored_of_widgets_is_not_carried_along(site):
    for page in BOOK:
        html = (site / page).read_text("utf-8")
        assert "jupyter.widget" not in html
        assert "<style>.lesson" not in html
