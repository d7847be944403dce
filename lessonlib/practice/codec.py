"""What came of a call, as plain JSON: a sandbox can hand it out, and nothing in it is trusted."""

import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from numbers import Real
from types import EllipsisType
from typing import Any

from lessonlib import checks
from lessonlib.words import Words

WORDS = Words("practice")
MOST_ITEMS = 5_000
MOST_CHARACTERS = 2_000
MOST_IN_A_SET = 20
TOO_LARGE = 2**63


@dataclass(frozen=True)
class Failure:
    """How a function raised, and the last line of the learner's own code on the way to it.

    The line is empty, and its number in its cell 0, if there is none.
    """

    type: str
    text: str
    line: str
    line_number: int


@dataclass(frozen=True)
class Outcome:
    """What one call of a learner's function came to; values are as ``encode`` writes them.

    It says which arguments were changed, by index, and what these were afterwards; the beginning of
    what was printed; whether the rows of a returned table are all one and the same list; which
    parameters the code never reads, which variables of other cells it does, and which lines of its
    cell are nothing but dots.
    """

    value: Any = None
    failure: Failure | None = None
    timed_out: bool = False
    changed: tuple[int, ...] = ()
    afterwards: tuple[Any, ...] = ()
    printed: str = ""
    one_row: bool = False
    unread: tuple[str, ...] = ()
    borrowed: tuple[str, ...] = ()
    dots: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Write the outcome as data that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Any) -> "Outcome":
        """Read what ``to_json`` wrote, trusting nothing: ValueError if it is no outcome."""
        try:
            given = {each.name: data[each.name] for each in fields(cls)}
            for name in ("changed", "afterwards", "unread", "borrowed", "dots"):
                given[name] = tuple(given[name])
            if given["failure"] is not None:
                given["failure"] = Failure(**given["failure"])
            outcome, failure = cls(**given), given["failure"]
            texts = [outcome.printed, *outcome.unread, *outcome.borrowed]
            numbers = [*outcome.dots, *outcome.changed]
            if failure is not None:
                texts += [failure.type, failure.text, failure.line]
                numbers.append(failure.line_number)
            for number in numbers:
                checks.integer(number, "index", 0)
            kinds = [(str, texts), (bool, (outcome.timed_out, outcome.one_row))]
            if not all(isinstance(each, kind) for kind, several in kinds for each in several):
                raise TypeError(WORDS("wrong_type"))
            if len(outcome.changed) != len(outcome.afterwards):
                raise ValueError(WORDS("lost_afterwards"))
            decode([outcome.value, *outcome.afterwards])  # which raises if it is no encoded value
        except (TypeError, KeyError, IndexError, ValueError, RecursionError) as error:
            raise ValueError(WORDS("no_outcome", error=error)) from None
        return outcome


def encode(value: Any) -> Any:
    """Write any value as JSON that keeps apart what a check has to tell apart.

    Plain values stand for themselves (other real numbers as floats), lists, tuples and arrays are
    lists, ``{"dict": [[key, value], ...]}`` is a mapping (JSON would turn its keys into text), and
    ``{"type": NAME, "text": TEXT}`` is anything else, a generator for one, or too large.
    """
    return _Encoder().encode(value)


@dataclass(frozen=True)
class Other:
    """A value that is no plain data: its type's name, and what it looks like."""

    type: str
    text: str

    def __repr__(self) -> str:
        return self.text


def decode(data: Any) -> Any:
    """Read what ``encode`` wrote, with ``Other`` for what is no plain data; else ValueError."""
    if isinstance(data, list):
        return [decode(item) for item in data]
    if isinstance(data, int) and abs(data) >= TOO_LARGE:
        raise ValueError(WORDS("too_large", value=checks.shown(data)))
    if not isinstance(data, dict):
        return data
    try:
        if set(data) == {"dict"}:
            return {_key(decode(key)): decode(value) for key, value in data["dict"]}
        return Other(str(data["type"]), str(data["text"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(WORDS("not_encoded", error=error)) from None


class _Encoder:
    def __init__(self) -> None:
        self.items_left = MOST_ITEMS

    def encode(self, value: Any, depth: int = 0) -> Any:
        if hasattr(value, "tolist") and type(value).__module__.partition(".")[0] == "numpy":
            if getattr(value, "size", 1) > MOST_ITEMS:
                return self._other(value)
            value = value.tolist()
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            fits = abs(value) < TOO_LARGE
            return int(value) if fits else self._other(value, WORDS("very_large"))
        if isinstance(value, (Real, Decimal)):
            with contextlib.suppress(OverflowError, ValueError):  # too large, or no number
                value = float(value)
        if isinstance(value, float):
            finite = value == value and abs(value) != float("inf")
            return float(value) if finite else self._other(value)
        if isinstance(value, str):
            return str.__str__(value)[:MOST_CHARACTERS]
        if isinstance(value, EllipsisType):
            return self._other(value, "...")
        if isinstance(value, (list, tuple, range)) and self._has_room(value, depth):
            return [self.encode(item, depth + 1) for item in value]
        if isinstance(value, Mapping) and self._has_room(value, depth):
            pairs = [(key, value[key]) for key in value]
            return {"dict": [[self.encode(part, depth + 1) for part in pair] for pair in pairs]}
        if hasattr(value, "cr_await"):
            value.close()  # a coroutine that nobody awaits would warn later
        return self._other(value)

    def _has_room(self, value: Any, depth: int) -> bool:
        self.items_left -= len(value)
        return self.items_left >= 0 and depth < 8

    def _other(self, value: Any, text: str = "") -> dict[str, str]:
        if isinstance(value, (float, bytes)):
            text = text_of(value)
        if isinstance(value, (set, frozenset)) and len(value) <= MOST_IN_A_SET:
            text = text_of(value, _write_set)
        kind = type(value).__name__
        return {"type": kind, "text": text or WORDS("value_of", type=kind)}


def _key(key: Any) -> Any:
    return tuple(_key(part) for part in key) if isinstance(key, list) else key


def _write_set(members: Collection[Any]) -> str:
    return "{" + ", ".join(sorted(map(repr, members))) + "}"


def text_of(value: Any, write: Callable[[Any], str] = str) -> str:
    """Write a value in short; it may be one that cannot be written."""
    try:
        return write(value)[:MOST_CHARACTERS]
    except BaseException:
        return WORDS("value_of", type=type(value).__name__)
