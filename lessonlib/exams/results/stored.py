"""Raw rows, and the mean with its 95 % interval of every cell."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lessonlib import checks
from lessonlib.exams.measurement import Row

FOLDER = Path(__file__).parent  # where raw results are stored, one file for each measurement

# Student's t at 97.5 %, for 1, 2, 3, ... degrees of freedom; beyond the table it is about 2.
T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix."""

    mean: float  # mean over the seeds
    half: float  # half of the 95 % interval; nan with one seed
    raw: float  # mean of the raw numbers
    forward_passes: float  # per question
    seeds: int


@dataclass(frozen=True)
class Results:
    """All that a run gave."""

    rows: list[Row]  # one for each objective, seed, ability, answer and metric
    # how the run was made
    command: str
    versions: dict[str, str]
    machine: dict[str, Any]
    seconds: float
    finished: str
    baselines: list[Row] = field(default_factory=list)  # what cheap methods reach
    # the metric that an ability is judged by, where it is not the first one
    primary: dict[str, str] = field(default_factory=dict)

    @classmethod
    def stored(cls, name: str = "sentences") -> "Results":
        """Read what came with the course, such as "scenes"; an unknown name is a ValueError."""
        paths = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
        return cls(**json.loads(paths[checks.one_of(name, "name", paths)].read_text()))

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def cell(self, objective: str, ability: str, answer: str, metric: str) -> Cell | None:
        """Sum up one cell over its seeds; None if it was not measured."""
        rows = [
            row
            for row in self.rows
            if (row["objective"], row["ability"], row["answer"], row["metric"])
            == (objective, ability, answer, metric)
        ]
        if not rows:
            return None
        scores = [row["score"] for row in rows]
        mean, half = interval(scores)
        raw, passes = (
            float(np.mean([row[name] for row in rows])) for name in ("raw", "forward_passes")
        )
        return Cell(mean, half, raw, passes, len(rows))

    def objectives(self) -> list[str]:
        """Objectives in the order of the rows."""
        return list(dict.fromkeys(row["objective"] for row in self.rows))

    def abilities(self) -> dict[str, str]:
        """Abilities in order, each with its primary metric."""
        first: dict[str, str] = {}
        for row in self.rows:
            first.setdefault(row["ability"], row["metric"])
        return {**first, **{name: metric for name, metric in self.primary.items() if name in first}}

    def matrix(self, *abilities: str) -> dict[tuple[str, str, str], Cell]:
        """Cells of the primary metrics by (objective, ability, answer); all abilities or some."""
        keys = (
            (objective, ability, answer)
            for objective in self.objectives()
            for ability in abilities or self.abilities()
            for answer in ("native", "workaround")
        )
        metrics = self.abilities()
        found = {key: self.cell(*key, metrics[key[1]]) for key in keys}
        return {key: cell for key, cell in found.items() if cell is not None}

    def table(self) -> str:
        """Scores as plain text: the native answer / the best known work-around."""
        cells, abilities = self.matrix(), self.abilities()
        lines = [("", *abilities)]
        for objective in self.objectives():
            texts = [
                " / ".join(
                    _text(cells.get((objective, ability, answer)))
                    for answer in ("native", "workaround")
                )
                for ability in abilities
            ]
            lines.append((objective, *texts))
        return "\n".join("".join(f"{text:>16}" for text in line) for line in lines)

    def baseline(self, objective: str) -> dict[str, float]:
        """What the baselines beside an objective reach, by ability: raw, the mean of the seeds."""
        found: dict[str, list[float]] = defaultdict(list)
        for row in self.baselines:
            if row.get("objective", objective) == objective:  # some depend on no model
                found[row["ability"]].append(row["raw"])
        return {ability: sum(shares) / len(shares) for ability, shares in found.items()}

    def by_seed(self, ability: str, answer: str, metric: str) -> dict[str, dict[int, float]]:
        """Scores of every objective and seed, for paired comparisons."""
        found: dict[str, dict[int, float]] = defaultdict(dict)
        for row in self.rows:
            if (row["ability"], row["answer"], row["metric"]) == (ability, answer, metric):
                found[row["objective"]][row["seed"]] = row["score"]
        return dict(found)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Mean and half of its 95 % interval (Student's t); the half is nan for a single value."""
    values = np.asarray(values, float)
    if len(values) < 2:
        return float(values.mean()), float("nan")
    t = T[len(values) - 2] if len(values) - 2 < len(T) else 2.0
    return float(values.mean()), float(t * values.std(ddof=1) / np.sqrt(len(values)))


def stored_rows(experiment: str) -> list[Row]:
    """Read the rows of one stored experiment, such as "fine_tuning"; see `Results.stored`."""
    return Results.stored(experiment).rows


def curves(rows: Sequence[Row], series: str, x: str, y: str) -> dict[str, list[tuple[float, Cell]]]:
    """Sum up rows as lines, one for each value of `series`: points (x, cell) over the seeds."""
    values: dict[str, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        values[row[series]][row[x]].append(row[y])
    return {
        name: [
            (place, Cell(*interval(found), float(np.mean(found)), float("nan"), len(found)))
            for place, found in sorted(points.items())
        ]
        for name, points in values.items()
    }


def _text(cell: Cell | None) -> str:
    return "-" if cell is None else f"{cell.mean:.2f}"
