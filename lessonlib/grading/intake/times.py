"""When a notebook was handed in, as far as the program that collected it says so.

What a learner may have written counts for nothing: names and files are read only where the layout
is that of a program which writes the time by itself.
"""

import os
import re
from collections.abc import Iterable
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
    found = HandedIn()
    if pattern := _RULES.get(rule):
        found = _first(map(pattern.search, path.parts), BY_NAME)
    elif rule == NBGRADER:
        stamps = (_STAMPED.search(part) for part in path.parts if "+" in part)
        found = _first(stamps, BY_NAME, "+00:00")
        with suppress(UnreadableError, OSError):
            text = read(path.with_name(STAMP))[:100].decode("utf-8", "replace").strip()
            found = found if found.time else _first([_STAMPED.fullmatch(text)], BY_STAMP, "+00:00")
    if found.time:
        return found
    with suppress(OSError, OverflowError, ValueError):
        seconds = int(os.lstat(path).st_mtime)
        return HandedIn(datetime.fromtimestamp(seconds, UTC).isoformat(), BY_FILE)
    return HandedIn()


def _first(matches: Iterable[re.Match[str] | None], source: str, zone: str = "") -> HandedIn:
    """Return the first that is a date: a pattern alone allows a 45th of a 13th month."""
    for match in filter(None, matches):
        with suppress(ValueError):
            return HandedIn(datetime(*map(int, match.groups())).isoformat() + zone, source)
    return HandedIn()
