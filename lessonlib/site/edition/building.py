"""From a course's folder to the browser edition's."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from lessonlib.site.edition import contents, lock, page, pruning, settings, stored
from lessonlib.site.edition.runtime import Folder, found

FOLDER = "lite"
JUPYTERLAB = 8  # megabytes that the page itself loads, beside Python


class LiteError(RuntimeError):
    """JupyterLite could not be built; the error says what it printed."""


def build(course: Path, out: Path, pyodide: str | None = None, offline: bool = False) -> int:
    """Make the browser edition in the site's folder, and return how many megabytes it loads.

    It takes the place of an older one. `pyodide` is the address or the folder of a Pyodide
    distribution; without it the public one is used. A folder is copied into the site; `offline`
    does that to what stands at an address, too.
    NotReachedError if the distribution cannot be had from here.
    """
    runtime = found(pyodide)
    inside = offline or isinstance(runtime, Folder)
    with TemporaryDirectory() as scratch:
        work = Path(scratch)
        python, edition = work / "python", work / settings.BUILT
        python.mkdir()
        python_bytes = lock.write(course, runtime, python, inside)
        contents.gather(course, work / settings.CONTENTS)
        settings.write(course, work, runtime, inside)
        _build_jupyterlite(work)
        contents.hide(edition)
        pruning.prune(edition)
        stored.show_widgets(edition)
        megabytes = round(python_bytes / 1e6) + JUPYTERLAB
        page.name_pages(edition, megabytes)
        shutil.copytree(python, edition / settings.STATIC)
        shutil.rmtree(out / FOLDER, ignore_errors=True)
        shutil.copytree(edition, out / FOLDER)
    return megabytes


def _build_jupyterlite(folder: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise LiteError(f"{done.stdout}\n{done.stderr}")
