"""Where Pyodide is: its public distribution, another address, or a folder."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urljoin
from urllib.request import urlopen

LOCK = "pyodide-lock.json"
MODULE = "pyodide.mjs"
CORE = (MODULE, "pyodide.asm.wasm", "python_stdlib.zip")
EITHER = ("pyodide.asm.mjs", "pyodide.asm.js")  # by the age of the distribution

Packages = dict[str, dict[str, Any]]


class NotReachedError(OSError):
    """Pyodide is not where it was said to be, or cannot be reached from here."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


class Runtime(ABC):
    """A Pyodide distribution: files by their names, and a lock file that lists its packages."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """Read one of its files; NotReachedError if it cannot be had."""

    @cached_property
    def lock(self) -> dict[str, Any]:
        """Its lock file."""
        return json.loads(self.read(LOCK))

    @property
    def packages(self) -> Packages:
        """Its packages by name."""
        return {name: row for name, row in self.lock["packages"].items() if self.has(row)}

    def has(self, package: dict[str, Any]) -> bool:
        """Tell whether the file of a package is there."""
        return True

    def copy(self, files: Iterable[str], folder: Path) -> None:
        """Put its core and the files of some packages into a folder."""
        for name in (*CORE, *files):
            (folder / name).write_bytes(self.read(name))
        self._copy_either(folder)

    def _copy_either(self, folder: Path) -> None:
        for name in EITHER:
            try:
                (folder / name).write_bytes(self.read(name))
                return
            except NotReachedError as problem:
                missing = problem
        raise missing


class Folder(Runtime):
    """A distribution that lies in a folder, perhaps without all the packages that it lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: str) -> bytes:
        """Read one of its files; NotReachedError if there is no such file."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as problem:
            raise NotReachedError(str(self.folder / name)) from problem

    def has(self, package: dict[str, Any]) -> bool:
        """Tell whether the file of a package is there."""
        return (self.folder / package["file_name"]).is_file()


class Address(Runtime):
    """A distribution on the web."""

    def __init__(self, address: str) -> None:
        self.address = f"{address.rstrip('/')}/"

    def read(self, name: str) -> bytes:
        """Fetch one of its files; NotReachedError if it cannot be had from here."""
        address = urljoin(self.address, name)
        try:
            with urlopen(address, timeout=60) as answer:
                return answer.read()
        except (URLError, TimeoutError, ValueError) as problem:
            raise NotReachedError(address) from problem


def found(place: str | None) -> Runtime:
    """Return the distribution at an address or in a folder; without one, the public one."""
    if place is None:
        from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

        return Address(PYODIDE_CDN_URL)
    return Address(place) if "://" in place else Folder(Path(place))
