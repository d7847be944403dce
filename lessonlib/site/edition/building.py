"""From a course's folder to the browser edition's."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from lessonlib.site.edition import contents, lock, settings
from lessonlib.site.edition.runtime import Folder, found

FOLDER = "lite"


class LiteError(RuntimeError):
    """JupyterLite could not be built; the error says what it printed."""


def build(course: Path, out: Path, pyodide: str | None = None, offline: bool = False) -> None:
    """Make the browser edition in a folder of the site's, in the place of an older one.

    `pyodide` is the address or the folder of a Pyodide distribution; without it the public one is
    used. A folder is copied into the site; `offline` does that to what stands at an address, too.
    NotReachedError if the distribution cannot be had from here.
    """
    runtime = found(pyodide)
    inside = offline or isinstance(runtime, Folder)
    with TemporaryDirectory() as scratch:
        work = Path(scratch)
        (work / "wheels").mkdir()
        lock.write(course, runtime, work / "wheels", inside)
        contents.gather(course, work / "files")
        settings.write(course, work, runtime, inside)
        _build_jupyterlite(work)
        shutil.move(work / "wheels", work / "built" / settings.STATIC)
        shutil.rmtree(out / FOLDER, ignore_errors=True)
        shutil.copytree(work / "built", out / FOLDER)


def _build_jupyterlite(folder: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise LiteError(f"{done.stdout}\n{done.stderr}")
