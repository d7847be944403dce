"""The command ``lessonlib measured``: everything that was measured and stored."""

import argparse
import json
import os
import sys
from collections.abc import Sequence

import numpy as np

from lessonlib.exams.measurement import Row
from lessonlib.exams.results import interval, stored_rows
from lessonlib.exams.results.rows import stored
from lessonlib.words import Words

WORDS = Words("cli")

SMALLEST = 0.001  # half of an interval that is told: nothing is known without any doubt

# What tells the lines of a table apart; random starts are summed up.
_NAMES = ("experiment", "objective", "architecture", "ability", "metric", "answer", "meanings")
_MORE = (
    "baseline", "start", "examples", "answers_of_examples", "steps", "learning_rate", "layer",
    "pooling", "place", "from_end", "practice", "instruction", "factor", "known_words",
)  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say in which form, and of what."""
    parser.add_argument("--json", action="store_true", help=WORDS("measuring.json"))
    known = sorted(stored())
    about = WORDS("measuring.experiment", names=", ".join(known))
    parser.add_argument("--experiment", choices=known, metavar="NAME", help=about)


def run(options: argparse.Namespace) -> int:
    """Print all rows as JSON, or a line for each cell."""
    names = [options.experiment] if options.experiment else stored()
    rows = [row for name in names for row in stored_rows(name)]
    lines = ",\n".join(json.dumps(row) for row in rows)
    try:
        print(f"[{lines}]" if options.json else as_table(rows))
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - it is open until the end
    return 0


def as_table(rows: Sequence[Row]) -> str:
    """Sum up rows over random starts: the mean with its 95 % interval."""
    cells: dict[tuple, list[Row]] = {}
    for row in rows:
        cells.setdefault(tuple(str(row.get(name) or "") for name in (*_NAMES, *_MORE)), []).append(
            row
        )
    lines = [[*_NAMES, WORDS("measuring.more"), "raw", "score", WORDS("measuring.starts")]]
    for key, found in cells.items():
        own = dict(zip((*_NAMES, *_MORE), key, strict=True))
        more = ", ".join(f"{name} {own[name]}" for name in _MORE if own[name])
        raw, score = (_with_interval([row.get(name) for row in found]) for name in ("raw", "score"))
        lines.append([*key[: len(_NAMES)], more, raw, score, str(len(found))])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _with_interval(values: Sequence[float | None]) -> str:
    if None in values:
        return "-"
    mean, half = interval(values)
    if np.isnan(half):
        return f"{mean:.3f}"
    return f"{mean:.3f} ± {half:.3f}" if half >= SMALLEST else f"{mean:.3f} ± <{SMALLEST}"
