"""What is due to the objective and what to the architecture, and which differences are clear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from lessonlib.exams.measurement import Row

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Difference:
    """A difference seed by seed, and half of its interval, corrected for all that are compared."""

    mean: float
    half: float
    each: tuple[float, ...]

    @property
    def clear(self) -> bool:
        """Whether the interval excludes zero."""
        return abs(self.mean) > self.half


def differences(
    pairs: Sequence[tuple[Mapping[int, float], Mapping[int, float]]], comparisons: int | None = None
) -> list[Difference]:
    """Compare scores by seed, pair by pair.

    All intervals together hold with 95 %: each holds with 1 - 5 % / `comparisons` (Bonferroni),
    which are as many as there are pairs, unless a page makes more.
    """
    count = comparisons or len(pairs)
    found = []
    for first, second in pairs:
        seeds = sorted(set(first) & set(second))
        each = np.array([first[seed] - second[seed] for seed in seeds])
        half = float("nan")
        if len(each) > 1:
            quantile = student(1 - (1 - CONFIDENCE) / (2 * count), len(each) - 1)
            half = float(quantile * each.std(ddof=1) / np.sqrt(len(each)))
        found.append(Difference(float(each.mean()), half, tuple(each.tolist())))
    return found


@cache
def student(probability: float, freedom: int) -> float:
    """Return the quantile of Student's distribution, for a probability of one half or more.

    With x = sqrt(freedom) * tan(angle) the density is a power of a cosine, which is added up.
    """
    edges = np.linspace(0, np.pi / 2, 200_001)
    middle = (edges[1:] + edges[:-1]) / 2
    mass = np.cumsum(np.cos(middle) ** (freedom - 1))
    wanted = (2 * probability - 1) * mass[-1]
    place = int(np.searchsorted(mass, wanted))
    return float(np.sqrt(freedom) * np.tan(edges[min(place + 1, len(edges) - 2)]))


@dataclass(frozen=True)
class Effect:
    """How far scores move with one thing, the other held: as a standard deviation, and a share."""

    spread: float  # in scores
    share: float  # of the variance among the true means of the cells
    half: float  # of the interval of the share


def effects(
    rows: Sequence[Row], objectives: Sequence[str], architectures: Sequence[str]
) -> dict[str, Effect]:
    """Part the variance of a fully crossed block of cells, with random starts as repetitions.

    `rows` are those of one ability, metric and part of the meanings. What random starts do by
    themselves is estimated and taken away. Intervals come from leaving out one start at a time
    (jackknife). "both" is what neither explains alone.
    """
    scores = _table(rows, objectives, architectures)
    whole = _shares(scores)
    count = len(scores)
    without = [_shares(np.delete(scores, seed, axis=0)) for seed in range(count)]
    quantile = student(1 - (1 - CONFIDENCE) / 2, count - 1)
    found = {}
    for name, (spread, share) in whole.items():
        pseudo = [count * share - (count - 1) * less[name][1] for less in without]
        half = quantile * float(np.std(pseudo, ddof=1)) / count**0.5
        found[name] = Effect(spread, share, half)
    return found


def _table(
    rows: Sequence[Row], objectives: Sequence[str], architectures: Sequence[str]
) -> np.ndarray:
    """Scores of the seeds that all cells have, shape (seeds, objectives, architectures)."""
    score = {(row["seed"], row["objective"], row["architecture"]): row["score"] for row in rows}
    seeds = sorted({seed for seed, _, _ in score})
    tables = [
        [[score.get((seed, one, form), np.nan) for form in architectures] for one in objectives]
        for seed in seeds
    ]
    return np.array([table for table in tables if np.isfinite(table).all()])


def _shares(scores: np.ndarray) -> dict[str, tuple[float, float]]:
    """Variances of main effects and of what remains, less what chance puts into them."""
    seeds, rows, columns = scores.shape
    means = scores.mean(axis=0)
    noise = float(scores.var(axis=0, ddof=1).mean()) / seeds
    by_row, by_column = means.mean(axis=1), means.mean(axis=0)
    left = means - by_row[:, None] - by_column + means.mean()
    variances = {
        "objective": by_row.var(ddof=1) - noise / columns,
        "architecture": by_column.var(ddof=1) - noise / rows,
        "both": (left**2).sum() / ((rows - 1) * (columns - 1)) - noise,
    }
    kept = {name: max(0.0, float(value)) for name, value in variances.items()}
    total = sum(kept.values()) or 1.0
    return {name: (value**0.5, value / total) for name, value in kept.items()}
