"""Five collators to be mended, as questions: each was broken in a way that real code has been.

A collator makes a batch of texts ready for a library. That of the exercise shifts labels itself.
"""

from collections.abc import Callable
from random import Random

from lessonlib.practice.question import Arguments, Case, Fits, Question
from lessonlib.practice.questions.labels import IGNORED
from lessonlib.practice.questions.numbers import number_is
from lessonlib.practice.questions.sentences import distinct, repeating, strangers

END, PAD = "</s>", "<pad>"

Labels = list[str | int]


# 1. The double shift


def collate_causal(tokens: list[str]) -> tuple[list[str], Labels]:
    """Return what a library reads that shifts the labels itself, and the labels: two copies."""
    return list(tokens), list(tokens)


def _copies(shift: Callable[[list[str]], Labels], cut_too: bool = False) -> Fits:
    """Fit labels that are shifted so, beside inputs that are whole, or without their last token."""

    def fits(c: Case) -> bool:
        whole = c.inputs == c.tokens
        return c.labels == shift(c.tokens) and (whole or (cut_too and c.inputs == c.tokens[:-1]))

    return fits


CAUSAL = Question(
    reference=collate_causal,
    parts=("inputs", "labels"),
    draw=lambda rng: (distinct(rng),),
    edges=lambda rng: [(distinct(rng, 2, 2),), (repeating(rng),), ([*distinct(rng, 3, 4), END],)],
    mistakes={
        "shifted_twice": [
            _copies(lambda t: t[1:], cut_too=True),
            _copies(lambda t: [*t[1:], IGNORED], cut_too=True),
            _copies(lambda t: [*t[1:], t[0]], cut_too=True),
        ],
        "shifted_the_wrong_way": [
            _copies(lambda t: t[:-1]),
            _copies(lambda t: [IGNORED, *t[:-1]]),
        ],
        "first_label_ignored": _copies(lambda t: [IGNORED, *t[1:]]),
        "last_token_lost": lambda c: c.inputs == c.tokens[:-1] == c.labels,
        "first_token_lost": lambda c: c.inputs == c.tokens[1:] == c.labels,
        "last_token_only_in_labels": lambda c: c.inputs == c.tokens[:-1] and c.labels == c.tokens,
        "everything_ignored": _copies(lambda t: [IGNORED] * len(t)),
    },
)


# 2. Padding that looks like the end of the text


def labels_of_a_row(tokens: list[str], length: int) -> Labels:
    """Copy the first `length` tokens as labels, and ignore the padding behind them."""
    return [*tokens[:length], *[IGNORED] * (len(tokens) - length)]


def _padded(rng: Random, words: int, ends: bool, padding: int) -> Arguments:
    """Make a row whose padding is written like the end of a text, which it may lack."""
    tokens = [*distinct(rng, words, words), *[END] * ends]
    return [*tokens, *[END] * padding], len(tokens)


def _kept(keeps: Callable[[Case, int], bool]) -> Fits:
    """Fit where the labels are the tokens that are kept, and all others are ignored."""

    def fits(c: Case) -> bool:
        return c.labels == [t if keeps(c, at) else IGNORED for at, t in enumerate(c.tokens)]

    return fits


ROW = Question(
    reference=labels_of_a_row,
    parts=("labels",),
    draw=lambda rng: _padded(rng, rng.randint(3, 5), True, rng.randint(2, 4)),
    edges=lambda rng: [
        _padded(rng, 4, True, 0),
        _padded(rng, 4, False, 3),
        _padded(rng, 1, True, 1),
    ],
    mistakes={
        "padding_learnt": lambda c: c.labels == c.tokens,
        "end_ignored": _kept(lambda c, at: c.tokens[at] != END),
        "left_out_instead_of_ignored": lambda c: (
            len(c.labels) < len(c.tokens) and IGNORED not in c.labels
        ),
        "text_ignored": _kept(lambda c, at: at >= c.length),
        "one_padding_learnt": _kept(lambda c, at: at <= c.length),
        "last_token_ignored": _kept(lambda c, at: at < c.length - 1),
        "everything_ignored": _kept(lambda c, at: False),
        "shifted_twice": lambda c: (
            c.labels == (c.tokens[: c.length] + [IGNORED] * (len(c.tokens) - c.length + 1))[1:]
        ),
        "ignored_with_another_number": lambda c: (
            len(c.labels) == len(c.tokens)
            and c.labels[: c.length] == c.tokens[: c.length]
            and not {IGNORED, END} & set(c.labels[c.length :])
        ),
    },
)


