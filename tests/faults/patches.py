"""Reading a fault, and planting it in a copy of the course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CAUGHT_BY = "Caught by:"


class PatchError(ValueError):
    """A fault does not fit the course any more; the message says why."""


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes
    ----------
    name : str
        Of its file, without the ending.
    says : str
        What goes wrong.
    caught_by : tuple of str
        Paths of the tests that must see it.
    path : str
        The file it is in.
    old, new : str
        What stands there, and what shall stand there.
    """

    name: str
    says: str
    caught_by: tuple[str, ...]
    path: str
    old: str
    new: str

    def plant(self, course: Path) -> Path:
        """Put the fault into a copy of the course, wherever its lines have moved to.

        Raises
        ------
        PatchError
            If the lines do not stand there, or stand in several places.
        """
        files = [course / self.path]
        if not files[0].is_file() or self.old not in files[0].read_text("utf-8"):
            package = sorted((course / "lessonlib").rglob("*.*"))
            files = [
                path
                for path in package
                if path.suffix in (".py", ".js", ".css", ".toml")
                and self.old in path.read_text("utf-8")
            ]
        if len(files) != 1 or files[0].read_text("utf-8").count(self.old) != 1:
            raise PatchError(f"{self.name}: its lines stand in {len(files)} files; make it anew")
        files[0].write_text(files[0].read_text("utf-8").replace(self.old, self.new), "utf-8")
        return files[0]


def faults(names: list[str] | None = None) -> list[Fault]:
    """Read the faults whose names hold one of some texts; all by default."""
    paths = sorted(HERE.glob("*.patch"))
    if names:
        paths = [path for path in paths if any(name in path.stem for name in names)]
    return [read(path) for path in paths]


def read(path: Path) -> Fault:
    """Read one fault.

    Raises
    ------
    PatchError
        If the file is no fault.
    """
    head, _, hunk = path.read_text("utf-8").partition("\n--- ")
    says, _, tests = head.partition(f"\n{CAUGHT_BY}")
    target = re.search(r"^\+\+\+ (?:b/)?(\S+)", hunk, re.MULTILINE)
    body = re.split(r"^@@.*@@.*\n", hunk, flags=re.MULTILINE)[1:]
    if not tests.strip() or not target or len(body) != 1:
        raise PatchError(f"{path.name}: a sentence, '{CAUGHT_BY} ...' and one hunk are needed")
    lines = [line or " " for line in body[0].splitlines()]
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    return Fault(path.stem, says.strip(), tuple(tests.split()), target[1], old, new)
