"""Where Pyodide is: its public distribution, another address, or a folder."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, url2pathname, urlopen

LOCK = "pyodide-lock.json"
MODULE = "pyodide.mjs"
_CORE = (MODULE, "pyodide.asm.wasm", "python_stdlib.zip")
_LOADERS = ("pyodide.asm.mjs", "pyodide.asm.js")  # the newer, and what it was called before
_PATIENCE = 60  # seconds

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

    @abstractmethod
    def size(self, name: str) -> int:
        """Return how many bytes one of its files has; NotReachedError if it cannot be had."""

    @abstractmethod
    def has(self, package: dict[str, Any]) -> bool:
        """Tell whether the file of a package that it lists is there."""

    @abstractmethod
    def place(self, name: str) -> str:
        """Tell where one of its files is."""

    @cached_property
    def lock(self) -> dict[str, Any]:
        """What its lock file says; NotReachedError if that is no list of packages."""
        try:
            lock = json.loads(self.read(LOCK))
            listed = all({"file_name", "depends"} <= {*row} for row in lock["packages"].values())
            info = lock["info"]
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise NotReachedError(self.place(LOCK)) from problem
        if not (listed and info):
            raise NotReachedError(self.place(LOCK))
        return lock

    @cached_property
    def packages(self) -> Packages:
        """Its packages by name."""
        return {name: row for name, row in self.lock["packages"].items() if self.has(row)}

    @cached_property
    def core(self) -> tuple[str, ...]:
        """The names of the files without which there is no Python."""
        newer, older = _LOADERS
        try:
            self.size(newer)
        except NotReachedError:
            return (*_CORE, older)
        return (*_CORE, newer)

    def copy(self, names: Iterable[str], folder: Path) -> None:
        """Put some of its files into a folder."""
        for name in names:
            (folder / name).write_bytes(self.read(name))


class Folder(Runtime):
    """A distribution that lies in a folder, perhaps without all the packages that it lists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, name: str) -> str:
        """Tell where one of its files is."""
        return str(self.folder / name)

    def read(self, name: str) -> bytes:
        """Read one of its files."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as problem:
            raise NotReachedError(self.place(name)) from problem

    def size(self, name: str) -> int:
        """Return how many bytes one of its files has."""
        try:
            return (self.folder / name).stat().st_size
        except OSError as problem:
            raise NotReachedError(self.place(name)) from problem

    def has(self, package: dict[str, Any]) -> bool:
        """Tell whether the file of a package lies there."""
        return (self.folder / package["file_name"]).is_file()


class Address(Runtime):
    """A distribution on the web."""

    def __init__(self, address: str) -> None:
        self.address = f"{address.rstrip('/')}/"

    def place(self, name: str) -> str:
        """Tell the address of one of its files."""
        return urljoin(self.address, name)

    def read(self, name: str) -> bytes:
        """Fetch one of its files."""
        return self._asked("GET", name)[0]

    def size(self, name: str) -> int:
        """Ask how many bytes one of its files has; 0 if the server does not say so."""
        return self._asked("HEAD", name)[1]

    def has(self, package: dict[str, Any]) -> bool:
        """A distribution on the web has what it lists."""
        return True

    def _asked(self, method: str, name: str) -> tuple[bytes, int]:
        address = self.place(name)
        try:
            with urlopen(Request(address, method=method), timeout=_PATIENCE) as answer:
                return answer.read(), int(answer.headers.get("Content-Length", 0))
        except (OSError, HTTPException, ValueError) as problem:
            raise NotReachedError(address) from problem


def found(place: str | None) -> Runtime:
    """Return the distribution at an address or in a folder; without one, the public one."""
    if place is None:
        from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

        return Address(PYODIDE_CDN_URL)
    if place.startswith("file:"):  # a reader's browser could not ask for it
        return Folder(Path(url2pathname(urlsplit(place).path)))
    return Address(place) if "://" in place else Folder(Path(place).resolve())
