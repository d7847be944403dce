"""Words on the terminal, whatever it can show, and whether or not anybody reads them."""

import os
import sys
from contextlib import suppress

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
        # What is left goes nowhere, so that Python does not try again at its end.
        with suppress(OSError, ValueError, AttributeError), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())
