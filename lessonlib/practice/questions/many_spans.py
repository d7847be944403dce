"""T5's objective as a question: several spans, a numbered sentinel for each."""

import re
from random import Random

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.words import (
    ANOTHER_SENTENCE,
    WORDS,
    come_again,
    listed,
    position_counts,
    repeating,
    same_but_for,
)
from lessonlib.samples import MASK, Sample, sentinel, span_corruption
from lessonlib.samples.sample import encoder_decoder

Spans = list[list[int]]


def build_many_spans(tokens: list[str], spans: Spans) -> tuple[list[str], list[str]]:
    """Hide several spans, each behind its own sentinel, and list what was hidden.

    Parameters
    ----------
    tokens : list of str
        The sentence.
    spans : list of pairs of int
        Start and end of each span, from left to right, never touching.

    Returns
    -------
    tuple
        What the encoder reads, and what the decoder must write.

    Notes
    -----
    Raffel et al. 2020, T5, section 3.1.4.
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
    return rng.sample(WORDS, end + (rng.randint(3, 4) if last is None else last)), spans


def _draw(rng: Random) -> Arguments:
    return _case(rng, [rng.randint(2, 3) for _ in range(3)])


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


def _source(tokens: list[str], spans: Spans, first: int = 0, step: int = 1) -> list[str]:
    """Write the source with sentinels numbered in another way."""
    source, kept = [], 0
    for k, (start, end) in enumerate(spans):
        source += [*tokens[kept:start], sentinel(first + k * step)]
        kept = end
    return source + tokens[kept:]


def _shrinking(tokens: list[str], spans: Spans) -> list[str]:
    """Cut span after span out of a list that gets shorter, as if positions did not move."""
    source = list(tokens)
    for k, (start, end) in enumerate(spans):
        source[start:end] = [sentinel(k)]
    return source


def _hidden(tokens: list[str], spans: Spans) -> list[list[str]]:
    return [tokens[start:end] for start, end in spans]


def _joined(pieces: list[list[str]]) -> list[str]:
    return [word for piece in pieces for word in piece]


def _positions(spans: Spans) -> list[int]:
    return [at for start, end in spans for at in range(start, end)]


def _kept(tokens: list[str], spans: Spans) -> list[list[str]]:
    """List the pieces before, between and behind the spans."""
    starts = [*(start for start, _ in spans), len(tokens)]
    ends = [0, *(end for _, end in spans)]
    return [tokens[end:start] for end, start in zip(ends, starts, strict=True)]


def _pieces(corrupted: list[str], spans: Spans) -> list[list[str]]:
    """Take a source apart at its sentinels; fail if it has not one for each span, in order."""
    pieces = [[]]
    for item in corrupted:
        if item == sentinel(len(pieces) - 1) and len(pieces) <= len(spans):
            pieces.append([])
        else:
            pieces[-1].append(item)
    if len(pieces) != len(spans) + 1:
        raise ValueError("there is not one sentinel for each span")
    return pieces


def _behind_gaps_lost(tokens: list[str], spans: Spans, corrupted: list[str]) -> list[str]:
    """List the words that are missing where nothing else is wrong than a piece's first word."""
    pairs = list(zip(_pieces(corrupted, spans), _kept(tokens, spans), strict=True))
    if pairs[0][0] != pairs[0][1] or not all(piece in (kept, kept[1:]) for piece, kept in pairs):
        return []
    return [kept[0] for piece, kept in pairs if piece != kept]


def _read_again(tokens: list[str], spans: Spans, corrupted: list[str]) -> list[str]:
    """List the words that stand too early in a piece where nothing else is wrong."""
    again = []
    for piece, kept in zip(_pieces(corrupted, spans), _kept(tokens, spans), strict=True):
        more = len(piece) - len(kept)
        if more < 0 or piece[more:] != kept or not set(piece) <= set(tokens):
            return []
        again += piece[:more]
    return again


def _rest_in_each_round(tokens: list[str], spans: Spans, corrupted: list[str]) -> bool:
    kept = _kept(tokens, spans)
    rounds = [tokens[end:] for _, end in spans]
    wrong = [kept[0], *(rest + piece for rest, piece in zip(rounds, kept[1:-1], strict=False))]
    return len(spans) > 1 and _pieces(corrupted, spans) in (
        [*wrong, rounds[-1]],
        [*wrong, rounds[-1] * 2],
    )


def _target(tokens: list[str], spans: Spans, *behind_each: str) -> list[str]:
    """Write the target without its final sentinel, and with more behind each span."""
    hidden = enumerate(_hidden(tokens, spans))
    return _joined([[sentinel(k), *words, *behind_each] for k, words in hidden])


def _is_last_span_only(
    tokens: list[str], spans: Spans, corrupted: list[str], target: list[str]
) -> bool:
    if not spans:
        return True
    last, (start, end) = sentinel(len(spans) - 1), spans[-1]
    written, behind = [last, *tokens[start:end]], [last, *tokens[end:]]
    return target in (written, [*written, sentinel(len(spans))]) or corrupted in (
        [*_kept(tokens, spans)[-2], *behind],
        [*tokens[:start], *behind],
    )


