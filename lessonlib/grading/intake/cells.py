"""The cells of a notebook that was handed in, read without trusting them."""

import ast
import functools
import json
import warnings
from dataclasses import dataclass
from typing import Any, TypeVar

from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.reading import SIZE_LIMIT, UnreadableError, too_large

LONGEST_CODE = 100_000  # characters that are parsed
Kind = TypeVar("Kind", str, dict)
MOST_COMMENTS = 2000  # characters; what is longer than the placeholder by more is an answer


@dataclass(frozen=True)
class Cell:
    """A cell with a text, as far as it counts: which question it answers, if it answers one."""

    source: str
    code: bool
    id: str = ""
    role: str = ""  # as the cell says
    question: str | None = None


def cells_of(data: bytes, assignment: Assignment) -> list[Cell]:
    """Read the cells of a submission; UnreadableError if the bytes are no notebook.

    An answer is known by its cell's id. Where an editor has dropped or changed ids (old notebook
    formats, a cell that was split), the question named in the cell's metadata tells.
    """
    by_id = {part.cell: part.question for part in assignment.parts}
    elsewhere = {cell.get("id") for cell in assignment.notebook.cells} - set(by_id)
    found = []
    for cell in _cells(data):
        source, tags = cell.get("source"), _read(_read(cell, "metadata", dict), "lessonlib", dict)
        name, role = _read(cell, "id", str), _read(tags, "role", str)
        question = by_id.get(name)
        if not question and role == "answer" and name not in elsewhere:
            question = _read(tags, "question", str)
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if isinstance(source, str):
            source = source.replace("\r\n", "\n").replace("\r", "\n")
            question = question if question in by_id.values() else None
            found.append(Cell(source, cell.get("cell_type") == "code", name, role, question))
    return found


def plain(text: str) -> str:
    """Return a text without what no reader sees: the ends of its lines and blank ones around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def untouched(text: str, placeholder: str) -> bool:
    """Tell whether nobody has answered in a text: the layout and comments do not count."""
    own, given = plain(text), plain(placeholder)
    if own in ("", given):
        return True
    return len(own) < len(given) + MOST_COMMENTS and _shape(own) == _shape(given) != ""


def parsed(source: str) -> ast.Module | None:
    """Return the tree of a learner's code; None if Python cannot read it."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in the learner's texts
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def half_character(text: str) -> str:
    """Return a character that no file can hold; nothing if there is none."""
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        return f"U+{ord(text[problem.start]):04X}"
    return ""


@functools.lru_cache(maxsize=256)
def _shape(source: str) -> str:
    """Return what code does, without its layout and comments; nothing if Python cannot read it."""
    tree = parsed(source)
    try:
        return ast.dump(tree) if tree and tree.body else ""
    except RecursionError:
        return ""


def _cells(data: bytes) -> list[dict[str, Any]]:
    if len(data) > SIZE_LIMIT:
        raise too_large(len(data))
    if not data.strip():
        raise UnreadableError("empty")
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError("not-utf8") from None
    except (ValueError, RecursionError):
        raise UnreadableError("not-json") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if type(version) is int and 0 < version < 4:
        raise UnreadableError("old-format", version=version)
    if type(version) is not int or version != 4 or not isinstance(notebook.get("cells"), list):
        raise UnreadableError("not-a-notebook")
    return [cell for cell in notebook["cells"] if isinstance(cell, dict)]


def _read(data: dict[str, Any], key: str, kind: type[Kind]) -> Kind:
    """Return what stands there if it is of the right kind, else an empty one."""
    value = data.get(key)
    return value if isinstance(value, kind) else kind()
