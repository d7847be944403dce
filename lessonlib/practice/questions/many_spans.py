"""T5's objective as a question: several spans, a numbered sentinel for each."""

import re
from collections.abc import Iterable
from random import Random

from lessonlib.practice.question import Arguments, Case, Cause, Question, seen
from lessonlib.practice.questions.sentences import (
    ANOTHER_SENTENCE,
    MASK_TOKEN_AS_SENTINEL,
    VOCABULARY,
    come_again,
    holds_a_list,
    quoted,
    repeating,
    same_but_for,
    taken_for_position,
)
from lessonlib.samples import sentinel, span_corruption
from lessonlib.samples.sample import encoder_decoder

Spans = list[list[int]]


def build_many_spans(tokens: list[str], spans: Spans) -> tuple[list[str], list[str]]:
    """Hide several spans, each behind its own sentinel, and list what was hidden.

    Spans come from left to right and never touch. Raffel et al. 2020, T5, section 3.1.4.
    """
    sample = span_corruption(tokens, [tuple(span) for span in spans])
    return sample.source, sample.targets


#: What the exercise shows.
SHOWN = (["rain", "falls", "softly", "on", "roofs", "at", "night"], [[1, 3], [5, 6]])


def _case(
    rng: Random,
    lengths: list[int],
    first: int | None = None,
    last: int | None = None,
    between: int = 3,
) -> Arguments:
    """Lay out spans of the given lengths with one word or more between them."""
    at = rng.randint(1, 2) if first is None else first
    spans = []
    for length in lengths:
        spans.append([at, at + length])
        at += length + rng.randint(1, between)
    end = spans[-1][1] if spans else 6
    return rng.sample(VOCABULARY, end + (rng.randint(3, 4) if last is None else last)), spans


def _edges(rng: Random) -> list[Arguments]:
    return [
        _case(rng, [2, 2], first=0),
        _case(rng, [3, 2], last=0),
        _case(rng, [2], last=1),
        _case(rng, [5], first=0, last=0),
        _case(rng, [1] * 11, between=1),  # numbers with two digits
        _case(rng, []),
        SHOWN,
        # Of words that come again, once the first copy is hidden and once the later ones.
        (repeating(rng), [[3, 4], [5, 7]]),
    ]


def _source(c: Case, first: int = 0, step: int = 1, most: int | None = None) -> list[str]:
    """Write the source with sentinels numbered in another way, or with the first spans only."""
    source, kept = [], 0
    for k, (start, end) in enumerate(c.spans[:most]):
        source += [*c.tokens[kept:start], sentinel(first + k * step)]
        kept = end
    return source + c.tokens[kept:]


def _shrinking(c: Case) -> list[str]:
    """Cut span after span out of a list that gets shorter, as if positions did not move."""
    source = list(c.tokens)
    for k, (start, end) in enumerate(c.spans):
        source[start:end] = [sentinel(k)]
    return source


def _hidden(c: Case, more: int = 0) -> list[list[str]]:
    return [c.tokens[start : end + more] for start, end in c.spans]


def _joined(pieces: Iterable[list[str]]) -> list[str]:
    return [word for piece in pieces for word in piece]


def _positions(c: Case) -> list[int]:
    return [at for start, end in c.spans for at in range(start, end)]


def _kept(c: Case) -> list[list[str]]:
    """List the pieces before, between and behind the spans."""
    starts = [*(start for start, _ in c.spans), len(c.tokens)]
    ends = [0, *(end for _, end in c.spans)]
    return [c.tokens[end:start] for end, start in zip(ends, starts, strict=True)]


def _pieces(c: Case) -> list[list[str]]:
    """Take a source apart at its sentinels; fail if it has not one for each span, in order."""
    pieces = [[]]
    for item in c.corrupted:
        if item == sentinel(len(pieces) - 1) and len(pieces) <= len(c.spans):
            pieces.append([])
        else:
            pieces[-1].append(item)
    if len(pieces) != len(c.spans) + 1:
        raise LookupError
    return pieces


def _lost_behind_gaps(c: Case) -> list[str]:
    """List the words that are missing where nothing else is wrong than a piece's first word."""
    pairs = list(zip(_pieces(c), _kept(c), strict=True))
    if pairs[0][0] != pairs[0][1] or not all(piece in (kept, kept[1:]) for piece, kept in pairs):
        return []
    return [kept[0] for piece, kept in pairs if piece != kept]


def _read_again(c: Case) -> list[str]:
    """List the words that stand too early in a piece where nothing else is wrong."""
    again = []
    for piece, kept in zip(_pieces(c), _kept(c), strict=True):
        more = len(piece) - len(kept)
        if more < 0 or piece[more:] != kept or not set(piece) <= set(c.tokens):
            return []
        again += piece[:more]
    return again


def _adds_the_rest_in_each_round(c: Case) -> bool:
    kept = _kept(c)
    rounds = [c.tokens[end:] for _, end in c.spans]
    wrong = [kept[0], *(rest + piece for rest, piece in zip(rounds, kept[1:-1], strict=False))]
    return len(c.spans) > 1 and _pieces(c) in ([*wrong, rounds[-1]], [*wrong, rounds[-1] * 2])


