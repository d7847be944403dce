"""A budget for what looks through an answer, which an answer can make long."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lessonlib.grading.confined.kernel import StoppedError

JUDGING = 1.0  # seconds of computing; an honest answer needs a hundredth of it
MOST = 300_000  # characters of all that one probe brings back
TOO_LARGE = "answer_too_large"


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise StoppedError in what computes longer; only a process's first thread can be told."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(*_: object) -> None:
        raise StoppedError("failed", TOO_LARGE)

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds / 5)  # again, if it was not heeded
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
