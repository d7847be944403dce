"""Put a learner's answers into the reference notebook; nothing of a submission is run.

Everything but the text of the answers comes from the reference: the order of the cells, the
checks, tags, kernel and outputs. So nothing else that a submission holds can have an effect.
"""

from __future__ import annotations

import ast
import copy
import functools
import io
import json
import re
import tokenize
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
    # Not one cell for an answer, but something: perhaps another notebook under this one's name.
    foreign = "\n\n".join(each.source for each in strays) if not any(texts.values()) else ""
    redefined = {}
    for part in assignment.parts:
        if part.question in absent:
            found = _beside(part, strays)
            if found or foreign:
                findings = [each for each in findings if each.question != part.question]
                findings.append(_waiting(part, bool(found)))
                answers[part.question] = found or foreign
        elif part.written:
            own = answers.get(part.question, "")
            if 0 < len(own.split()) <= MOST_OF_A_POINTER and (found := _beside(part, strays)):
                answers[part.question] = f"{own}\n\n{found}"
        elif found := _redefined(part, strays):
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
    tree = parsed(source)
    try:
        return ast.dump(tree) if tree and tree.body else ""
    except RecursionError:
        return ""


def parsed(source: str) -> ast.Module | None:
    """Return the tree of a learner's code; None if Python cannot read it."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in the learner's texts
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _python(source: str) -> tuple[str, ast.Module | None]:
    """Return a cell's code without a notebook's own commands, and its tree; None if it has none."""
    code = re.sub(r"(?m)^\s*[%!].*", "", source)
    return code, None if len(code) > LONGEST_CODE else parsed(code)


def _plain(text: str) -> str:
    """Return a text without what no reader sees: the ends of its lines and blank ones around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


@dataclass(frozen=True)
class _Stray:
    """What a learner wrote into a cell; ``question`` is the one that the cell answers, if any."""

    question: str | None
    source: str
    added: str  # without the lines that the course had put into this cell
    new: str  # without any line of the course's
    course: str  # what the course had put into this cell
    code: bool
    untouched: bool  # code that does what a placeholder does: only comments may be new


def _strays(cells: list[dict[str, Any]], assignment: Assignment) -> Iterator[_Stray]:
    """Yield the cells that do not stand as the course gave them, in their order."""
    parts = {part.cell for part in assignment.parts}
    given = {cell.id: cell.source for cell in assignment.notebook.cells if cell.id not in parts}
    placeholders = assignment.placeholders
    known = {_plain(text) for text in (*given.values(), *placeholders.values())} | {""}
    courses = {line.strip() for text in given.values() for line in text.split("\n")}
    for cell, question in _with_questions(cells, assignment):
        source = (_source(cell) or "").encode("utf-8", "replace").decode()
        if _plain(source) in known:
            continue
        identifier = cell.get("id")
        course = given.get(identifier, "") if isinstance(identifier, str) else ""
        course = placeholders.get(question, course)
        lines = set(_plain(course).split("\n"))
        own = [line for line in _plain(source).split("\n") if line not in lines]
        yield _Stray(
            question,
            source,
            "\n".join(own).strip(),
            "\n".join(line for line in own if line.strip() not in courses),
            course,
            cell.get("cell_type") == "code",
            any(_untouched(source, each) for each in placeholders.values()),
        )


def _beside(part: Part, strays: Iterable[_Stray]) -> str:
    """Return what may be the answer to a question, from cells that are not the answer's.

    This asks for a person's look, no more: rather once too often than a silent nought.
    """
    if part.written:
        return "\n\n".join(each.added for each in strays if each.added and _is_prose(each))
    others = [each for each in strays if each.question != part.question and not each.untouched]
    found = [each for each in others if _binds(each, part.question)]
    found = found or [each for each in others if not each.question and _may_bind(each, part)]
    return "\n\n".join(each.source for each in found)


def _redefined(part: Part, strays: list[_Stray]) -> str:
    """Return what gives an answer's function its name again, after the last cell of the answer."""
    own = [place for place, each in enumerate(strays) if each.question == part.question]
    after = strays[own[-1] + 1 :] if own else []
    return "\n\n".join(each.source for each in after if _binds(each, part.question))


