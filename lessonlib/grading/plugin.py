"""Make ``pytest --nbval submissions/`` grade against the course's references.

A path is taken for submissions if it lies outside the course's own folders and holds notebooks
named like the exercises. What looks like a submission and cannot be graded is refused: nbval alone
would run it without a sandbox, and compare it with itself. All else is left to nbval. Every pytest
run imports this module, so the rest waits until needed.
"""

import json
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lessonlib.start import leave_start_folder

if TYPE_CHECKING:
    from lessonlib.grading.runs.desk import Desk
    from lessonlib.words import Words

OWN_FOLDERS = ("exercises", "lessonlib", "notebooks", "solutions", "tests")
CHECKOUT = Path(__file__).parents[2]
_DESK: "pytest.StashKey[Desk]" = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the grader's options to pytest's."""
    says = _words("grading").texts["options"]
    group = parser.getgroup("lessonlib", says["group"])
    group.addoption("--course", default=".", help=says["course"])
    group.addoption("--grading-seed", type=int, help=says["grading_seed"])
    group.addoption("--who", default="gradebook/who.csv", help=says["who"])
    group.addoption("--unsafe", action="store_true", help=says["unsafe"])


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Let stand-ins take the place of submissions, before pytest reads a file beside them."""
    options = early_config.known_args_namespace
    if not _is_for_nbval(options):
        return
    here = early_config.invocation_params.dir
    course = (here / options.course).resolve()
    # What pytest itself would go through.
    of_settings = here == early_config.rootpath and early_config.getini("testpaths")
    if not options.file_or_dir and not of_settings:
        options.file_or_dir.append(".")
        args.append(".")
    for word in tuple(options.file_or_dir):
        name, *cell = word.split("::", 1)
        path = (here / name).resolve()
        if not path.exists() or _is_own(path, course):
            continue
        staged = _stage(path, course, early_config)
        if staged is None:
            for notebook in _notebooks(path, early_config.getini("norecursedirs")):
                _refuse(notebook, course)
            continue
        chosen = "::".join([str(next(staged.rglob("*.ipynb"))), *cell]) if cell else str(staged)
        # Pytest reads the settings beside the paths in the one, and goes by the other.
        for words in (args, options.file_or_dir):
            words[:] = [chosen if each == word else each for each in words]
    desk = early_config.stash.get(_DESK, None)
    if desk and all(Path(word).is_relative_to(desk.folder) for word in options.file_or_dir):
        options.confcutdir = str(desk.folder)  # nor is anything read that lies above it


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say what it takes to repeat this grading."""
    desk = config.stash.get(_DESK, None)
    return desk.header if desk else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was not graded: at the end, where it is read, and also with ``-q``."""
    desk = terminalreporter.config.stash.get(_DESK, None)
    for line in desk.left if desk else ():
        terminalreporter.write_line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave nobody out who is called as pytest's folders that hold no tests are: *build*."""
    desk = config.stash.get(_DESK, None)
    return False if desk and collection_path.is_relative_to(desk.folder) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Iterator[Any]:
    """Collect the questions of a staged submission in the place of its cells."""
    desk = parent.config.stash.get(_DESK, None)
    if desk is None or file_path not in desk.staged:
        if _is_for_nbval(parent.config.option):
            _refuse(file_path, parent.config.invocation_params.dir / parent.config.option.course)
        return (yield)
    from lessonlib.grading.runs.desk import SubmissionFile

    yield
    return [SubmissionFile.from_parent(parent, path=file_path, desk=desk)]


def _is_for_nbval(options: Any) -> bool:
    return getattr(options, "nbval", False) or getattr(options, "nbval_lax", False)


def _is_own(path: Path, course: Path) -> bool:
    courses = [root for root in (course, CHECKOUT) if (root / "solutions").is_dir()]
    return any(path.is_relative_to(root / name) for root in courses for name in OWN_FOLDERS)


def _stage(path: Path, course: Path, config: pytest.Config) -> Path | None:
    """Put stand-ins for the submissions at a path; return where, or None if there are none."""
    if not (course / "solutions").is_dir() or course.is_relative_to(path):
        return None
    if file := leave_start_folder():
        raise pytest.UsageError(_words("cli")("started_there", file=file))
    import secrets

    from lessonlib.grading.paper.terms import NO_SANDBOX, SANDBOX, Terms
    from lessonlib.grading.paper.words import RefusedError
    from lessonlib.grading.runs.desk import Desk

    desk = config.stash.get(_DESK, None)
    if desk is None:
        options = config.known_args_namespace
        seed = secrets.randbits(32) if options.grading_seed is None else options.grading_seed
        terms = Terms(seed, NO_SANDBOX if options.unsafe else SANDBOX)
        table = (config.invocation_params.dir / options.who).resolve()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end that tidies up
        desk = config.stash[_DESK] = Desk(course, terms, table)
        config.add_cleanup(desk.close)
    try:
        staged = desk.stage(path)
    except RefusedError as problem:
        raise pytest.UsageError(str(problem)) from None
    if staged is None and not desk.is_somebodys:
        raise _refusal("nobodys", path=path, table=desk.table)
    if staged and config.inipath and config.inipath.is_relative_to(path):
        raise _refusal("would_steer", path=config.inipath)
    return staged


def _notebooks(path: Path, skipped: Iterable[str]) -> Iterator[Path]:
    """Yield the files at a path, or in it, that pytest would go through."""
    if path.is_file():
        yield path
    for parent, folders, files in os.walk(path):
        folders[:] = [n for n in folders if not any(fnmatch(n, pattern) for pattern in skipped)]
        yield from (Path(parent, name) for name in files)


def _refuse(path: Path, course: Path) -> None:
    if path.suffix != ".ipynb" or _is_own(path.resolve(), course.resolve()):
        return
    if _has_an_exercises_name(path, course) or _has_marks(path):
        raise _refusal("looks_like_a_submission", path=path)


def _refusal(key: str, **slots: object) -> pytest.UsageError:
    return pytest.UsageError(_words("grading")(f"pytest.{key}", **slots))


def _words(name: str) -> "Words":
    from lessonlib.words import Words

    return Words(name)


def _has_an_exercises_name(path: Path, course: Path) -> bool:
    from lessonlib.practice.course import STEPS

    names = {step.name for step in STEPS if step.folder == "exercises"}
    names |= {reference.stem for reference in (course / "solutions").glob("*.ipynb")}
    stem = path.stem.casefold().replace(" ", "_").replace("-", "_")
    return any(name.casefold().replace("-", "_") in stem for name in names)


def _has_marks(path: Path) -> bool:
    found: list[Any] = []

    def look(item: dict[str, Any]) -> dict[str, Any]:
        found.append(item.get("lessonlib"))
        return item

    with suppress(OSError, ValueError, RecursionError):  # then nbval cannot read it either
        json.loads(path.read_bytes(), object_hook=look)
    return any(isinstance(tags, dict) and tags.get("role") in ("answer", "check") for tags in found)
