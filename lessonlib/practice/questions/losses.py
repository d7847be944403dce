"""One number for a batch, as a question: a mean over all labels that count, and over no others."""

from itertools import takewhile
from math import ceil, floor
from random import Random
from statistics import median
from types import SimpleNamespace

from lessonlib.practice.question import Arguments, Case, Question, seen
from lessonlib.practice.questions.numbers import wrong_formula

Rows = list[list[float]]
Flags = list[list[bool]]


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


def _counted_by(c: Case, loss_mask: Flags | None = None) -> list[float]:
    return _counted(c.losses, c.loss_mask if loss_mask is None else loss_mask)


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
    "divided_by_all": lambda c: sum(_counted_by(c)) / len(_all(c)),
    "all_losses_added_up": lambda c: sum(_all(c)) / len(_counted_by(c)),
    "divided_by_rows": lambda c: sum(_counted_by(c)) / len(c.losses),
    "mean_of_row_means": lambda c: _mean(_row_means(c)),
    "sum_instead_of_mean": lambda c: sum(_counted_by(c)),
    "count_instead_of_mean": lambda c: len(_counted_by(c)),
    "mask_turned_round": lambda c: _mean(
        _counted_by(c, [[not counts for counts in flags] for flags in c.loss_mask])
    ),
    "zero_losses_dropped": lambda c: _mean([each for each in _counted_by(c) if each]),
    "one_row_only": lambda c: _row_means(c)[0],
    "last_row_only": lambda c: _row_means(c)[-1],
    "last_row_missing": lambda c: mean_loss(c.losses[:-1], c.loss_mask[:-1]),
    "one_loss_only": lambda c: _counted_by(c)[0],
    "median_instead_of_mean": lambda c: median(_counted_by(c)),
}


def _batch(rng: Random, loss_mask: Flags) -> Arguments:
    return [[round(rng.uniform(0.5, 6), 2) for _ in flags] for flags in loss_mask], loss_mask


def _last(count: int, length: int) -> list[bool]:
    return [at >= length - count for at in range(length)]


def _draw(rng: Random) -> Arguments:
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


def _edges(rng: Random) -> list[Arguments]:
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
    draw=_draw,
    edges=_edges,
    causes=(
        *(wrong_formula(*each) for each in FORMULAS.items()),
        wrong_formula("stopped_at_an_empty_row", lambda c: _mean(_until_an_empty_row(c))),
        wrong_formula(
            "counted_from_the_end", lambda c: _mean(_counted_by(c, [*map(sorted, c.loss_mask)]))
        ),
        wrong_formula("found_by_value", lambda c: _mean(_counted_by(c, _found_by_value(c)))),
        seen(
            "one_number_per_row",
            lambda c: isinstance(c.loss, list) and len(c.loss) == len(c.losses),
        ),
    ),
)
