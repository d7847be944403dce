"""A notebook file as it lies on the disk, and what it holds of a learner's answers, unrun."""

import ast
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

from lessonlib.words import Words

if TYPE_CHECKING:
    from lessonlib.practice.course import Step

WORDS = Words("practice")
LARGEST = 50_000_000  # bytes
LONGEST_LINE = 60  # characters that are shown of an answer

# How an answer stands; in words below `hand_in.state`.
ANSWERED, EMPTY, AS_GIVEN, DOTS = "answered", "empty", "as_given", "dots"
MISSING, ELSEWHERE = "missing", "elsewhere"

_DOTS = re.compile(r"^[ \t]*(?:return|[\w, \t]+=|)[ \t]*\.\.\.[ \t]*(?:#.*)?$", re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
_NO_BODY = re.compile(r"def |#|[\"']|from |import |@")


def write_here() -> str:
    """Return what stands in the place of a written answer before it is written."""
    return WORDS("saved.write_here")


class UnreadableError(Exception):
    """A file that holds no notebook; its text says why."""


@dataclass(frozen=True)
class Answer:
    """What a file holds for one question: one text for each cell that carries its mark.

    `title` is its name for people: the function, or the heading above a written answer; `points`
    are 0 where the file does not say; `state` is ``ANSWERED``, or what is wrong.
    """

    question: str
    title: str
    points: int
    state: str
    texts: tuple[str, ...]

    @property
    def begins(self) -> str:
        """The first line that is the learner's own, as far as that can be told."""
        lines = [line.strip() for line in "\n".join(self.texts).splitlines() if line.strip()]
        own = [line for line in lines if not _NO_BODY.match(line)] or lines or [""]
        return own[0] if len(own[0]) <= LONGEST_LINE else f"{own[0][: LONGEST_LINE - 1]}…"


def read(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook file: OSError if it cannot be read, else UnreadableError."""
    if not path.is_file():
        raise FileNotFoundError(2, WORDS("saved.no_file"))
    if path.stat().st_size > LARGEST:
        raise UnreadableError(WORDS("saved.too_large"))
    try:
        notebook = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise UnreadableError(WORDS("saved.not_whole")) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise UnreadableError(WORDS("saved.other_format"))
    return [cell for cell in cells if isinstance(cell, dict)]


def answers(step: "Step", cells: Sequence[dict[str, Any]]) -> list[Answer]:
    """Return what the cells of a file hold for every question of an exercise."""
    own = [_cell(each) for each in cells]
    return [_answer(name, name in step.written, own) for name in (*step.checks, *step.written)]


def find(step: "Step", places: Iterable[str | os.PathLike], folder: Path) -> Path | None:
    """Find the file of an exercise's open notebook, whatever it is called.

    The most trustworthy place comes first. Of several files in the folder that hold the exercise,
    the newest is taken.
    """
    for place in places:
        path = Path(place)
        if path.suffix == ".ipynb" and _holds(step, path):
            return path
    named = folder / f"{step.name}.ipynb"
    found = [named] if _holds(step, named) else [p for p in _in(folder) if _holds(step, p)]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts differ in nothing but their line ends and the space around them."""
    return [*map(str.rstrip, one.strip().splitlines())] == [
        *map(str.rstrip, other.strip().splitlines())
    ]


def defines(source: str, name: str) -> bool:
    """Tell whether code gives a function its name, as far as that can be seen without running."""
    return re.search(rf"^(?:async +def|def) +{name}\b|^{name} *=", source, re.MULTILINE) is not None


class _Cell(NamedTuple):
    names: tuple[str | None, ...]  # of the questions that it answers, by its mark and by its id
    is_code: bool
    source: str
    points: int


def _cell(raw: dict[str, Any]) -> _Cell:
    metadata, source = raw.get("metadata"), raw.get("source")
    mark = metadata.get("lessonlib") if isinstance(metadata, dict) else None
    mark = mark if isinstance(mark, dict) else {}
    marked = f"answer-{mark.get('question')}" if mark.get("role") == "answer" else None
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    points = mark.get("points") if type(mark.get("points")) is int else 0
    return _Cell((marked, raw.get("id")), raw.get("cell_type") == "code", text, points)


def _answer(question: str, written: bool, cells: Sequence[_Cell]) -> Answer:
    own = [cell for cell in cells if f"answer-{question}" in cell.names]
    texts = tuple(cell.source for cell in own if cell.source.strip())
    title = _heading_above(own[0], cells) if own and written else question
    state = _written(texts) if written else _coded(question, texts)
    if not own:
        state, title = MISSING, WORDS("saved.written_answer") if written else question
    if state != ANSWERED and not written:
        others = (cell.source for cell in cells if cell not in own and cell.is_code)
        if any(_coded(question, (text,)) == ANSWERED for text in others if defines(text, question)):
            state = ELSEWHERE
    return Answer(question, title, next((c.points for c in own if c.points), 0), state, texts)


def _written(texts: Sequence[str]) -> str:
    return AS_GIVEN if all(same_text(text, write_here()) for text in texts) else ANSWERED


def _coded(question: str, texts: Sequence[str]) -> str:
    """Tell how far code is; of several functions of one name the last counts."""
    code = "\n".join(texts)
    last = max((code.rfind(f"{word}{question}") for word in ("def ", "\n")), default=0)
    if not texts:
        return EMPTY
    return DOTS if _DOTS.search(code, max(last, 0)) else ANSWERED


def _holds(step: "Step", path: Path) -> bool:
    try:
        cells = read(path)
    except (OSError, ValueError, UnreadableError):
        return False
    asked = {f"answer-{name}" for name in (*step.checks, *step.written)}
    return any(name in asked for cell in cells for name in _cell(cell).names)


def _in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("*.ipynb"))
    except (OSError, ValueError):
        return []


def _heading_above(answer: _Cell, cells: Sequence[_Cell]) -> str:
    before = [cell for cell in cells[: cells.index(answer)] if not cell.is_code]
    headings = [found for cell in before for found in _HEADING.findall(cell.source)]
    return headings[-1] if headings else WORDS("saved.written_answer")


def does_not_run(answer: Answer) -> str:
    """Say why the code of an answer cannot even be read by Python; empty if it can."""
    for text in answer.texts:
        try:
            ast.parse(TransformerManager().transform_cell(text))
        except SyntaxError as error:
            return WORDS("saved.syntax_error", line=error.lineno, error=error.msg)
    return ""


def is_named_after(path: Path, step: "Step") -> bool:
    """Tell whether a file's name still names its exercise, however it was renamed besides."""
    return step.name.casefold() in re.sub(r"[\W_]+", "_", path.stem).casefold()
