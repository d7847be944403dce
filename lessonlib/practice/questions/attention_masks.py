"""Who may look at whom, as questions: rows look, columns are looked at."""

from collections.abc import Callable

from lessonlib.practice.question import Case, Fits, Question
from lessonlib.practice.showing import is_table
from lessonlib.words import Words

CAUSES = Words("causes")

Table = list[list[bool]]


def build_causal_mask(length: int) -> Table:
    """Say for each position that it may look at itself and at what came before.

    The same as :func:`lessonlib.attention.causal`, without numpy: ``mask[query][key]``.
    """
    return _table(length, lambda query, key: key <= query)


def build_prefix_mask(length: int, split: int) -> Table:
    """Let every position look at the whole prefix, and otherwise only back.

    The same as :func:`lessonlib.attention.prefix`, without numpy.
    """
    return _table(length, lambda query, key: key <= query or key < split)


def _table(length: int, rule: Callable[[int, int], bool]) -> Table:
    return [[bool(rule(query, key)) for key in range(length)] for query in range(length)]


def _rule(rule: Callable[[Case, int, int], bool]) -> Fits:
    """Fit where a mask follows a rule."""
    return lambda c: c.mask == _table(c.length, lambda query, key: rule(c, query, key))


def _turned(mask: Table) -> Table:
    return [list(column) for column in zip(*mask, strict=True)]


def _inverted(mask: Table) -> Table:
    return [[not may for may in row] for row in mask]


def _entries(c: Case) -> list[object]:
    return [may for row in c.mask for may in row]


def _is_minus_infinity(may: object) -> bool:
    # The real one is no plain number; the large ones are what libraries use in its place.
    return repr(may) == "-inf" or (isinstance(may, (int, float)) and may <= -1000)


def _is_square(mask: Table, length: int) -> bool:
    return len(mask) == length and all(len(row) == length for row in mask)


def _of_size(size: Callable[[Case], int]) -> Fits:
    """Fit where a mask is a square of another size, and say which."""
    return lambda c: _is_square(c.mask, size(c)) and _sizes(c)


def _sizes(c: Case) -> dict[str, str]:
    width = len(c.mask[0]) if c.mask else 0
    return {
        "has": CAUSES("rows_of", count=len(c.mask), width=width),
        "wanted": CAUSES("rows_of", count=c.length, width=c.length),
    }


SHAPE: dict[str, Fits | list[Fits]] = {
    "rows_of_different_lengths": lambda c: (
        len(c.mask) == c.length and len({len(row) for row in c.mask}) > 1
    ),
    "one_row_only": lambda c: c.mask and not any(isinstance(row, list) for row in c.mask),
    "entries_are_lists": lambda c: any(isinstance(may, list) for row in c.mask[:1] for may in row),
    "wrong_size.returned_in_the_loop": lambda c: (
        len(c.mask) == 1 and len(c.mask[0]) == c.length and _sizes(c)
    ),
    "wrong_size.range_too_short": _of_size(lambda c: c.length - 1),
    "wrong_size.fixed_in_the_code": [_of_size(lambda c, size=size: size) for size in range(1, 10)],
    "wrong_size.somehow": lambda c: (
        is_table(c.mask) and not _is_square(c.mask, c.length) and _sizes(c)
    ),
    "entries_in_words": lambda c: any(isinstance(may, str) for may in _entries(c)),
    "additive_mask": lambda c: any(map(_is_minus_infinity, _entries(c))),
    "entries_are_numbers": lambda c: any(
        isinstance(may, (int, float)) and may not in (False, True) for may in _entries(c)
    ),
    "sees_everything": _rule(lambda c, query, key: True),
}

CAUSAL_MASK = Question(
    reference=build_causal_mask,
    parts=("mask",),
    draw=lambda rng: (rng.randint(4, 6),),
    edges=lambda rng: [(2,), (1,), (4,)],
    mistakes={
        **SHAPE,
        "sees_nothing": lambda c: not any(_entries(c)),
        "transposed": lambda c: c.mask == _turned(build_causal_mask(c.length)),
        "true_means_hidden": lambda c: c.mask == _inverted(build_causal_mask(c.length)),
        "own_position_hidden": _rule(lambda c, query, key: key < query),
        "past_hidden": [
            _rule(lambda c, query, key: key > query),
            _rule(lambda c, query, key: key == query),
        ],
        "next_position_visible": _rule(lambda c, query, key: key <= query + 1),
        "short_memory": _rule(lambda c, query, key: query - 1 <= key <= query),
    },
)

PREFIX_MASK = Question(
    reference=build_prefix_mask,
    parts=("mask",),
    draw=lambda rng: (rng.randint(6, 8), rng.randint(3, 4)),
    edges=lambda rng: [(5, 1), (5, 0), (5, 5), (5, 4), (5, 3)],
    mistakes={
        "wrong_size.parameters_swapped": _of_size(lambda c: c.split),
        **SHAPE,
        "prefix_is_causal": lambda c: c.mask == build_causal_mask(c.length),
        "transposed": lambda c: c.mask == _turned(build_prefix_mask(*c.arguments)),
        "true_means_hidden": lambda c: c.mask == _inverted(build_prefix_mask(*c.arguments)),
        "split_included": lambda c: c.mask == build_prefix_mask(c.length, c.split + 1),
        "prefix_too_short": lambda c: c.mask == build_prefix_mask(c.length, c.split - 1),
        "next_position_visible": _rule(lambda c, query, key: key < c.split or key <= query + 1),
        "both_reasons_asked": _rule(lambda c, query, key: key < c.split and key <= query),
        "rest_sees_everything": _rule(lambda c, query, key: key < c.split or query >= c.split),
        "prefix_sees_everything": _rule(lambda c, query, key: key <= query or query < c.split),
        "prefix_forgotten": _rule(
            lambda c, query, key: key < c.split if query < c.split else c.split <= key <= query
        ),
        "prefix_only": _rule(lambda c, query, key: key < c.split),
        "own_position_hidden": _rule(lambda c, query, key: key < query or key < c.split),
    },
)
