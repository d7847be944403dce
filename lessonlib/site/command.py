"""``lessonlib site``: make the course as a folder of files for any web server."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from lessonlib.site import edition
from lessonlib.words import Words

WORDS = Words("edition")
#: What the extra `site` installs, by the names under which it is imported.
TOOLS = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "myst_nb", "sphinx_book_theme")


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
    out.mkdir(parents=True, exist_ok=True)
    trouble = _edition(course, out, arguments)
    _rest(course, out)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(WORDS("command.done", folder=arguments.out))
    return 0


def _edition(course: Path, out: Path, arguments: argparse.Namespace) -> str:
    """Build the browser edition, and return what is wrong with it."""
    try:
        with _timed("edition"):
            edition.build(course, out, arguments.pyodide, arguments.offline)
    except edition.NotReachedError as problem:
        return WORDS("command.not_reached", place=problem.place)
    except edition.LacksError as problem:
        return WORDS("command.lacks", package=problem)
    except edition.LiteError as problem:
        return WORDS("command.failed", said=problem)
    return ""


def _rest(course: Path, out: Path) -> None:
    from lessonlib.site import book, front, slides

    for part, room in (("book", book), ("slides", slides), ("front", front)):
        with _timed(part):
            room.build(course, out)


@contextmanager
def _timed(part: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds = round(time.perf_counter() - started)
    print(WORDS("command.part", part=WORDS(f"command.parts.{part}"), seconds=seconds), flush=True)
