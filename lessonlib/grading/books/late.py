"""What was handed in late costs what the teacher's rule says, to the second and to the point.

The rule stands in ``late.toml`` beside the marks; without that file nothing costs anything::

    timezone = "Europe/Berlin"  # of dates that say none; without it, that of this machine
    grace = "15 minutes"        # within them nothing is late; beyond, all counts from the due date
    cost = 10                   # per cent, for each begun
    every = "day"               # hour, day or week, or "12 hours"; without it, once
    of = "points"               # of those reached, or "whole": of what the exercise is worth
    at_most = 50                # per cent
    until = "7 days"            # what comes later counts for nothing
    file_times = false          # whether the date of a file is proof enough, if nothing else is
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lessonlib.grading.paper.words import RefusedError

NAME = "late.toml"
LONGEST = 10 * 365  # days that a duration may have
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(
    r"\+?\s*(?:(?P<number>\d{1,9}(?:\.\d{1,6})?)\s*)?"
    r"(?P<unit>m(?:in(?:ute)?s?)?|h(?:ours?)?|d(?:ays?)?|w(?:eeks?)?)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)|(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})"
)
_TIME = re.compile(
    r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?"
)


def duration(text: str) -> timedelta:
    """Read ``15 minutes``, ``36 h``, ``day``; ValueError if it is no such thing."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    seconds = Fraction(found["number"] or 1) * _SECONDS[found["unit"][0].lower()]
    if seconds > LONGEST * 86400:
        raise ValueError(text)
    return timedelta(microseconds=round(seconds * 10**6))


def moment(text: str, zone: tzinfo | None = None) -> datetime:
    """Read a date, with or without a time; a day without one lasts until its end.

    ``2026-03-01 23:59``, ``2026-03-01T23:59:00+01:00`` and ``1.3.2026 23:59`` are read. What is
    written with strokes is not: nobody can know which number is the month. ValueError then.
    """
    day, _, time = text.strip().replace("T", " ").partition(" ")
    date, clock = _DAY.fullmatch(day), _TIME.fullmatch(time.strip())
    if not date or (time.strip() and not clock):
        raise ValueError(text)
    told = [int(date[name] or date[name[0]]) for name in ("year", "month", "day")]
    try:
        if not clock:
            return _in_zone(datetime(*told) + timedelta(days=1), zone)
        hour, minute, second = (int(clock[name] or 0) for name in ("hour", "minute", "second"))
        found = datetime(*told, hour, minute, second)
        if not clock["zone"]:
            return _in_zone(found, zone)
        offset = clock["zone"].replace("UTC", "+00:00").replace("Z", "+00:00")
        return datetime.fromisoformat(f"{found.isoformat()}{offset}").astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError(text) from None


def _in_zone(naive: datetime, zone: tzinfo | None) -> datetime:
    """Return a time on the clocks of a zone, or of this machine, as one moment."""
    return (naive.replace(tzinfo=zone) if zone else naive).astimezone(UTC)


@dataclass(frozen=True)
class Rule:
    """What lateness costs; by default nothing."""

    zone: tzinfo | None = None
    grace: timedelta = timedelta()
    cost: Fraction = Fraction()
    every: timedelta | None = None
    of_the_whole: bool = False
    at_most: Fraction = Fraction(1)
    until: timedelta | None = None
    file_times: bool = False

    @classmethod
    def read(cls, path: Path) -> "Rule":
        """Read the rule, if there is one; RefusedError if it says what it cannot mean."""
        if not path.exists():
            return cls()
        try:
            said = tomllib.loads(path.read_text("utf-8-sig"))
        except (OSError, ValueError) as problem:
            raise RefusedError("late.refused", file=path.name, problem=problem) from None
        made: dict[str, Any] = {}
        for name, value in said.items():
            field, read = _READ.get(name, ("", None))
            if read is None:
                known = ", ".join(_READ)
                raise RefusedError("late.unknown", file=path.name, name=name, known=known)
            try:
                made[field] = read(value)
            except (ValueError, TypeError, ZoneInfoNotFoundError, OSError):
                told = {"file": path.name, "name": name, "said": repr(value)}
                raise RefusedError("late.cannot_be", **told) from None
        return cls(**made)

    def share(self, late: timedelta) -> Fraction:
        """Return which share is lost by what comes so much after its due date."""
        if late <= max(self.grace, timedelta()):
            return Fraction()
        if self._counts_for_nothing(late):
            return Fraction(1)
        begun = -(-late // self.every) if self.every else 1
        return min(self.at_most, self.cost * begun)

    def penalty(self, late: timedelta, points: float, whole: float) -> float:
        """Return the points that are lost: never more than there are."""
        had, most = (Fraction(repr(float(each))) for each in (points, whole))
        of = most if self.of_the_whole and not self._counts_for_nothing(late) else had
        return float(max(Fraction(), min(had, self.share(late) * of)))

    def _counts_for_nothing(self, late: timedelta) -> bool:
        return self.until is not None and late > max(self.until, self.grace, timedelta())


def _share(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 100:
        raise ValueError(value)
    return Fraction(repr(value)) / 100


def _step(value: object) -> timedelta:
    found = duration(_text(value))
    if not found:
        raise ValueError(value)
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _of(value: object) -> bool:
    return ("points", "whole").index(_text(value)) == 1


_READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "timezone": ("zone", lambda value: ZoneInfo(_text(value))),
    "grace": ("grace", lambda value: duration(_text(value))),
    "cost": ("cost", _share),
    "every": ("every", _step),
    "of": ("of_the_whole", _of),
    "at_most": ("at_most", _share),
    "until": ("until", lambda value: duration(_text(value))),
    "file_times": ("file_times", _truth),
}
