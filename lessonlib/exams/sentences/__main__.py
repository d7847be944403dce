"""``python -m lessonlib.exams.sentences``: measure the rows beside a learner's own anew."""

import json

from lessonlib.exams.sentences.own import NEIGHBOURS, SEEDS, STEPS, measure
from lessonlib.exams.sentences.short import KEPT, LESSONS


def main() -> None:
    """Train the lesson's three as a learner's own objective is trained, and store their rows."""
    rows = [row for seed in SEEDS for name in LESSONS for row in measure(name, None, seed)]
    told = {
        "command": "python -m lessonlib.exams.sentences",
        "steps": STEPS,
        "rows": [{name: row[name] for name in KEPT} for row in rows],
    }
    NEIGHBOURS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
