"""Train every picture objective, measure every ability, and store what came out.

`python -m lessonlib.exams.scenes` makes the stored matrix; it can be interrupted and goes on
where it was. `--quick` shows one seed of each objective, trained for a shorter time. `--models`
trains and stores the models that the explorer asks.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from lessonlib.exams.scenes.matrix import FULL, QUICK, STORED, run
from lessonlib.exams.scenes.trained import store_trained

KEPT = Path("scenes-run")


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m lessonlib.exams.scenes", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, about a minute")
    parser.add_argument(
        "--kept", type=Path, default=KEPT, help="folder for what is finished (default: %(default)s)"
    )
    parser.add_argument("--output", type=Path, default=None, help="where to write the results")
    parser.add_argument(
        "--seeds", type=int, default=len(FULL.seeds), help="how many (default: %(default)s)"
    )
    parser.add_argument("--models", action="store_true", help="store the models of the explorer")
    options = parser.parse_args(arguments)
    if options.models:
        store_trained()
        return
    if options.quick:
        results = run(QUICK, None, "python -m lessonlib.exams.scenes --quick")
    else:
        plan = replace(FULL, seeds=tuple(range(options.seeds)))
        command = f"python -m lessonlib.exams.scenes --seeds {options.seeds}"
        results = run(plan, options.kept, command)
    print(results.table())
    output = options.output or (None if options.quick else STORED)
    if output:
        output.write_text(json.dumps(results.to_json(), indent=1) + "\n")
        print(f"written to {output}")


if __name__ == "__main__":
    main()
