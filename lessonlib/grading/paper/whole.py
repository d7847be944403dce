"""Files that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written_whole(
    path: Path, newline: str | None = None, encoding: str = "utf-8"
) -> Iterator[IO[str]]:
    """Open a text file for writing, which takes the old one's place once all is written.

    Parameters
    ----------
    path
        The file; while it is being written, its draft lies beside it.
    newline, encoding
        As for ``open``.
    """
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding=encoding, newline=newline) as file:
        yield file
    draft.replace(path)
