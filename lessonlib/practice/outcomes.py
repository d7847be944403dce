"""Run a learner's function once, whatever it does, and write down what came of it.

An outcome is plain JSON, so that a sandbox can hand it out and ``judging`` can read it on the
other side. Nothing here knows what the right answer is.
"""

import builtins
import contextlib
import copy
import ctypes
import io
import linecache
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from numbers import Real
from types import EllipsisType, TracebackType
from typing import Any

from lessonlib import checks
from lessonlib.practice.reading import borrowed_names, lines_of_dots, unread_parameters

SECONDS = 3.0
PATIENCE = 30.0
MOST_ITEMS = 5_000
MOST_CHARACTERS = 2_000
MOST_IN_A_SET = 20
TOO_LARGE = 2**63


@dataclass(frozen=True)
class Failure:
    """How a function raised.

    Attributes
    ----------
    type : str
        The exception's class.
    text : str
        What it says.
    line : str
        The last line of the learner's own code on the way to it; empty if there is none.
    line_number : int
        That line's number in its cell; 0 if there is none.
    """

    type: str
    text: str
    line: str
    line_number: int


@dataclass(frozen=True)
class Outcome:
    """What one call of a learner's function came to.

    Attributes
    ----------
    value : JSON
        What was returned, as ``encode`` writes it.
    failure : Failure or None
        How it raised, if it did.
    timed_out : bool
        Whether it had to be stopped.
    changed : tuple of int
        Which arguments it changed, by index.
    afterwards : tuple of JSON
        What those arguments were after the call, as ``encode`` writes it.
    printed : str
        The beginning of what it printed.
    one_row : bool
        Whether the rows of a returned table are all one and the same list.
    unread : tuple of str
        Which of its parameters the function's code never reads.
    borrowed : tuple of str
        Which variables of other cells it reads.
    dots : tuple of int
        Which lines of its cell are nothing but dots.
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
        """Read what ``to_json`` wrote, trusting nothing.

        Raises
        ------
        ValueError
            If the data is not an outcome.
        """
        try:
            failure = data["failure"]
            outcome = cls(
                value=data["value"],
                failure=None if failure is None else Failure(**failure),
                timed_out=data["timed_out"],
                changed=tuple(data["changed"]),
                afterwards=tuple(data["afterwards"]),
                printed=data["printed"],
                one_row=data["one_row"],
                unread=tuple(data["unread"]),
                borrowed=tuple(data["borrowed"]),
                dots=tuple(data["dots"]),
            )
            wanted = [(outcome.timed_out, bool), (outcome.printed, str), (outcome.one_row, bool)]
            wanted += [(name, str) for name in outcome.unread + outcome.borrowed]
            if outcome.failure is not None:
                wanted += [
                    (getattr(outcome.failure, name), str) for name in ("type", "text", "line")
                ]
                checks.integer(outcome.failure.line_number, "line_number", 0)
            if not all(isinstance(value, kind) for value, kind in wanted):
                raise TypeError("a field has the wrong type")
            for line in outcome.dots:
                checks.integer(line, "dots", 0)
            for index in outcome.changed:
                checks.integer(index, "changed", 0)
            if len(outcome.changed) != len(outcome.afterwards):
                raise ValueError("not every changed argument has its value afterwards")
            decode([outcome.value, *outcome.afterwards])  # which raises if it is no encoded value
        except (TypeError, KeyError, IndexError, ValueError, RecursionError) as error:
            raise ValueError(f"this is not an outcome: {error}") from None
        return outcome


def _is_one_row(value: Any) -> bool:
    rows = value if type(value) in (list, tuple) else ()
    return len(rows) > 1 and type(rows[0]) is list and all(row is rows[0] for row in rows)


class _TimeUpError(BaseException):
    """Stops the learner's function; not an Exception, so that few handlers swallow it."""


def run(
    function: Callable,
    arguments: Sequence[Any],
    seconds: float = SECONDS,
    patience: float = PATIENCE,
) -> Outcome:
    """Call a function on fresh copies of the arguments.

    Parameters
    ----------
    function : callable
        The learner's function.
    arguments : sequence
        Positional arguments; the function gets deep copies.
    seconds : float
        How long it may compute. A busy computer does not use this up. It runs in a thread of its
        own, which is the one way to go on in time on every system; only a loop inside C code can
        hold it longer.
    patience : float
        How long it may take on the clock, for one that waits instead of computing.

    Returns
    -------
    Outcome
        What it returned, raised, changed and printed. What it prints is not shown.
    """
    given = copy.deepcopy(list(arguments))
    printed = _Start(MOST_CHARACTERS)
    notes: dict[str, Any] = {}

    def call() -> None:
        try:
            value = function(*given)
            notes.update(value=encode(value), one_row=_is_one_row(value))
            notes.update(unread=unread_parameters(function), borrowed=borrowed_names(function))
            notes.update(dots=lines_of_dots(function))
        except _TimeUpError:
            pass
        except BaseException as error:
            notes.clear()
            notes["failure"] = _failure(error, getattr(function, "__globals__", None))

    with _quiet(printed):
        timed_out = not _finishes(call, seconds, patience)
    if timed_out or not notes:
        return Outcome(timed_out=True, printed=printed.text)
    before, after = encode(list(arguments)), encode(given)
    changed = tuple(index for index, was in enumerate(before) if was != after[index])
    afterwards = tuple(after[index] for index in changed)
    return Outcome(**notes, changed=changed, afterwards=afterwards, printed=printed.text)


