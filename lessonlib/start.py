"""The folder in which a command was started is no place to import from: a learner's may be there.

``python -m`` puts it first on Python's path, and so does an empty word in ``PYTHONPATH``. This
imports nothing that Python has not loaded before it looks there.
"""

import os
import sys


def safe_path() -> list[str]:
    """Return Python's path without the start folder; the course's own folder stays."""
    here = os.path.realpath(os.getcwd())
    return [os.path.abspath(each) for each in sys.path if _is_safe(os.path.realpath(each), here)]


def leave_start_folder() -> str:
    """Take the start folder off Python's path, and return a file of it that was loaded before.

    All modules that came from there are dropped; empty if there were none.
    """
    safe, before = safe_path(), sorted(map(os.path.realpath, sys.path), key=len, reverse=True)
    left = set(before).difference(map(os.path.realpath, safe))
    sys.path[:] = safe
    found = {name: file for name, file in _files() if name != "__main__"}
    for name, file in [*found.items()]:
        if next((each for each in before if file.startswith(each + os.sep)), "") in left:
            del sys.modules[name]
        else:
            del found[name]
    return next(iter(found.values()), "")


def _files() -> list[tuple[str, str]]:
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    return [(name, os.path.realpath(file)) for name, file in files.items() if isinstance(file, str)]


def _is_safe(folder: str, here: str) -> bool:
    kept = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    libraries = (os.path.join(os.path.realpath(prefix), "") for prefix in (sys.prefix,))
    return folder != here or folder == kept or any(map(f"{here}/".startswith, libraries))
