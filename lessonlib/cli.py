"""The command ``lessonlib VERB``: each verb is a room that parses its own arguments."""

# ruff: noqa: E402 - the start folder is left before anything is imported
from lessonlib.start import leave_start_folder

FOUND_THERE = leave_start_folder()

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from lessonlib.words import Words

WORDS = Words("cli")

# Each verb's module, and the extra that installs what it imports.
VERBS = {
    "build": ("lessonlib.authoring.command", "author"),
    "grade": ("lessonlib.grading.runs.command", "grade"),
    "class": ("lessonlib.grading.classroom.command", "grade"),
    "mark": ("lessonlib.grading.by_hand.command", "grade"),
    "feedback": ("lessonlib.grading.classroom.feedback", "grade"),
    "bundle": ("lessonlib.grading.bundle", "grade"),
    "site": ("lessonlib.site.command", "site"),
    "measured": ("lessonlib.exams.measured", "lab"),
    "measure": ("lessonlib.exams.measure", "lab"),
}
EXTRAS = {"distributed": "cluster"}  # of what only some arguments ask for


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code.

    A verb's module is imported only when the verb is asked for. It offers
    ``add_arguments(parser)`` and ``run(arguments) -> int``.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    if FOUND_THERE:
        print(WORDS("started_there", file=FOUND_THERE), file=sys.stderr)
        return 2
    try:
        return _run(argv)
    except ModuleNotFoundError as problem:
        package = str(problem.name).partition(".")[0]
        if package == "lessonlib" or argv[0] not in VERBS:
            raise
        extra = EXTRAS.get(package, VERBS[argv[0]][1])
        print(WORDS("install", verb=argv[0], package=package, extra=extra), file=sys.stderr)
        return 2


def _run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="lessonlib", description=WORDS("about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, (module, _) in VERBS.items():
        if not _exists(module):
            continue
        subparser = verbs.add_parser(verb, help=WORDS(verb), description=WORDS(verb))
        if argv[:1] == [verb]:
            room = import_module(module)
            room.add_arguments(subparser)
    arguments = parser.parse_args(argv)
    return room.run(arguments)


def _exists(module: str) -> bool:
    # The learner's bundle comes without lessonlib.grading.
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
