"""Files that are there whole or not at all."""

import filecmp
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def written_whole(
    path: Path, newline: str | None = None, encoding: str = "utf-8", keep_old: bool = False
) -> Iterator[IO[str]]:
    """Open a text file for writing, which takes the old one's place once all is written.

    While it is being written, its draft lies beside it. An old one that says something else may be
    kept, with ``.bak`` behind its name.
    """
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding=encoding, newline=newline) as file:
        yield file
    if keep_old and path.exists() and not filecmp.cmp(path, draft, shallow=False):
        shutil.copyfile(path, path.with_name(f"{path.name}.bak"))
    draft.replace(path)
