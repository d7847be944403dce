"""Who may look at whom, as questions: rows look, columns are looked at."""

from collections.abc import Callable
from random import Random

from lessonlib.checks import counted
from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.showing import is_table

Table = list[list[bool]]


def build_causal_mask(length: int) -> Table:
    """Say for each position that it may look at itself and at what came before.

    Parameters
    ----------
    length : int
        Number of positions.

    Returns
    -------
    list of list of bool
        ``mask[query][key]``, True where the query may look at the key.

    Notes
    -----
    The same as :func:`lessonlib.attention.causal`, without numpy.
    """
    return _table(length, lambda query, key: key <= query)


def build_prefix_mask(length: int, split: int) -> Table:
    """Let every position look at the whole prefix, and otherwise only back.

    Parameters
    ----------
    length : int
        Number of positions.
    split : int
        Length of the prefix.

    Returns
    -------
    list of list of bool
        ``mask[query][key]``, True where the query may look at the key.

    Notes
    -----
    The same as :func:`lessonlib.attention.prefix`, without numpy.
    """
    return _table(length, lambda query, key: key <= query or key < split)


def _table(length: int, rule: Callable[[int, int], bool]) -> Table:
    return [[bool(rule(query, key)) for key in range(length)] for query in range(length)]


def _turned(mask: Table) -> Table:
    return [list(column) for column in zip(*mask, strict=True)]


def _inverted(mask: Table) -> Table:
    return [[not may for may in row] for row in mask]


def _is_square(mask: Table, length: int) -> bool:
    return len(mask) == length and all(len(row) == length for row in mask)


def _entries(mask: Table) -> list[object]:
    return [may for row in mask for may in row]


def _is_minus_infinity(may: object) -> bool:
    # The real one is no plain number; the large ones are what libraries use in its place.
    return repr(may) == "-inf" or (isinstance(may, (int, float)) and may <= -1000)


def _about_the_size(length: int, mask: list[list[bool]], guess: str = "") -> str:
    return (
        f"Your table has {counted(len(mask), 'row')} of {len(mask[0]) if mask else 0}; it should "
        f"have {counted(length, 'row')} of {length}. {guess}".strip()
    )


def _wrong_size(size: Callable[..., int], guess: str) -> Cause:
    """Guess why the table is a square of another size."""
    return Cause(
        "wrong_size",
        lambda *values: _is_square(values[-1], size(*values[:-1])),
        lambda length, *rest: _about_the_size(length, rest[-1], guess),
    )


def _always(size: int) -> Callable[..., int]:
    return lambda *_: size


def _with_the_diagonal(mask: Table, value: bool) -> Table:
    return [[value if q == k else may for k, may in enumerate(row)] for q, row in enumerate(mask)]


# The last argument is what came back.
SHAPE = (
    Cause(
        "rows_of_different_lengths",
        lambda length, *rest: len(rest[-1]) == length and len({len(row) for row in rest[-1]}) > 1,
        "Your rows have different lengths. Each row needs an entry for every position, also for "
        "those it may not look at.",
        seen=True,
    ),
    Cause(
        "one_row_only",
        lambda length, *rest: rest[-1] and not any(isinstance(row, list) for row in rest[-1]),
        "You return one flat list. A mask has a row for each position that looks, and in each "
        "row an entry for each position that is looked at.",
        seen=True,
    ),
    Cause(
        "entries_are_lists",
        lambda length, *rest: any(isinstance(may, list) for row in rest[-1][:1] for may in row),
        "An entry of your mask is a list. Each entry is one True or False.",
        seen=True,
    ),
    Cause(
        "wrong_size",
        lambda length, *rest: len(rest[-1]) == 1 and len(rest[-1][0]) == length,
        lambda length, *rest: _about_the_size(
            length, rest[-1], "Is `return` inside the loop? It ends the loop in its first round."
        ),
    ),
    _wrong_size(
        lambda length, *_: length - 1,
        "A `range` stops before its end by itself; it needs no `- 1`.",
    ),
    *(
        _wrong_size(_always(size), "Is a size of your own fixed in the code?")
        for size in range(1, 10)
    ),
    Cause(
        "wrong_size",
        lambda length, *rest: is_table(rest[-1]) and not _is_square(rest[-1], length),
        lambda length, *rest: _about_the_size(length, rest[-1]),
        seen=True,
    ),
    Cause(
        "entries_in_words",
        lambda length, *rest: any(isinstance(may, str) for row in rest[-1] for may in row),
        "Your mask holds text. `True` and `False` are written without quotation marks.",
        seen=True,
    ),
    Cause(
        "additive_mask",
        lambda length, *rest: any(map(_is_minus_infinity, _entries(rest[-1]))),
        "Your entries are not True and False. Some libraries add a mask of 0 and minus infinity "
        "to the scores; here True means: may look.",
        seen=True,
    ),
    Cause(
        "entries_are_numbers",
        lambda length, *rest: any(
            isinstance(may, (int, float)) and may not in (False, True) for may in _entries(rest[-1])
        ),
        "You store a number, not the answer to a comparison. A comparison, such as `3 < 5`, is "
        "True or False.",
        seen=True,
    ),
    Cause(
        "sees_everything",
        lambda length, *rest: rest[-1] == [[True] * length] * length,
        "Every position sees everything, as in an encoder. A model that reads the next word "
        "before it has to say it learns nothing.",
    ),
)


