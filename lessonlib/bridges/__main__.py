"""``python -m lessonlib.bridges``: measure the library's own classes anew, and store the rows."""

import argparse
import json
from importlib.metadata import version

from lessonlib.bridges.library import NEEDED
from lessonlib.bridges.training import STEPS, STORED, measure
from lessonlib.exams.sentences.short import KEPT


def main() -> None:
    """Train the three classes, and write what they score where the page reads it."""
    parser = argparse.ArgumentParser(prog="python -m lessonlib.bridges", description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    steps = parser.parse_args().steps
    rows = [{name: row[name] for name in KEPT} for row in measure(steps)]
    told = {
        "command": f"python -m lessonlib.bridges --steps {steps}",
        "versions": {name: version(name) for name in NEEDED},
        "rows": rows,
    }
    STORED.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
