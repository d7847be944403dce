"""What a person says of answers, saved as it is said: first into a log, then into ``marks.csv``.

The table stays the one place that grades are made of. Whoever has it open in a spreadsheet program,
or in another window, loses nothing: a line is only changed by who has seen what stands in it.
"""

import json
import os
import threading
from collections.abc import Callable, Collection
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


class Book:
    """The marks of a gradebook, for several windows at once."""

    def __init__(self, folder: Path, learners: Collection[str], marker: str = "") -> None:
        self.folder, self.learners, self.marker = folder, learners, marker
        self.path = folder / "marks.csv"
        self._one_at_a_time = threading.Lock()

    def said_of(self, key: Key) -> dict[str, str]:
        """Return what stands in the line of an answer now."""
        return Marks.read(self.path, self.learners).said_of(key)

    def say(self, key: Key, said: dict[str, str], seen: dict[str, str], most: float) -> None:
        """Write down what is said of an answer by somebody who has seen what stood there.

        It is in the log, and lasts, before anything is checked. RefusedError if it is no mark, or a
        run of the grader holds the folder; ChangedError if something else stands there by now.
        """
        said = {name: _text(said.get(name, "")) for name in SAID}
        with self._one_at_a_time:
            self._log(key, said)
            _check(key, said, most)
            with only_one(self.folder):
                marks = Marks.read(self.path, self.learners)
                now = marks.said_of(key)
                if now == said:
                    return
                if now != {name: _text(seen.get(name, "")) for name in SAID}:
                    raise ChangedError(now)
                marks.say(key, said).save(self.path)

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


def merged(
    first: Marks, second: Marks, settle: Callable[[Key, Mark, Mark], Mark | None]
) -> tuple[Marks, list[Key]]:
    """Return what two people said as one, and the keys of lines in which they differ.

    What only one said counts. `settle` says what stands in a line in which they differ; nothing
    settled leaves the line to a person, empty but for both comments.
    """
    differing, made = [], first
    for key, mark in second.given.items():
        own = first.given.get(key)
        if not mark.by_a_person or (own is not None and own.said == mark.said):
            continue
        if own is not None and own.by_a_person:
            differing.append(key)
            settled = settle(key, own, mark)
            both = "\n".join(filter(None, (own.said["comment"], mark.said["comment"])))
            said = settled.said if settled else dict.fromkeys(SAID, "") | {"reason": both}
        else:
            said = mark.said
        made = made.say(key, said)
    return made, differing
