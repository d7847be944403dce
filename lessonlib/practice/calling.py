"""Run a learner's function once, whatever it does, and write down what came of it."""

import builtins
import contextlib
import copy
import ctypes
import io
import linecache
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from traceback import walk_tb
from typing import Any

from lessonlib.practice.clock import TimeUpError, in_time
from lessonlib.practice.codec import MOST_CHARACTERS, Failure, Outcome, encode, text_of
from lessonlib.practice.reading import read
from lessonlib.words import Words

SECONDS = 3.0
PATIENCE = 30.0
WORDS = Words("practice")


def run(
    function: Callable,
    arguments: Sequence[Any],
    seconds: float = SECONDS,
    patience: float = PATIENCE,
) -> Outcome:
    """Call a function on deep copies of the arguments; what it prints is not shown.

    It may compute for so many seconds, which a busy computer does not use up, and take `patience`
    seconds on the clock. It runs in a thread of its own, which is the one way to go on in time on
    every system that has threads; only a loop inside C code can hold it longer. In a browser it is
    called here, and `in_time` stops it.
    """
    given = copy.deepcopy(list(arguments))
    printed = _Start(MOST_CHARACTERS)
    notes: dict[str, Any] = {}

    def call() -> None:
        try:
            value = function(*given)
            notes.update(
                value=encode(value), one_row=_is_one_row(value), **read(function)._asdict()
            )
        except TimeUpError:
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


def _is_one_row(value: Any) -> bool:
    rows = value if type(value) in (list, tuple) else ()
    return len(rows) > 1 and type(rows[0]) is list and all(row is rows[0] for row in rows)


def _failure(error: BaseException, own: dict[str, Any] | None) -> Failure:
    line, line_number = "", 0
    for frame, number in walk_tb(error.__traceback__):
        # Where a clock is looked at, what calls itself too often fails at its head already.
        at_head = isinstance(error, RecursionError) and number == frame.f_code.co_firstlineno
        if frame.f_globals is own and not (at_head and line):
            line_number = number
            line = linecache.getline(frame.f_code.co_filename, number, own).strip()
    return Failure(type(error).__name__, text_of(error), line, line_number)


class _Thread(threading.Thread):
    """A thread that can be told to stop, and says from when on there is nothing to be stopped."""

    def __init__(self, call: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self.call, self.at_work = call, True

    def run(self) -> None:
        # Where many threads wait for their turn, a second TimeUpError comes after the first has
        # done its work; let out of here, Python would print it under the learner's cell.
        with contextlib.suppress(TimeUpError):
            try:
                self.call()
            finally:
                self.at_work = False


def _finishes(call: Callable[[], None], seconds: float, patience: float) -> bool:
    thread = _Thread(call)
    try:
        thread.start()
    except RuntimeError:  # no threads in a browser's Python
        return in_time(call, seconds)
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


def _stop(thread: _Thread) -> None:
    """Raise in a thread until its work ends, or leave it behind if it will not."""
    for _ in range(10):
        if not thread.at_work:
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUpError)
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
    raise EOFError(WORDS("no_input"))
