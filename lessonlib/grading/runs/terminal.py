"""Words on the terminal, whatever it can show, and whether or not anybody reads them."""

import os
import sys

from lessonlib.grading.paper.text import without_controls


def tell(text: str, error: bool = False) -> None:
    """Print a text; letters that the terminal has not are written as escapes.

    Grades are written to files, so nothing is lost where the terminal is gone.
    """
    stream = sys.stderr if error else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = without_controls(text).encode(encoding, "backslashreplace").decode(encoding)
    try:
        print(shown, file=stream, flush=True)
    except (OSError, ValueError):
        _leave_off(stream)


def _leave_off(stream: object) -> None:
    """Send what is left to nowhere, so that Python does not try again at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        pass  # closed, or no file at all: then nothing is left either
