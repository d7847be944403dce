"""Answers that do not stand in their cell: what a learner wrote elsewhere in the notebook.

All this asks for a person's look, no more: rather once too often than a silent nought.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lessonlib.grading.intake.assignment import Assignment, Part
from lessonlib.grading.intake.reading import (
    LONGEST_CODE,
    Cell,
    code_in,
    parsed,
    plain,
    untouched,
)

MOST_OF_A_POINTER = 12  # words; a written answer so short may only say where the answer is
FEW_WORDS = 4  # a string of fewer is part of the code, not a sentence
MANY_WORDS = 6  # a comment of fewer, in the code of another answer, is about that code


@dataclass(frozen=True)
class Stray:
    """What a learner wrote into a cell."""

    question: str | None  # that the cell answers, if any
    source: str
    added: str  # without the lines that the course had put into this cell
    new: str  # without any line of the course's
    course: str  # what the course had put into this cell
    code: bool
    untouched: bool  # code that does what a placeholder does: only comments may be new


def strays(cells: Iterable[Cell], assignment: Assignment) -> Iterator[Stray]:
    """Yield the cells that do not stand as the course gave them, in their order."""
    parts = {part.cell for part in assignment.parts}
    given = {cell.id: cell.source for cell in assignment.notebook.cells if cell.id not in parts}
    placeholders = assignment.placeholders
    known = {plain(text) for text in (*given.values(), *placeholders.values())} | {""}
    courses = {line.strip() for text in given.values() for line in text.split("\n")}
    for cell in cells:
        source = cell.source.encode("utf-8", "replace").decode()
        if plain(source) in known:
            continue
        course = placeholders.get(cell.question, given.get(cell.id, ""))
        lines = set(plain(course).split("\n"))
        own = [line for line in plain(source).split("\n") if line not in lines]
        yield Stray(
            cell.question,
            source,
            "\n".join(own).strip(),
            "\n".join(line for line in own if line.strip() not in courses),
            course,
            cell.code,
            any(untouched(source, each) for each in placeholders.values()),
        )


def beside(part: Part, strays: Iterable[Stray]) -> str:
    """Return what may be the answer to a question, from cells that are not the answer's."""
    if part.written:
        return "\n\n".join(each.added for each in strays if each.added and _is_prose(each))
    others = [each for each in strays if each.question != part.question and not each.untouched]
    found = [each for each in others if _binds(each, part.question)]
    found = found or [each for each in others if not each.question and _may_bind(each, part)]
    return "\n\n".join(each.source for each in found)


def elsewhere(part: Part, own: str, strays: Iterable[Stray]) -> tuple[str, ...]:
    """Return the cells that define an answer's function, if the answer's own does not."""
    if part.written or binds(own, part.question):
        return ()
    others = (each for each in strays if each.question != part.question and not each.untouched)
    found = (each for each in others if _binds(each, part.question))
    return tuple(each.source if each.code else code_in(each.source) for each in found)


def redefined(part: Part, strays: list[Stray]) -> str:
    """Return what gives an answer's function its name again, after the last cell of the answer."""
    own = [place for place, each in enumerate(strays) if each.question == part.question]
    after = strays[own[-1] + 1 :] if own else []
    return "\n\n".join(each.source for each in after if _binds(each, part.question))


def _is_prose(stray: Stray) -> bool:
    """Tell whether a cell that is not the answer's holds words for a reader, not only code."""
    if not stray.code:
        return stray.question is None
    if (words := _words(stray.source)) is None:
        return stray.question is None
    courses = [text for those in _words(stray.course) or () for text in those]
    comments, shown, strings = ([text for text in each if text not in courses] for each in words)
    least = MANY_WORDS if stray.question else FEW_WORDS if stray.course else 1
    if any(_length(text) >= least for text in ("\n".join(comments), *comments, *shown)):
        return True
    return any(_length(text) >= max(least, FEW_WORDS) for text in strings)


def _words(source: str) -> tuple[list[str], list[str], list[str]] | None:
    """Return the comments of code, the strings that it only shows, and all; None if it is none."""
    code, tree, shown, strings = _MAGICS.sub("", source), _tree(source), [], []
    if tree is None:
        return None
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt) and not hasattr(node, "body"):
                values = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
                strings.append(" ".join(value for value in values if isinstance(value, str)))
                if isinstance(node, ast.Expr) and _only_shows(node.value):
                    shown.append(strings[-1])
    except (tokenize.TokenError, SyntaxError, RecursionError):
        return [code], [], []
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return comments, shown, strings


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


def _binds(stray: Stray, name: str) -> bool:
    return name in stray.added and binds(stray.source, name)


def binds(source: str, name: str) -> bool:
    """Tell whether code seems to give a function this name, also code that Python cannot read."""
    ways = (
        rf"\b(?:def|class|as)[\s\\]+{name}\b",
        rf"\bimport\b[^\n]{{0,200}}\b{name}\b",
        rf"\b{name}\s*(?::[^=\n]{{0,200}})?=(?!=)",
        rf"(?<!check\()[\"']{name}[\"']",  # globals()["name"], setattr(module, "name", ...)
    )
    if any(re.search(way, source) for way in ways):
        return True
    tree = _tree(source)
    names = (node for node in (ast.walk(tree) if tree else ()) if isinstance(node, ast.Name))
    return any(node.id == name and isinstance(node.ctx, ast.Store) for node in names)


def is_open(sources: Iterable[str]) -> bool:
    """Tell whether code gives names that do not stand in it."""
    return any(_ANY_NAME.search(re.sub(r"\b(?:def|lambda|class)\b", "", each)) for each in sources)


# What gives names that do not stand there, or may be the answer under a name of the learner's own.
_ANY_NAME = re.compile(
    r"\b(?:def|lambda|class|globals|locals|vars|setattr|exec|eval|compile|__\w+__)\b|import\s*\(?\s*\*"
    r"|\bget_ipython\b|^\s*!|^\s*%(?!matplotlib\b|config\b|pip\b|conda\b|time)",
    re.MULTILINE,
)


def _may_bind(stray: Stray, part: Part) -> bool:
    """Tell whether a cell of no answer may hold the answer in a way that nobody thought of."""
    if re.search(rf"\b{part.question}\b", stray.new):
        return True
    if not stray.code or _ANY_NAME.search(stray.new):
        return stray.code
    return bool(_CODE.search(stray.new)) and _tree(stray.source) is None


_CODE = re.compile(r"\breturn\b|[=(\[]")
_MAGICS = re.compile(r"(?m)^\s*[%!].*")


def _tree(source: str) -> ast.Module | None:
    code = _MAGICS.sub("", source)
    return None if len(code) > LONGEST_CODE else parsed(code)
