"""Read what was handed in without trusting it."""

import os
import stat
from pathlib import Path
from typing import Any

from lessonlib.grading.paper.words import WORDS

SIZE_LIMIT = 10_000_000  # bytes; a notebook with its plots stored has a tenth of this

# Opening a pipe would wait for a writer; Windows has neither word.
_CAREFUL = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class UnreadableError(Exception):
    """A submission that cannot be graded, with a short cause and a sentence for the learner."""

    def __init__(self, cause: str, **slots: Any) -> None:
        self.cause, self.slots = cause, slots
        self.message = WORDS(f"causes.{cause}", **slots)
        super().__init__(self.message)


def too_large(size: int) -> UnreadableError:
    """Return the refusal of a file of this many bytes."""
    return UnreadableError("too-large", size=size / 1e6, most=SIZE_LIMIT / 1e6)


def read(path: Path) -> bytes:
    """Read a notebook's bytes; UnreadableError for a link, a pipe, a file too large or barred."""
    try:
        with open(path, "rb", opener=lambda name, _: os.open(name, _CAREFUL)) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError("not-a-file")
            if status.st_size > SIZE_LIMIT:
                raise too_large(status.st_size)
            return file.read(SIZE_LIMIT)
    except IsADirectoryError:
        raise UnreadableError("not-a-file") from None
    except OSError as problem:
        if os.path.islink(path):
            raise UnreadableError("link") from None
        raise UnreadableError("unopened", reason=problem.strerror) from None
