"""Every stored measurement is a row of one form, whatever was measured.

A file holds the rows of one experiment. What the rows of one model say alike is written once, and a
score is not written at all: it follows from what was reached, chance and the oracle.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lessonlib.exams.measurement import Row, score
from lessonlib.files import written_whole

FOLDER = Path(__file__).parent  # where raw results are stored, one file for each experiment

#: What every row says, in this order; None where it has no meaning or nobody knows it. Rows of one
#: experiment may say more, such as the number of examples.
KEYS = (
    "experiment", "objective", "parameters", "architecture", "ability", "metric", "answer",
    "meanings", "seed", "raw", "chance", "oracle", "score", "questions", "forward_passes",
    "train_seconds", "version",
)  # fmt: skip
# What differs between the rows of one model; whatever else is the same for a group of rows.
_COLUMNS = (
    "ability", "metric", "answer", "meanings", "raw", "chance", "oracle", "questions",
    "forward_passes", "chosen", "baseline",
)  # fmt: skip
_DIGITS = 6  # of a stored number


def complete(row: Mapping[str, Any]) -> Row:
    """Return a row with every key, its score worked out, and its own keys behind."""
    told = {name: row.get(name) for name in KEYS} | dict(row)
    return told | {"score": score(told["raw"], told["chance"], told["oracle"])}


def write(path: Path, rows: Iterable[Row], **about: Any) -> None:
    """Store rows, and what there is to say of all of them."""
    groups: dict[str, tuple[Row, list[list]]] = {}
    for row in rows:
        shared = {
            name: value
            for name, value in row.items()
            if name not in _COLUMNS and name != "score" and value is not None
        }
        key = json.dumps(shared, sort_keys=True)
        group = groups.setdefault(key, (shared, []))
        group[1].append([_rounded(row.get(name)) for name in _COLUMNS])
    lines = [json.dumps({**shared, "rows": found}) for shared, found in groups.values()]
    with written_whole(path) as file:
        head = json.dumps({**about, "columns": _COLUMNS}, indent=1)
        file.write(f'{head[:-2]},\n "groups": [\n' + ",\n".join(lines) + "\n]}\n")


def read(path: Path) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows of a file, and what it says of all of them."""
    stored = json.loads(path.read_text())
    columns = stored.pop("columns")
    rows = []
    for group in stored.pop("groups"):
        for values in group.pop("rows"):
            told = zip(columns, values, strict=True)
            rows.append(complete(group | {n: v for n, v in told if v is not None}))
    return rows, stored


def stored() -> dict[str, Path]:
    """Return the files that came with the course, by experiment."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.json"))}


def _rounded(value: Any) -> Any:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
