"""Run one experiment, or all of them, and store the rows."""

import argparse
import json
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from lessonlib.exams.experiments import NAMES
from lessonlib.exams.results import FOLDER
from lessonlib.exams.running import circumstances, run_all

KEPT = Path("exams-run")


def run(name: str, quick: bool, kept: Path | None) -> dict[str, Any]:
    """Run one experiment.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    quick : bool
        One seed and little of everything, for a look.
    kept : path, optional
        Where trained models are kept between runs.

    Returns
    -------
    dict
        "rows" and how they were made.
    """
    started = time.time()
    module = import_module(f"lessonlib.exams.experiments.{name}")
    rows = [row for found in run_all(module.jobs(quick, kept), label=name) for row in found]
    command = f"python -m lessonlib.exams.experiments {name}" + (" --quick" if quick else "")
    return {"rows": rows, **circumstances(command, started)}


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m lessonlib.exams.experiments", description=__doc__
    )
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="all by default")
    parser.add_argument("--quick", action="store_true", help="one seed; nothing is stored")
    parser.add_argument("--kept", type=Path, default=KEPT, help="folder for trained models")
    options = parser.parse_args(arguments)
    options.kept.mkdir(parents=True, exist_ok=True)
    for name in options.names or NAMES:
        found = run(name, options.quick, None if options.quick else options.kept)
        if options.quick:
            print(json.dumps(found["rows"], indent=1))
        else:
            path = FOLDER / f"{name}.json"
            path.write_text(json.dumps(found, indent=1) + "\n")
            print(f"written to {path}")


if __name__ == "__main__":
    main()
