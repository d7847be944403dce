"""Put a learner's answers into the reference notebook; nothing of a submission is run.

All but the text of the answers comes from the reference, so nothing else has an effect.
"""

import base64
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from lessonlib.authoring.cells import marked
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.beside import MOST_OF_A_POINTER, beside, elsewhere, redefined, strays
from lessonlib.grading.intake.reading import (
    LONGEST_CODE,
    Cell,
    UnreadableError,
    cells_of,
    half_character,
    parsed,
    plain,
    untouched,
)
from lessonlib.grading.paper.terms import Ruling
from lessonlib.grading.paper.words import WORDS

_LEARNERS = ("answer", "check")  # the roles of cells that are about an answer
DEFINED_ELSEWHERE = "defined_elsewhere"
TEXT_BESIDE = "text_beside_the_answer"
ANOTHER_NOTEBOOK = "another_notebook"
NO_CODE_CELL = "no_code_cell"


@dataclass(frozen=True)
class Merged:
    """The reference with a learner's answers in it, and what was found on the way.

    Decided is what is missing, unreadable or may stand beside its cell; the notes decide nothing.
    Extras are code of the learner's own outside the answers and checks: in cells that were added,
    and in cells of the course that were changed. Redefined is, by question, code further down that
    defines the function again: what the learner's own check looks at. Elsewhere are, by question,
    the cells that define a function which the answer's own cell does not.
    """

    notebook: NotebookNode | None  # None when the submission could not be read at all
    answers: dict[str, str]
    decided: dict[str, Ruling] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    redefined: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, tuple[str, ...]] = field(default_factory=dict)


def merge_job(job: dict[str, Any], assignment: Assignment) -> Merged:
    """Return what `merge` does of a job, as `fetch` makes them."""
    if "unreadable" in job:
        cause, slots = job["unreadable"]
        return _nothing_readable(UnreadableError(cause, **slots), assignment)
    return merge(base64.b64decode(job["data"]), assignment)


def merge(submission: bytes, assignment: Assignment) -> Merged:
    """Return the reference notebook with the answers of a submission, whatever bytes it is."""
    try:
        cells = cells_of(submission, assignment)
    except UnreadableError as problem:
        return _nothing_readable(problem, assignment)
    astray = list(strays(cells, assignment))
    texts = {part.question: _texts(part.question, cells, assignment) for part in assignment.parts}
    # Not one cell for an answer, but something: perhaps another notebook under this one's name.
    foreign = "\n\n".join(each.source for each in astray) if not any(texts.values()) else ""
    answers: dict[str, str] = {}
    decided: dict[str, Ruling] = {}
    again: dict[str, str] = {}
    away: dict[str, tuple[str, ...]] = {}
    for part in assignment.parts:
        name, own = part.question, texts[part.question]
        ruling = _look_at(name, own, assignment.placeholders.get(name, ""))
        if not ruling and not part.written and not _can_be_code(name, cells):
            ruling = Ruling.of(name, "pending", NO_CODE_CELL)
        if ruling and ruling.verdict == "unreadable":
            texts[name] = []
        elif own:
            answers[name] = "\n\n".join(own)
        if ruling and ruling.verdict == "missing" and ((found := beside(part, astray)) or foreign):
            cause = TEXT_BESIDE if part.written else DEFINED_ELSEWHERE
            ruling = Ruling.of(name, "pending", cause if found else ANOTHER_NOTEBOOK)
            answers[name] = found or foreign
        elif not ruling and part.written:
            is_short = 0 < len(answers[name].split()) <= MOST_OF_A_POINTER
            if is_short and (found := beside(part, astray)):
                answers[name] += f"\n\n{found}"
        elif not ruling and (found := redefined(part, astray)):
            again[name] = found
        waits = ruling is not None and ruling.verdict == "pending"
        if waits or not ruling:
            away[name] = elsewhere(part, "" if waits else answers[name], astray)
        if ruling:
            decided[name] = ruling
    several = [name for name, own in texts.items() if len(own) > 1 and name not in decided]
    sources = {part.cell: texts[part.question] for part in assignment.parts}
    notebook = copy.copy(assignment.notebook)
    notebook.cells = [
        filled for cell in notebook.cells for filled in _filled(cell, sources.get(cell.get("id")))
    ]
    notes = tuple(WORDS("notes.several_cells") for _ in several)
    return Merged(notebook, answers, decided, notes, tuple(_extras(cells, assignment)), again, away)


def _nothing_readable(problem: UnreadableError, assignment: Assignment) -> Merged:
    names = (part.question for part in assignment.parts)
    why = {name: Ruling(name, "unreadable", problem.cause, problem.message) for name in names}
    return Merged(None, {}, why)


def _texts(question: str, cells: Iterable[Cell], assignment: Assignment) -> list[str]:
    """Return the texts handed in for a question; untouched ones only where there is no other."""
    texts = [cell.source for cell in cells if cell.question == question]
    placeholder = assignment.placeholders.get(question, "")
    return [text for text in texts if not untouched(text, placeholder)] or texts


def _can_be_code(question: str, cells: Iterable[Cell]) -> bool:
    """Tell whether an answer stands in a code cell, or at least reads like code."""
    own = [cell for cell in cells if cell.question == question]
    short = all(len(cell.source) <= LONGEST_CODE for cell in own)
    return any(cell.code for cell in own) or (short and all(parsed(cell.source) for cell in own))


def _extras(cells: Iterable[Cell], assignment: Assignment) -> Iterator[str]:
    ids = [cell.id for role in _LEARNERS for cell in marked(assignment.notebook, role).values()]
    given = [cell for cell in assignment.notebook.cells if cell.id not in ids]
    courses = {plain(cell.source) for cell in given} | {""}
    for cell in cells:
        belongs = cell.id in ids or cell.role in _LEARNERS or not cell.code
        if not belongs and plain(cell.source) not in courses and not half_character(cell.source):
            yield cell.source


def _look_at(question: str, texts: list[str], placeholder: str) -> Ruling | None:
    """Return what there is to say of an answer before it is run, if there is anything."""
    if not texts:
        return Ruling.of(question, "missing", "no-answer-cell")
    if half := half_character("".join(texts)):
        return Ruling.of(question, "unreadable", "broken-text", character=half)
    if all(untouched(text, placeholder) for text in texts):
        return Ruling.of(question, "missing", "unanswered")
    return None


def _filled(cell: NotebookNode, texts: list[str] | None) -> list[NotebookNode]:
    """Return a cell of the reference; an answer cell once for each text that it gets."""
    if texts is None:
        return [cell]
    run = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
    ids = [cell.id, *(f"{cell.id}-{number}" for number in range(2, len(texts) + 1))]
    filled = zip(texts or [""], ids, strict=True)
    return [NotebookNode(cell | {"source": text, "id": name} | run) for text, name in filled]