MOST_OF_A_POINTER = 12  # words; a written answer so short may only say where the answer is
FEW_WORDS = 4  # a string of fewer is part of the code, not a sentence
MANY_WORDS = 6  # a comment of fewer, in the code of another answer, is about that code


def _is_prose(stray: _Stray) -> bool:
    """Tell whether a cell that is not the answer's holds words for a reader, not only code."""
    if not stray.code:
        return stray.question is None
    words = _words(stray.source)
    if words is None:
        return stray.question is None
    courses = [text for those in _words(stray.course) or () for text in those]
    comments, shown, strings = ([text for text in each if text not in courses] for each in words)
    least = MANY_WORDS if stray.question else FEW_WORDS if stray.course else 1
    if any(_length(text) >= least for text in ("\n".join(comments), *comments, *shown)):
        return True
    return any(_length(text) >= max(least, FEW_WORDS) for text in strings)


def _words(source: str) -> tuple[list[str], list[str], list[str]] | None:
    """Return the comments of code, the strings that it only shows, and all strings.

    None if Python cannot read the code.
    """
    code, tree = _python(source)
    if tree is None:
        return None
    shown, strings = [], []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt) and not hasattr(node, "body"):
                text = " ".join(_strings(node))
                strings.append(text)
                if isinstance(node, ast.Expr) and _only_shows(node.value):
                    shown.append(text)
    except (tokenize.TokenError, SyntaxError, RecursionError):
        return [code], [], []
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return comments, shown, strings


def _strings(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _only_shows(node: ast.expr) -> bool:
    """Tell whether an expression is a text, or calls something with texts alone."""
    if isinstance(node, ast.Call):
        values = [*node.args, *(word.value for word in node.keywords)]
        return bool(values) and all(map(_only_shows, values))
    return isinstance(node, (ast.Constant, ast.JoinedStr))


def _length(text: str) -> int:
    """Return how many words a text has; of scripts without spaces, two letters are a word."""
    words = sum(any(map(str.isalpha, word)) for word in text.split())
    return max(words, len(re.findall(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]", text)) // 2)


def _binds(stray: _Stray, name: str) -> bool:
    """Tell whether code seems to give a function this name, also code that Python cannot read."""
    source = stray.source
    if name not in stray.added:
        return False
    ways = (
        rf"\b(?:def|class|as)[\s\\]+{name}\b",
        rf"\bimport\b[^\n]{{0,200}}\b{name}\b",
        rf"\b{name}\s*(?::[^=\n]{{0,200}})?=(?!=)",
        rf"(?<!check\()[\"']{name}[\"']",  # globals()["name"], setattr(module, "name", ...)
    )
    if any(re.search(way, source) for way in ways):
        return True
    _, tree = _python(source)
    return tree is not None and any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    )


# What gives names that do not stand there, or may be the answer under a name of the learner's own.
_ANY_NAME = re.compile(
    r"\b(?:def|lambda|class|globals|locals|vars|setattr|exec|eval|compile|__\w+__)\b|import\s*\(?\s*\*"
    r"|\bget_ipython\b|^\s*!|^\s*%(?!matplotlib\b|config\b|pip\b|conda\b|time)",
    re.MULTILINE,
)


def _may_bind(stray: _Stray, part: Part) -> bool:
    """Tell whether a cell of no answer may hold the answer in a way that nobody thought of."""
    if re.search(rf"\b{part.question}\b", stray.new):
        return True
    if not stray.code:
        return False
    if _ANY_NAME.search(stray.new):
        return True
    _, tree = _python(stray.source)
    return tree is None and bool(_CODE.search(stray.new))


_CODE = re.compile(r"\breturn\b|[=(\[]")


def _waiting(part: Part, found: bool) -> Finding:
    if not found:
        return Finding(
            part.question,
            "pending",
            ANOTHER_NOTEBOOK,
            "The notebook holds none of the cells for this exercise's answers. Perhaps it is "
            "another notebook under this one's name. A person looks.",
        )
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
        "The cell for this answer was left as it was, or is gone, but code in another cell "
        f"may define {part.question!r}. A person looks whether that is your answer.",
    )


LONGEST_CODE = 100_000  # characters that are parsed
DEFINED_ELSEWHERE = "defined_elsewhere"
TEXT_BESIDE = "text_beside_the_answer"
ANOTHER_NOTEBOOK = "another_notebook"


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