# 3. Padding that is hidden and asked for


def places_to_hide(tokens: list[str], rolls: list[float], rate: float) -> list[int]:
    """List the positions of words whose roll lies below the rate; padding is no word."""
    return [at for at in range(len(tokens)) if rolls[at] < rate and tokens[at] != PAD]


def _rolled(rng: Random, words: int, padding: int) -> Arguments:
    """Roll low for some words and some padding, and high for others."""
    tokens = [*distinct(rng, words, words), *[PAD] * padding]
    low = {*rng.sample(range(words), (words + 1) // 2)}
    low |= {*rng.sample(range(words, len(tokens)), (padding + 1) // 2)}
    rate = 0.4
    rolls = [
        round(rng.uniform(0.01, 0.35) if at in low else rng.uniform(0.45, 0.99), 2)
        for at in range(len(tokens))
    ]
    return tokens, rolls, rate


def _edges_of_rolls(rng: Random) -> list[Arguments]:
    tokens, rolls, rate = _rolled(rng, 5, 3)
    just = [rate, *rolls[1:]]
    again = repeating(rng)
    some = [0.1, 0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9]
    return [
        _rolled(rng, 6, 0),
        (tokens, just, rate),
        (again, some, 0.2),
        (tokens, rolls, 1.0),
        ([*tokens[:5], PAD], [0.9] * 5 + [0.1], 0.2),
    ]


def _chosen(c: Case, chosen: Callable[[int], bool]) -> list[int]:
    return [at for at in range(len(c.tokens)) if chosen(at)]


def _is_word(c: Case, at: int) -> bool:
    return c.tokens[at] != PAD


HIDE = Question(
    reference=places_to_hide,
    parts=("positions",),
    draw=lambda rng: _rolled(rng, rng.randint(5, 7), rng.randint(3, 4)),
    edges=_edges_of_rolls,
    mistakes={
        "padding_hidden": lambda c: c.positions == _chosen(c, lambda at: c.rolls[at] < c.rate),
        "rate_turned_round": [
            lambda c: (
                c.positions == _chosen(c, lambda at: c.rolls[at] >= c.rate and _is_word(c, at))
            ),
            lambda c: (
                c.positions == _chosen(c, lambda at: c.rolls[at] > c.rate and _is_word(c, at))
            ),
        ],
        "every_word_hidden": lambda c: c.positions == _chosen(c, lambda at: _is_word(c, at)),
        "only_padding_hidden": lambda c: (
            c.positions == _chosen(c, lambda at: c.rolls[at] < c.rate and not _is_word(c, at))
        ),
        "rate_itself_hidden": lambda c: (
            c.positions == _chosen(c, lambda at: c.rolls[at] <= c.rate and _is_word(c, at))
        ),
        "words_instead_of_positions": lambda c: (
            bool(c.positions) and all(isinstance(each, str) for each in c.positions)
        ),
        "flags_instead_of_positions": lambda c: (
            bool(c.positions) and all(isinstance(each, bool) for each in c.positions)
        ),
        "stopped_after_the_first": lambda c: c.positions == places_to_hide(*c.arguments)[:1],
    },
)


# 4. A mean of means


def loss_of_a_step(parts: list[list[float]]) -> float:
    """Average the losses of all labels in all parts of a batch that count, each as much."""
    losses = [loss for part in parts for loss in part]
    return sum(losses) / len(losses)


def _means(c: Case) -> list[float]:
    return [sum(part) / len(part) for part in c.parts]


def _all_losses(c: Case) -> list[float]:
    return [loss for part in c.parts for loss in part]


def _in_parts(rng: Random, *sizes: int) -> Arguments:
    """Draw losses that are low in long parts, so that no two ways to average them agree."""
    return ([[round(rng.uniform(0.5, 2) + 4 / size, 2) for _ in range(size)] for size in sizes],)


_FORMULAS = {
    "mean_of_means": lambda c: sum(_means(c)) / len(c.parts),
    "means_added_up": lambda c: sum(_means(c)),
    "divided_by_parts": lambda c: sum(_all_losses(c)) / len(c.parts),
    "sum_instead_of_mean": lambda c: sum(_all_losses(c)),
    "first_part_only": lambda c: _means(c)[0],
    "last_part_only": lambda c: _means(c)[-1],
    "last_part_missing": lambda c: loss_of_a_step(c.parts[:-1]),
    "zeros_dropped": lambda c: loss_of_a_step([[loss for loss in _all_losses(c) if loss]]),
}

STEP = Question(
    reference=loss_of_a_step,
    parts=("loss",),
    draw=lambda rng: _in_parts(rng, rng.randint(5, 7), rng.randint(1, 2), rng.randint(3, 4)),
    edges=lambda rng: [
        _in_parts(rng, 4),
        _in_parts(rng, 1, 6),
        _in_parts(rng, 3, 3),
        ([[0.0, 1.5, 0.0], [3.25]],),
    ],
    mistakes={
        **{name: number_is(each) for name, each in _FORMULAS.items()},
        "one_number_per_part": lambda c: isinstance(c.loss, list) and len(c.loss) == len(c.parts),
    },
)


# 5. Loss on the prompt


def collate_answer(prompt: list[str], answer: list[str]) -> tuple[list[str], Labels]:
    """Read prompt, answer and end; ask for answer and end, and for nothing of the prompt."""
    return [*prompt, *answer, END], [*[IGNORED] * len(prompt), *answer, END]


def _answered(rng: Random, prompt: int, answer: int) -> Arguments:
    words = distinct(rng, prompt + answer, prompt + answer)
    return words[:prompt], words[prompt:]


def _echoing(rng: Random) -> Arguments:
    prompt = distinct(rng, 4, 4)
    return prompt, [prompt[1], *strangers(rng, prompt, 1), prompt[2]]


def _labels_are(labels: Callable[[Case], Labels]) -> Fits:
    return lambda c: c.inputs == [*c.prompt, *c.answer, END] and c.labels == labels(c)


ANSWER = Question(
    reference=collate_answer,
    parts=("inputs", "labels"),
    draw=lambda rng: _answered(rng, rng.randint(3, 4), rng.randint(5, 6)),
    edges=lambda rng: [
        _answered(rng, 1, 1),
        _answered(rng, 5, 2),
        ([], distinct(rng, 3, 3)),
        _echoing(rng),
    ],
    mistakes={
        "prompt_asked": _labels_are(lambda c: [*c.prompt, *c.answer, END]),
        "end_missing": lambda c: (
            c.inputs == [*c.prompt, *c.answer]
            and c.labels in ([IGNORED] * len(c.prompt) + c.answer, c.inputs)
        ),
        "end_ignored": _labels_are(lambda c: [IGNORED] * len(c.prompt) + c.answer + [IGNORED]),
        "answer_ignored": [
            _labels_are(lambda c: c.prompt + [IGNORED] * (len(c.answer) + 1)),
            _labels_are(lambda c: c.prompt + [IGNORED] * len(c.answer) + [END]),
        ],
        "left_out_instead_of_ignored": _labels_are(lambda c: [*c.answer, END]),
        "shifted_twice": _labels_are(
            lambda c: ([IGNORED] * len(c.prompt) + c.answer + [END, IGNORED])[1:]
        ),
        "looked_up_in_the_prompt": _labels_are(
            lambda c: [IGNORED if t in c.prompt else t for t in [*c.prompt, *c.answer, END]]
        ),
        "prompt_not_read": lambda c: c.inputs == [*c.answer, END],
        "everything_ignored": _labels_are(lambda c: [IGNORED] * len(c.inputs)),
    },
)
