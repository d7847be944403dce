"""The reference of an exercise: its notebook, its questions, and what an untouched answer is."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lessonlib.authoring.cells import mark, marked


@dataclass(frozen=True)
class Part:
    """One question as the reference notebook asks it.

    `cell` is the id of the answer cell, `asked` the text right before it, `answer` the course's
    own. Where a person has to read the answer, the rubric says what for.
    """

    question: str
    points: int
    written: bool
    cell: str
    rubric: tuple[str, ...] = ()
    asked: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Assignment:
    """A reference notebook, ready to take in the answers of any learner.

    `placeholders` is what each answer cell holds before a learner touches it, by question.
    """

    exercise: str
    notebook: NotebookNode
    placeholders: dict[str, str] = field(default_factory=dict)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The questions, in the order in which the notebook asks them."""
        found, asked = [], ""
        for cell in self.notebook.cells:
            if (tags := mark(cell)) and tags.role == "answer":
                written = cell.cell_type != "code"
                told = (tags.question, tags.points, written, cell.id, tags.rubric)
                found.append(Part(*told, asked, cell.source))
            if cell.cell_type == "markdown":
                asked = cell.source
        return tuple(found)

    @cached_property
    def text(self) -> str:
        """The solution as the text of its file."""
        return nbformat.writes(self.notebook)


@dataclass(frozen=True)
class Course:
    """The references by exercise, and the folders that no learner's code may see."""

    assignments: dict[str, Assignment]
    private: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Write the course as one line, for a worker."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "Course":
        """Read what ``to_json`` wrote."""
        data = json.loads(line)
        assignments = {
            name: Assignment(name, nbformat.from_dict(each["notebook"]), each["placeholders"])
            for name, each in data["assignments"].items()
        }
        return cls(assignments, tuple(data["private"]))


def exercises(folder: Path) -> dict[str, Path]:
    """Return the reference notebooks of a course's folder by exercise name."""
    return {path.stem: path for path in sorted((folder / "solutions").glob("*.ipynb"))}


def load(folder: Path, exercise: str) -> Assignment:
    """Read an exercise's reference from ``solutions/``, and its untouched answers."""
    handout, placeholders = folder / "exercises" / f"{exercise}.ipynb", {}
    if handout.exists():
        untouched = marked(nbformat.read(handout, as_version=4), "answer")
        placeholders = {question: cell.source for question, cell in untouched.items()}
    reference = nbformat.read(exercises(folder)[exercise], as_version=4)
    return Assignment(exercise, reference, placeholders)


def load_course(folder: Path, names: Iterable[str], *private: Path) -> Course:
    """Read several references; what the course keeps from learners is private, and more may be."""
    hidden = (folder / "solutions", folder / "tests", *private)
    return Course({name: load(folder, name) for name in names}, tuple(map(str, hidden)))
