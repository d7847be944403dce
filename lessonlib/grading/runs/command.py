"""``lessonlib grade``: from a folder of submissions to a gradebook."""

import argparse
import math
from pathlib import Path

from lessonlib.grading.paper.ruling import VERDICTS, Tally
from lessonlib.grading.paper.terms import Budget
from lessonlib.grading.paper.words import WORDS
from lessonlib.grading.runs.terminal import tell
from lessonlib.grading.runs.worker import skip_grammar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    for name, how in (
        ("submissions", {"type": Path}),
        ("--only", {"metavar": "EXERCISE", "action": "append"}),
        ("--out", {"type": Path, "default": Path("gradebook")}),
        ("--course", {"type": Path, "default": Path()}),
        ("--jobs", {"type": _at_least_one, "default": 1}),
        ("--scheduler", {"metavar": "tcp://HOST:PORT"}),
        ("--seed", {"type": int}),
        ("--cpu-seconds", {"type": _seconds, "default": Budget.cpu}),
        ("--wall-seconds", {"type": _seconds, "default": Budget.wall}),
        ("--unsafe", {"action": "store_true"}),
    ):
        parser.add_argument(name, help=WORDS(f"command.{name.lstrip('-')}"), **how)


def run(arguments: argparse.Namespace) -> int:
    """Grade, and return 0 unless grading itself failed."""
    skip_grammar()
    from lessonlib.grading.books.marks import MarksError
    from lessonlib.grading.confined.sandbox import NoSandboxError
    from lessonlib.grading.intake.who import WhoError
    from lessonlib.grading.runs.grading import UsageError, grade
    from lessonlib.grading.runs.lock import BusyError

    try:
        tally = grade(arguments)
    except (BusyError, NoSandboxError, MarksError, UsageError, WhoError) as problem:
        tell(WORDS("run.said", what=problem), error=True)
        return 2
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        tell(WORDS("run.said", what=f"{where}{problem.strerror or problem}"), error=True)
        return 2
    except KeyboardInterrupt:
        tell("\n" + WORDS("run.said", what=WORDS("run.stopped")), error=True)
        return 130
    tell(summary(tally))
    tell("\n" + WORDS("run.reports", path=arguments.out / "reports" / "index.html"))
    if waiting := _count(tally, "pending"):
        page, marks = arguments.out / "to_mark.html", arguments.out / "marks.csv"
        tell(WORDS("run.to_be_marked", count=waiting, page=page, marks=marks))
    return 1 if _count(tally, "error") else 0


def summary(tally: Tally) -> str:
    """Return the table of how many questions have which verdict."""
    names = sorted({(exercise, question) for exercise, question, _ in tally})
    heads = [WORDS("run.exercise"), WORDS("run.question")]
    lines = [[*heads, *(WORDS(f"statuses.{verdict}") for verdict in VERDICTS)]]
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
        raise argparse.ArgumentTypeError(WORDS("command.not_from_1_on", text=text))
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(WORDS("command.no_seconds", text=text))
    return seconds
