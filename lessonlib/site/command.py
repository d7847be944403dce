"""``lessonlib site``: make the course as a folder of files for any web server."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from subprocess import list2cmdline

from lessonlib.site import edition
from lessonlib.words import Words, listed

WORDS = Words("edition")
#: What the extra `site` installs, by the names under which it is imported.
TOOLS = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "myst_nb", "sphinx_book_theme")

#: What the site has in its folder, and replaces there, if the mark says that the folder is its own.
PARTS = ("book", edition.FOLDER, "slides", "strips", "look", "index.html")
MARK = ".lessonlib-site"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("--out", type=Path, default=Path("site"), help=WORDS("command.out"))
    parser.add_argument("--course", type=Path, default=Path(), help=WORDS("command.course"))
    parser.add_argument("--pyodide", metavar="PLACE", help=WORDS("command.pyodide"))
    parser.add_argument("--offline", action="store_true", help=WORDS("command.offline"))


def run(arguments: argparse.Namespace) -> int:
    """Build all parts; return 2 if it cannot begin, 1 if the browser edition was not built."""
    course, out = arguments.course.resolve(), arguments.out.resolve()
    if not (course / "lessonlib").is_dir():
        print(WORDS("command.no_course", folder=arguments.course), file=sys.stderr)
        return 2
    if not all(map(find_spec, TOOLS)):
        print(WORDS("command.no_tools"), file=sys.stderr)
        return 2
    if trouble := _taken(out):
        print(trouble, file=sys.stderr)
        return 2
    megabytes, trouble = _edition(course, out, arguments)
    _rest(course, out, megabytes)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    quoted = list2cmdline([str(out)]) if os.name == "nt" else shlex.quote(str(out))
    print(WORDS("command.done", folder=arguments.out, quoted=quoted))
    return 0


def _taken(out: Path) -> str:
    """Make a folder the site's own; return what keeps it from being that."""
    try:
        if not (out / MARK).exists():
            theirs = [name for name in PARTS if (out / name).exists()]
            if theirs:
                return WORDS("command.not_ours", folder=out, names=listed(theirs))
        out.mkdir(parents=True, exist_ok=True)
        (out / MARK).touch()
    except OSError as problem:
        return WORDS("command.no_place", folder=out, why=problem.strerror)
    return ""


def _edition(course: Path, out: Path, arguments: argparse.Namespace) -> tuple[int | None, str]:
    """Build the browser edition; return how many megabytes it loads, and what is wrong with it."""
    try:
        with _timed("edition"):
            return edition.build(course, out, arguments.pyodide, arguments.offline), ""
    except edition.NotReachedError as problem:
        return None, WORDS("command.not_reached", place=problem.place)
    except edition.LacksError as problem:
        return None, WORDS("command.lacks", package=problem)
    except edition.LiteError as problem:
        return None, WORDS("command.failed", said=problem)


def _rest(course: Path, out: Path, megabytes: int | None) -> None:
    from lessonlib.site import book, front, slides

    with _timed("book"):
        book.build(course, out)
    with _timed("slides"):
        slides.build(course, out)
    with _timed("front"):
        front.build(course, out, megabytes)


@contextmanager
def _timed(part: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds = round(time.perf_counter() - started)
    print(WORDS("command.part", part=WORDS(f"command.parts.{part}"), seconds=seconds), flush=True)
