"""Files that are there whole or not at all."""

import filecmp
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written_whole(
    path: str | os.PathLike,
    encoding: str = "utf-8",
    newline: str | None = None,
    mode: int = 0o666,
    keep_old: bool = False,
) -> Iterator[IO[str]]:
    """Open a text file for writing, which takes the old one's place once all is written.

    An error, or a crash, leaves the old one as it was; while it is being written, a draft lies
    beside it. A link stays a link. `mode` says who may do what with a new file, before the umask;
    with `keep_old` an old one that says something else is kept, with ``.bak`` behind its name.
    """
    whole = Path(os.path.realpath(path))
    draft = whole.with_name(f".{whole.name}.{secrets.token_hex(4)}")
    try:
        with open(draft, "x", encoding=encoding, newline=newline, opener=_with(mode)) as file:
            yield file
        if keep_old and whole.exists() and not filecmp.cmp(whole, draft, shallow=False):
            shutil.copyfile(whole, whole.with_name(f"{whole.name}.bak"))
        os.replace(draft, whole)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _with(mode: int) -> Callable[[str, int], int]:
    return lambda path, flags: os.open(path, flags, mode)
