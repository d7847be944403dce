"""Put a learner's answers into the reference notebook; nothing of a submission is run.

Everything but the text of the answers comes from the reference: the order of the cells, the
checks, tags, kernel and outputs. So nothing else that a submission holds can have an effect.
"""

from __future__ import annotations

import ast
import copy
import functools
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from lessonlib.authoring.cells import marked
from lessonlib.grading.assignment import Assignment, Part
from lessonlib.grading.submission import SIZE_LIMIT, UnreadableError, too_large

_LEARNERS = ("answer", "check")  # the roles of cells that are about an answer


@dataclass(frozen=True)
class Finding:
    """Something about a submission that a person should read.

    Parameters
    ----------
    question
        The question concerned, or None for the whole notebook.
    verdict
        ``missing`` or ``unreadable`` if there is nothing to run, ``pending`` if the answer may
        stand beside its cell; None for a mere remark.
    cause
        A stable short name.
    message
        A sentence for the learner.
    """

    question: str | None
    verdict: str | None
    cause: str
    message: str


@dataclass(frozen=True)
class Merged:
    """The reference with a learner's answers in it, and what was found on the way.

    Parameters
    ----------
    notebook
        None when the submission could not be read at all.
    answers
        The learner's text by question, for every question that has one.
    findings
        What is missing, unreadable or odd.
    extras
        Code of the learner's own outside the answers and checks: in cells that were added, and
        in cells of the course that were changed. It is in no answer, so it is not in the notebook.
    redefined
        By question, code further down that defines the function again: what the learner's own
        check looks at.
    """

    notebook: NotebookNode | None
    answers: dict[str, str]
    findings: tuple[Finding, ...]
    extras: tuple[str, ...] = ()
    redefined: dict[str, str] = field(default_factory=dict)

    def decided(self, question: str) -> Finding | None:
        """Return the finding that already decides a question, if there is one."""
        return next(
            (f for f in self.findings if f.verdict and f.question in (question, None)), None
        )


def merge(submission: bytes, assignment: Assignment) -> Merged:
    """Return the reference notebook with the answers of a submission.

    An answer is found by its cell id. Where an editor has dropped or changed ids (old notebook
    formats, a cell that was split), the question named in the cell's metadata tells.

    Parameters
    ----------
    submission
        The bytes that were handed in, whatever they are.
    assignment
        The reference.

    Returns
    -------
    Merged
        Never an exception: what is wrong with a submission is a finding.
    """
    try:
        cells = _cells(submission)
    except UnreadableError as problem:
        return nothing_readable(problem)
    strays = list(_strays(cells, assignment))
    texts = {
        question: _touched(own, assignment.placeholders.get(question, ""))
        for question, own in _texts(cells, assignment).items()
    }
    findings = [
        finding
        for part in assignment.parts
        if (finding := _look_at(part, texts[part.question], assignment.placeholders))
    ]
    broken = {finding.question for finding in findings if finding.verdict == "unreadable"}
    answers = {
        question: "\n\n".join(own)
        for question, own in texts.items()
        if own and question not in broken
    }
    absent = {finding.question for finding in findings if finding.verdict == "missing"}
    redefined = {}
    for part in assignment.parts:
        found = _beside(part, strays)
        if found and part.question in absent:
            findings = [each for each in findings if each.question != part.question]
            findings.append(_waiting(part))
            answers[part.question] = found
        elif not part.written and (found := _beside(part, _after(part, strays))):
            redefined[part.question] = found
    notebook = copy.copy(assignment.notebook)
    sources = {part.cell: texts[part.question] for part in assignment.parts}
    sources |= {part.cell: [] for part in assignment.parts if part.question in broken}
    notebook.cells = [
        filled for cell in notebook.cells for filled in _filled(cell, sources.get(cell.get("id")))
    ]
    extras = tuple(_extras(cells, assignment))
    return Merged(notebook, answers, tuple(findings), extras, redefined)


def nothing_readable(problem: UnreadableError) -> Merged:
    """Return the outcome of a submission that cannot be read at all."""
    return Merged(None, {}, (Finding(None, "unreadable", problem.cause, problem.message),))


