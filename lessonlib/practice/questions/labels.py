"""Labels to ignore, as a question: the prompt and the padding are read but not asked for."""

from collections.abc import Callable
from random import Random

from lessonlib.practice.question import Arguments, Case, Cause, Question, seen

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


def _labels_edges(rng: Random) -> list[Arguments]:
    return [
        _row(rng, 3, 4, 0),
        _row(rng, 0, 5, 2),
        _row(rng, 1, 1, 1),
        _cut_off(rng, 2, 4, 3),
        _echo(rng),
        SHOWN,
    ]


def _ignored(*which: Callable[[Case], set[int]]) -> Callable[[Case], bool]:
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


def _that_are(c: Case, token: int) -> set[int]:
    return {at for at, each in enumerate(c.ids) if each == token}


def _last_run(c: Case) -> set[int]:
    """List where the last id comes again at the end, without its first copy there."""
    first = next(at for at in sorted(_positions(c))[::-1] if c.ids[at] != c.ids[-1]) + 1
    return set(range(first + 1, len(c.ids)))


def _counts_from_the_right(c: Case) -> bool:
    right = labels_to_learn(*c.arguments)
    return c.labels == (right if any(c.is_padding) else [IGNORED] * c.prompt_length)


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


def _either(*all_fit: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda c: any(fits(c) for fits in all_fit)


LABELS = Question(
    reference=labels_to_learn,
    parts=("labels",),
    draw=lambda rng: _row(rng, rng.randint(3, 4), rng.randint(3, 4), rng.randint(2, 3)),
    edges=_labels_edges,
    causes=(
        Cause("nothing_ignored", lambda c: c.labels == c.ids),
        seen("ignored_in_words", lambda c: any(isinstance(label, str) for label in c.labels)),
        Cause(
            "counted_from_the_right",
            _counts_from_the_right,
            slots=lambda c: {"prompt": c.prompt_length},
        ),
        seen("left_out_instead_of_ignored", _leaves_labels_out),
        Cause("shifted_twice", _shifts),
        seen("ignored_with_another_number", _uses_another_number),
        Cause("padding_read_the_wrong_way", _ignored(lambda c: _positions(c) - _padding(c))),
        Cause(
            "answer_ignored",
            _either(
                _ignored(lambda c: _positions(c) - _prompt(c)),
                _ignored(lambda c: _positions(c) - _prompt(c) - _padding(c)),
            ),
        ),
        Cause("end_ignored", _ignored(_prompt, lambda c: _that_are(c, c.ids[-1]))),
        Cause(
            "padding_not_ignored",
            _either(_ignored(_prompt), _ignored(_prompt, lambda c: _that_are(c, SHOWN[0][-1]))),
            slots=lambda c: {"id": c.ids[-1]},
        ),
        Cause(
            "first_padding_learnt",
            _either(
                _ignored(_prompt, lambda c: set(sorted(_padding(c))[1:])),
                _ignored(_prompt, _last_run),
            ),
        ),
        Cause("prompt_not_ignored", _ignored(_padding)),
        Cause(
            "id_taken_for_position",
            _ignored(
                lambda c: {at for at, each in enumerate(c.ids) if each in c.ids[: c.prompt_length]},
                _padding,
            ),
        ),
        Cause("prompt_too_long", _ignored(lambda c: _prompt(c, 1), _padding)),
        Cause("prompt_too_short", _ignored(lambda c: _prompt(c, -1), _padding)),
        Cause("everything_ignored", _ignored(_positions)),
        seen("labels_are_flags", lambda c: all(isinstance(label, bool) for label in c.labels)),
    ),
)
