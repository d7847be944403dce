"""The command ``lessonlib VERB``: each verb is a room that parses its own arguments."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from lessonlib.words import Words

WORDS = Words("cli")

# The module of each verb, and the extra with the packages that it imports.
VERBS = {
    "build": ("lessonlib.authoring.command", "author"),
    "grade": ("lessonlib.grading.runs.command", "grade"),
    "bundle": ("lessonlib.grading.bundle", "grade"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code.

    A verb's module is imported only when the verb is asked for. It offers
    ``add_arguments(parser)`` and ``run(arguments) -> int``.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="lessonlib", description=WORDS("about"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    asked = None
    try:
        for verb, (module, _) in VERBS.items():
            if not _exists(module):
                continue
            says = WORDS(f"verbs.{verb}")
            subparser = verbs.add_parser(verb, help=says, description=says)
            if argv[:1] == [verb]:
                asked = import_module(module)
                asked.add_arguments(subparser)
        arguments = parser.parse_args(argv)
        return asked.run(arguments)
    except ModuleNotFoundError as problem:
        package = (problem.name or "").partition(".")[0]
        if package == "lessonlib" or argv[0] not in VERBS:
            raise
        extra = VERBS[argv[0]][1]
        print(WORDS("missing", verb=argv[0], package=package, extra=extra), file=sys.stderr)
        return 2


def _exists(module: str) -> bool:
    # The learner's bundle comes without lessonlib.grading.
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
