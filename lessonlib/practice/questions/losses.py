"""One number for a batch, as a question: a mean over all labels that count, and over no others."""

from itertools import takewhile
from math import ceil, floor
from random import Random
from statistics import median

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.numbers import wrong_formula

Rows = list[list[float]]
Flags = list[list[bool]]


def mean_loss(losses: Rows, loss_mask: Flags) -> float:
    """Average the losses that count, over all rows of a batch at once.

    Parameters
    ----------
    losses : list of list of float
        A loss for every label of every row, in nats.
    loss_mask : list of list of bool
        Which of them count.

    Returns
    -------
    float
        The mean over all labels that count.
    """
    return _mean(_counted(losses, loss_mask))


def _counted(losses: Rows, loss_mask: Flags) -> list[float]:
    return [
        loss
        for row, flags in zip(losses, loss_mask, strict=True)
        for loss, counts in zip(row, flags, strict=True)
        if counts
    ]


def _all(losses: Rows) -> list[float]:
    return [loss for row in losses for loss in row]


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _row_means(losses: Rows, loss_mask: Flags) -> list[float]:
    rows = zip(losses, loss_mask, strict=True)
    return [_mean(_counted([row], [flags])) for row, flags in rows if any(flags)]


def _inverted(loss_mask: Flags) -> Flags:
    return [[not counts for counts in flags] for flags in loss_mask]


def _at_the_end(loss_mask: Flags) -> Flags:
    return [sorted(flags) for flags in loss_mask]


def _found_by_value(losses: Rows, loss_mask: Flags) -> Flags:
    rows = zip(losses, loss_mask, strict=True)
    return [[flags[row.index(loss)] for loss in row] for row, flags in rows]


def _until_an_empty_row(losses: Rows, loss_mask: Flags) -> list[float]:
    full = list(takewhile(any, loss_mask))
    return _counted(losses[: len(full)], full)


# Name, what is returned instead, and what to say. No two agree on the telling inputs.
FORMULAS = {
    "mask_not_used": (
        lambda losses, loss_mask: _mean(_all(losses)),
        "You average over all labels. Only those that the loss mask marks count.",
    ),
    "divided_by_all": (
        lambda losses, loss_mask: sum(_counted(losses, loss_mask)) / len(_all(losses)),
        "You add up the right losses but divide by the number of *all* labels, so a row with a "
        "long prompt looks better than it is. Divide by how many count.",
    ),
    "all_losses_added_up": (
        lambda losses, loss_mask: sum(_all(losses)) / len(_counted(losses, loss_mask)),
        "You divide by the right number, but add up all losses, also those that do not count.",
    ),
    "divided_by_rows": (
        lambda losses, loss_mask: sum(_counted(losses, loss_mask)) / len(losses),
        "You add up the right losses but divide by the number of rows. Divide by how many "
        "labels count.",
    ),
    "mean_of_row_means": (
        lambda losses, loss_mask: _mean(_row_means(losses, loss_mask)),
        "You average each row first, then the rows. A row with one label then weighs as much "
        "as one with five. Average over all labels that count, at once.",
    ),
    "sum_instead_of_mean": (
        lambda losses, loss_mask: sum(_counted(losses, loss_mask)),
        "You return the sum. A mean is the sum divided by how many there are; only then can "
        "batches of different sizes be compared.",
    ),
    "count_instead_of_mean": (
        lambda losses, loss_mask: len(_counted(losses, loss_mask)),
        "You return how many labels count, not the mean of their losses.",
    ),
    "mask_turned_round": (
        lambda losses, loss_mask: _mean(_counted(losses, _inverted(loss_mask))),
        "You average the labels that do *not* count: True in the loss mask means that it does.",
    ),
    "zero_losses_dropped": (
        lambda losses, loss_mask: _mean([each for each in _counted(losses, loss_mask) if each]),
        "You drop losses of zero. A perfect answer counts like any other; ask the loss mask, "
        "not the loss.",
    ),
    "one_row_only": (
        lambda losses, loss_mask: _row_means(losses, loss_mask)[0],
        "You average the first row only. Is there a `return` inside the loop? It ends the loop in "
        "its first round. Without a loop: take the other rows in as well.",
    ),
    "last_row_only": (
        lambda losses, loss_mask: _row_means(losses, loss_mask)[-1],
        "Only the last row is left. Are your sums set back to 0 in each round? Set them once, "
        "before the loop.",
    ),
    "last_row_missing": (
        lambda losses, loss_mask: mean_loss(losses[:-1], loss_mask[:-1]),
        "A row is missing: this is the mean of all rows but the last. A `range` stops before its "
        "end by itself; it needs no `- 1`.",
    ),
    "one_loss_only": (
        lambda losses, loss_mask: _counted(losses, loss_mask)[0],
        "You return one loss, that of the first label that counts. Is there a `return` inside the "
        "inner loop? Collect first, and return behind both loops.",
    ),
    "median_instead_of_mean": (
        lambda losses, loss_mask: median(_counted(losses, loss_mask)),
        "You return the median, the loss in the middle. The mean is their sum divided by how many "
        "they are.",
    ),
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
        numbers = {round(formula(losses, loss_mask), 6) for formula, _ in FORMULAS.values()}
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
    name="mean_loss",
    parameters=("losses", "loss_mask"),
    parts=("loss",),
    reference=mean_loss,
    draw=_draw,
    edges=_edges,
    causes=(
        *(wrong_formula(name, *each) for name, each in FORMULAS.items()),
        wrong_formula(
            "stopped_at_an_empty_row",
            lambda losses, loss_mask: _mean(_until_an_empty_row(losses, loss_mask)),
            "You stop at a row in which nothing counts. The rows behind it count as before: "
            "`continue` goes on with the next one, `break` and `return` do not.",
        ),
        wrong_formula(
            "counted_from_the_end",
            lambda losses, loss_mask: _mean(_counted(losses, _at_the_end(loss_mask))),
            "You take the last losses of each row, as many as count. Labels that count may stand "
            "anywhere in a row: ask the loss mask at each position.",
        ),
        wrong_formula(
            "found_by_value",
            lambda losses, loss_mask: _mean(_counted(losses, _found_by_value(losses, loss_mask))),
            "You look a loss up by its value, and that finds its first copy: `index` does. Two "
            "labels can have the same loss; walk over both lists by position, as `zip` does.",
        ),
        Cause(
            "one_number_per_row",
            lambda losses, loss_mask, loss: isinstance(loss, list) and len(loss) == len(losses),
            "You return one number for each row. The whole batch has one loss.",
            seen=True,
        ),
    ),
    read_again="notebook 03_three_samples, “Rule 2: masked LM fills blanks”",
)

QUESTIONS = (MEAN_LOSS,)
