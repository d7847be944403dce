"""When a notebook was handed in, as far as the program that collected it says so.

What a learner may have written counts for nothing: names and files are read only where the layout
is that of a program which writes the time by itself.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lessonlib.grading.intake.layouts import NBGRADER
from lessonlib.grading.intake.reading import UnreadableError, read

BY_NAME, BY_STAMP, BY_FILE = "name", "timestamp", "file"
STAMP = "timestamp.txt"  # jupyter/nbgrader exchange/default/submit.py
_RULES = {"blackboard_user": re.compile(r"_attempt_(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")}
_STAMPED = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)? UTC")


@dataclass(frozen=True)
class HandedIn:
    """A time, and by what it is known; without a zone it is that of the program's clock."""

    time: str = ""
    source: str = ""


def handed_in(path: Path, rule: str) -> HandedIn:
    """Return when a notebook was handed in, whose owner was decided by a layout's rule."""
    if pattern := _RULES.get(rule):
        for part in path.parts:
            if found := pattern.search(part):
                return HandedIn(_written(found), BY_NAME)
    if rule == NBGRADER:
        for part in path.parts:
            if "+" in part and (found := _STAMPED.search(part)):
                return HandedIn(f"{_written(found)}+00:00", BY_NAME)
        with suppress(UnreadableError, OSError):
            text = read(path.with_name(STAMP))[:100].decode("utf-8", "replace").strip()
            if found := _STAMPED.fullmatch(text):
                return HandedIn(f"{_written(found)}+00:00", BY_STAMP)
    with suppress(OSError, OverflowError, ValueError):
        seconds = int(os.lstat(path).st_mtime)
        return HandedIn(datetime.fromtimestamp(seconds, UTC).isoformat(), BY_FILE)
    return HandedIn()


def _written(found: re.Match[str]) -> str:
    with suppress(ValueError):
        return datetime(*map(int, found.groups())).isoformat()
    return ""
