"""What was found out about each question, and the journal that a killed run goes on from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import lessonlib
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.paper.whole import written_whole

VERDICTS = ("passed", "failed", "missing", "unreadable", "timeout", "pending", "error")

Made = TypeVar("Made")


@dataclass(frozen=True)
class Row:
    """One question of one submission, as ``results.jsonl`` holds it.

    Parameters
    ----------
    verdict
        One of ``VERDICTS``.
    cause
        A stable short name for why.
    points, max_points
        What was reached, and what could be.
    seconds, cpu_seconds
        What the answer and its probe took.
    sandbox
        Where it ran: ``bubblewrap`` or ``none``.
    seed
        From which the inputs were drawn.
    flags
        What a person should look at; no flag changes a grade.
    """

    learner: str
    exercise: str
    question: str
    verdict: str
    cause: str
    points: float
    max_points: float
    seconds: float
    cpu_seconds: float
    sandbox: str
    seed: int
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question of one submission, with all that a report shows."""

    row: Row
    message: str = ""
    asked: str = ""
    answer: str = ""
    output: str = ""
    rubric: tuple[str, ...] = ()
    written: bool = False
    comment: str = ""


@dataclass(frozen=True)
class Record:
    """One graded submission: a line of the journal.

    Parameters
    ----------
    digest
        Of what was handed in and of the reference, so that a new version is graded anew.
    questions
        In the notebook's order.
    notes
        Remarks on the submission that decide nothing.
    platform_id
        An id that the learner has on a platform, after what it is: ``canvas:123``, ``sid:``,
        ``login:`` or ``email:``; empty where none is known.
    budget
        The seconds of processor time and on the clock that each question had.
    """

    learner: str
    exercise: str
    digest: str
    questions: tuple[Question, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = ()
    platform_id: str = ""
    budget: tuple[float, ...] = ()

    def to_json(self) -> str:
        """Write the record as one line."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def from_json(cls, line: str) -> Record:
        """Read what ``to_json`` wrote.

        Raises
        ------
        ValueError
            If the line is anything else.
        """
        try:
            data = json.loads(line)
            questions = tuple(_question(each) for each in data["questions"])
            return _checked(
                cls,
                data,
                questions=questions,
                notes=tuple(data["notes"]),
                budget=tuple(data.get("budget", ())),
            )
        except (TypeError, KeyError, AttributeError, RecursionError) as problem:
            raise ValueError(f"not a record: {problem}") from None


def record(
    learner: str,
    assignment: Assignment,
    digest: str,
    graded: dict[str, Any],
    sandbox: str,
    seed: int,
) -> Record:
    """Make the record of one submission from what a worker found out."""
    questions = []
    for part, ruling in zip(assignment.parts, graded["rulings"], strict=True):
        row = Row(
            learner=learner,
            exercise=assignment.exercise,
            question=part.question,
            verdict=ruling["verdict"],
            cause=ruling["cause"],
            points=part.points if ruling["verdict"] == "passed" else 0,
            max_points=part.points,
            seconds=ruling["seconds"],
            cpu_seconds=ruling["cpu_seconds"],
            sandbox=sandbox,
            seed=seed,
        )
        questions.append(
            Question(
                row,
                message=ruling["message"],
                asked=part.asked,
                answer=graded["answers"].get(part.question, ""),
                output=ruling["output"],
                rubric=part.rubric,
                written=part.written,
            )
        )
    notes = tuple(each["message"] for each in graded["findings"] if each["verdict"] is None)
    return Record(learner, assignment.exercise, digest, tuple(questions), notes)


def undecided(learner: str, assignment: Assignment, digest: str, **told: Any) -> Record:
    """Make the record of a submission on which one and the same thing is to be said throughout.

    Parameters
    ----------
    told
        ``verdict``, ``cause``, ``message``, ``sandbox`` and ``seed``.
    """
    ruling = {"verdict": told["verdict"], "cause": told["cause"], "message": told["message"]}
    ruling |= {"seconds": 0.0, "cpu_seconds": 0.0, "output": ""}
    graded = {"rulings": [ruling] * len(assignment.parts), "answers": {}, "findings": []}
    return record(learner, assignment, digest, graded, told["sandbox"], told["seed"])


def digest(data: bytes, assignment: Assignment) -> str:
    """Return a fingerprint of what was handed in and of all that it is graded with."""
    parts = hashlib.sha256(data).digest() + assignment.text.encode() + rules()
    return hashlib.sha256(parts).hexdigest()[:32]


@cache
def rules() -> bytes:
    """Return a fingerprint of the course's code: the questions, what they rest on, the grader."""
    package = Path(lessonlib.__file__).parent
    found = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.digest()


@dataclass(frozen=True)
class Entry:
    """What the journal keeps at hand of a record, however long its answers are.

    Parameters
    ----------
    digest
        That of the record.
    terms
        Seed and sandbox, as its rows say them.
    failed
        Whether the grader itself failed over it.
    timed_out
        The budget that a question has used up; None if all kept within it.
    place
        Where its line begins in the file.
    """

    digest: str
    terms: frozenset[tuple[int, str]]
    failed: bool
    timed_out: tuple[float, ...] | None
    place: int

    @property
    def is_grade(self) -> bool:
        """Whether a notebook was handed in and graded."""
        return bool(self.digest) and not self.failed


Key = tuple[str, str]  # learner and exercise


class Journal:
    """The records of a run, appended as they come, and read back from the file one by one.

    Parameters
    ----------
    folder
        Where ``journal.jsonl`` and ``results.jsonl`` lie.
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
                yield Record.from_json(file.readline().decode())

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
        self.entries[new.learner, new.exercise] = _entry(new, place)
        self.state = _state(self.path)
        _append(self.results, [_row_line(each.row) for each in new.questions])

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
                try:
                    each = Record.from_json(line.decode())
                except ValueError:
                    pass  # the line at which an earlier run was killed
                else:
                    self.entries[each.learner, each.exercise] = _entry(each, place)
                place += len(line)


def write_results(path: Path, records: Iterable[Record]) -> None:
    """Write ``results.jsonl``: one line for each submission and question."""
    _replace(path, (_row_line(question.row) for each in records for question in each.questions))


def with_flags(record: Record, flags: dict[tuple[str, str, str], tuple[str, ...]]) -> Record:
    """Return a record with its flags, which go by learner, exercise and question."""
    questions = []
    for question in record.questions:
        key = (record.learner, record.exercise, question.row.question)
        questions.append(replace(question, row=replace(question.row, flags=flags.get(key, ()))))
    return replace(record, questions=tuple(questions))


def _entry(each: Record, place: int) -> Entry:
    rows = [question.row for question in each.questions]
    verdicts = {row.verdict for row in rows}
    return Entry(
        each.digest,
        frozenset((row.seed, row.sandbox) for row in rows),
        "error" in verdicts,
        each.budget if "timeout" in verdicts else None,
        place,
    )


def _question(data: dict[str, Any]) -> Question:
    row = _checked(Row, data["row"], flags=tuple(data["row"]["flags"]))
    if row.verdict not in VERDICTS:
        raise ValueError(f"verdict={row.verdict!r} is none of {', '.join(VERDICTS)}")
    return _checked(Question, data, row=row, rubric=tuple(data["rubric"]))


_TYPES = {
    "str": str,
    "bool": bool,
    "int": int,
    "float": (int, float),
    "Row": Row,
    "tuple[str, ...]": str,
    "tuple[float, ...]": (int, float),
    "tuple[Question, ...]": Question,
}


def _checked(kind: type[Made], data: dict[str, Any], **parts: Any) -> Made:
    """Make a dataclass of what a file held, if everything in it is of the right type."""
    made = kind(**data | parts)
    for each in fields(made):
        value = getattr(made, each.name)
        held = value if each.type.startswith("tuple") else (value,)
        if not all(isinstance(one, _TYPES[each.type]) for one in held):
            raise TypeError(f"{each.name}={value!r:.80} is not {each.type}")
    return made


def _row_line(row: Row) -> str:
    return json.dumps(asdict(row))


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file is replaced or grows."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_ino, status.st_size


def _append(path: Path, lines: list[str]) -> int:
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
