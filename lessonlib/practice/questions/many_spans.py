"""T5's objective as a question: several spans, a numbered sentinel for each."""

import re
from collections.abc import Iterable
from random import Random

from lessonlib.practice.question import Arguments, Case, Question
from lessonlib.practice.questions.sentences import (
    VOCABULARY,
    another_sentence,
    come_again,
    holds_a_list,
    holds_mask_token,
    position_counts,
    quoted,
    repeating,
    same_but_for,
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
    mistakes={
        "another_sentence": another_sentence,
        "list_inside_list": holds_a_list,
        "f_missing": lambda c: any(
            re.fullmatch(r"<extra_id_\{.*\}>", item) for item in c.corrupted + c.target
        ),
        "sentinel_misspelt": lambda c: _misspelt(c) and {"item": _misspelt(c)[0]},
        "only_first_span": _has_the_first_span_only,
        "only_last_span": _has_the_last_span_only,
        "word_taken_for_position": lambda c: (
            _looks_words_up(c) and position_counts(c.tokens, _positions(c))
        ),
        "positions_have_moved": lambda c: c.corrupted == _shrinking(c),
        "sentinel_reused": lambda c: c.corrupted == _source(c, step=0),
        "mask_token_as_sentinel": holds_mask_token,
        "numbered_from_one": lambda c: c.corrupted == _source(c, first=1),
        "numbered_from_the_right": lambda c: (
            c.corrupted == _source(c, first=len(c.spans) - 1, step=-1)
        ),
        "sentinels_missing": lambda c: c.corrupted == _joined(_kept(c)),
        "one_sentinel_per_token": lambda c: (
            len(c.corrupted) == len(c.tokens) > len(_source(c))
            and all(c.corrupted[at][:1] == "<" for at in _positions(c))
        ),
        "end_included": lambda c: _words_written(c) == _joined(_hidden(c, more=1)),
        "rest_missing": lambda c: (
            _pieces(c) == [*_kept(c)[:-1], []]
            and _kept(c)[-1] != []
            and {"words": quoted(_kept(c)[-1])}
        ),
        "token_behind_gap_lost": lambda c: (
            _lost_behind_gaps(c) and {"words": quoted(_lost_behind_gaps(c))}
        ),
        "rest_in_loop": _adds_the_rest_in_each_round,
        "words_come_again": lambda c: _read_again(c) and {"words": quoted(_read_again(c))},
        "target_is_whole_text": lambda c: (
            [word for word in c.target if not _is_sentinel(word)] == c.tokens
            and len(_positions(c)) < len(c.tokens)
        ),
        "target_without_sentinels": lambda c: c.spans and c.target == _joined(_hidden(c)),
        "final_sentinel_missing": lambda c: c.target == _target(c),
        "final_sentinel_in_loop": lambda c: _begins_with(c, _target(c, sentinel(len(c.spans)))),
        "every_span_closed": lambda c: _begins_with(
            c, _joined([sentinel(k), *h, sentinel(k + 1)] for k, h in enumerate(_hidden(c)))
        ),
        "sentinel_behind_its_span": lambda c: (
            c.spans
            and c.target[: len(c.target) - (c.target[-1] == sentinel(len(c.spans)))]
            == _joined([*words, sentinel(k)] for k, words in enumerate(_hidden(c)))
        ),
        "final_sentinel_misnumbered": lambda c: (
            c.target[:-1] == _target(c)
            and _is_sentinel(c.target[-1])
            and c.target[-1] != sentinel(len(c.spans))
        ),
    },
    as_sample=lambda c: encoder_decoder("span_corruption", c.corrupted, c.target),
)
