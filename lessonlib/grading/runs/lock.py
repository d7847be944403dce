"""One run at a time in a folder: a lock that the system itself takes back when its holder dies."""

import contextlib
import errno
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lessonlib.grading.paper.text import tell, without_controls
from lessonlib.grading.paper.words import WORDS, RefusedError

NAME = ".lock"
_FAR = 1 << 30  # Windows bars others from reading what is locked, so a byte behind the text is


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder for one run, which makes it; RefusedError if another run holds it.

    What counts is the system's lock on the file ``.lock``, which ends with the process.
    """
    new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    # Not "w": who holds the folder stands in the file.
    with (folder / NAME).open("a+b") as file:
        try:
            _take(file)
        except OSError as problem:
            if problem.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                said = _said(file) or WORDS("lock.another_run")
                raise RefusedError("lock.busy", who=said, folder=folder) from None
            tell(WORDS("lock.none", folder=folder, reason=problem.strerror), error=True)
        user = os.environ.get("USER") or os.environ.get("USERNAME") or WORDS("lock.somebody")
        here = {"machine": socket.gethostname(), "process": os.getpid()}
        said = WORDS("lock.holder", user=user, since=time.strftime("%Y-%m-%d %H:%M:%S"), **here)
        file.truncate(0)
        file.write(said.encode("utf-8", "replace"))
        file.flush()
        try:
            yield  # closing the file gives the folder back
        finally:
            if new and os.listdir(folder) == [NAME]:
                with contextlib.suppress(OSError):  # Windows keeps what is open
                    (folder / NAME).unlink()
                    folder.rmdir()


def _said(file: IO[bytes]) -> str:
    with contextlib.suppress(OSError):
        file.seek(0)
        return without_controls(file.read(300).decode("utf-8", "replace")).strip()
    return ""


if os.name == "nt":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
