"""Numbers as questions: a mean over all labels that count, and a score that can be compared."""

from collections.abc import Callable
from itertools import takewhile
from math import ceil, floor
from random import Random
from statistics import median
from types import SimpleNamespace

from lessonlib.practice.question import Arguments, Case, Fits, Question

Rows = list[list[float]]
Flags = list[list[bool]]


def _close(one: object, other: float, tolerance: float = 1e-6) -> bool:
    return isinstance(one, (int, float)) and abs(one - other) < tolerance


def number_is(formula: Callable[[Case], float]) -> Fits:
    """Fit where a number is what a formula makes of the arguments."""

    def fits(case: Case) -> bool:
        try:
            return _close(case.value, formula(case))
        except ArithmeticError:  # here the answer must do something else, whatever its formula
            return True

    return fits


def mean_loss(losses: Rows, loss_mask: Flags) -> float:
    """Average the losses that count, in nats, over all rows of a batch at once."""
    return _mean(_counted(losses, loss_mask))


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _counted(losses: Rows, loss_mask: Flags) -> list[float]:
    return [
        loss
        for row, flags in zip(losses, loss_mask, strict=True)
        for loss, counts in zip(row, flags, strict=True)
        if counts
    ]


def _right(c: Case) -> list[float]:
    return _counted(c.losses, c.loss_mask)


def _all(c: Case) -> list[float]:
    return [loss for row in c.losses for loss in row]


def _row_means(c: Case) -> list[float]:
    rows = zip(c.losses, c.loss_mask, strict=True)
    return [_mean(_counted([row], [flags])) for row, flags in rows if any(flags)]


def _found_by_value(c: Case) -> Flags:
    rows = zip(c.losses, c.loss_mask, strict=True)
    return [[flags[row.index(loss)] for loss in row] for row, flags in rows]


def _until_an_empty_row(c: Case) -> list[float]:
    full = list(takewhile(any, c.loss_mask))
    return _counted(c.losses[: len(full)], full)


# No two of these agree on the telling inputs.
FORMULAS = {
    "mask_not_used": lambda c: _mean(_all(c)),
    "divided_by_all": lambda c: sum(_right(c)) / len(_all(c)),
    "all_losses_added_up": lambda c: sum(_all(c)) / len(_right(c)),
    "divided_by_rows": lambda c: sum(_right(c)) / len(c.losses),
    "mean_of_row_means": lambda c: _mean(_row_means(c)),
    "sum_instead_of_mean": lambda c: sum(_right(c)),
    "count_instead_of_mean": lambda c: len(_right(c)),
    "mask_turned_round": lambda c: mean_loss(
        c.losses, [[not counts for counts in flags] for flags in c.loss_mask]
    ),
    "zero_losses_dropped": lambda c: _mean([each for each in _right(c) if each]),
    "one_row_only": lambda c: _row_means(c)[0],
    "last_row_only": lambda c: _row_means(c)[-1],
    "last_row_missing": lambda c: mean_loss(c.losses[:-1], c.loss_mask[:-1]),
    "one_loss_only": lambda c: _right(c)[0],
    "median_instead_of_mean": lambda c: median(_right(c)),
}
# These do where every row has a label that counts, and those that count stand at its end.
MORE_FORMULAS = {
    "stopped_at_an_empty_row": lambda c: _mean(_until_an_empty_row(c)),
    "counted_from_the_end": lambda c: mean_loss(c.losses, [*map(sorted, c.loss_mask)]),
    "found_by_value": lambda c: mean_loss(c.losses, _found_by_value(c)),
}


def _batch(rng: Random, loss_mask: Flags) -> Arguments:
    return [[round(rng.uniform(0.5, 6), 2) for _ in flags] for flags in loss_mask], loss_mask


def _last(count: int, length: int) -> list[bool]:
    return [at >= length - count for at in range(length)]


