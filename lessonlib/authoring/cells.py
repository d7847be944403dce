"""What a cell is for: the mark in its metadata, read and checked in one place.

A cell of an exercise carries ``{"lessonlib": {"role": ROLE, "question": NAME, "points": N}}``.
``answer`` cells are the learner's, ``check`` cells try an answer, ``given`` cells belong to the
course, and ``page`` cells are about the page itself (how far one is, handing in), so that no grader
runs them. All that is left unmarked belongs to the course as well. A cell of the lesson may carry
``{"lessonlib": {"lesson": [HEADING, ...]}}``: the headings of the lesson that it covers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbformat import NotebookNode

ROLES = ("answer", "check", "given", "page")
WITHOUT_QUESTION = ("given", "page")
KEYS = {"role", "question", "points", "rubric"}


@dataclass(frozen=True)
class Mark:
    """The mark of one cell.

    Attributes
    ----------
    role : str
        One of ``ROLES``.
    question : str or None
        The question that the cell belongs to; given cells and those about the page
        may go without.
    points : int
        What a full answer to the question is worth.
    rubric : tuple of str
        What a person looks for in a written answer; empty where a check decides.
    """

    role: str
    question: str | None = None
    points: int = 0
    rubric: tuple[str, ...] = ()


def mark(cell: NotebookNode) -> Mark | None:
    """Read a cell's mark.

    Parameters
    ----------
    cell : NotebookNode
        One cell of a notebook.

    Returns
    -------
    Mark or None
        None where the cell carries no mark.

    Raises
    ------
    ValueError
        If the mark is not as this module describes it.
    """
    fields = cell.metadata.get("lessonlib")
    if fields is None or (isinstance(fields, dict) and set(fields) == {"lesson"}):
        return None
    if not isinstance(fields, dict) or not set(fields) <= KEYS:
        raise ValueError(f"the mark {fields!r} is not a mapping with keys from {sorted(KEYS)}")
    read = Mark(
        role=fields.get("role"),
        question=fields.get("question"),
        points=fields.get("points", 0),
        rubric=tuple(fields.get("rubric", ())),
    )
    if read.role not in ROLES:
        raise ValueError(f"role={read.role!r} is not one of {', '.join(ROLES)}")
    if read.role not in WITHOUT_QUESTION and not _is_question_name(read.question):
        raise ValueError(
            f"question={read.question!r} is not a name for a question; "
            "use at most 50 letters, digits and underscores"
        )
    if type(read.points) is not int or read.points < 0:
        raise ValueError(f"points={read.points!r} is not a whole number of points, 0 or more")
    return read


def marked(notebook: NotebookNode, role: str) -> dict[str, NotebookNode]:
    """Find the cells with one role.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of the course (not a submission, whose cells may be marked in any way).
    role : {"answer", "check"}
        The role to look for.

    Returns
    -------
    dict
        From question to cell, in the notebook's order.
    """
    found = ((mark(cell), cell) for cell in notebook.cells)
    return {each.question: cell for each, cell in found if each and each.role == role}


def cell_id(role: str, question: str) -> str:
    """Name the id of a question's answer or check cell.

    Parameters
    ----------
    role : {"answer", "check"}
        What the cell is for.
    question : str
        The question's name.

    Returns
    -------
    str
        The id; it depends on nothing else, so it survives every edit of the notebook.
    """
    return f"{role}-{question}"


def points(notebook: NotebookNode) -> dict[str, int]:
    """Tell what each question of a notebook is worth.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of the course.

    Returns
    -------
    dict
        From question to points, in the notebook's order.
    """
    return {question: mark(cell).points for question, cell in marked(notebook, "answer").items()}


def defects(notebook: NotebookNode) -> list[str]:
    """List what is wrong with the marks of a notebook of the course.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook to look through.

    Returns
    -------
    list of str
        One sentence for each defect; empty if there is none.
    """
    found = []
    marks = []
    for position, cell in enumerate(notebook.cells):
        try:
            read = mark(cell)
        except ValueError as error:
            found.append(f"cell {position}: {error}")
            continue
        if read is None or read.role in WITHOUT_QUESTION:
            continue
        marks.append(read)
        if read.role == "check" and cell.cell_type != "code":
            found.append(f"cell {position}: a check is a code cell, not {cell.cell_type}")
        if cell.cell_type == "markdown" and not read.rubric:
            found.append(f"cell {position}: the written answer {read.question!r} has no rubric")
        if cell.get("id") != cell_id(read.role, read.question):
            found.append(f"cell {position}: its id should be {cell_id(read.role, read.question)!r}")
    answers = [each for each in marks if each.role == "answer"]
    checks = [each for each in marks if each.role == "check"]
    for cells, role in ((answers, "answer"), (checks, "check")):
        for question in _repeated(each.question for each in cells):
            found.append(f"question {question!r} has more than one {role} cell")
    worth = {each.question: each.points for each in answers}
    for check in checks:
        if check.question not in worth:
            found.append(f"the check of {check.question!r} has no answer cell")
        elif check.points != worth[check.question]:
            found.append(
                f"question {check.question!r} is worth {worth[check.question]} in its answer cell, "
                f"but {check.points} in its check cell"
            )
    return found


def _is_question_name(name: object) -> bool:
    return isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_]{1,50}", name) is not None


def _repeated(names: Iterable[str]) -> list[str]:
    names = list(names)
    return sorted({name for name in names if names.count(name) > 1})
