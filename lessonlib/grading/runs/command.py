"""``lessonlib grade``: from a folder of submissions to a gradebook."""

import argparse
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from lessonlib.grading.paper.terms import BY_A_PERSON, VERDICTS, Budget, Tally
from lessonlib.grading.paper.text import tell
from lessonlib.grading.paper.words import WORDS, RefusedError
from lessonlib.grading.runs.worker import skip_grammar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    seconds = _above_zero(float, "no_seconds")
    for name, how in (
        ("submissions", {"type": Path}),
        ("--only", {"metavar": "EXERCISE", "action": "append"}),
        ("--out", {"type": Path, "default": Path("gradebook")}),
        ("--course", {"type": Path, "default": Path()}),
        ("--jobs", {"type": _above_zero(int, "not_from_1_on"), "default": 1}),
        ("--scheduler", {"metavar": "tcp://HOST:PORT"}),
        ("--seed", {"type": int}),
        ("--again", {"metavar": "NAME", "action": "append"}),
        ("--reason", {"default": ""}),
        ("--cpu-seconds", {"type": seconds, "default": Budget.cpu}),
        ("--wall-seconds", {"type": seconds, "default": Budget.wall}),
        ("--unsafe", {"action": "store_true"}),
    ):
        parser.add_argument(name, help=WORDS(f"command.{name.lstrip('-')}"), **how)


def run(arguments: argparse.Namespace) -> int:
    """Grade, and return 0 unless grading itself failed."""
    skip_grammar()
    from lessonlib.grading.confined.sandbox import NoSandboxError
    from lessonlib.grading.runs.grading import grade

    try:
        tally = grade(arguments)
    except (NoSandboxError, RefusedError) as problem:
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
    said = {verdict for _, _, verdict in tally}
    shown = [*VERDICTS, *(verdict for verdict in BY_A_PERSON if verdict in said)]
    lines = [[*heads, *(WORDS(f"statuses.{verdict}") for verdict in shown)]]
    lines += [[*name, *(str(tally[(*name, verdict)]) for verdict in shown)] for name in names]
    columns = []
    for number, column in enumerate(zip(*lines, strict=True)):
        width, padded = max(map(len, column)), str.ljust if number < 2 else str.rjust
        columns.append([padded(cell, width) for cell in column])
    return "\n".join(map("  ".join, zip(*columns, strict=True)))


def _count(tally: Tally, wanted: str) -> int:
    return sum(number for (_, _, verdict), number in tally.items() if verdict == wanted)


def _above_zero(kind: type[int] | type[float], key: str) -> Callable[[str], float]:
    """Return a reader of such numbers, which refuses others in the words of the key."""

    def read(text: str) -> float:
        with suppress(ValueError):
            if 0 < kind(text) < math.inf:
                return kind(text)
        raise argparse.ArgumentTypeError(WORDS(f"command.{key}", text=text))

    return read
