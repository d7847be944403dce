"""``python -m lessonlib.bridges``: measure the library's own classes anew, and store the rows."""

import argparse
import json

from lessonlib.bridges.training import STEPS, STORED, measure


def main() -> None:
    """Train the three classes, print their scores, and write them where the page reads them."""
    parser = argparse.ArgumentParser(prog="python -m lessonlib.bridges", description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    given = parser.parse_args()
    found = measure(steps=given.steps, command=f"python -m lessonlib.bridges --steps {given.steps}")
    STORED.write_text(json.dumps(found.to_json(), indent=1) + "\n", "utf-8")
    print(found.table())


if __name__ == "__main__":
    main()
