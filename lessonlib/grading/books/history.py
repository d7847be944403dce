"""What stood in the books after each run: a line for each submission whose grade has changed."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from lessonlib.grading.books.journal import Key, Question, Record
from lessonlib.grading.paper.terms import from_json

NAME = "history.jsonl"
Marker = Callable[[Record, Question], str]  # who said what stands there


@dataclass(frozen=True)
class Was:
    """What a question was worth at that time, and why; the machine's verdict if overruled.

    The marker is who said so in the browser, with the reason for the books; `again` is why it was
    graded again.
    """

    question: str
    verdict: str
    cause: str = ""
    points: float = 0.0
    max_points: float = 0.0
    machine: str = ""
    extra: float = 0.0
    reason: str = ""
    marker: str = ""
    again: str = ""


@dataclass(frozen=True)
class Line:
    """How a submission stood from a time on.

    The digest also changes with what it is graded with, the version only with the answers; both are
    empty where nothing was handed in. Late is in seconds, and what that cost in points.
    """

    learner: str
    exercise: str
    digest: str
    version: str
    questions: tuple[Was, ...] = ()
    time: str = ""
    late: float = 0.0
    lost: float = 0.0

    @property
    def key(self) -> Key:
        """Whose it is, and of what."""
        return self.learner, self.exercise


def standing(record: Record, marker: Marker = lambda *_: "") -> Line:
    """Return how a submission stands, with a person's word in it; the time is not said."""
    names = Was.__dataclass_fields__.keys() - {"marker"}
    questions = (
        Was(**{name: getattr(each, name) for name in names}, marker=marker(record, each))
        for each in record.questions
    )
    whose = record.learner, record.exercise, record.digest
    late = max(0.0, record.late or 0.0)
    return Line(*whose, version(record), tuple(questions), late=late, lost=record.lost)


def version(record: Record) -> str:
    """Return what is the same for the same answers; nothing if nothing was handed in."""
    answers = "\0".join(each.answer for each in record.questions)
    told = hashlib.sha256(answers.encode("utf-8", "surrogatepass")).hexdigest()
    return told[:12] if record.digest else ""


def lines(folder: Path) -> Iterator[Line]:
    """Yield what stood there after each run, the oldest first."""
    path = folder / NAME
    with path.open("rb") if path.exists() else nullcontext(()) as file:
        for line in file:
            with suppress(ValueError):  # of a run that was killed while it wrote
                yield from_json(Line, line.decode("utf-8", "replace"))


def note(folder: Path, records: Iterable[Record], marker: Marker = lambda *_: "") -> bool:
    """Add a line for each submission that stands otherwise than after the run before.

    Return whether there was any.
    """
    before = {each.key: hash(replace(each, time="")) for each in lines(folder)}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    stand = (standing(each, marker) for each in records)
    new = (each for each in stand if before.get(each.key) != hash(each))
    with (folder / NAME).open("ab") as file:
        begin = file.tell()
        if begin and not _ends_well(folder / NAME):
            file.write(b"\n")
        for each in new:
            file.write(f"{json.dumps(asdict(replace(each, time=now)))}\n".encode())
        file.flush()
        os.fsync(file.fileno())
        return file.tell() > begin


def _ends_well(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
