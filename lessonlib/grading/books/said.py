"""What people said of answers in the browser, in the order in which they did, and who said it."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from lessonlib.grading.books.marks import Key

NAME = "said.jsonl"


def note(folder: Path, key: Key, said: Mapping[str, str], marker: str) -> None:
    """Write down what somebody says of an answer; it is there even if the power fails then."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"time": now, "marker": marker, "key": key, "said": said}
    with (folder / NAME).open("ab") as file:
        file.write(f"{json.dumps(line)}\n".encode())
        file.flush()
        os.fsync(file.fileno())


class Sayings:
    """By answer, what was said of it last in the browser, and by whom."""

    def __init__(self, folder: Path) -> None:
        self._last: dict[Key, tuple[str, str]] = {}
        path = folder / NAME
        for line in path.read_bytes().splitlines() if path.exists() else ():
            with suppress(ValueError, KeyError, TypeError):  # of a run that was killed meanwhile
                told = json.loads(line)
                one, two, three, four = map(str, told["key"])
                said = _told(dict(told["said"]))
                self._last[one, two, three, four] = str(told["marker"]), said

    def marker(self, key: Key, said: Mapping[str, str]) -> str:
        """Return who said what stands there of an answer; nothing if it was said elsewhere."""
        marker, last = self._last.get(key, ("", ""))
        return marker if last == _told(said) else ""


def _told(said: Mapping[str, str]) -> str:
    return json.dumps({name: text for name, text in sorted(said.items()) if text})
