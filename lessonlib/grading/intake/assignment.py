"""The reference of an exercise: its notebook, its questions, and what an untouched answer is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lessonlib.authoring.cells import mark, marked


@dataclass(frozen=True)
class Part:
    """One question as the reference notebook asks it.

    Parameters
    ----------
    question
        The question's name.
    points
        What a full answer is worth.
    written
        Whether a person has to read the answer.
    cell
        The id of the answer cell.
    rubric
        What a person looks for in a written answer.
    asked
        The text right before the answer.
    """

    question: str
    points: int
    written: bool
    cell: str
    rubric: tuple[str, ...] = ()
    asked: str = ""


@dataclass(frozen=True)
class Assignment:
    """A reference notebook, ready to take in the answers of any learner.

    Parameters
    ----------
    exercise
        The exercise's name: the notebook's file name without its ending.
    notebook
        The solution.
    placeholders
        What each answer cell holds before a learner touches it, by question.
    """

    exercise: str
    notebook: NotebookNode
    placeholders: dict[str, str] = field(default_factory=dict)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The questions, in the order in which the notebook asks them."""
        return tuple(
            Part(
                question=question,
                points=mark(cell).points,
                written=cell.cell_type != "code",
                cell=cell.id,
                rubric=mark(cell).rubric,
                asked=self._asked(cell),
            )
            for question, cell in marked(self.notebook, "answer").items()
        )

    @cached_property
    def text(self) -> str:
        """The solution as the text of its file."""
        return nbformat.writes(self.notebook)

    def _asked(self, answer: NotebookNode) -> str:
        before = self.notebook.cells[: self.notebook.cells.index(answer)]
        texts = (cell.source for cell in reversed(before) if cell.cell_type == "markdown")
        return next(texts, "")


def exercises(course: Path) -> dict[str, Path]:
    """Return the reference notebooks of a course by exercise name."""
    return {path.stem: path for path in sorted((course / "solutions").glob("*.ipynb"))}


def load(course: Path, exercise: str) -> Assignment:
    """Read an exercise's reference and its untouched answers.

    Parameters
    ----------
    course
        The folder that holds ``solutions/`` and ``exercises/``.
    exercise
        The exercise's name, such as ``01_your_own_sentence``.

    Raises
    ------
    ValueError
        If the course has no such exercise.
    """
    known = exercises(course)
    if exercise not in known:
        raise ValueError(
            f"no exercise {exercise!r} in {course / 'solutions'}; there are: {', '.join(known)}"
        )
    handout = course / "exercises" / known[exercise].name
    placeholders = {}
    if handout.exists():
        untouched = marked(nbformat.read(handout, as_version=4), "answer")
        placeholders = {question: cell.source for question, cell in untouched.items()}
    return Assignment(exercise, nbformat.read(known[exercise], as_version=4), placeholders)
