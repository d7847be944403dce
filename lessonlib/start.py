"""The folder in which a command was started is no place to import from: a learner's may be there.

``python -m`` puts it first on Python's path, and so does an empty word in ``PYTHONPATH``. Nothing
is imported here that Python has not loaded before it looks there.
"""

import os
import sys


def safe_path() -> list[str]:
    """Return Python's path without the start folder; what is installed there stays."""
    try:
        here = os.path.realpath(os.getcwd())
    except FileNotFoundError:  # nor can anything be imported from there
        return sys.path[:]
    course = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    libraries = os.path.join(os.path.realpath(sys.prefix), "lib")
    if here == course or here.startswith(libraries):
        return sys.path[:]
    return [os.path.abspath(each) for each in sys.path if os.path.realpath(each) != here]


def leave_start_folder() -> str:
    """Take the start folder off Python's path; return a file that was imported from there before.

    Such modules are dropped. The return value is empty if there were none.
    """
    before = sorted(map(os.path.realpath, sys.path), key=len, reverse=True)
    sys.path[:] = safe_path()
    left, found = set(before).difference(map(os.path.realpath, sys.path)), ""
    for name, module in [*sys.modules.items()] if left else ():
        if not getattr(module, "__file__", None):
            continue  # of Python itself
        file = os.path.realpath(module.__file__)
        homes = (each for each in before if file.startswith(os.path.join(each, "")))
        if name != "__main__" and next(homes, "") in left:
            del sys.modules[name]
            found = found or file
    return found