def _cells(data: bytes) -> list[dict[str, Any]]:
    if len(data) > SIZE_LIMIT:
        raise too_large(len(data))
    if not data.strip():
        raise UnreadableError("empty", "The file is empty. Save the notebook and hand it in again.")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError("not-utf8", "The file is not UTF-8 text, as notebooks are.") from None
    except (ValueError, RecursionError):
        raise UnreadableError(
            "not-json", "The file is not a notebook: its JSON is broken or cut off."
        ) from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if type(version) is int and 0 < version < 4:
        raise UnreadableError(
            "old-format",
            f"The notebook has the old format {version}. Open it in JupyterLab, save it, and hand "
            "it in again.",
        )
    if type(version) is not int or version != 4 or not isinstance(notebook.get("cells"), list):
        raise UnreadableError("not-a-notebook", "The file is JSON, but not a Jupyter notebook.")
    return [cell for cell in notebook["cells"] if isinstance(cell, dict)]


def _texts(cells: list[dict[str, Any]], assignment: Assignment) -> dict[str, list[str]]:
    """Return, for each question, the texts handed in for it, in their order."""
    texts: dict[str, list[str]] = {part.question: [] for part in assignment.parts}
    for cell, question in _with_questions(cells, assignment):
        source = _source(cell)
        if question in texts and source is not None:
            texts[question].append(source)
    return texts


def _with_questions(
    cells: list[dict[str, Any]], assignment: Assignment
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield each cell with the question that it answers, if it answers one."""
    by_id = {part.cell: part.question for part in assignment.parts}
    elsewhere = {cell.get("id") for cell in assignment.notebook.cells} - set(by_id)
    for cell in cells:
        identifier = cell.get("id") if isinstance(cell.get("id"), str) else None
        question = by_id.get(identifier)
        if question is None and identifier not in elsewhere:
            question = _claimed(cell)
        yield cell, question if question in by_id.values() else None


def _touched(texts: list[str], placeholder: str) -> list[str]:
    """Leave out copies of the answer cell that nobody wrote in, where there are others."""
    return [text for text in texts if not _untouched(text, placeholder)] or texts


def _untouched(text: str, placeholder: str) -> bool:
    """Tell whether nobody has answered in a text: the layout and comments do not count."""
    own, given = _plain(text), _plain(placeholder)
    if own in ("", given):
        return True
    return len(own) < len(given) + MOST_COMMENTS and _shape(own) == _shape(given) != ""


MOST_COMMENTS = 2000  # characters; what is longer than the placeholder by more is an answer


@functools.lru_cache(maxsize=256)
def _shape(source: str) -> str:
    """Return what code does, without its layout and comments; nothing if Python cannot read it."""
    tree = _parsed(source)
    try:
        return ast.dump(tree) if tree and tree.body else ""
    except RecursionError:
        return ""


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in the learner's texts
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _plain(text: str) -> str:
    """Return a text without what no reader sees: the ends of its lines and blank ones around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


@dataclass(frozen=True)
class _Stray:
    """What a learner wrote into a cell; ``question`` is the one that the cell answers, if any."""

    question: str | None
    source: str
    added: str  # without the lines that the course had put into this cell
    code: bool


def _strays(cells: list[dict[str, Any]], assignment: Assignment) -> Iterator[_Stray]:
    """Yield the cells that do not stand as the course gave them, in their order."""
    parts = {part.cell for part in assignment.parts}
    given = {cell.id: cell.source for cell in assignment.notebook.cells if cell.id not in parts}
    placeholders = assignment.placeholders.values()
    known = {_plain(text) for text in (*given.values(), *placeholders)} | {""}
    for cell, question in _with_questions(cells, assignment):
        source = (_source(cell) or "").encode("utf-8", "replace").decode()
        if _plain(source) in known or any(_untouched(source, each) for each in placeholders):
            continue
        identifier = cell.get("id")
        course = given.get(identifier, "") if isinstance(identifier, str) else ""
        lines = set(_plain(course).split("\n"))
        added = "\n".join(line for line in _plain(source).split("\n") if line not in lines)
        yield _Stray(question, source, added.strip(), cell.get("cell_type") == "code")


def _beside(part: Part, strays: Iterable[_Stray]) -> str:
    """Return what may be the answer to a question, from cells that are not the answer's."""
    if part.written:
        found = [each.added for each in strays if each.question is None and _is_prose(each)]
    else:
        found = [
            each.source
            for each in strays
            if each.question != part.question and _defines(each.source, part.question)
        ]
    return "\n\n".join(filter(None, found))


def _after(part: Part, strays: list[_Stray]) -> list[_Stray]:
    """Return what follows the last cell of an answer."""
    own = [place for place, each in enumerate(strays) if each.question == part.question]
    return strays[own[-1] + 1 :] if own else []


def _is_prose(stray: _Stray) -> bool:
    """Tell whether a cell holds words for a reader: no code, or what is none."""
    if not stray.code:
        return True
    code = re.sub(r"(?m)^\s*[%!].*", "", stray.source)
    tree = None if len(code) > LONGEST_CODE else _parsed(code)
    return tree is None or all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in tree.body
    )


