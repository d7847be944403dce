"""The grader run by an ordinary user, where the tests are run by root."""

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
USER = 1000  # whether the system has a name for it or not


@contextmanager
def readable_folder():
    """Make a folder to which the way is open to all; pytest's own are root's alone."""
    with tempfile.TemporaryDirectory(prefix="catalogue-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def as_a_user(words, folder):
    """Return the words and the environment by which an ordinary user runs a command in a folder.

    Python may lie where only root gets to; then it is shown in a view of its own.
    """
    home = folder / "home"
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {"HOME": str(home), "USER": "ada", "PYTHONPATH": str(ROOT)}
    if os.geteuid() != 0:
        return words, os.environ | environment
    for program in ("setpriv", "bwrap"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program} here, by which root becomes an ordinary user")
    home.mkdir(exist_ok=True)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, USER, USER, follow_symlinks=False)
    needed = {Path(each).resolve() for each in (sys.base_prefix, sys.prefix, ROOT)}
    view, covered = ["--dev-bind", "/", "/"], set()
    for above in sorted({each for place in needed for each in place.parents}):
        if covered & {*above.parents}:
            view += ["--dir", str(above)]
        elif not above.stat().st_mode & 0o001:
            view += ["--tmpfs", str(above)]
            covered.add(above)
    for each in sorted(needed):
        view += ["--ro-bind", str(each), str(each)] if covered & {*each.parents} else []
    become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]
    rights = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["bwrap", "--die-with-parent", *rights, *view, "--", *become, *words], environment