def _target(c: Case, *behind_each: str) -> list[str]:
    """Write the target without its final sentinel, and with more behind each span."""
    return _joined([sentinel(k), *words, *behind_each] for k, words in enumerate(_hidden(c)))


def _begins_with(c: Case, target: list[str]) -> bool:
    return len(c.spans) > 1 and c.target[: len(target)] == target


def _has_the_first_span_only(c: Case) -> bool:
    return not c.spans or (
        _words_written(c) == c.tokens[slice(*c.spans[0])]
        and c.corrupted in (_source(c, most=1), [*_kept(c)[0], sentinel(0)])
    )


def _has_the_last_span_only(c: Case) -> bool:
    if not c.spans:
        return True
    last, (start, end) = sentinel(len(c.spans) - 1), c.spans[-1]
    written, behind = [last, *c.tokens[start:end]], [last, *c.tokens[end:]]
    return c.target in (written, [*written, sentinel(len(c.spans))]) or c.corrupted in (
        [*_kept(c)[-2], *behind],
        [*c.tokens[:start], *behind],
    )


def _looks_words_up(c: Case) -> bool:
    copies = come_again(c.tokens, _positions(c))
    return same_but_for(copies, c.corrupted + c.target, _source(c) + _target(c))


def _words_written(c: Case) -> list[str]:
    return [item for item in c.target if item in c.tokens]


def _misspelt(c: Case) -> list[str]:
    return [i for i in c.corrupted + c.target if i[:1] == "<" and not _is_sentinel(i)]


def _is_sentinel(item: str) -> bool:
    return re.fullmatch(r"<extra_id_\d+>", item) is not None


MANY_SPANS = Question(
    reference=build_many_spans,
    parts=("corrupted", "target"),
    draw=lambda rng: _case(rng, [rng.randint(2, 3) for _ in range(3)]),
    edges=_edges,
    causes=(
        ANOTHER_SENTENCE,
        seen("list_inside_list", holds_a_list, about_python=True),
        seen(
            "f_missing",
            lambda c: any(re.fullmatch(r"<extra_id_\{.*\}>", i) for i in c.corrupted + c.target),
            about_python=True,
        ),
        seen("sentinel_misspelt", _misspelt, slots=lambda c: {"item": _misspelt(c)[0]}),
        Cause("only_first_span", _has_the_first_span_only),
        Cause("only_last_span", _has_the_last_span_only, about_python=True),
        taken_for_position(_looks_words_up, _positions, may_be_right=True),
        Cause("positions_have_moved", lambda c: c.corrupted == _shrinking(c)),
        Cause("sentinel_reused", lambda c: c.corrupted == _source(c, step=0)),
        MASK_TOKEN_AS_SENTINEL,
        Cause("numbered_from_one", lambda c: c.corrupted == _source(c, first=1)),
        Cause(
            "numbered_from_the_right",
            lambda c: c.corrupted == _source(c, first=len(c.spans) - 1, step=-1),
        ),
        Cause("sentinels_missing", lambda c: c.corrupted == _joined(_kept(c))),
        seen(
            "one_sentinel_per_token",
            lambda c: (
                len(c.corrupted) == len(c.tokens) > len(_source(c))
                and all(c.corrupted[at][:1] == "<" for at in _positions(c))
            ),
        ),
        Cause("end_included", lambda c: _words_written(c) == _joined(_hidden(c, more=1))),
        seen(
            "rest_missing",
            lambda c: _pieces(c) == [*_kept(c)[:-1], []] and _kept(c)[-1] != [],
            slots=lambda c: {"words": quoted(_kept(c)[-1])},
        ),
        seen(
            "token_behind_gap_lost",
            _lost_behind_gaps,
            slots=lambda c: {"words": quoted(_lost_behind_gaps(c))},
        ),
        seen("rest_in_loop", _adds_the_rest_in_each_round),
        seen("words_come_again", _read_again, slots=lambda c: {"words": quoted(_read_again(c))}),
        seen(
            "target_is_whole_text",
            lambda c: (
                [word for word in c.target if not _is_sentinel(word)] == c.tokens
                and len(_positions(c)) < len(c.tokens)
            ),
        ),
        seen(
            "target_without_sentinels",
            lambda c: c.target == _joined(_hidden(c)) and len(c.spans) > 0,
        ),
        seen("final_sentinel_missing", lambda c: c.target == _target(c)),
        seen(
            "final_sentinel_in_loop", lambda c: _begins_with(c, _target(c, sentinel(len(c.spans))))
        ),
        seen(
            "every_span_closed",
            lambda c: _begins_with(
                c, _joined([sentinel(k), *h, sentinel(k + 1)] for k, h in enumerate(_hidden(c)))
            ),
        ),
        seen(
            "sentinel_behind_its_span",
            lambda c: (
                len(c.spans) > 0
                and c.target[: len(c.target) - (c.target[-1] == sentinel(len(c.spans)))]
                == _joined([*words, sentinel(k)] for k, words in enumerate(_hidden(c)))
            ),
        ),
        seen(
            "final_sentinel_misnumbered",
            lambda c: (
                c.target[:-1] == _target(c)
                and _is_sentinel(c.target[-1])
                and c.target[-1] != sentinel(len(c.spans))
            ),
        ),
    ),
    as_sample=lambda c: encoder_decoder("span_corruption", c.corrupted, c.target),
)
