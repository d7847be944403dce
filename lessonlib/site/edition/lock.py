"""The lock file: by name every package that the page may load, with its file and checksum."""

import json
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from urllib.parse import urljoin

from packaging.utils import canonicalize_name

from lessonlib.site.edition import wheels
from lessonlib.site.edition.runtime import LOCK, Address, Packages, Runtime

COURSE = "lessonlib"
# What the kernel would ask its installer for one by one; loaded all at once while Python starts.
AT_START = ("comm", "ipykernel", "ipython", "micropip", "piplite", "pyodide-kernel", COURSE)
_AS_INSTALLED = ("anywidget", "ipywidgets")  # of one version with what draws them in the page


class LacksError(ValueError):
    """The page needs a package that is neither in the distribution nor installed here."""


def write(course: Path, runtime: Runtime, folder: Path, inside: bool) -> int:
    """Write the lock file into a folder, and return how many bytes are loaded by it.

    The wheels that are made here come beside it; with `inside` also the distribution's core and
    packages. NotReachedError if a file cannot be had, LacksError if a package is nowhere.
    """
    rows = wanted(course, runtime, folder)
    made = [row for row in rows.values() if (folder / row["file_name"]).exists()]
    theirs = [row for row in rows.values() if row not in made]
    files = [*runtime.core, *(row["file_name"] for row in theirs)]
    loaded = sum((folder / row["file_name"]).stat().st_size for row in made)
    loaded += sum(map(runtime.size, files))
    if inside:
        runtime.copy(files, folder)
    elif isinstance(runtime, Address):
        for row in theirs:
            row["file_name"] = urljoin(runtime.address, row["file_name"])
    whole = {"info": runtime.lock["info"], "packages": dict(sorted(rows.items()))}
    (folder / LOCK).write_text(json.dumps(whole, indent=1), "utf-8")
    return loaded


def wanted(course: Path, runtime: Runtime, folder: Path) -> Packages:
    """List what is loaded at the start and all that it needs; make what Pyodide lacks.

    LacksError if a package is nowhere.
    """
    own = [wheels.of_the_course(course, folder), *wheels.of_the_kernel(folder)]
    own += [wheels.repacked(name, folder) for name in _AS_INSTALLED]
    known = runtime.packages | {wheel.name: wheel.row() for wheel in own}
    rows, waiting = {}, list(AT_START)
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in rows:
            rows[name] = dict(known.get(name) or _made(name, folder))
            waiting += rows[name]["depends"]
    return rows


def _made(name: str, folder: Path) -> dict:
    try:
        return wheels.repacked(name, folder).row()
    except (PackageNotFoundError, wheels.CompiledError) as problem:
        raise LacksError(name) from problem
