"""The lesson's third builder as a question: one span, hidden and written."""

import re
from collections.abc import Callable
from random import Random

from lessonlib.practice.question import Arguments, Case, Cause, Question, seen
from lessonlib.practice.questions.sentences import (
    ANOTHER_SENTENCE,
    JOINED_INTO_TEXT,
    MASK_TOKEN_AS_SENTINEL,
    ONE_WORD,
    SHOWN,
    come_again,
    distinct,
    holds_a_list,
    repeating,
    same_but_for,
    taken_for_position,
    with_a_span,
)
from lessonlib.samples import build_span_corruption, sentinel
from lessonlib.samples.sample import encoder_decoder

OPENING, CLOSING = sentinel(0), sentinel(1)


def _edges(rng: Random) -> list[Arguments]:
    tokens = distinct(rng)
    return [
        (tokens, 0, 2),
        (tokens, len(tokens) - 3, len(tokens)),
        (tokens, len(tokens) - 3, len(tokens) - 1),
        (tokens, 3, 4),
        (tokens, 0, len(tokens)),
        (SHOWN, 1, 3),
        (repeating(rng), 1, 4),
        (repeating(rng), 5, 7),
    ]


def _corrupted(c: Case, start: int, end: int, marker: str = OPENING) -> list[str]:
    return [*c.tokens[:start], marker, *c.tokens[end:]]


def _span(c: Case) -> list[str]:
    return c.tokens[c.start : c.end]


def _words_written(c: Case) -> list[str]:
    return [item for item in c.target if item in c.tokens]


def _looks_words_up(c: Case) -> bool:
    word = c.tokens[c.start]
    copies = [at for at, each in enumerate(c.tokens) if each == word and at != c.start]
    return c.corrupted in [
        _corrupted(c, at, at + c.end - c.start) for at in copies
    ] or same_but_for(
        come_again(c.tokens, range(c.start, c.end)),
        c.corrupted + c.target,
        _corrupted(c, c.start, c.end) + _span(c),
    )


def _is_right_but_for(c: Case, corrupted: list[str]) -> bool:
    """Tell whether the target is right, and the rest is this."""
    return c.end < len(c.tokens) and (c.corrupted, c.target) == (
        corrupted,
        [OPENING, *_span(c), CLOSING],
    )


def _marks_the_span_by(c: Case) -> str | None:
    """Return what stands in the place of the span, if the rest is right."""
    marker = c.corrupted[c.start]
    return marker if c.corrupted == _corrupted(c, c.start, c.end, marker) else None


def _span_off(name: str, moved: Callable[[Case], tuple[int, int]]) -> Cause:
    """Make the cause of a span with another start or end, in either list or in both."""

    def where(c: Case) -> list[str]:
        first, last = moved(c)
        here = {
            "corrupted": c.corrupted == _corrupted(c, first, last),
            "target": _words_written(c) == c.tokens[first:last],
        }
        return [part for part, is_here in here.items() if is_here]

    def slots(c: Case) -> dict[str, str]:
        form = "in_both" if len(where(c)) == 2 else "in_one"
        return {"form": form, "part": where(c)[0]}

    return Cause(name, where, slots=slots)


SPAN = Question(
    reference=build_span_corruption,
    parts=("corrupted", "target"),
    draw=with_a_span,
    edges=_edges,
    causes=(
        ANOTHER_SENTENCE,
        seen("list_inside_list", holds_a_list, about_python=True),
        MASK_TOKEN_AS_SENTINEL,
        seen(
            "one_sentinel_per_token",
            lambda c: (
                c.end - c.start > 1
                and len(c.corrupted) == len(c.tokens)
                and c.corrupted[: c.start] == c.tokens[: c.start]
                and c.corrupted[c.end :] == c.tokens[c.end :]
                and all(item[:1] == "<" for item in c.corrupted[c.start : c.end])
            ),
        ),
        seen(
            "span_not_removed",
            lambda c: c.corrupted in [_corrupted(c, at, at) for at in (c.start, c.end)],
        ),
        seen("sentinel_missing", lambda c: c.corrupted == c.tokens[: c.start] + c.tokens[c.end :]),
        seen(
            "beginning_missing",
            lambda c: c.start > 0 and c.corrupted == [OPENING, *c.tokens[c.end :]],
        ),
        seen("rest_missing", lambda c: _is_right_but_for(c, [*c.tokens[: c.start], OPENING])),
        taken_for_position(_looks_words_up, lambda c: range(c.start, c.end), may_be_right=True),
        seen(
            "token_behind_gap_lost",
            lambda c: _is_right_but_for(c, _corrupted(c, c.start, c.end + 1)),
            slots=lambda c: {"word": c.tokens[c.end]},
        ),
        _span_off("end_included", lambda c: (c.start, c.end + 1)),
        _span_off("span_cut_short", lambda c: (c.start, c.end - 1)),
        _span_off("start_excluded", lambda c: (c.start + 1, c.end)),
        Cause(
            "end_taken_as_length",
            lambda c: (
                c.corrupted == _corrupted(c, c.start, c.start + c.end)
                or _words_written(c) == c.tokens[c.start : c.start + c.end]
            ),
        ),
        seen("numbered_from_one", lambda c: _marks_the_span_by(c) == CLOSING),
        seen(
            "sentinel_wrong_number",
            lambda c: (
                _marks_the_span_by(c) != OPENING
                and re.fullmatch(r"<extra_id_\d+>", _marks_the_span_by(c))
            ),
        ),
        seen(
            "sentinel_misspelt", lambda c: _marks_the_span_by(c) not in (None, OPENING, *c.tokens)
        ),
        seen("target_is_whole_text", lambda c: c.target == c.tokens),
        seen("target_without_sentinels", lambda c: c.target == _span(c)),
        seen("final_sentinel_missing", lambda c: c.target == [OPENING, *_span(c)]),
        seen("opening_sentinel_missing", lambda c: c.target == [*_span(c), CLOSING]),
        seen("sentinel_repeated", lambda c: c.target == [OPENING, *_span(c), OPENING]),
        seen(
            "sentinel_before_each_token",
            lambda c: (
                c.end - c.start > 1
                and c.target[::2][: c.end - c.start] != _span(c) == c.target[1::2]
            ),
        ),
        seen(
            "target_is_the_rest",
            lambda c: (
                c.corrupted == _corrupted(c, c.start, c.end)
                and _words_written(c) == c.tokens[: c.start] + c.tokens[c.end :] != []
            ),
        ),
        ONE_WORD,
        JOINED_INTO_TEXT,
        _span_off("span_begins_too_early", lambda c: (c.start - 1, c.end)),
    ),
    as_sample=lambda c: encoder_decoder("span_corruption", c.corrupted, c.target),
)
