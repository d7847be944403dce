"""What was found out about each question, and the journal that a killed run goes on from."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from lessonlib.files import written_whole
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.names import readable
from lessonlib.grading.intake.submission import Submission, Survey
from lessonlib.grading.paper.terms import Ruling, Terms, from_json
from lessonlib.grading.paper.words import WORDS


@dataclass(frozen=True)
class Question(Ruling):
    """A ruling with its points and all that a report shows; no flag changes a grade.

    Once a person has had the last word, `machine` is the verdict that stood there before, `extra`
    what was given on top, which is among the points, `met` are the lines of the rubric that the
    answer meets, from 1 on, and the reason is the books' own; `again` is why it was graded again,
    if a person asked for it. A seed is there if it is not the record's.
    """

    points: float = 0.0
    max_points: float = 0.0
    asked: str = ""
    answer: str = ""
    rubric: tuple[str, ...] = ()
    written: bool = False
    comment: str = ""
    flags: tuple[str, ...] = ()
    machine: str = ""
    extra: float = 0.0
    reason: str = ""
    met: tuple[int, ...] = ()
    again: str = ""
    seed: int | None = None

    @property
    def counts(self) -> float:
        """The points that this question counts for: none once it is excused."""
        return 0.0 if self.verdict == "excused" else self.max_points

    @property
    def waits(self) -> bool:
        """Whether only a person can say what this answer is worth, or has said it."""
        return "pending" in (self.verdict, self.machine)

    @property
    def said(self) -> dict[str, Any]:
        """What a person said of it, by name; nothing if nobody said anything."""
        found = ("machine", "extra", "comment", "reason", "met", "again")
        return {name: getattr(self, name) for name in found if getattr(self, name)}


@dataclass(frozen=True)
class Record:
    """One graded submission: a line of the journal, and what a worker answers.

    The digest is that of what was handed in and of all that it is graded with; empty where nothing
    was. The notes decide nothing. The platform's id is written after what it is, if one is known:
    ``canvas:123``, ``sid:``, ``login:`` or ``email:``. The file is the way to what was handed in,
    as a person reads it, and the time when that was, with its source, if they are known.

    By a roster and a rule, and so not in the journal, there are the due date, how many seconds late
    it came, which is less than nothing if in time, and the points that were lost by it.
    """

    learner: str
    exercise: str
    terms: Terms
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    digest: str = ""
    platform_id: str = ""
    file: str = ""
    time: str = ""
    time_from: str = ""
    due: str = ""
    late: float | None = None
    lost: float = 0.0

    def to_json(self) -> str:
        """Write the record as one line."""
        return json.dumps(asdict(self))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the questions as ``results.jsonl`` holds them."""
        whose = {"learner": self.learner, "exercise": self.exercise}
        for each in self.questions:
            found = {name: getattr(each, name) for name in _OF_A_ROW} | {"max_points": each.counts}
            seed = self.terms.seed if each.seed is None else each.seed
            how = {"sandbox": self.terms.sandbox, "seed": seed, "flags": each.flags}
            yield whose | found | how | ({"person": each.said} if each.said else {})

    def again(self, questions: Collection[str], why: str, before: "Record | None") -> "Record":
        """Return the record as what a person asked for: of other questions, the old word stands."""
        old = {each.question: each for each in before.questions} if before else {}
        for name, each in old.items():
            old[name] = replace(each, seed=before.terms.seed if each.seed is None else each.seed)
        merged = (
            replace(each, again=why) if each.question in questions else old.get(each.question, each)
            for each in self.questions
        )
        return replace(self, questions=tuple(merged))


NAMED = 20  # so many files are named in a note; more would fill the page
_OF_A_ROW = ("question", "verdict", "cause", "points", "max_points", "seconds", "cpu_seconds")


def record(
    assignment: Assignment,
    terms: Terms,
    rulings: Iterable[Ruling],
    answers: dict[str, str],
    notes: tuple[str, ...] = (),
) -> Record:
    """Make the record of a submission, with all that was run for an answer; it is nobody's yet."""
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
    rulings = [Ruling.of(part.question, verdict, cause, **slots) for part in assignment.parts]
    return record(assignment, terms, rulings, {})


def recorded(
    graded: Record, submission: Submission, digest: str, seen: Survey, file: str = ""
) -> Record:
    """Return what was graded as the record of whoever handed it in."""
    learner, notes = submission.learner, graded.notes
    if copies := seen.copies.get((learner, submission.exercise)):
        counts = readable(submission.path.name)
        told = {"counts": counts, "count": len(copies), "files": _names(copies)}
        notes += (WORDS("notes.another_copy_counts", **told),)
    whose = {"learner": learner, "platform_id": seen.learners[learner], "file": file}
    return replace(graded, digest=digest, notes=notes, **whose)


