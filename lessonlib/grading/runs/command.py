"""``lessonlib grade``: from a folder of submissions to a gradebook."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from lessonlib.grading.confined.budget import Budget
from lessonlib.grading.runs.quick import skip_grammar
from lessonlib.grading.runs.terminal import tell

if TYPE_CHECKING:
    from lessonlib.grading.runs.grading import Tally


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("submissions", type=Path, help="folder with what was handed in")
    parser.add_argument(
        "--only", metavar="EXERCISE", action="append", help="grade this exercise only"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("gradebook"), help="where to write (default: gradebook)"
    )
    parser.add_argument(
        "--course", type=Path, default=Path(), help="folder that holds solutions/ (default: here)"
    )
    parser.add_argument("--jobs", type=_at_least_one, default=1, help="submissions at once")
    parser.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="grade on a Dask cluster")
    parser.add_argument("--seed", type=int, help="draw the inputs of an earlier run again")
    parser.add_argument(
        "--cpu-seconds", type=_seconds, default=Budget.cpu, help="computing time for one question"
    )
    parser.add_argument(
        "--wall-seconds",
        type=_seconds,
        default=Budget.wall,
        help="time on the clock for one question",
    )
    parser.add_argument("--unsafe", action="store_true", help="run submissions without a sandbox")


def run(arguments: argparse.Namespace) -> int:
    """Grade, and return 0 unless grading itself failed."""
    skip_grammar()
    from lessonlib.checks import counted
    from lessonlib.grading.books.marks import MarksError
    from lessonlib.grading.confined.sandbox import NoSandboxError
    from lessonlib.grading.intake.who import WhoError
    from lessonlib.grading.runs.grading import UsageError, grade
    from lessonlib.grading.runs.lock import BusyError

    try:
        tally = grade(arguments)
    except (BusyError, NoSandboxError, MarksError, UsageError, WhoError) as problem:
        tell(f"lessonlib grade: {problem}", error=True)
        return 2
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        tell(f"lessonlib grade: {where}{problem.strerror or problem}", error=True)
        return 2
    except KeyboardInterrupt:
        tell("\nlessonlib grade: stopped; the same command goes on from here", error=True)
        return 130
    tell(summary(tally))
    tell(f"\nReports: {arguments.out / 'reports' / 'index.html'}")
    if waiting := _count(tally, "pending"):
        tell(
            f"{counted(waiting, 'answer')} for a person to mark: read "
            f"{arguments.out / 'to_mark.html'}, fill in {arguments.out / 'marks.csv'}, and run the "
            "same command again."
        )
    return 1 if _count(tally, "error") else 0


def summary(tally: Tally) -> str:
    """Return the table of how many questions have which verdict."""
    from lessonlib.grading.books.journal import VERDICTS

    names = sorted({(exercise, question) for exercise, question, _ in tally})
    lines = [["exercise", "question", *VERDICTS]]
    lines += [[*name, *(str(tally[(*name, verdict)]) for verdict in VERDICTS)] for name in names]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if number < 2 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def _count(tally: Tally, wanted: str) -> int:
    return sum(number for (_, _, verdict), number in tally.items() if verdict == wanted)


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 on")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds
