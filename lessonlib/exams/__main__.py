"""Train every objective, measure every ability, and store what came out.

`python -m lessonlib.exams` makes the stored matrix; it can be interrupted and goes on where it
was. `python -m lessonlib.exams --quick` shows three objectives with one seed in a minute.
"""

import argparse
import json
from pathlib import Path

from lessonlib.exams.exam import FULL, QUICK, run
from lessonlib.exams.results import FOLDER

KEPT = Path("exams-run")


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m lessonlib.exams", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three objectives, one seed, a minute")
    parser.add_argument(
        "--kept", type=Path, default=KEPT, help="folder for what is finished (default: %(default)s)"
    )
    parser.add_argument("--output", type=Path, default=None, help="where to write the results")
    options = parser.parse_args(arguments)
    if options.quick:
        results = run(QUICK, command="python -m lessonlib.exams --quick")
    else:
        options.kept.mkdir(parents=True, exist_ok=True)
        results = run(FULL, options.kept, "python -m lessonlib.exams")
    print(results.table())
    output = options.output or (None if options.quick else FOLDER / "sentences.json")
    if output:
        output.write_text(json.dumps(results.to_json(), indent=1) + "\n")
        print(f"written to {output}")


if __name__ == "__main__":
    main()
