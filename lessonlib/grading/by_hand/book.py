"""What a person says of answers, saved as it is said: first into a log, then into ``marks.csv``.

The table stays the one place that grades are made of. Whoever has it open in a spreadsheet program,
or in another window, loses nothing: a line is only changed by who has seen what stands in it.
"""

import json
import os
import threading
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lessonlib.grading.books.marks import SAID, Key, Mark, Marks, named
from lessonlib.grading.paper.text import plain, without_controls
from lessonlib.grading.paper.words import RefusedError
from lessonlib.grading.runs.lock import only_one

LOG = "said.jsonl"
LONGEST = 20_000  # characters of one thing that is said


class ChangedError(RefusedError):
    """Somebody else has written into the line meanwhile; `now` is what stands there."""

    def __init__(self, now: dict[str, str]) -> None:
        super().__init__("by_hand.changed")
        self.now = now


class BusyError(OSError):
    """A run of the grader holds the folder; soon it will not."""


class Book:
    """The marks of a gradebook, for several windows at once."""

    def __init__(self, folder: Path, learners: Collection[str], marker: str = "") -> None:
        self.folder, self.learners, self.marker = folder, learners, marker
        self.path = folder / "marks.csv"
        self._one_at_a_time = threading.Lock()

    def said_of(self, key: Key) -> dict[str, str]:
        """Return what stands in the line of an answer now."""
        return Marks.read(self.path, self.learners).said_of(key)

    def say(
        self, key: Key, said: dict[str, str], seen: dict[str, str], most: float
    ) -> dict[str, str]:
        """Write down what is said of an answer by somebody who has seen what stood there.

        Return it as it stands there now.

        It is in the log, and lasts, before anything is checked. RefusedError if it is no mark,
        BusyError while the grader runs, ChangedError if something else stands there by now.
        """
        said = {name: _text(said.get(name, "")) for name in SAID}
        with self._one_at_a_time:
            self._log(key, said)
            _check(key, said, most)
            with ExitStack() as held:
                try:
                    held.enter_context(only_one(self.folder))
                except RefusedError as problem:
                    raise BusyError(str(problem)) from None
                marks = Marks.read(self.path, self.learners)
                now = marks.said_of(key)
                if now == said:
                    return now
                if now != {name: _text(seen.get(name, "")) for name in SAID}:
                    raise ChangedError(now)
                marks.say(key, said).save(self.path)
            return self.said_of(key)

    def _log(self, key: Key, said: dict[str, str]) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = {"time": now, "marker": self.marker, "key": key, "said": said}
        with (self.folder / LOG).open("ab") as file:
            file.write(f"{json.dumps(line)}\n".encode())
            file.flush()
            os.fsync(file.fileno())


def _text(value: object) -> str:
    """Return a text as it comes back from the table."""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise RefusedError("by_hand.no_text", most=LONGEST)
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return plain(without_controls(lines))


def _check(key: Key, said: dict[str, str], most: float) -> None:
    mark, which = Mark(said), named(key)
    points = mark.number("points", which)
    mark.number("extra", which)
    if points is not None and not 0 <= points <= most:
        raise RefusedError("marks.out_of_range", which=which, points=points, most=most)


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
