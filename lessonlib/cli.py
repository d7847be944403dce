"""The command ``lessonlib VERB``: each verb is a room that parses its own arguments."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

VERBS = {
    "build": ("lessonlib.authoring.command", "make the notebooks and exercises from their sources"),
    "grade": ("lessonlib.grading.runs.command", "grade a folder of submissions"),
    "bundle": ("lessonlib.grading.bundle", "make the archive that learners get"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code.

    A verb's module is imported only when the verb is asked for. It offers
    ``add_arguments(parser)`` and ``run(arguments) -> int``.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    available = {verb: (module, says) for verb, (module, says) in VERBS.items() if _exists(module)}
    parser = argparse.ArgumentParser(prog="lessonlib", description="Build and grade the course.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    rooms = {}
    for verb, (module, says) in available.items():
        subparser = verbs.add_parser(verb, help=says, description=says)
        if argv[:1] == [verb]:
            rooms[verb] = import_module(module)
            rooms[verb].add_arguments(subparser)
    arguments = parser.parse_args(argv)
    return rooms[arguments.verb].run(arguments)


def _exists(module: str) -> bool:
    # The learner's bundle comes without lessonlib.grading.
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
