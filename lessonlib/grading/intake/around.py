"""What stands around an answer in the notebook that was handed in, with what the cells showed.

It is for a person who reads the answer, and decides nothing: the outputs are the learner's word.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.reading import (
    Cell,
    UnreadableError,
    pairs_of,
    plain,
)


@dataclass(frozen=True)
class Piece:
    """A cell as it was handed in; the attachments are pictures that its Markdown shows by name."""

    cell: Cell
    outputs: tuple[dict[str, Any], ...] = ()
    attachments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """The cells of an answer, and what the learner added or changed between the answers beside."""

    own: tuple[Piece, ...] = ()
    beside: tuple[Piece, ...] = ()


def around(job: str, assignment: Assignment) -> dict[str, Around]:
    """Return, by question, what a job of `fetch` brings; nothing if it is no notebook."""
    encoded = json.loads(job).get("data", "")
    try:
        pieces = list(_pieces(base64.b64decode(encoded), assignment))
    except UnreadableError:
        return {}
    given = {plain(cell.source) for cell in assignment.notebook.cells}
    given |= {plain(text) for text in assignment.placeholders.values()} | {""}
    found: dict[str, Around] = {}
    for part in assignment.parts:
        own = [n for n, each in enumerate(pieces) if each.cell.question == part.question]
        others = [n for n, each in enumerate(pieces) if each.cell.question and n not in own]
        first, last = (own[0], own[-1]) if own else (len(pieces), -1)
        start = max((n for n in others if n < first), default=-1) if own else -1
        end = min((n for n in others if n > last), default=len(pieces)) if own else len(pieces)
        beside = [n for n in range(start + 1, end) if n not in own and n not in others]
        found[part.question] = Around(
            tuple(pieces[n] for n in own),
            tuple(pieces[n] for n in beside if plain(pieces[n].cell.source) not in given),
        )
    return found


def _pieces(data: bytes, assignment: Assignment) -> Iterator[Piece]:
    for cell, raw in pairs_of(data, assignment):
        outputs, pictures = raw.get("outputs"), raw.get("attachments")
        stored = outputs if isinstance(outputs, list) else []
        shown = tuple(each for each in stored if isinstance(each, dict))
        yield Piece(cell, shown, pictures if isinstance(pictures, dict) else {})


def joined(text: object) -> str:
    """Return a text as notebooks write it: whole, or as a list of lines; nothing of all else."""
    if isinstance(text, list):
        return "".join(line for line in text if isinstance(line, str))
    return text if isinstance(text, str) else ""
