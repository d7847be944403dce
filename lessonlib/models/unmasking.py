"""Writing with a masked diffusion model: fill all blanks at once, keep a share, and go on."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lessonlib import checks

Draft = list[str | None]  # None is a blank
# From a draft to what may stand in each of its blanks, and how likely each is there.
Guess = Callable[[Draft], Sequence[Mapping[str, float]]]

SUREST, RANDOM = "surest", "random"


def unmask(
    guess: Guess,
    length: int,
    passes: int,
    rng: np.random.Generator | None = None,
    order: str = SUREST,
) -> list[Draft]:
    """Write `length` tokens in so many `passes`; return the draft before and after each of them.

    In a pass, `guess` says for every blank what may stand there, all of them asked at once; a token
    is drawn for each, or without `rng` the likeliest is taken. Then as many stay as are due: in the
    `order` "surest" those to which the guess gave most, in the order "random" any. The others are
    blanks again. With as many passes as tokens, each token is drawn with all earlier ones in view.
    Source: Nie et al. 2025 (LLaDA), section 2.4.
    """
    length = checks.integer(length, "length", 1)
    shares = due(length, checks.integer(passes, "passes", 1, length))
    checks.one_of(order, "order", (SUREST, RANDOM))
    rng = checks.generator(rng) if rng is not None or order == RANDOM else None
    drafts: list[Draft] = [[None] * length]
    for share in shares:
        draft = drafts[-1][:]
        blanks = [place for place, token in enumerate(draft) if token is None]
        guesses = guess(draft[:])
        drawn = [_drawn(options, rng) for options in guesses]
        if order == SUREST:
            rank = np.argsort([-g[t] for g, t in zip(guesses, drawn, strict=True)], kind="stable")
        else:
            rank = rng.permutation(len(blanks))
        for number in rank[:share].tolist():
            draft[blanks[number]] = drawn[number]
        drafts.append(draft)
    return drafts


def due(hidden: int, passes: int) -> list[int]:
    """Share hidden tokens out among passes, as evenly as can be, the larger shares first.

    >>> due(8, 3)
    [3, 3, 2]
    """
    share, more = divmod(hidden, passes)
    return [share + (number < more) for number in range(passes)]


def _drawn(options: Mapping[str, float], rng: np.random.Generator | None) -> str:
    tokens, chances = list(options), np.array([*options.values()])
    if rng is None:
        return tokens[int(chances.argmax())]
    return tokens[int(np.searchsorted(chances.cumsum(), rng.random() * chances.sum(), "right"))]