def _words_of(target: list[str], tokens: list[str]) -> list[str]:
    return [item for item in target if item in tokens]


def _misspelt(items: list[str]) -> list[str]:
    return [item for item in items if item[:1] == "<" and not _is_sentinel(item)]


def _is_sentinel(item: str) -> bool:
    return re.fullmatch(r"<extra_id_\d+>", item) is not None


CAUSES = (
    ANOTHER_SENTENCE,
    Cause(
        "list_inside_list",
        lambda tokens, spans, corrupted, target: any(
            isinstance(item, list) for item in [*corrupted, *target]
        ),
        "A list sits inside your list. `extend`, or `+`, puts the words in one by one; `append` "
        "puts the whole list in as one item.",
        about_python=True,
        seen=True,
    ),
    Cause(
        "f_missing",
        lambda tokens, spans, corrupted, target: any(
            re.fullmatch(r"<extra_id_\{.*\}>", item) for item in corrupted + target
        ),
        "Your sentinel still has its curly brackets: the `f` before the quotes is missing. Only "
        "with it does Python put the number in their place.",
        about_python=True,
        seen=True,
    ),
    Cause(
        "sentinel_misspelt",
        lambda tokens, spans, corrupted, target: _misspelt(corrupted + target) != [],
        lambda tokens, spans, corrupted, target: (
            f"`{_misspelt(corrupted + target)[0]}` is not spelt like a sentinel: <extra_id_0>, "
            "<extra_id_1> and so on."
        ),
        seen=True,
    ),
    Cause(
        "only_first_span",
        lambda tokens, spans, corrupted, target: (
            not spans
            or (
                _words_of(target, tokens) == tokens[slice(*spans[0])]
                and corrupted
                in (_source(tokens, spans[:1]), [*_kept(tokens, spans)[0], sentinel(0)])
            )
        ),
        "You hide the first span only. Every span needs its turn: is there a loop, and does a "
        "`return` inside end it too early?",
    ),
    Cause(
        "only_last_span",
        _is_last_span_only,
        "Only the last span is left. If you fill a list with `=` inside the loop, it starts anew "
        "in each round; `+=` adds to what is there.",
        about_python=True,
    ),
    Cause(
        "word_taken_for_position",
        lambda tokens, spans, corrupted, target: same_but_for(
            come_again(tokens, _positions(spans)),
            corrupted + target,
            _source(tokens, spans) + _target(tokens, spans),
        ),
        lambda tokens, spans, corrupted, target: position_counts(tokens, _positions(spans)),
        may_be_right=True,
    ),
    Cause(
        "positions_have_moved",
        lambda tokens, spans, corrupted, target: corrupted == _shrinking(tokens, spans),
        "From the second span on you cut at the wrong place: the list has become shorter, so its "
        "positions have moved. Build a new list, or work from the right.",
    ),
    Cause(
        "sentinel_reused",
        lambda tokens, spans, corrupted, target: corrupted == _source(tokens, spans, step=0),
        "All your gaps carry the same sentinel, so the target cannot say which gap it fills. Count "
        "on: <extra_id_0>, <extra_id_1>, and so on.",
    ),
    Cause(
        "mask_token_as_sentinel",
        lambda tokens, spans, corrupted, target: MASK in corrupted or MASK in target,
        "You use [MASK]. Each gap needs a sentinel with a number of its own.",
        seen=True,
    ),
    Cause(
        "numbered_from_one",
        lambda tokens, spans, corrupted, target: corrupted == _source(tokens, spans, first=1),
        "Your sentinels are numbered from 1. The first one is <extra_id_0>.",
    ),
    Cause(
        "numbered_from_the_right",
        lambda tokens, spans, corrupted, target: (
            corrupted == _source(tokens, spans, len(spans) - 1, -1)
        ),
        "Your sentinels are numbered from right to left. The leftmost gap is <extra_id_0>.",
    ),
    Cause(
        "sentinels_missing",
        lambda tokens, spans, corrupted, target: (
            corrupted == [word for word in _source(tokens, spans) if word in tokens]
        ),
        "The spans are gone, but nothing marks their places. Put a sentinel into each gap.",
    ),
    Cause(
        "one_sentinel_per_token",
        lambda tokens, spans, corrupted, target: (
            len(corrupted) == len(tokens) > len(_source(tokens, spans))
            and all(corrupted[at][:1] == "<" for at in _positions(spans))
        ),
        "You put one sentinel for each hidden token. One stands for a whole span.",
        seen=True,
    ),
    Cause(
        "end_included",
        lambda tokens, spans, corrupted, target: (
            _words_of(target, tokens)
            == _joined(_hidden(tokens, [[start, end + 1] for start, end in spans]))
        ),
        "Your spans include the token at their end. A span stops just before its end, as a slice "
        "does.",
    ),
    Cause(
        "rest_missing",
        lambda tokens, spans, corrupted, target: (
            _pieces(corrupted, spans) == [*_kept(tokens, spans)[:-1], []]
            and _kept(tokens, spans)[-1] != []
        ),
        lambda tokens, spans, corrupted, target: (
            f"What stands behind the last span is lost: {listed(_kept(tokens, spans)[-1])}. Add "
            "that piece after the loop, be it many words or one."
        ),
        seen=True,
    ),
    Cause(
        "token_behind_gap_lost",
        lambda tokens, spans, corrupted, target: _behind_gaps_lost(tokens, spans, corrupted) != [],
        lambda tokens, spans, corrupted, target: (
            f"The token behind a gap is lost ({listed(_behind_gaps_lost(tokens, spans, corrupted))}"
            "). The next piece to keep begins exactly at the span's `end`."
        ),
        seen=True,
    ),
    Cause(
        "rest_in_loop",
        lambda tokens, spans, corrupted, target: _rest_in_each_round(tokens, spans, corrupted),
        "In each round you add the whole rest of the sentence. This belongs behind the loop: once, "
        "not in each round. Inside the loop a piece stops where the next span starts.",
        seen=True,
    ),
    Cause(
        "words_come_again",
        lambda tokens, spans, corrupted, target: _read_again(tokens, spans, corrupted) != [],
        lambda tokens, spans, corrupted, target: (
            f"{listed(_read_again(tokens, spans, corrupted))}: these words come again after a "
            "gap, or should be hidden. A kept piece begins where the last span ended."
        ),
        seen=True,
    ),
    Cause(
        "target_is_whole_text",
        lambda tokens, spans, corrupted, target: (
            [word for word in target if not _is_sentinel(word)] == tokens
            and len(_positions(spans)) < len(tokens)
        ),
        "Your target is the whole text. That is BART's target. T5 writes the gaps only.",
        seen=True,
    ),
    Cause(
        "target_without_sentinels",
        lambda tokens, spans, corrupted, target: (
            target == _joined(_hidden(tokens, spans)) and len(spans) > 0
        ),
        "Your target lists the hidden words without saying which gap they belong to. Put each "
        "span's sentinel in front of it.",
        seen=True,
    ),
    Cause(
        "final_sentinel_missing",
        lambda tokens, spans, corrupted, target: target == _target(tokens, spans),
        "The final sentinel is missing from your target: one more, with the next number, says that "
        "all gaps are filled.",
        seen=True,
    ),
    Cause(
        "final_sentinel_in_loop",
        lambda tokens, spans, corrupted, target: (
            len(spans) > 1
            and target[: len(_target(tokens, spans)) + len(spans)]
            == _target(tokens, spans, sentinel(len(spans)))
        ),
        "The final sentinel stands behind every span. This belongs behind the loop: once, not in "
        "each round.",
        seen=True,
    ),
    Cause(
        "every_span_closed",
        lambda tokens, spans, corrupted, target: (
            len(spans) > 1
            and target[: len(_target(tokens, spans)) + len(spans)]
            == _joined(
                [
                    [sentinel(k), *words, sentinel(k + 1)]
                    for k, words in enumerate(_hidden(tokens, spans))
                ]
            )
        ),
        "You close every span. The next span's sentinel already says that the last one has ended; "
        "only the final sentinel stands without words behind it.",
        seen=True,
    ),
    Cause(
        "sentinel_behind_its_span",
        lambda tokens, spans, corrupted, target: (
            len(spans) > 0
            and target[: len(target) - (target[-1] == sentinel(len(spans)))]
            == _joined([[*words, sentinel(k)] for k, words in enumerate(_hidden(tokens, spans))])
        ),
        "Your sentinels stand behind their spans. Each one comes first and says which gap follows.",
        seen=True,
    ),
    Cause(
        "final_sentinel_misnumbered",
        lambda tokens, spans, corrupted, target: (
            target[:-1] == _target(tokens, spans)
            and _is_sentinel(target[-1])
            and target[-1] != sentinel(len(spans))
        ),
        "The final sentinel has the wrong number. It counts on from the last gap: with two gaps, 0 "
        "and 1, it is <extra_id_2>.",
        seen=True,
    ),
)


def _as_sample(tokens: list[str], spans: Spans, corrupted: list[str], target: list[str]) -> Sample:
    return encoder_decoder("span_corruption", corrupted, target)


MANY_SPANS = Question(
    name="build_many_spans",
    parameters=("tokens", "spans"),
    parts=("corrupted", "target"),
    reference=build_many_spans,
    draw=_draw,
    edges=_edges,
    causes=CAUSES,
    read_again="notebook 02_three_routes, “Route 3: denoising”",
    as_sample=_as_sample,
)

QUESTIONS = (MANY_SPANS,)
