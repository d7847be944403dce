"""The command ``lessonlib measure NAME``: train models, examine them, and store what came out."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lessonlib.exams.exam import LIVE_PROCESSES, collect
from lessonlib.exams.experiments import NAMES, PLANS, Size, jobs
from lessonlib.exams.measured import as_table
from lessonlib.exams.progress import Line
from lessonlib.exams.results import FOLDER, Results
from lessonlib.exams.results.rows import complete
from lessonlib.exams.scenes import trained as scenes
from lessonlib.exams.sentences import trained as sentences
from lessonlib.words import Words

WORDS = Words("cli")

MODELS, ALL = "models", "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be measured, and how much of it."""
    known = [*NAMES, ALL, MODELS]
    about = WORDS("measuring.names", names=", ".join(NAMES), all=ALL, models=MODELS)
    parser.add_argument("names", nargs="+", choices=known, metavar="NAME", help=about)
    parser.add_argument("--quick", action="store_true", help=WORDS("measuring.quick"))
    parser.add_argument("--seeds", type=int, help=WORDS("measuring.seeds"))
    kept = WORDS("measuring.kept")
    parser.add_argument("--kept", type=Path, default=Path("exams-run"), help=kept)
    parser.add_argument("--output", type=Path, help=WORDS("measuring.output"))


def run(options: argparse.Namespace) -> int:
    """Measure, one experiment after the other; a quick look is shown and not stored."""
    names = NAMES if ALL in options.names else options.names
    if options.output and len(names) > 1:
        print(WORDS("measuring.one_output"))
        return 2
    if len(names) > 1:
        return _one_by_one(names, options)
    (name,) = names
    if name == MODELS:
        scenes.store_trained()
        sentences.store_trained(options.kept)
        return 0
    results = measured(name, Size(options.quick, options.seeds, _kept(options)))
    print(as_table(results.rows))
    output = options.output or (None if options.quick else FOLDER / f"{name}.json")
    if output:
        results.store(output)
        print(WORDS("measuring.stored", output=output))
    return 0


def _kept(options: argparse.Namespace) -> Path | None:
    return None if options.quick else options.kept


def _one_by_one(names: Sequence[str], options: argparse.Namespace) -> int:
    """Measure each in a process of its own, which reads what was searched before it."""
    more = ["--quick"] * options.quick + ["--kept", str(options.kept)]
    more += ["--seeds", str(options.seeds)] if options.seeds else []
    for name in names:
        command = [sys.executable, "-m", "lessonlib", "measure", name, *more]
        if code := subprocess.run(command, check=False).returncode:
            return code
    return 0


def measured(name: str, size: Size) -> Results:
    """Run one experiment, by its name; a quick exam may be interrupted, and tells what it has."""
    options = ["--quick"] * size.quick + ([f"--seeds {size.starts}"] if size.starts else [])
    primary = PLANS[name][1].subject.primary if name in PLANS else None
    command = " ".join(["lessonlib measure", name, *options])
    todo = jobs(name, size)
    watch = Line([job[1].objective for job in todo]) if size.quick and primary else None
    live = {"watch": watch, "processes": LIVE_PROCESSES} if watch else {}
    found = collect(todo, command, primary, label=name, **live)
    if watch:
        watch.end()
    rows = [complete(row | {"experiment": name}) for row in found.rows]
    return Results(rows, found.primary, found.made)
