"""The course's stored pages as they are read where nothing runs: no cell is executed.

A form becomes its reading form, with words for a reader who has no cell to run; an explorer what it
last drew, or one that moves without a kernel (:mod:`lessonlib.site.strips`).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from lessonlib.practice.concepts import concepts
from lessonlib.practice.course import STEPS, Step
from lessonlib.server.widget_state import Models, reached
from lessonlib.site import strips
from lessonlib.styles import CARD, STATE, VIEW
from lessonlib.views.live import WORDS as VIEWS
from lessonlib.words import Words

WORDS = Words("site")

_STYLE = re.compile(r"<style>.*?</style>\n?", re.DOTALL)
_COVER = re.compile(r"(<details[^>]*><summary>.*?</summary>)(.*)</details>", re.DOTALL)
_CARD = re.compile(
    f"<div{re.escape(CARD)}><p><strong>.*?</strong> {re.escape(VIEWS('click_here'))}</p>(.*)</div>",
    re.DOTALL,
)
_NOT_DRAWN = {"lesson-left", "lesson-room"}
_RUNS = ("watch_exam", "watch_pairings", "watch_tuning")
_OWN = ("prediction_summary", "right_in_the_end", "inventory_change", "progress")


@dataclass(frozen=True)
class Page:
    """A step of the course to be read: all that its cells show is HTML or plain text.

    `up` leads from the page to the folder of the whole site.
    """

    step: Step
    cells: list[NotebookNode]
    up: str

    @property
    def open_it(self) -> str:
        """The link that opens the same page where it can be run."""
        return f'<a href="{edition_address(self.step, self.up)}">{WORDS("open")}</a>'


def pages(course: Path, up: str) -> Iterator[Page]:
    """Read all steps of a course in their order, for a place from which `up` leads to the site."""
    for step in STEPS:
        notebook = nbformat.read(course / step.file, as_version=4)
        models = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
        page = Page(step, [cell for cell in notebook.cells if not _follows_it(cell)], up)
        for cell in page.cells:
            for output in cell.get("outputs", ()):
                _make_readable(output.get("data", {}), cell, models, page)
        yield page


def edition_address(step: Step, up: str = "") -> str:
    """Lead to a step in the browser edition, from where `up` leads to the site."""
    return f"{up}lite/lab/index.html?path={step.file}"


def _follows_it(cell: NotebookNode) -> bool:
    """Tell whether a cell only follows what is done in its own notebook."""
    is_of_the_page = cell.metadata.get("lessonlib", {}).get("role") == "page"
    return is_of_the_page and not {"progress", "finish"}.isdisjoint(_called(cell))


def _called(cell: NotebookNode) -> list[str]:
    """Name the functions that a cell calls; what is not Python calls none."""
    if cell.cell_type != "code":
        return []
    try:
        calls = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []
    return [getattr(call.func, "id", "") for call in calls]


def _make_readable(data: dict[str, Any], cell: NotebookNode, models: Models, page: Page) -> None:
    html = _STYLE.sub("", data.get("text/html", ""))
    view = data.pop(VIEW, None)
    form = next((name for name in WORDS.texts["reading"] if name in _called(cell)), "")
    if view and not form:
        html = _explorer(html, cell.source, _drawn(view["model_id"], models), page)
    elif html and (view or form in _OWN):
        drawn = _drawn(view["model_id"], models) if view and form in _RUNS else ""
        html = _form(html, form, drawn, page)
    if html:
        data["text/html"] = html


def _explorer(html: str, source: str, drawn: str, page: Page) -> str:
    """Let an explorer move, or show how it stood; what covers it stays."""
    if cover := _COVER.fullmatch(html):
        return f"{cover[1]}{_explorer(cover[2], source, '', page)}</details>"
    card = _CARD.fullmatch(html)
    still = f'<div class="lesson-explorer">{(card and card[1]) or drawn}</div>'
    return strips.placeholder_of(source) or _card(still, "move", page)


def _form(html: str, form: str, drawn: str, page: Page) -> str:
    """Say what a form asks, or what it would say of its reader."""
    card = _CARD.fullmatch(html)
    inside = card[1] if card else drawn
    said = WORDS(f"reading.{form}", count=inside.count("<li>") or len(concepts()))
    what = "own" if form in _OWN else "run" if form in _RUNS else "answer"
    return _card(f"<p><strong>{said}</strong></p>{inside}", what, page)


def _card(html: str, what: str, page: Page) -> str:
    there = f'<p class="lesson-there">{page.open_it}: {WORDS(f"there.{what}")}</p>'
    return f'<div class="lesson-practice">{html}{there}</div>'


def _drawn(name: str, models: Models) -> str:
    """Return what the widgets of a box showed last: their HTML, in its order."""
    states = [model["state"] for model in reached([name], models).values()]
    shown = [state for state in states if _NOT_DRAWN.isdisjoint(state.get("_dom_classes", ()))]
    values = [state["value"] for state in shown if isinstance(state.get("value"), str)]
    return "".join(value for value in values if value.startswith("<"))
