"""A limit on computing where there are no threads, as in a browser: a clock beside each step."""

import contextlib
import math
import sys
import time
from collections.abc import Callable, Iterator
from threading import get_ident


class TimeUpError(BaseException):
    """Stops a learner's function; not an Exception, so that few handlers swallow it."""


def in_time(call: Callable[[], object], seconds: float) -> bool:
    """Call a function, and tell whether it came back before its time was up.

    Then it is stopped by a TimeUpError at its next turn of a loop or call of a function, and again
    at each one after that if it swallows the error. What loops or sleeps in C is not stopped.
    Python 3.11 cannot look at a clock meanwhile, and has threads wherever the course runs in it.
    """
    if not hasattr(sys, "monitoring"):
        call()
        return True
    clock = _Clock(seconds)
    with _looked_at(clock):
        try:
            call()
        except TimeUpError:
            pass
        finally:
            clock.end = math.inf  # before anything else is called
    return not clock.time_is_up


class _Clock:
    """Raises in the thread that made it once it has computed for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.end, self.thread, self.time_is_up = _computed() + seconds, get_ident(), False

    def __call__(self, *_: object) -> None:
        if _computed() > self.end and get_ident() == self.thread:
            self.time_is_up = True
            raise TimeUpError


def _computed() -> float:
    return time.process_time() or time.perf_counter()  # a browser's Python counts no computing


@contextlib.contextmanager
def _looked_at(clock: _Clock) -> Iterator[None]:
    """Have a clock looked at by a monitor: unlike a tracer it is still there once it has raised."""
    watch = sys.monitoring
    tool = next(number for number in range(6) if watch.get_tool(number) is None)
    steps = watch.events.JUMP, watch.events.PY_START, watch.events.PY_RESUME
    watch.use_tool_id(tool, __name__)
    for step in steps:
        watch.register_callback(tool, step, clock)
    watch.set_events(tool, sum(steps))
    try:
        yield
    finally:
        watch.set_events(tool, watch.events.NO_EVENTS)
        for step in steps:
            watch.register_callback(tool, step, None)
        watch.free_tool_id(tool)