def encode(value: Any) -> Any:
    """Write any value as JSON that keeps apart what a check has to tell apart.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    JSON
        None, booleans, numbers and text stand for themselves (other real numbers as floats),
        lists, tuples and arrays are lists, ``{"dict": [[key, value], ...]}`` is a mapping (JSON
        would turn its keys into text), and ``{"type": NAME, "text": TEXT}`` is anything else, a
        generator for one, or too large.
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
    """Read what ``encode`` wrote.

    Parameters
    ----------
    data : JSON
        The encoded value.

    Returns
    -------
    object
        Plain data, with ``Other`` for everything that is not.

    Raises
    ------
    ValueError
        If the data was not written by ``encode``.
    """
    if isinstance(data, list):
        return [decode(item) for item in data]
    if isinstance(data, int) and abs(data) >= TOO_LARGE:
        raise ValueError(f"this is not an encoded value: {checks.shown(data)} is too large")
    if not isinstance(data, dict):
        return data
    try:
        if set(data) == {"dict"}:
            return {_key(decode(key)): decode(value) for key, value in data["dict"]}
        return Other(str(data["type"]), str(data["text"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"this is not an encoded value: {error}") from None


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
            return int(value) if fits else self._other(value, "a very large number")
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

    def _other(self, value: Any, text: str | None = None) -> dict[str, str]:
        kind = type(value).__name__
        if text is None:
            text = _say(value) if isinstance(value, (float, bytes)) else f"a {kind}"
        if isinstance(value, (set, frozenset)) and len(value) <= MOST_IN_A_SET:
            text = _say(value, _write_set)
        return {"type": kind, "text": text}


def _key(key: Any) -> Any:
    return tuple(_key(part) for part in key) if isinstance(key, list) else key


def _write_set(members: Collection[Any]) -> str:
    return "{" + ", ".join(sorted(map(repr, members))) + "}"


def _say(value: Any, write: Callable[[Any], str] = str) -> str:
    try:
        return write(value)[:MOST_CHARACTERS]
    except BaseException:
        return f"a {type(value).__name__}"


def _failure(error: BaseException, own: dict[str, Any] | None) -> Failure:
    line, line_number = "", 0
    for frame, number in _frames(error.__traceback__):
        if frame.f_globals is own:
            line_number = number
            line = linecache.getline(frame.f_code.co_filename, number, own).strip()
    return Failure(type(error).__name__, _say(error), line, line_number)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[Any, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _finishes(call: Callable[[], None], seconds: float, patience: float) -> bool:
    thread = threading.Thread(target=call, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no threads in a browser's Python, so no limit either
        call()
        return True
    try:
        # No thread can read another's computing time on every system; but all the while nothing
        # but this thread has work to do, so the whole process stands for it.
        end_of_computing = time.process_time() + seconds
        end_of_patience = time.monotonic() + patience
        while thread.is_alive():
            left = min(end_of_computing - time.process_time(), end_of_patience - time.monotonic())
            if left <= 0:
                return False
            thread.join(min(left, 0.1))
        return True
    finally:
        _stop(thread)


def _stop(thread: threading.Thread) -> None:
    """Raise in a thread until it ends, or leave it behind if it will not."""
    for _ in range(10):
        if not thread.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_TimeUpError)
        )
        thread.join(0.05)


class _Start(io.TextIOBase):
    """A stream that keeps the beginning of what is written to it."""

    def __init__(self, most: int) -> None:
        self.text, self.most = "", most

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) < self.most:
            self.text += text[: self.most - len(self.text)]
        return len(text)


@contextlib.contextmanager
def _quiet(printed: _Start) -> Iterator[None]:
    """Catch what is printed, and keep a function from asking for input or ending the session."""
    notebook = getattr(builtins, "get_ipython", lambda: None)()
    with contextlib.ExitStack() as undo:
        undo.enter_context(contextlib.redirect_stdout(printed))
        undo.enter_context(contextlib.redirect_stderr(_Start(0)))
        undo.callback(setattr, builtins, "input", builtins.input)
        builtins.input = _no_input
        if notebook is not None:  # there, exit() does not raise but stops the kernel
            undo.callback(vars(notebook).pop, "ask_exit", None)
            notebook.ask_exit = sys.exit
        yield


def _no_input(prompt: object = "", /) -> str:
    # It would wait for ever: nobody is asked while a check runs.
    raise EOFError("there is no input in a check; use the parameters of your function")
