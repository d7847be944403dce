"""The stored raw rows, the mean with its 95 % interval of every cell, and comparisons."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from lessonlib import checks
from lessonlib.exams.measurement import ANSWERS, Row
from lessonlib.exams.results.effects import CONFIDENCE, differences, student
from lessonlib.exams.results.rows import FOLDER, read, stored, write

__all__ = [
    "FOLDER", "NEVER_READ", "Cell", "Results", "curves", "interval", "ranking", "stored_rows",
]  # fmt: skip

#: What a row is about, if not about meanings that practice had, too.
NEVER_READ = (None, "all", "unread")


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix."""

    mean: float  # mean over the seeds
    half: float  # half of the 95 % interval; nan with one seed
    raw: float  # mean of the raw numbers
    forward_passes: float  # per question
    seeds: int
    each: tuple[float, ...] = ()  # scores, one for each seed

    @classmethod
    def of(cls, scores: Sequence[float], raw: float, forward_passes: float) -> "Cell":
        """Sum up scores, one for each seed."""
        return cls(*interval(scores), raw, forward_passes, len(scores), tuple(scores))


@dataclass(frozen=True)
class Results:
    """All that a run gave."""

    rows: list[Row]  # see `lessonlib.exams.results.rows`
    # the metric that an ability is judged by, where it is not the first one
    primary: dict[str, str] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)  # command, versions, machine, time

    @classmethod
    def stored(cls, name: str = "exam") -> "Results":
        """Read what came with the course, such as "scenes"; an unknown name is a ValueError.

        Of the large exam these are the rows that notebook 06a calls the whole matrix: every
        objective in its usual architecture, asked about meanings that were never read.
        """
        rows, made = read(stored()[checks.one_of(name, "name", stored())])
        primary = made.pop("primary", {})
        return cls([row for row in rows if _in_the_matrix(row)], primary, made)

    def store(self, path: Path) -> None:
        """Write everything to a file."""
        write(path, self.rows, primary=self.primary, **self.made)

    def found(self, **wanted: Any) -> list[Row]:
        """Rows that say what is wanted, as ``found(ability="blank")``; no baselines by default."""
        wanted = {"baseline": None} | wanted
        return [row for row in self.rows if all(row.get(k) == v for k, v in wanted.items())]

    def cell(self, objective: str, ability: str, answer: str, metric: str) -> Cell | None:
        """Sum up one cell over its seeds; None if it was not measured."""
        rows = self.found(objective=objective, ability=ability, answer=answer, metric=metric)
        rows = [row for row in rows if row["score"] is not None]
        if not rows:
            return None
        means = (float(np.mean([row[name] for row in rows])) for name in ("raw", "forward_passes"))
        return Cell.of([row["score"] for row in rows], *means)

    def objectives(self) -> list[str]:
        """Objectives in the order of the rows."""
        return list(dict.fromkeys(row["objective"] for row in self.rows))

    def abilities(self) -> dict[str, str]:
        """Abilities in order, each with its primary metric."""
        first = {row["ability"]: row["metric"] for row in reversed(self.rows)}
        order = dict.fromkeys(row["ability"] for row in self.rows)
        return {ability: self.primary.get(ability, first[ability]) for ability in order}

    def matrix(self, *abilities: str) -> dict[tuple[str, str, str], Cell]:
        """Cells of the primary metrics by (objective, ability, answer); all abilities or some."""
        metrics = self.abilities()
        found = {
            (objective, ability, answer): self.cell(objective, ability, answer, metrics[ability])
            for objective in self.objectives()
            for ability in abilities or metrics
            for answer in ANSWERS
        }
        return {key: cell for key, cell in found.items() if cell is not None}

    def table(self) -> str:
        """Scores as plain text: the native answer / the work-around."""
        cells, abilities = self.matrix(), self.abilities()
        lines = [["", *abilities]]
        for objective in self.objectives():
            both = [[cells.get((objective, a, answer)) for answer in ANSWERS] for a in abilities]
            texts = [["-" if cell is None else f"{cell.mean:.2f}" for cell in two] for two in both]
            lines.append([objective, *map(" / ".join, texts)])
        return "\n".join("".join(f"{text:>16}" for text in line) for line in lines)

    def baseline(self, objective: str) -> dict[str, float]:
        """What the baselines beside an objective reach, by ability: raw, the mean of the seeds."""
        found: dict[str, list[float]] = defaultdict(list)
        for row in self.rows:
            if row.get("baseline") and row["objective"] == objective:
                found[row["ability"]].append(row["raw"])
        return {ability: sum(shares) / len(shares) for ability, shares in found.items()}

    def by_seed(self, ability: str, answer: str, metric: str) -> dict[str, dict[int, float]]:
        """Scores of every objective and seed, for paired comparisons."""
        found: dict[str, dict[int, float]] = defaultdict(dict)
        for row in self.found(ability=ability, answer=answer, metric=metric):
            found[row["objective"]][row["seed"]] = row["score"]
        return dict(found)


