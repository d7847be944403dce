"""What was found out about each question, and the journal that a killed run goes on from."""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from lessonlib.files import written_whole
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.paper.ruling import Ruling
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.typed import from_json
from lessonlib.grading.paper.words import WORDS


@dataclass(frozen=True)
class Question(Ruling):
    """A ruling with its points and all that a report shows; no flag changes a grade."""

    points: float = 0.0
    max_points: float = 0.0
    asked: str = ""
    answer: str = ""
    rubric: tuple[str, ...] = ()
    written: bool = False
    comment: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """One graded submission: a line of the journal.

    The digest is that of what was handed in and of all that it is graded with; empty where nothing
    was. The notes decide nothing. The platform's id is written after what it is: ``canvas:123``,
    ``sid:``, ``login:`` or ``email:``; empty where none is known.
    """

    learner: str
    exercise: str
    terms: Terms
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    digest: str = ""
    platform_id: str = ""

    def to_json(self) -> str:
        """Write the record as one line."""
        return json.dumps(asdict(self))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the questions as ``results.jsonl`` holds them."""
        for each in self.questions:
            yield {
                "learner": self.learner,
                "exercise": self.exercise,
                **{name: getattr(each, name) for name in _OF_A_ROW},
                "sandbox": self.terms.sandbox,
                "seed": self.terms.seed,
                "flags": each.flags,
            }


_OF_A_ROW = ("question", "verdict", "cause", "points", "max_points", "seconds", "cpu_seconds")


def record(
    assignment: Assignment,
    terms: Terms,
    rulings: Iterable[Ruling],
    answers: dict[str, str],
    notes: tuple[str, ...] = (),
) -> Record:
    """Make the record of a submission; whose it is comes in later.

    Whoever reads an answer, also in search of something odd, reads all that was run for it.
    """
    questions = tuple(
        Question(
            **vars(ruling),
            points=part.points if ruling.verdict == "passed" else 0,
            max_points=part.points,
            asked=part.asked,
            answer="\n\n".join(filter(None, (ruling.beside, answers.get(part.question, "")))),
            rubric=part.rubric,
            written=part.written,
        )
        for part, ruling in zip(assignment.parts, rulings, strict=True)
    )
    return Record("", assignment.exercise, terms, questions, notes)


def undecided(
    assignment: Assignment, terms: Terms, verdict: str, cause: str, **slots: Any
) -> Record:
    """Make the record of a submission of which one and the same thing is to be said throughout."""
    message = WORDS(f"causes.{cause}", **slots)
    rulings = [Ruling(part.question, verdict, cause, message) for part in assignment.parts]
    return record(assignment, terms, rulings, {})


@dataclass(frozen=True)
class Entry:
    """What the journal keeps at hand of a record, and where its line begins in the file."""

    digest: str
    terms: Terms
    verdicts: frozenset[str]
    place: int

    @property
    def is_grade(self) -> bool:
        """Whether a notebook was handed in and graded."""
        return bool(self.digest) and "error" not in self.verdicts

    def holds(self, digest: str, terms: Terms) -> bool:
        """Tell whether the grade holds: same notebook, same terms, no failure of the grader."""
        if "timeout" not in self.verdicts:  # whoever kept within another budget keeps the grade
            terms = replace(terms, budget=self.terms.budget)
        return self.is_grade and (self.digest, self.terms) == (digest, terms)


Key = tuple[str, str]  # learner and exercise


class Journal:
    """The records of a run, appended as they come, and read back from the file one by one.

    The folder also gets ``results.jsonl``.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "journal.jsonl"
        self.results = folder / "results.jsonl"
        self.entries: dict[Key, Entry] = {}
        self._read_entries()

    def __iter__(self) -> Iterator[Record]:
        """Yield the records by learner and exercise; only one is held in memory."""
        self._catch_up()
        if not self.entries:
            return
        with self.path.open("rb") as file:
            for key in sorted(self.entries):
                file.seek(self.entries[key].place)
                yield from_json(Record, file.readline())

    def keep(self, keys: Collection[Key], more: Iterable[Record]) -> None:
        """Forget the other records that this journal knows, add more, and write both files anew."""
        forgotten = self.entries.keys() - keys
        kept = (each for each in self if (each.learner, each.exercise) not in forgotten)
        _replace(self.path, (each.to_json() for each in chain(kept, more)))
        self._read_entries()
        write_results(self.results, self)

    def add(self, new: Record) -> None:
        """Write a record down at once; nothing graded is lost after this."""
        self._catch_up()
        place = _append(self.path, [new.to_json()])
        self._enter(new, place)
        self.state = _state(self.path)
        _append(self.results, map(json.dumps, new.rows()))

    def _enter(self, each: Record, place: int) -> None:
        verdicts = frozenset(question.verdict for question in each.questions)
        self.entries[each.learner, each.exercise] = Entry(each.digest, each.terms, verdicts, place)

    def _catch_up(self) -> None:
        """Look again where each record begins, if the file is not as this journal left it."""
        if _state(self.path) != self.state:
            self._read_entries()

    def _read_entries(self) -> None:
        self.entries.clear()
        self.state = _state(self.path)
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            place = 0
            for line in file:
                with suppress(ValueError):  # from the line at which an earlier run was killed
                    self._enter(from_json(Record, line.decode()), place)
                place += len(line)


def write_results(path: Path, records: Iterable[Record]) -> None:
    """Write ``results.jsonl``: one line for each submission and question."""
    _replace(path, (json.dumps(row) for each in records for row in each.rows()))


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file is replaced or grows."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_size


def _append(path: Path, lines: Iterable[str]) -> int:
    """Write lines at the end of a file, and return where the first of them begins."""
    with path.open("ab") as file:
        place = file.tell()
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
    return place


def _replace(path: Path, lines: Iterable[str]) -> None:
    with written_whole(path, newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