def _defines(source: str, name: str) -> bool:
    """Tell whether code seems to give a function this name, also code that Python cannot read."""
    ways = (
        rf"\b(?:def|class|as)\s+{name}\b",
        rf"\bimport\b[^\n]{{0,200}}\b{name}\b",
        rf"\b{name}\s*(?::[^=\n]{{0,200}})?=(?!=)",
    )
    return name in source and any(re.search(way, source) for way in ways)


def _waiting(part: Part) -> Finding:
    if part.written:
        return Finding(
            part.question,
            "pending",
            TEXT_BESIDE,
            "The cell for this answer was left as it was, or is gone, but you wrote text in other "
            "cells. A person looks whether your answer is there.",
        )
    return Finding(
        part.question,
        "pending",
        DEFINED_ELSEWHERE,
        "The cell for this answer was left as it was, or is gone, but another cell defines "
        f"{part.question!r}. A person looks whether that is your answer.",
    )


LONGEST_CODE = 100_000  # characters that are parsed
DEFINED_ELSEWHERE = "defined_elsewhere"
TEXT_BESIDE = "text_beside_the_answer"


def _extras(cells: list[dict[str, Any]], assignment: Assignment) -> Iterator[str]:
    """Yield the code that belongs to no answer, to no check and not to the course."""
    ids = [cell.id for role in _LEARNERS for cell in marked(assignment.notebook, role).values()]
    given = [cell for cell in assignment.notebook.cells if cell.id not in ids]
    courses = {_plain(cell.source) for cell in given} | {""}
    for cell in cells:
        source = _source(cell)
        if source is None or cell.get("cell_type") != "code" or _half_character(source):
            continue
        belongs = cell.get("id") in ids or _tags(cell).get("role") in _LEARNERS
        if not belongs and _plain(source) not in courses:
            yield source


def _tags(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = cell.get("metadata")
    tags = metadata.get("lessonlib") if isinstance(metadata, dict) else None
    return tags if isinstance(tags, dict) else {}


def _claimed(cell: dict[str, Any]) -> str | None:
    """Return the question that a cell says it answers."""
    tags = _tags(cell)
    question = tags.get("question") if tags.get("role") == "answer" else None
    return question if isinstance(question, str) else None


def _source(cell: dict[str, Any]) -> str | None:
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _look_at(part: Part, texts: list[str], placeholders: dict[str, str]) -> Finding | None:
    if not texts:
        return Finding(
            part.question,
            "missing",
            "no-answer-cell",
            "The cell for this answer is not in the notebook that was handed in.",
        )
    if half := _half_character("".join(texts)):
        return Finding(
            part.question,
            "unreadable",
            "broken-text",
            f"The answer holds half a character ({half}), which no file can hold. Type it again.",
        )
    placeholder = placeholders.get(part.question, "")
    if all(_untouched(text, placeholder) for text in texts):
        return Finding(part.question, "missing", "unanswered", "The answer was left as it was.")
    if len(texts) > 1:
        return Finding(
            part.question,
            None,
            "several-cells",
            "Several cells carry this answer's mark. They count together, in their order.",
        )
    return None


def _filled(cell: NotebookNode, texts: list[str] | None) -> list[NotebookNode]:
    """Return a cell of the reference; an answer cell once for each text that it gets."""
    if texts is None:
        return [cell]
    copies = []
    for number, text in enumerate(texts or [""], start=1):
        filled = copy.deepcopy(cell)
        filled.source = text
        filled.id = cell.id if number == 1 else f"{cell.id}-{number}"
        if cell.cell_type == "code":
            filled.outputs, filled.execution_count = [], None
        copies.append(filled)
    return copies


def _half_character(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        return f"U+{ord(text[problem.start]):04X}"
    return None
