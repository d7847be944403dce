"""Measure: train models, examine them, and store what came out.

`python -m lessonlib.exams NAME` makes one stored result (sentences is the matrix of notebook 04,
scenes that of notebook 07); it can be interrupted and goes on where it was. With --quick it shows
one random start of the same in a minute or a few, and stores nothing.
"""

import argparse
import json
from pathlib import Path

from lessonlib.exams.exam import collect
from lessonlib.exams.experiments import NAMES, PLANS, Size, jobs
from lessonlib.exams.results import FOLDER, Results
from lessonlib.exams.scenes.trained import store_trained

MODELS, ALL = "models", "all"


def measured(name: str, size: Size) -> Results:
    """Run one experiment, by its name."""
    options = ["--quick"] * size.quick + ([f"--seeds {size.starts}"] if size.starts else [])
    primary = PLANS[name][0].subject.primary if name in PLANS else None
    command = " ".join(["python -m lessonlib.exams", name, *options])
    return collect(jobs(name, size), command, primary, label=name)


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m lessonlib.exams", description=__doc__)
    told = f"{', '.join(NAMES)}; {ALL} of these; {MODELS}: those of notebook 07's explorer"
    parser.add_argument(
        "names", nargs="+", choices=[*NAMES, ALL, MODELS], metavar="NAME", help=told
    )
    parser.add_argument("--quick", action="store_true", help="one random start, for a look")
    parser.add_argument("--seeds", type=int, help="how many random starts")
    told = "folder for what is finished (default: %(default)s)"
    parser.add_argument("--kept", type=Path, default=Path("exams-run"), help=told)
    parser.add_argument("--output", type=Path, help="where to write the results of one experiment")
    options = parser.parse_args(arguments)
    names = NAMES if ALL in options.names else options.names
    if options.output and len(names) > 1:
        parser.error("--output is for one experiment")
    size = Size(options.quick, options.seeds, None if options.quick else options.kept)
    for name in names:
        if name == MODELS:
            store_trained()
            continue
        results = measured(name, size)
        print(results.table() if results.primary else json.dumps(results.rows, indent=1))
        output = options.output or (None if options.quick else FOLDER / f"{name}.json")
        if output:
            output.write_text(json.dumps(results.to_json(), indent=1) + "\n")
            print(f"written to {output}")


if __name__ == "__main__":
    main()