def absent(learner: str, assignment: Assignment, seen: Survey, terms: Terms) -> Record:
    """Return the record of an exercise of which a learner handed in no notebook."""
    others = seen.unrecognised.get(learner, [])
    slots = {"exercise": assignment.exercise, "files": _names(others)}
    verdict, cause = "missing", "not_handed_in"
    if learner in seen.closed:
        verdict, cause = "unreadable", "folder_not_readable"
    elif others:
        cause = "notebook_not_recognised"
    elif assignment.exercise in seen.undecided:
        cause = "not_known_whose"
    missing = undecided(assignment, terms, verdict, cause, **slots)
    return replace(missing, learner=learner, platform_id=seen.learners[learner])


def _names(paths: list[Path]) -> str:
    return ", ".join(readable(path.name) for path in paths[:NAMED])


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

    def holds(self, digest: str, terms: Terms, any_seed: bool = False) -> bool:
        """Tell whether the grade holds: same notebook, same terms, no failure of the grader."""
        if "timeout" not in self.verdicts:  # whoever kept within another budget keeps the grade
            terms = replace(terms, budget=self.terms.budget)
        if any_seed:
            terms = replace(terms, seed=self.terms.seed)
        return self.is_grade and (self.digest, self.terms) == (digest, terms)


@dataclass(frozen=True)
class Derived:
    """The records as something is derived from them: again from the start each time."""

    records: Iterable[Record]
    derive: Callable[[Record], Record]

    def __iter__(self) -> Iterator[Record]:
        """Yield one record after the other; only one is held in memory."""
        return map(self.derive, self.records)


Key = tuple[str, str]  # learner and exercise


class Journal:
    """The records of a run, and ``results.jsonl``: appended as they come, read back one by one.

    The journal holds what the machine says, the results what a person has made of it: the word.
    """

    state = (0, 0)

    def __init__(self, folder: Path, word: Callable[[Record], Record] = lambda each: each) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "journal.jsonl"
        self.results = folder / "results.jsonl"
        self.word = word
        self.entries: dict[Key, Entry] = {}
        self._look_again()

    def __iter__(self) -> Iterator[Record]:
        """Yield the records by learner and exercise; only one is held in memory."""
        self._look_again()
        places = [self.entries[key].place for key in sorted(self.entries)]
        with self.path.open("rb") if places else nullcontext() as file:
            for place in places:
                file.seek(place)
                yield from_json(Record, file.readline())

    def keep(self, keys: Collection[Key], more: Iterable[Record]) -> None:
        """Forget the other records that this journal knows, add more, and write both files anew."""
        forgotten = self.entries.keys() - keys
        kept = (each for each in self if (each.learner, each.exercise) not in forgotten)
        _replace(self.path, (each.to_json() for each in chain(kept, more)))
        self._look_again()
        write_results(self.results, map(self.word, self))

    def of(self, key: Key) -> Record:
        """Read one record; KeyError if there is none."""
        self._look_again()
        with self.path.open("rb") as file:
            file.seek(self.entries[key].place)
            return from_json(Record, file.readline())

    def add(self, new: Record) -> None:
        """Write a record down at once; nothing graded is lost after this."""
        self._look_again()
        self._enter(new, _append(self.path, [new.to_json()]))
        self.state = self._state()
        _append(self.results, map(json.dumps, self.word(new).rows()), lasting=False)

    def _enter(self, each: Record, place: int) -> None:
        verdicts = frozenset(question.verdict for question in each.questions)
        self.entries[each.learner, each.exercise] = Entry(each.digest, each.terms, verdicts, place)

    def _look_again(self) -> None:
        """Find out where each record begins, if the file is not as this journal left it."""
        before, self.state = self.state, self._state()
        if self.state == before:
            return
        self.entries.clear()
        with self.path.open("rb") if self.path.exists() else nullcontext(()) as file:
            place = 0
            for line in file:
                with suppress(ValueError):  # from the line at which an earlier run was killed
                    self._enter(from_json(Record, line.decode()), place)
                place += len(line)

    def _state(self) -> tuple[int, int]:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return 0, 0
        return status.st_ino, status.st_size


def write_results(path: Path, records: Iterable[Record]) -> None:
    """Write ``results.jsonl``: one line for each submission and question."""
    _replace(path, (json.dumps(row) for each in records for row in each.rows()))


def _append(path: Path, lines: Iterable[str], lasting: bool = True) -> int:
    """Write lines at the end of a file, and return where the first of them begins.

    What lasts is there even after the power fails; it takes its time.
    """
    with path.open("ab") as file:
        place = file.tell()
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        if lasting:
            os.fsync(file.fileno())
    return place


def _replace(path: Path, lines: Iterable[str]) -> None:
    with written_whole(path, newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
