"""What people said of answers in the browser, in the order in which they did, and who said it."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

from lessonlib.grading.books.marks import Key

NAME = "said.jsonl"
_KEY = re.compile(rb'"key": (\[.*?\]), "said": .*\}\n')  # in strings, quotes are escaped


def note(folder: Path, key: Key, said: Mapping[str, str], marker: str) -> None:
    """Write down what somebody says of an answer; it is there even if the power fails then."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    line = {"time": now, "marker": marker, "key": key, "said": said}
    with (folder / NAME).open("a+b") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            file.write(b"" if file.read() == b"\n" else b"\n")  # one was cut off by a crash
        file.write(f"{json.dumps(line)}\n".encode())
        file.flush()
        os.fsync(file.fileno())


class Sayings:
    """By answer, what was said of it last in the browser, and by whom."""

    def __init__(self, folder: Path) -> None:
        path, last = folder / NAME, dict[bytes, bytes]()
        with path.open("rb") if path.exists() else nullcontext(()) as file:
            for line in file:  # one for each key that was pressed, so few of them are read
                if found := _KEY.search(line):
                    last[found[1]] = line
        self._last: dict[Key, tuple[str, str]] = {}
        for line in last.values():
            with suppress(ValueError, KeyError, TypeError):
                told = json.loads(line)
                one, two, three, four = map(str, told["key"])
                self._last[one, two, three, four] = str(told["marker"]), _told(dict(told["said"]))

    def marker(self, key: Key, said: Mapping[str, str]) -> str:
        """Return who said what stands there of an answer; nothing if it was said elsewhere."""
        marker, last = self._last.get(key, ("", ""))
        return marker if last == _told(said) else ""


def _told(said: Mapping[str, str]) -> str:
    return json.dumps({name: text for name, text in sorted(said.items()) if text})
