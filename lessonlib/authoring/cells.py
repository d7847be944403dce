"""What a cell is for: the mark in its metadata, read and checked in one place.

A cell of an exercise carries ``{"lessonlib": {"role": ROLE, "question": NAME, "points": N}}``.
``answer`` cells are the learner's, ``check`` cells try an answer, ``given`` cells belong to the
course, and ``page`` cells are about the page itself (how far one is, handing in), so that no grader
runs them. All that is left unmarked belongs to the course as well. A cell of the lesson may carry
``{"lessonlib": {"lesson": [HEADING, ...]}}``: the headings of the lesson that it covers.
"""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

ROLES = ("answer", "check", "given", "page")
WITHOUT_QUESTION = ("given", "page")
KEYS = {"role", "question", "points", "rubric"}


@dataclass(frozen=True)
class Mark:
    """The mark of one cell; `rubric` is what a person looks for in a written answer."""

    role: str
    question: str | None = None
    points: int = 0
    rubric: tuple[str, ...] = ()


def mark(cell: NotebookNode) -> Mark | None:
    """Read a cell's mark, if it has one; a ValueError if it is not as this module describes it."""
    fields = cell.metadata.get("lessonlib")
    if fields is None or (isinstance(fields, dict) and set(fields) == {"lesson"}):
        return None
    if not isinstance(fields, dict) or not set(fields) <= KEYS:
        raise ValueError(f"the mark {fields!r} is not a mapping with keys from {sorted(KEYS)}")
    role, question, points = fields.get("role"), fields.get("question"), fields.get("points", 0)
    if role not in ROLES:
        raise ValueError(f"role={role!r} is not one of {', '.join(ROLES)}")
    is_name = isinstance(question, str) and re.fullmatch(r"[A-Za-z0-9_]{1,50}", question)
    if role not in WITHOUT_QUESTION and not is_name:
        raise ValueError(
            f"question={question!r} is not a name for a question; "
            "use at most 50 letters, digits and underscores"
        )
    if type(points) is not int or points < 0:
        raise ValueError(f"points={points!r} is not a whole number of points, 0 or more")
    return Mark(role, question, points, tuple(fields.get("rubric", ())))


def marked(notebook: NotebookNode, role: str) -> dict[str, NotebookNode]:
    """Find the cells with one role, by question, in a notebook of the course (no submission)."""
    found = ((mark(cell), cell) for cell in notebook.cells)
    return {each.question: cell for each, cell in found if each and each.role == role}


def cell_id(role: str, question: str) -> str:
    """Name a question's answer or check cell, so that its id survives every edit."""
    return f"{role}-{question}"


def points(notebook: NotebookNode) -> dict[str, int]:
    """Tell what each question of a notebook of the course is worth."""
    return {question: mark(cell).points for question, cell in marked(notebook, "answer").items()}


def defects(notebook: NotebookNode) -> list[str]:
    """List what is wrong with the marks of a notebook of the course, in a sentence each."""
    found: list[str] = []
    worth: dict[str, dict[str, int]] = {"answer": {}, "check": {}}
    for position, cell in enumerate(notebook.cells):
        try:
            read = mark(cell)
        except ValueError as error:
            found.append(f"cell {position}: {error}")
            continue
        if read is None or read.role in WITHOUT_QUESTION:
            continue
        role, question = read.role, read.question
        if role == "check" and cell.cell_type != "code":
            found.append(f"cell {position}: a check is a code cell, not {cell.cell_type}")
        if cell.cell_type == "markdown" and not read.rubric:
            found.append(f"cell {position}: the written answer {question!r} has no rubric")
        if cell.get("id") != cell_id(role, question):
            found.append(f"cell {position}: its id should be {cell_id(role, question)!r}")
        if question in worth[role]:
            found.append(f"question {question!r} has more than one {role} cell")
        worth[role][question] = read.points
    for question, checked in worth["check"].items():
        answered = worth["answer"].get(question)
        if answered is None:
            found.append(f"the check of {question!r} has no answer cell")
        elif checked != answered:
            found.append(
                f"question {question!r} is worth {answered} in its answer cell, "
                f"but {checked} in its check cell"
            )
    return found
