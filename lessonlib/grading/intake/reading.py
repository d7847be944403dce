"""Read what was handed in, a file and its cells, without trusting it."""

import ast
import functools
import json
import os
import re
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.paper.words import WORDS

SIZE_LIMIT = 10_000_000  # bytes; a notebook with its plots stored has a tenth of this
# Of many small things a notebook takes a hundred times more memory than its file.
MOST_PARTS = 400_000  # lists and mappings in it, and what is in mappings
MOST_CELLS = 5_000
MOST_LINES = 100_000  # of all cells
MOST_MEMORY = 20_000_000  # bytes of their texts; of some, each letter takes four
LONGEST_CODE = 100_000  # characters that are parsed
Kind = TypeVar("Kind", str, dict, list)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
MOST_COMMENTS = 2000  # characters; what is longer than the placeholder by more is an answer

# Opening a pipe would wait for a writer; Windows has neither word.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class UnreadableError(Exception):
    """A submission that cannot be graded, with a short cause and a sentence for the learner."""

    def __init__(self, cause: str, **slots: Any) -> None:
        self.cause, self.slots = cause, slots
        self.message = WORDS(f"causes.{cause}", **slots)
        super().__init__(self.message)


def too_large(size: int, most: int = SIZE_LIMIT) -> UnreadableError:
    """Return the refusal of a file of this many bytes."""
    return UnreadableError("too-large", size=size / 1e6, most=most / 1e6)


def read(path: Path) -> bytes:
    """Read a notebook's bytes; UnreadableError for a link, a pipe, a file too large or barred."""
    try:
        with opened(path, SIZE_LIMIT) as file:
            return file.read(SIZE_LIMIT)
    except IsADirectoryError:
        raise UnreadableError("not-a-file") from None
    except OSError as problem:
        if os.path.islink(path):
            raise UnreadableError("link") from None
        raise UnreadableError("unopened", reason=problem.strerror) from None


@contextmanager
def opened(path: Path, most: int) -> Iterator[IO[bytes]]:
    """Open a plain file of so many bytes at most; OSError or UnreadableError for all else."""
    with open(path, "rb", opener=lambda name, how: os.open(name, how | _CAREFUL)) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not-a-file")
        if status.st_size > most:
            raise too_large(status.st_size, most)
        yield file


@dataclass(frozen=True)
class Cell:
    """A cell with a text, as far as it counts: which question it answers, if it answers one."""

    source: str
    code: bool
    id: str = ""
    role: str = ""  # as the cell says
    question: str | None = None


def cells_of(data: bytes, assignment: Assignment) -> list[Cell]:
    """Read the cells of a submission; UnreadableError if the bytes are no notebook."""
    return [cell for cell, _ in pairs_of(data, assignment)]


def pairs_of(data: bytes, assignment: Assignment) -> list[tuple[Cell, dict[str, Any]]]:
    """Read the cells of a submission, each beside what JSON holds of it.

    An answer is known by its cell's id. Where an editor has dropped or changed ids (old notebook
    formats, a cell that was split), the question named in the cell's metadata tells.
    """
    by_id = {part.cell: part.question for part in assignment.parts}
    asks_for_code = {part.question for part in assignment.parts if not part.written}
    elsewhere = {cell.get("id") for cell in assignment.notebook.cells} - set(by_id)
    found = []
    for cell in cells_in(data):
        source, tags = text_of(cell), _read(_read(cell, "metadata", dict), "lessonlib", dict)
        name, role = _read(cell, "id", str), _read(tags, "role", str)
        question = by_id.get(name)
        if not question and role == "answer" and name not in elsewhere:
            question = _read(tags, "question", str)
        if source is not None:
            question = question if question in by_id.values() else None
            is_code = cell.get("cell_type") == "code"
            if question in asks_for_code and not is_code:
                source = code_in(source)
            found.append((Cell(source, is_code, name, role, question), cell))
    return found


def text_of(cell: dict[str, Any]) -> str | None:
    """Return the text of a cell as JSON holds it; None if it has none."""
    source = cell.get("source", cell.get("input"))  # as format 3 calls it
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def code_in(text: str) -> str:
    """Return what stands between the fences of a Markdown text; the text itself if it has none."""
    fence, found = "", []
    for line in text.split("\n"):
        if fence and line.lstrip().startswith(fence):
            fence = ""
        elif fence:
            found.append(line)
        elif opening := _FENCE.match(line):
            fence = opening[1]
    return "\n".join(found) or text


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


def cells_in(data: bytes) -> list[dict[str, Any]]:
    """Return the cells of a notebook as JSON holds them; UnreadableError if it is none."""
    if len(data) > SIZE_LIMIT:
        raise too_large(len(data))
    if not data.strip():
        raise UnreadableError("empty")
    if sum(map(data.count, (b"[", b"{", b":"))) > MOST_PARTS:
        raise UnreadableError("too-many-parts")
    try:
        notebook = json.loads(data.decode(json.detect_encoding(data)))
    except UnicodeDecodeError:
        raise UnreadableError("not-utf8") from None
    except (ValueError, RecursionError):
        raise UnreadableError("not-json") from None
    version = notebook.get("nbformat") if isinstance(notebook, dict) else None
    if type(version) in (int, float) and 0 < version < 3:
        raise UnreadableError("old-format", version=version)
    sheets = _read(notebook, "worksheets", list) if version == 3 else [notebook]
    if version not in (3, 4) or not sheets or not all(_holds_cells(sheet) for sheet in sheets):
        raise UnreadableError("not-a-notebook")
    cells = [cell for sheet in sheets for cell in sheet["cells"] if isinstance(cell, dict)]
    texts = [text_of(cell) or "" for cell in cells[:MOST_CELLS]]
    lines, memory = sum(text.count("\n") for text in texts), sum(map(sys.getsizeof, texts))
    if len(cells) > MOST_CELLS or lines > MOST_LINES or memory > MOST_MEMORY:
        raise UnreadableError("too-many-parts")
    return cells


def _holds_cells(sheet: Any) -> bool:
    return isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)


def _read(data: dict[str, Any], key: str, kind: type[Kind]) -> Kind:
    """Return what stands there if it is of the right kind, else an empty one."""
    value = data.get(key)
    return value if isinstance(value, kind) else kind()