def _draw_batch(rng: Random) -> Arguments:
    """Make rows that differ in length and in how many of their labels count."""
    loss_mask = [_last(rng.randint(4, 5), 6), _last(1, 5), _last(2, 4)]
    while True:
        losses, _ = _batch(rng, loss_mask)
        losses[0][-1] = 0.0  # a perfect answer counts as well
        drawn = SimpleNamespace(losses=losses, loss_mask=loss_mask)
        numbers = {round(formula(drawn), 6) for formula in FORMULAS.values()}
        right = mean_loss(losses, loss_mask)
        rounded = {floor(right), ceil(right), round(right, 1), round(right, 2)}
        if len(numbers) == len(FORMULAS) and numbers.isdisjoint(rounded):
            return losses, loss_mask


#: What the exercise shows.
SHOWN = ([[4.0, 1.0, 1.0, 0.0], [3.0, 6.0]], [[False, True, True, True], [False, True]])


def _special_batches(rng: Random) -> list[Arguments]:
    one, two, three = (round(rng.uniform(low, low + 1), 2) for low in (1, 3, 5))
    return [
        _batch(rng, [_last(2, 4)]),
        _batch(rng, [[True] * 3, [True] * 4]),
        _batch(rng, [_last(2, 4), [False] * 3]),
        _batch(rng, [_last(2, 4), _last(1, 3), [False] * 3, _last(2, 3), _last(1, 4)]),
        _batch(rng, [[True, False, True], [False, True, False, True]]),
        # The same loss twice in a row: once the first copy counts, once the second.
        ([[one, one, two], [three, one, three]], [[False, True, True], [True, True, False]]),
        SHOWN,
    ]


MEAN_LOSS = Question(
    reference=mean_loss,
    parts=("loss",),
    draw=_draw_batch,
    edges=_special_batches,
    mistakes={
        **{name: number_is(each) for name, each in (FORMULAS | MORE_FORMULAS).items()},
        "one_number_per_row": lambda c: isinstance(c.loss, list) and len(c.loss) == len(c.losses),
    },
)


def share_of_achievable(score: float, chance: float, best: float) -> float:
    """Say how far a score has come from the cheap baseline (0) to the best possible answer (1).

    All three are of the same exam, in the same unit; below the baseline the share is negative.
    """
    return (score - chance) / (best - chance)


def _draw_scores(rng: Random) -> Arguments:
    chance, best = round(rng.uniform(0.1, 0.3), 3), round(rng.uniform(0.7, 0.9), 3)
    return round(rng.uniform(chance + 0.13, best - 0.13), 3), chance, best


def _special_scores(rng: Random) -> list[Arguments]:
    _, chance, best = _draw_scores(rng)
    below, above = round(chance - 0.07, 3), round(best + 0.04, 3)
    return [(below, chance, best), (above, chance, best), (chance, chance, best)]


def _share(c: Case) -> float:
    return share_of_achievable(*c.arguments)


SHARE = Question(
    reference=share_of_achievable,
    parts=("share",),
    draw=_draw_scores,
    edges=_special_scores,
    mistakes={
        "chance_left_out": number_is(lambda c: c.score / c.best),
        "chance_taken_off_once": number_is(lambda c: (c.score - c.chance) / c.best),
        "brackets_missing": [
            number_is(lambda c: c.score - c.chance / c.best - c.chance),
            number_is(lambda c: (c.score - c.chance) / c.best - c.chance),
            number_is(lambda c: c.score - c.chance / (c.best - c.chance)),
        ],
        "not_divided": number_is(lambda c: c.score - c.chance),
        "best_left_out": number_is(lambda c: (c.score - c.chance) / (1 - c.chance)),
        "turned_round": [
            number_is(lambda c: (c.best - c.score) / (c.best - c.chance)),
            number_is(lambda c: (c.chance - c.score) / (c.best - c.chance)),
        ],
        "upside_down": number_is(lambda c: (c.best - c.chance) / (c.score - c.chance)),
        "distance_to_best": number_is(lambda c: c.best - c.score),
        "ratio_to_chance": number_is(lambda c: c.score / c.chance),
        "in_percent": lambda c: _close(c.share, 100 * _share(c), 0.6),
        "clipped": lambda c: _close(c.share, min(max(_share(c), 0), 1)),
        "size_without_sign": lambda c: _close(c.share, abs(_share(c))),
    },
)
