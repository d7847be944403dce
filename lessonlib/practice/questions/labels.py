"""Labels to ignore, as a question: the prompt and the padding are read but not asked for."""

from random import Random

from lessonlib.practice.question import Arguments, Cause, Question

IGNORED = -100


def labels_to_learn(ids: list[int], is_padding: list[bool], prompt_length: int) -> list[int]:
    """Copy the ids as labels, and ignore the prompt and the padding.

    Parameters
    ----------
    ids : list of int
        One row of a batch: prompt, answer, end if the row has room for it, padding.
    is_padding : list of bool
        Which of them are padding.
    prompt_length : int
        How many ids the prompt has.

    Returns
    -------
    list of int
        Labels for a model that shifts them itself; -100 is what PyTorch's cross-entropy leaves out.
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


def _draw_labels(rng: Random) -> Arguments:
    return _row(rng, rng.randint(3, 4), rng.randint(3, 4), rng.randint(2, 3))


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


def _ignoring(ids: list[int], positions: set[int]) -> list[int]:
    return [IGNORED if at in positions else token for at, token in enumerate(ids)]


def _prompt(length: int) -> set[int]:
    return set(range(length))


def _padding(is_padding: list[bool]) -> set[int]:
    return {at for at, padding in enumerate(is_padding) if padding}


def _that_are(token: int, ids: list[int]) -> set[int]:
    return {at for at, each in enumerate(ids) if each == token}


def _last_run(ids: list[int]) -> set[int]:
    """List where the last id comes again at the end, without its first copy there."""
    first = next(at for at in reversed(range(len(ids))) if ids[at] != ids[-1]) + 1
    return set(range(first + 1, len(ids)))


def _pieces(ids: list[int], is_padding: list[bool], prompt: int) -> list[list[int]]:
    """List what is left where prompt, padding, or both are left out."""
    end = len(ids) - sum(is_padding)
    return [ids[prompt:], ids[prompt:end], ids[:end]]


LABELS = Question(
    name="labels_to_learn",
    parameters=("ids", "is_padding", "prompt_length"),
    parts=("labels",),
    reference=labels_to_learn,
    draw=_draw_labels,
    edges=_labels_edges,
    causes=(
        Cause(
            "nothing_ignored",
            lambda ids, is_padding, prompt, labels: labels == ids,
            "Nothing is ignored. The model would learn to write the prompt and the padding.",
        ),
        Cause(
            "ignored_in_words",
            lambda ids, is_padding, prompt, labels: any(isinstance(a, str) for a in labels),
            "Your labels hold text. -100 is a number, written without quotation marks.",
            seen=True,
        ),
        Cause(
            "counted_from_the_right",
            lambda ids, is_padding, prompt, labels: (
                labels
                == (
                    labels_to_learn(ids, is_padding, prompt)
                    if any(is_padding)
                    else [IGNORED] * prompt
                )
            ),
            lambda ids, is_padding, prompt, labels: (
                f"The whole answer is gone, for nothing is padding here: `ids[{prompt}:-0]` is "
                "empty, as -0 is 0 and not the end. Count from the left instead."
            ),
        ),
        Cause(
            "left_out_instead_of_ignored",
            lambda ids, is_padding, prompt, labels: (
                len(labels) < len(ids)
                and [label for label in labels if label != IGNORED]
                in _pieces(ids, is_padding, prompt)
            ),
            "You leave labels out. The list must stay as long as the ids; write -100 where nothing "
            "is asked.",
            seen=True,
        ),
        Cause(
            "shifted_twice",
            lambda ids, is_padding, prompt, labels: _starts_shifted(ids, labels),
            "You shift the labels. This model shifts them itself; with your shift it learns to say "
            "the token after the next.",
        ),
        Cause(
            "ignored_with_another_number",
            lambda ids, is_padding, prompt, labels: (
                IGNORED not in labels
                and [at for at, (a, b) in enumerate(zip(ids, labels, strict=True)) if a != b]
                == sorted(_prompt(prompt) | _padding(is_padding))
            ),
            "The right labels are ignored, but not with -100. Any other number counts as a token.",
            seen=True,
        ),
        Cause(
            "padding_read_the_wrong_way",
            lambda ids, is_padding, prompt, labels: (
                labels == _ignoring(ids, set(range(len(ids))) - _padding(is_padding))
            ),
            "You read `is_padding` the wrong way round: True means padding.",
        ),
        Cause(
            "answer_ignored",
            lambda ids, is_padding, prompt, labels: (
                labels
                in (
                    _ignoring(ids, set(range(prompt, len(ids)))),
                    _ignoring(ids, set(range(prompt, len(ids))) - _padding(is_padding)),
                )
            ),
            "You ignore the answer and ask for the prompt. It is the other way round.",
        ),
        Cause(
            "end_ignored",
            lambda ids, is_padding, prompt, labels: (
                labels
                == _ignoring(
                    ids,
                    _prompt(prompt) | _that_are(ids[-1], ids),
                )
            ),
            "You ignore the end of the text as well. Here it has the same id as padding, so the id "
            "does not tell; `is_padding` does. A model that never learns to end goes on for ever.",
        ),
        Cause(
            "padding_not_ignored",
            lambda ids, is_padding, prompt, labels: (
                labels == _ignoring(ids, _prompt(prompt))
                or labels == _ignoring(ids, _prompt(prompt) | _that_are(SHOWN[0][-1], ids))
            ),
            lambda ids, is_padding, prompt, labels: (
                "The padding is not ignored: the model would learn to write it. Here its id is "
                f"{ids[-1]}, elsewhere it is another one. Ask `is_padding`, which tells for each "
                "position."
            ),
        ),
        Cause(
            "first_padding_learnt",
            lambda ids, is_padding, prompt, labels: (
                labels
                in (
                    _ignoring(ids, _prompt(prompt) | set(sorted(_padding(is_padding))[1:])),
                    _ignoring(ids, _prompt(prompt) | _last_run(ids)),
                )
            ),
            "The first padding is learnt as if it were the end of the text. A text that was cut "
            "off has no end, so the ids do not tell; `is_padding` does.",
        ),
        Cause(
            "prompt_not_ignored",
            lambda ids, is_padding, prompt, labels: labels == _ignoring(ids, _padding(is_padding)),
            "The prompt is not ignored. It is given; only the answer is to be learnt.",
        ),
        Cause(
            "id_taken_for_position",
            lambda ids, is_padding, prompt, labels: (
                labels
                == _ignoring(
                    ids,
                    {at for at, token in enumerate(ids) if token in ids[:prompt]}
                    | _padding(is_padding),
                )
            ),
            "You ignore ids of the prompt in the answer as well. An id may come again, as a word "
            "may; the position says whether it belongs to the prompt.",
        ),
        Cause(
            "prompt_too_long",
            lambda ids, is_padding, prompt, labels: (
                labels == _ignoring(ids, _prompt(prompt + 1) | _padding(is_padding))
            ),
            "You ignore the first token of the answer too. The prompt ends before `prompt_length`.",
        ),
        Cause(
            "prompt_too_short",
            lambda ids, is_padding, prompt, labels: (
                labels == _ignoring(ids, _prompt(prompt - 1) | _padding(is_padding))
            ),
            "The last token of the prompt is still asked for. The prompt has `prompt_length` "
            "tokens.",
        ),
        Cause(
            "everything_ignored",
            lambda ids, is_padding, prompt, labels: labels == [IGNORED] * len(ids),
            "Everything is ignored, so there is nothing left to learn from.",
        ),
        Cause(
            "labels_are_flags",
            lambda ids, is_padding, prompt, labels: all(isinstance(a, bool) for a in labels),
            "You return True and False. Labels are ids, with -100 where nothing is asked.",
            seen=True,
        ),
    ),
    read_again="the table of part 1; about shifting notebook 03_three_samples, “Why the labels "
    "are shifted”",
)


def _starts_shifted(ids: list[int], labels: list[int]) -> bool:
    asked = [at for at, label in enumerate(labels) if label != IGNORED]
    return labels[asked[0]] == ids[asked[0] + 1] != ids[asked[0]]


QUESTIONS = (LABELS,)
