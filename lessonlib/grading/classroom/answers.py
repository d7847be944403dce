"""What a class answered: of each learner and question the verdict, the cause and the points."""

import json
import math
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lessonlib.grading.books.copies import Place
from lessonlib.grading.books.history import Was, version
from lessonlib.grading.books.journal import Key, Question, Record
from lessonlib.grading.books.marks import Marks
from lessonlib.grading.books.register import Register
from lessonlib.grading.classroom.examples import Examples
from lessonlib.grading.classroom.figures import Floats
from lessonlib.grading.paper.terms import from_json
from lessonlib.grading.paper.words import RefusedError

# What was answered and decided; all else is no sign of what somebody thinks.
DECIDED = ("passed", "partial", "failed")
# Verdicts as a class is told of them, in the order of its tables.
COUNTED = (*DECIDED, "missing", "unreadable", "pending", "excused", "error")
ABSENT_CAUSE = "not_handed_in"


class Outcome(NamedTuple):
    """What came of one learner's answer; the share of its points, if that is decided."""

    verdict: str
    cause: str
    value: float = math.nan

    @classmethod
    def of(cls, each: Question | Was) -> "Outcome":
        """Return what came of a question; who was stopped has failed, for a cause of its own."""
        verdict = "failed" if each.verdict == "timeout" else each.verdict
        cause = each.cause or verdict
        if verdict not in DECIDED:
            return cls(verdict, cause)
        by_points = (each.points - each.extra) / each.max_points if each.max_points else 0.0
        value = 1.0 if verdict == "passed" else min(1.0, max(0.0, by_points))
        return cls(verdict, cause, value)


NOT_THERE = Outcome("missing", ABSENT_CAUSE)
SHARED = Outcome("shared", "shared")  # another of the group has handed it in, and is counted


@dataclass
class Answers:
    """All answers of a class; learners and questions stand in the order of the gradebook."""

    outcomes: dict[Place, dict[str, Outcome]] = field(default_factory=dict)
    written: set[Place] = field(default_factory=set)
    versions: dict[Key, str] = field(default_factory=dict)  # of the answers
    examples: Examples = field(default_factory=Examples)
    shared: Collection[Key] = ()  # whose answers are another's of their group, and counted there

    @classmethod
    def read(cls, records: Iterable[Record], register: Register | None = None) -> "Answers":
        """Go through the records once; little is kept of each."""
        answers = cls()
        found = (register or Register()).shares(answers._entered(records))
        answers.shared = {*found.givers, *found.again}
        for (exercise, _), outcomes in answers.outcomes.items():
            for learner in [each for each in outcomes if (each, exercise) in answers.shared]:
                del outcomes[learner]
        return answers

    def _entered(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield the records, each after it was entered here."""
        known: dict[str, Outcome] = {}
        for record in records:
            self.versions[record.learner, record.exercise] = version(record)
            for each in record.questions:
                place, new = (record.exercise, each.question), Outcome.of(each)
                outcome = known.setdefault(f"{new}", new)
                self.outcomes.setdefault(place, {})[record.learner] = outcome
                if each.written:
                    self.written.add(place)
                elif outcome.verdict == "failed" and each.answer.strip():
                    self.examples.add((*place, outcome.cause), record.learner, each)
            yield record

    @cached_property
    def learners(self) -> list[str]:
        """Everybody of whom the books know."""
        return sorted({learner for learner, _ in self.versions})

    @cached_property
    def places(self) -> list[Place]:
        """The questions by exercise, as each asks them."""
        return sorted(self.outcomes, key=lambda place: place[0])

    def of(self, place: Place) -> Iterator[Outcome]:
        """Yield what came of a question for each learner; who is not in the books missed it."""
        found = self.outcomes[place]
        for learner in self.learners:
            shared = (learner, place[0]) in self.shared
            yield SHARED if shared else found.get(learner, NOT_THERE)

    @cached_property
    def values(self) -> Floats:
        """The shares of points by learner (row) and question; NaN where nothing is decided."""
        columns = [[outcome.value for outcome in self.of(place)] for place in self.places]
        return np.array(columns, dtype=float).reshape(len(self.places), -1).T


def records_of(folder: Path) -> Iterator[Record]:
    """Yield what stands in a gradebook's journal, a person's word in place of the machine's.

    Nothing in the folder is changed. RefusedError if it is no gradebook, or its marks cannot be
    read.
    """
    path = folder / "journal.jsonl"
    if not path.is_file():
        raise RefusedError("class.refused.no_gradebook", folder=folder)
    places: dict[Key, int] = {}
    with path.open("rb") as file:
        at = 0
        for line in file:
            # One that is broken is of a run that was killed while it wrote.
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                places[told["learner"], told["exercise"]] = at
            at += len(line)
    marks = Marks.read(folder / "marks.csv", {learner for learner, _ in places})
    says = marks.merged if any(each.by_a_person for each in marks.given.values()) else _as_it_is
    with path.open("rb") as file:
        for _, at in sorted(places.items()):
            file.seek(at)
            with suppress(ValueError):  # of a version that wrote it otherwise
                yield says(from_json(Record, file.readline()))


def _as_it_is(record: Record) -> Record:
    return record
