"""Labels to ignore, as a question: the prompt and the padding are read but not asked for."""

from collections.abc import Callable
from functools import partial
from random import Random

from lessonlib.practice.question import Arguments, Case, Fits, Question

IGNORED = -100


def labels_to_learn(ids: list[int], is_padding: list[bool], prompt_length: int) -> list[int]:
    """Copy the ids as labels for a model that shifts them itself, and ignore prompt and padding.

    A row of a batch holds prompt, answer, end if there is room for it, and padding; -100 is what
    PyTorch's cross-entropy leaves out.
    """
    return [
        IGNORED if padding or at < prompt_length else token
        for at, (token, padding) in enumerate(zip(ids, is_padding, strict=True))
    ]


def _row(rng: Random, prompt: int, answer: int, padding: int) -> Arguments:
    """Make a row in which the end of the text and the padding share one id."""
    end = rng.randint(0, 9)
    ids = [*rng.sample(range(10, 99), prompt + answer), end, *[end] * padding]
    return ids, [at > prompt + answer for at in range(len(ids))], prompt


def _cut_off(rng: Random, prompt: int, answer: int, padding: int) -> Arguments:
    """Make a row that was cut off before its end, so that all ids of that number are padding."""
    ids = [*rng.sample(range(10, 99), prompt + answer), *[rng.randint(0, 9)] * padding]
    return ids, [at >= prompt + answer for at in range(len(ids))], prompt


def _echo(rng: Random) -> Arguments:
    """Make a row whose answer takes up ids of the prompt, and of the padding, in its middle."""
    first, second, third = rng.sample(range(10, 99), 3)
    return [first, second, third, second, first, third, third], [False] * 6 + [True], 2


#: What the exercise shows.
SHOWN = ([41, 17, 58, 23, 2, 2, 2], [False] * 5 + [True] * 2, 2)


def _edges(rng: Random) -> list[Arguments]:
    return [
        _row(rng, 3, 4, 0),
        _row(rng, 0, 5, 2),
        _row(rng, 1, 1, 1),
        _cut_off(rng, 2, 4, 3),
        _echo(rng),
        SHOWN,
    ]


def _ignored(*which: Callable[[Case], set[int]]) -> Fits:
    """Fit where the positions of all these sets, and no others, are ignored."""

    def fits(c: Case) -> bool:
        ignored = set().union(*(positions(c) for positions in which))
        return c.labels == [IGNORED if at in ignored else each for at, each in enumerate(c.ids)]

    return fits


def _positions(c: Case) -> set[int]:
    return set(range(len(c.ids)))


def _prompt(c: Case, more: int = 0) -> set[int]:
    return set(range(c.prompt_length + more))


def _padding(c: Case) -> set[int]:
    return {at for at, padding in enumerate(c.is_padding) if padding}


def _that_are(token: int, c: Case) -> set[int]:
    return {at for at, each in enumerate(c.ids) if each == token}


def _last_run(c: Case) -> set[int]:
    """List where the last id comes again at the end, without its first copy there."""
    first = next(at for at in sorted(_positions(c))[::-1] if c.ids[at] != c.ids[-1]) + 1
    return set(range(first + 1, len(c.ids)))


def _counts_from_the_right(c: Case) -> object:
    right = labels_to_learn(*c.arguments)
    counts = c.labels == (right if any(c.is_padding) else [IGNORED] * c.prompt_length)
    return counts and {"prompt": c.prompt_length}


def _leaves_labels_out(c: Case) -> bool:
    end = len(c.ids) - sum(c.is_padding)
    left = [label for label in c.labels if label != IGNORED]
    pieces = (c.ids[c.prompt_length :], c.ids[c.prompt_length : end], c.ids[:end])
    return len(c.labels) < len(c.ids) and left in pieces


def _shifts(c: Case) -> bool:
    first, *_ = [at for at, label in enumerate(c.labels) if label != IGNORED]
    return c.labels[first] == c.ids[first + 1] != c.ids[first]


def _uses_another_number(c: Case) -> bool:
    pairs = enumerate(zip(c.ids, c.labels, strict=True))
    changed = {at for at, (token, label) in pairs if token != label}
    return IGNORED not in c.labels and changed == _prompt(c) | _padding(c)


LABELS = Question(
    reference=labels_to_learn,
    parts=("labels",),
    draw=lambda rng: _row(rng, rng.randint(3, 4), rng.randint(3, 4), rng.randint(2, 3)),
    edges=_edges,
    mistakes={
        "nothing_ignored": lambda c: c.labels == c.ids,
        "ignored_in_words": lambda c: any(isinstance(label, str) for label in c.labels),
        "counted_from_the_right": _counts_from_the_right,
        "left_out_instead_of_ignored": _leaves_labels_out,
        "shifted_twice": _shifts,
        "ignored_with_another_number": _uses_another_number,
        "padding_read_the_wrong_way": _ignored(lambda c: _positions(c) - _padding(c)),
        "answer_ignored": [
            _ignored(lambda c: _positions(c) - _prompt(c)),
            _ignored(lambda c: _positions(c) - _prompt(c) - _padding(c)),
        ],
        "end_ignored": _ignored(_prompt, lambda c: _that_are(c.ids[-1], c)),
        "padding_not_ignored": [
            lambda c, fits=fits: fits(c) and {"id": c.ids[-1]}
            for fits in (_ignored(_prompt), _ignored(_prompt, partial(_that_are, SHOWN[0][-1])))
        ],
        "first_padding_learnt": [
            _ignored(_prompt, lambda c: set(sorted(_padding(c))[1:])),
            _ignored(_prompt, _last_run),
        ],
        "prompt_not_ignored": _ignored(_padding),
        "id_taken_for_position": _ignored(
            lambda c: {at for at, each in enumerate(c.ids) if each in c.ids[: c.prompt_length]},
            _padding,
        ),
        "prompt_too_long": _ignored(lambda c: _prompt(c, 1), _padding),
        "prompt_too_short": _ignored(lambda c: _prompt(c, -1), _padding),
        "everything_ignored": _ignored(_positions),
        "labels_are_flags": lambda c: all(isinstance(label, bool) for label in c.labels),
    },
)