CAUSAL_MASK = Question(
    name="build_causal_mask",
    parameters=("length",),
    parts=("mask",),
    reference=build_causal_mask,
    draw=lambda rng: (rng.randint(4, 6),),
    edges=lambda rng: [(2,), (1,), (4,)],
    causes=(
        *SHAPE,
        Cause(
            "sees_nothing",
            lambda length, mask: not any(may for row in mask for may in row),
            "Nobody sees anything. Every position may look at least at itself.",
        ),
        Cause(
            "transposed",
            lambda length, mask: mask == _turned(build_causal_mask(length)),
            "Your mask is transposed: the first position sees all, the last only itself. The row "
            "looks, the column is looked at.",
        ),
        Cause(
            "true_means_hidden",
            lambda length, mask: mask == _inverted(build_causal_mask(length)),
            "Your mask says True where a position may *not* look. Some libraries read it like "
            "that; here True means: may look.",
        ),
        Cause(
            "own_position_hidden",
            lambda length, mask: mask == _with_the_diagonal(build_causal_mask(length), False),
            "Your positions cannot see themselves. The word at its own position has been read "
            "already; what must be said is the next one.",
        ),
        Cause(
            "past_hidden",
            lambda length, mask: (
                mask == _with_the_diagonal(_inverted(build_causal_mask(length)), False)
                or mask == _table(length, lambda query, key: key == query)
            ),
            "Your positions cannot see their past. It is all they have to guess the next word "
            "from.",
        ),
        Cause(
            "next_position_visible",
            lambda length, mask: mask == _table(length, lambda query, key: key <= query + 1),
            "Each position also sees the next one, and that holds its answer.",
        ),
        Cause(
            "short_memory",
            lambda length, mask: (
                mask == _table(length, lambda query, key: query - 1 <= key <= query)
            ),
            "Each position sees itself and one before it. Causal attention reaches back to the "
            "beginning.",
        ),
    ),
    read_again="notebook 05_architectures, “Attention, in three sentences”",
)


def _draw_prefix(rng: Random) -> Arguments:
    return rng.randint(6, 8), rng.randint(3, 4)


PREFIX_MASK = Question(
    name="build_prefix_mask",
    parameters=("length", "split"),
    parts=("mask",),
    reference=build_prefix_mask,
    draw=_draw_prefix,
    edges=lambda rng: [(5, 1), (5, 0), (5, 5), (5, 4), (5, 3)],
    causes=(
        _wrong_size(
            lambda length, split: split,
            "Are your two parameters swapped? The length comes first.",
        ),
        *SHAPE,
        Cause(
            "prefix_is_causal",
            lambda length, split, mask: mask == build_causal_mask(length),
            "Your mask is causal throughout. Inside the prefix every position may look at all of "
            "the prefix, also ahead.",
        ),
        Cause(
            "transposed",
            lambda length, split, mask: mask == _turned(build_prefix_mask(length, split)),
            "Your mask is transposed. The row looks, the column is looked at.",
        ),
        Cause(
            "true_means_hidden",
            lambda length, split, mask: mask == _inverted(build_prefix_mask(length, split)),
            "Your mask says True where a position may *not* look. Here True means: may look.",
        ),
        Cause(
            "split_included",
            lambda length, split, mask: mask == build_prefix_mask(length, split + 1),
            "Your prefix is one position too long. It holds `split` positions, and the last of "
            "them is `split - 1`.",
        ),
        Cause(
            "prefix_too_short",
            lambda length, split, mask: mask == build_prefix_mask(length, split - 1),
            "Your prefix is one position too short. It holds the positions 0 to `split - 1`.",
        ),
        Cause(
            "next_position_visible",
            lambda length, split, mask: (
                mask == _table(length, lambda query, key: key < split or key <= query + 1)
            ),
            "Behind the prefix each row also sees the next position, and that holds its answer.",
        ),
        Cause(
            "both_reasons_asked",
            lambda length, split, mask: (
                mask == _table(length, lambda query, key: key < split and key <= query)
            ),
            "You ask for both reasons at once, as `and` does. One of the two is enough: the key is "
            "in the prefix, `or` it is not ahead.",
        ),
        Cause(
            "rest_sees_everything",
            lambda length, split, mask: (
                mask == _table(length, lambda query, key: key < split or query >= split)
            ),
            "Behind the prefix your positions see ahead. The text that is to be written stays "
            "causal.",
        ),
        Cause(
            "prefix_sees_everything",
            lambda length, split, mask: (
                mask == _table(length, lambda query, key: key <= query or query < split)
            ),
            "Your prefix sees the text behind it, which is what the model has to write. It may "
            "look ahead only as far as the prefix goes.",
        ),
        Cause(
            "prefix_forgotten",
            lambda length, split, mask: (
                mask
                == _table(
                    length,
                    lambda query, key: key < split if query < split else split <= key <= query,
                )
            ),
            "Behind the prefix your positions no longer see it. It is there to be read by all of "
            "them.",
        ),
        Cause(
            "prefix_only",
            lambda length, split, mask: mask == _table(length, lambda query, key: key < split),
            "Your positions see the prefix only. Behind it, each also sees itself and what has "
            "been written before it.",
        ),
        Cause(
            "own_position_hidden",
            lambda length, split, mask: (
                mask == _table(length, lambda query, key: key < query or key < split)
            ),
            "Behind the prefix your positions cannot see themselves. The word at its own "
            "position has been read already.",
        ),
    ),
    read_again="notebook 05_architectures, “Attention, in three sentences”, number 3",
)

QUESTIONS = (CAUSAL_MASK, PREFIX_MASK)
