"""How sure a figure is in a class of this size, and what comes together more than by chance.

All intervals are meant for 95 of 100 such classes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # standard deviations to either side that hold 95 of 100

Floats = NDArray[Any]


@dataclass(frozen=True)
class Interval:
    """A figure, and between what bounds it may well lie."""

    value: float
    low: float
    high: float


def share(value: float, count: int) -> Interval:
    """Return Wilson's interval of a share among so many, or of a mean of numbers from 0 to 1.

    It holds in small classes, and where all or none are right, where the usual one has no width.
    Of a mean it is never too narrow, as no such numbers scatter more than zeros and ones do.
    """
    middle = (value + Z**2 / (2 * count)) / (1 + Z**2 / count)
    spread = value * (1 - value) / count + Z**2 / (4 * count**2)
    half = Z * math.sqrt(spread) / (1 + Z**2 / count)
    return Interval(value, max(0.0, middle - half), min(1.0, middle + half))


def rest_scores(values: Floats) -> Floats:
    """Return, for each learner (row) and question, how well the learner did in all others.

    NaN is what was not answered. What is averaged is the distance to the mean of each question, so
    that whoever left out a hard question is not taken for better.
    """
    there = ~np.isnan(values)
    counts = there.sum(axis=0)
    means = np.where(there, values, 0).sum(axis=0) / np.maximum(counts, 1)
    above = np.where(there, values - means, 0)
    others = there.sum(axis=1, keepdims=True) - there
    total = above.sum(axis=1, keepdims=True) - above
    return np.where(there & (others > 0), total / np.maximum(others, 1), np.nan)


def discrimination(own: Floats, rest: Floats) -> Interval | None:
    """Return the correlation of one question with all others, and how sure it is.

    The question is not among the others, or it would go along with itself. The interval is the
    jackknife's on Fisher's scale, and at least as wide as Fisher's own: what each learner weighs
    is measured, since points on a question are no normal distribution. None if there is nothing
    to go along with.
    """
    both = ~np.isnan(own) & ~np.isnan(rest)
    x, y, count = own[both], rest[both], int(both.sum())
    if count < 5 or np.ptp(x) < 1e-9 or np.ptp(y) < 1e-9:
        return None
    x, y = x - x.mean(), y - y.mean()
    whole = _correlation(count, x.sum(), y.sum(), x @ x, y @ y, x @ y)
    sums = x.sum() - x, y.sum() - y, x @ x - x * x, y @ y - y * y, x @ y - x * y
    without = _on_fishers_scale(_correlation(count - 1, *sums))
    if not np.isfinite(without).all():
        return None  # all of it hangs on one learner
    spread = (count - 1) / count * ((without - without.mean()) ** 2).sum()
    half = _students(count - 2) * math.sqrt(max(spread, 1 / (count - 3)))
    middle = float(_on_fishers_scale(whole))
    return Interval(float(whole), math.tanh(middle - half), math.tanh(middle + half))


def is_below_zero(correlation: Interval, looked: int) -> bool:
    """Tell whether a correlation is negative for certain, as one of so many that were looked at."""
    wider = NormalDist().inv_cdf(1 - 0.025 / looked) / Z
    middle, high = map(_on_fishers_scale, (correlation.value, correlation.high))
    return bool(middle + wider * (high - middle) < 0)


def _correlation(count: int, x: Any, y: Any, xx: Any, yy: Any, xy: Any) -> Any:
    across = (count * xx - x**2) * (count * yy - y**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(across > 1e-18, (count * xy - x * y) / np.sqrt(across), np.nan)


def _on_fishers_scale(correlation: Any) -> Any:
    return np.arctanh(np.clip(correlation, -0.999999, 0.999999))


def _students(freedom: int) -> float:
    """Return the width of Student's distribution that holds 95 of 100 (Cornish and Fisher)."""
    z = Z
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def chance_of_so_many(together: int, one: int, other: int, count: int) -> float:
    """Return the chance that so many or more are in both of two groups (Fisher's exact test)."""
    logs = _log_factorials(count)
    hits = np.arange(together, min(one, other) + 1)
    hits = hits[count - one - other + hits >= 0]
    if not len(hits):
        return 0.0
    fixed = logs[one] + logs[count - one] + logs[other] + logs[count - other] - logs[count]
    loose = logs[hits] + logs[one - hits] + logs[other - hits] + logs[count - one - other + hits]
    return float(min(1.0, np.exp(fixed - loose).sum()))


@cache
def _log_factorials(count: int) -> Floats:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])


def corrected(chances: Sequence[float]) -> list[float]:
    """Return the chances, each as if all had been looked at for one of them (Holm 1979)."""
    order = np.argsort(chances)
    found, highest = [1.0] * len(chances), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[place]))
        found[place] = highest
    return found
