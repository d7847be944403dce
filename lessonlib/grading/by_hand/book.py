"""What a person says of answers, saved as it is said: first into a log, then into ``marks.csv``.

The table stays the one place that grades are made of. Whoever has it open in a spreadsheet program,
or in another window, loses nothing: a line is only changed by who has seen what stands in it.
"""

import math
import threading
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from lessonlib.grading.books.marks import COLUMNS, SAID, Key, Mark, Marks, as_read
from lessonlib.grading.books.said import note
from lessonlib.grading.paper.words import WORDS, RefusedError
from lessonlib.grading.runs.lock import only_one

LONGEST = 20_000  # characters of one thing that is said
_EMPTY = ",".join(COLUMNS).encode()


class ChangedError(RefusedError):
    """Somebody else has written into the line meanwhile; `now` is what stands there."""

    def __init__(self, now: dict[str, str]) -> None:
        super().__init__("by_hand.changed")
        self.now = now


class BusyError(OSError):
    """A run of the grader holds the folder; soon it will not."""


@dataclass
class Table:
    """The file of marks. It is read anew only if it says something else than when last looked at.

    What it says is compared to the letter: dates of files are too coarse to tell two savings apart.
    """

    path: Path
    learners: Collection[str]
    _marks: Marks = field(default_factory=lambda: Marks({}))
    _data: bytes | None = None

    def read(self) -> Marks:
        """Return what stands there now; RefusedError if it is no table."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            self._marks, self._data = Marks.of(_EMPTY, self.learners), None
            return self._marks
        if data != self._data:
            self._marks, self._data = Marks.of(data, self.learners, self.path.name), data
        return self._marks

    def write(self, marks: Marks) -> None:
        """Write marks that were made of those that stood there; RefusedError if in doubt."""
        self._marks, self._data = marks.save(self.path)


class Book:
    """The marks of a gradebook, for several windows at once."""

    def __init__(self, folder: Path, learners: Collection[str], marker: str = "") -> None:
        self.folder, self.marker = folder, marker
        self.table = Table(folder / "marks.csv", learners)
        self._one_at_a_time = threading.Lock()

    def said_of(self, keys: Iterable[Key]) -> list[dict[str, str]]:
        """Return what stands now in the lines of some answers."""
        with self._one_at_a_time:
            return list(map(self.table.read().said_of, keys))

    def say(
        self, key: Key, said: dict[str, str], seen: dict[str, str], most: float, lines: int = 0
    ) -> dict[str, str]:
        """Write down what is said of an answer by somebody who has seen what stood there.

        The answer is worth so many points at most, and its rubric has so many lines. Return what
        stands there now.

        It is in the log, and lasts, before anything is checked. RefusedError if it is no mark,
        BusyError while the grader runs, ChangedError if something else stands there by now.
        """
        said, seen = _texts(said), _texts(seen)
        with self._one_at_a_time:
            note(self.folder, key, said, self.marker)
            _check(said, most, lines)
            with ExitStack() as held:
                try:
                    held.enter_context(only_one(self.folder))
                except RefusedError as problem:
                    raise BusyError(str(problem)) from None
                marks = self.table.read()
                now = marks.said_of(key)
                if now != said and now != seen:
                    raise ChangedError(now)
                if now != said:
                    self.table.write(marks.say(key, said))
            return said


def _texts(told: dict[str, str]) -> dict[str, str]:
    """Return what is told as it is read again once it stood in the table."""
    return as_read({name: _text(told.get(name, "")) for name in SAID})


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise RefusedError("by_hand.no_text", most=LONGEST)
    return value


def _check(said: dict[str, str], most: float, lines: int) -> None:
    """Refuse what is no mark, without a word on whose it is: who marks blindly must not know."""
    mark, which = Mark(said), WORDS("by_hand.not_saved")
    points, extra = mark.number("points", which), mark.number("extra", which)
    if points is not None and not 0 <= points <= most:
        raise RefusedError("marks.out_of_range", which=which, points=points, most=most)
    if extra is not None and not math.isfinite(extra):
        raise RefusedError("marks.no_number", which=which, said=repr(said["extra"]))
    if " ".join(map(str, mark.met(lines))) != said["rubric"]:
        raise RefusedError("by_hand.no_line", which=which, said=repr(said["rubric"]), most=lines)


def merged(first: Marks, second: Marks) -> tuple[Marks, list[Key]]:
    """Return what two people said as one, and the keys of lines in which they differ.

    What only one said counts. Where they differ, both lines stay, and neither counts until a person
    has decided, as with any line that stands there twice.
    """
    differing: list[Key] = []
    given, others = dict(first.given), {key: [*those] for key, those in first.others.items()}
    for key, mark in second.given.items():
        for each in (mark, *second.others.get(key, ())):
            own = [given[key], *others.get(key, ())] if key in given else []
            if not own or not any(line.by_a_person for line in own):
                given[key] = each
            elif each.by_a_person and each not in own:
                others.setdefault(key, []).append(each)
                differing.append(key)
    return replace(first, given=given, others=others), list(dict.fromkeys(differing))
