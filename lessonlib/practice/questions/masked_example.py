"""The lesson's second builder as a question: a masked text and its labels."""

from random import Random

from lessonlib.practice.question import Arguments, Case, Cause, Question, seen
from lessonlib.practice.questions.sentences import (
    ANOTHER_SENTENCE,
    INSERTED,
    LABELS_AS_LIST,
    SHOWN,
    copies_changed,
    copies_labelled,
    distinct,
    masked_sample,
    repeating,
    taken_for_position,
)
from lessonlib.samples import MASK, build_masked_example


def _draw(rng: Random) -> Arguments:
    # Never the ends, and never neighbours: so a position that is off by one shows.
    tokens = distinct(rng)
    start = rng.randint(1, 2)
    return tokens, list(range(start, len(tokens) - 1, rng.randint(2, 3)))[:3]


def _edges(rng: Random) -> list[Arguments]:
    tokens = distinct(rng)
    return [
        (tokens, [len(tokens) - 1, 3, 0]),
        (tokens, list(range(len(tokens)))),
        (tokens, []),
        (SHOWN, [1, 3]),
        # Of words that come again, once the first copy is meant and once the later one.
        (repeating(rng), [1, 5]),
        (repeating(rng), [7, 0, 2]),
    ]


def _hidden(c: Case, by: str = MASK, most: int | None = None, step: int = 0) -> list[str]:
    """Hide the first so many positions, or what stands some steps beside them."""
    hidden = {at + step for at in c.mask_positions[:most]}
    return [by if at in hidden else word for at, word in enumerate(c.tokens)]


def _words_at(c: Case, step: int = 0) -> dict[int, str]:
    return {at: c.tokens[(at + step) % len(c.tokens)] for at in c.mask_positions}


def _replacement(c: Case) -> str | None:
    """Tell which one token stands at all masked positions, if the rest is untouched."""
    used = {c.masked[at] for at in c.mask_positions}
    token = used.pop() if len(used) == 1 else None
    return token if c.masked == _hidden(c, token) else None


def _looks_words_up(c: Case) -> bool:
    return copies_changed(c.tokens, c.masked, _hidden(c), c.mask_positions) or copies_labelled(
        c.tokens, c.labels, c.mask_positions
    )


def _deletes(c: Case) -> bool:
    left = [word for at, word in enumerate(c.tokens) if at not in c.mask_positions]
    return c.masked == left or (len(c.masked) == len(left) and set(c.masked) <= set(c.tokens))


MASKED = Question(
    reference=build_masked_example,
    parts=("masked", "labels"),
    draw=_draw,
    edges=_edges,
    causes=(
        ANOTHER_SENTENCE,
        INSERTED,
        Cause(
            "stopped_after_first",
            lambda c: (
                c.labels == {at: c.tokens[at] for at in c.mask_positions[:1]}
                and c.masked == _hidden(c, most=1)
            ),
            about_python=True,
        ),
        Cause(
            "labels_hold_mask_token", lambda c: c.labels == dict.fromkeys(c.mask_positions, MASK)
        ),
        Cause("mask_token_missing", lambda c: c.masked == c.tokens),
        Cause("masked_tokens_deleted", _deletes),
        Cause(
            "masked_the_others",
            lambda c: (
                c.masked
                == [word if at in c.mask_positions else MASK for at, word in enumerate(c.tokens)]
            ),
        ),
        Cause(
            "positions_off_by_one", lambda c: c.masked in (_hidden(c, step=-1), _hidden(c, step=1))
        ),
        taken_for_position(_looks_words_up, lambda c: c.mask_positions, may_be_right=True),
        seen("mask_token_misspelt", lambda c: _replacement(c) not in (MASK, None, *c.tokens)),
        seen(
            "labels_for_unmasked_positions",
            lambda c: (
                isinstance(c.labels, dict)
                and set(c.mask_positions) < set(c.labels) <= set(range(len(c.tokens)))
            ),
        ),
        seen(
            "labels_for_unmasked_positions",
            lambda c: c.labels == c.tokens and len(c.mask_positions) > 1,
            text="labels_are_the_whole_sentence",
        ),
        LABELS_AS_LIST,
        seen("labels_upside_down", lambda c: c.labels == {w: at for at, w in _words_at(c).items()}),
        seen(
            "label_keys_are_text",
            lambda c: c.labels == {str(at): w for at, w in _words_at(c).items()},
        ),
        Cause(
            "label_keys_count_masks", lambda c: c.labels == dict(enumerate(_words_at(c).values()))
        ),
        seen(
            "labels_missing",
            lambda c: (
                isinstance(c.labels, dict)
                and set(c.labels) < set(c.mask_positions)
                and c.masked == _hidden(c)
            ),
        ),
        Cause(
            "labels_are_neighbours",
            lambda c: c.masked == _hidden(c) and c.labels in (_words_at(c, -1), _words_at(c, 1)),
        ),
    ),
    as_sample=lambda c: masked_sample(c.masked, c.labels),
)