@dataclass(frozen=True)
class Best:
    """The best objective for one ability and one way to answer."""

    ability: str
    answer: str
    # the two highest means
    objective: str
    runner_up: str
    # mean difference of their scores, seed by seed, and half of its 95 % interval
    lead: float
    half: float

    @property
    def clear(self) -> bool:
        """Whether the interval of the lead lies above zero."""
        return self.lead > self.half


def best_rows(
    results: Results, among: Container[str] | None = None, answers: Sequence[str] = ANSWERS
) -> list[Best]:
    """Compare the two highest means of each column: first native answers, then with work-arounds.

    Only objectives in `among` count, if it is given, and only some `answers`.

    A seed gives every objective the same sentences and questions, so scores are compared seed by
    seed: what a seed does to all of them cancels. A model may use a work-around where it has one;
    where it has none its native answer stands for it. Which two are compared is known only after
    looking, so intervals are as wide as if all pairs of all columns had been compared.
    """
    chosen, pairs = [], 0
    for ability, metric in results.abilities().items():
        scores: dict[str, dict[int, float]] = {}
        for answer in answers:
            found = results.by_seed(ability, answer, metric)
            scores |= {name: own for name, own in found.items() if among is None or name in among}
            means = {name: sum(own.values()) / len(own) for name, own in scores.items()}
            first, second, *_ = [*sorted(means, key=lambda name: -means[name]), None, None]
            if second:
                chosen.append((ability, answer, first, second, (scores[first], scores[second])))
                pairs += len(means) * (len(means) - 1) // 2
    leads = differences([both for *_, both in chosen], pairs)
    return [Best(*one[:-1], lead.mean, lead.half) for one, lead in zip(chosen, leads, strict=True)]


def ranking(
    cells: Mapping[tuple[str, str, str], Cell],
    ability: str,
    among: Container[str] | None = None,
    answer: str | None = None,
) -> list[str]:
    """Order objectives by their mean score at one ability, the best first.

    `cells` is the matrix, from (objective, ability, answer) to a cell. Only objectives in `among`
    count, and only one way of answering if `answer` names it, else the better of both. Who has no
    such answer is left out.
    """
    best: dict[str, float] = {}
    for (objective, column, way), cell in cells.items():
        wanted = column == ability and answer in (None, way)
        if wanted and (among is None or objective in among):
            best[objective] = max(cell.mean, best.get(objective, cell.mean))
    return sorted(best, key=best.__getitem__, reverse=True)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Mean and half of its 95 % interval (Student's t); the half is nan for a single value."""
    values = np.asarray(values, float)
    if len(values) < 2:
        return float(values.mean()), float("nan")
    t = student(1 - (1 - CONFIDENCE) / 2, len(values) - 1)
    return float(values.mean()), float(t * values.std(ddof=1) / np.sqrt(len(values)))


def stored_rows(experiment: str) -> list[Row]:
    """Read all rows of one stored experiment, such as "fine_tuning"."""
    return read(stored()[experiment])[0]


def _in_the_matrix(row: Row) -> bool:
    return row.get("usual") is not False and row["meanings"] in NEVER_READ


def curves(rows: Sequence[Row], series: str, x: str, y: str) -> dict[str, list[tuple[float, Cell]]]:
    """Sum up rows as lines, one for each value of `series`: points (x, cell) over the seeds."""
    values: dict[str, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        values[row[series]][row[x]].append(row[y])
    return {
        name: [
            (place, Cell.of(found, float(np.mean(found)), float("nan")))
            for place, found in sorted(points.items())
        ]
        for name, points in values.items()
    }
