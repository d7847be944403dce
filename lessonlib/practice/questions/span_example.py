"""The lesson's third builder as a question: one span, hidden and written."""

import re
from collections.abc import Callable
from random import Random
from typing import Any

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.words import (
    ANOTHER_SENTENCE,
    ONE_WORD,
    SHOWN,
    come_again,
    distinct,
    position_counts,
    repeating,
    same_but_for,
    with_a_span,
)
from lessonlib.samples import (
    MASK,
    Sample,
    build_span_corruption,
    sentinel,
)
from lessonlib.samples.sample import encoder_decoder

NOTEBOOK = "notebook 03_three_samples"
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


def _as_sample(
    tokens: list[str], start: int, end: int, corrupted: list[str], target: list[str]
) -> Sample:
    return encoder_decoder("span_corruption", corrupted, target)


def _corrupted(tokens: list[str], start: int, end: int, marker: str = OPENING) -> list[str]:
    return [*tokens[:start], marker, *tokens[end:]]


def _is_span_of_a_copy(tokens: list[str], start: int, end: int, corrupted: list[str]) -> bool:
    copies = [at for at, word in enumerate(tokens) if word == tokens[start] and at != start]
    return corrupted in [_corrupted(tokens, at, at + end - start) for at in copies]


def _words_of(target: list[str], tokens: list[str]) -> list[str]:
    return [item for item in target if item in tokens]


def _span_off(name: str, moved: Callable[[int, int], tuple[int, int]], said: str) -> Cause:
    """Make the cause of a span with another start or end, in either list or in both."""

    def where(
        tokens: list[str], start: int, end: int, corrupted: list[str], target: list[str]
    ) -> list[bool]:
        first, last = moved(start, end)
        return [
            corrupted == _corrupted(tokens, first, last),
            _words_of(target, tokens) == tokens[first:last],
        ]

    def explanation(*case: Any) -> str:
        in_corrupted, in_target = where(*case)
        if in_corrupted and in_target:
            return f"Your span {said}"
        return f"In `{'corrupted' if in_corrupted else 'target'}` your span {said}"

    return Cause(name, lambda *case: any(where(*case)), explanation)


SPAN = Question(
    name="build_span_corruption",
    parameters=("tokens", "start", "end"),
    parts=("corrupted", "target"),
    reference=build_span_corruption,
    draw=with_a_span,
    edges=_edges,
    causes=(
        ANOTHER_SENTENCE,
        Cause(
            "list_inside_list",
            lambda tokens, start, end, corrupted, target: any(
                isinstance(item, list) for item in [*corrupted, *target]
            ),
            "A list sits inside your list. To join lists, add them with `+` or use `extend`; "
            "`append` puts the whole list in as one item.",
            about_python=True,
            seen=True,
        ),
        Cause(
            "mask_token_as_sentinel",
            lambda tokens, start, end, corrupted, target: MASK in corrupted or MASK in target,
            "You use [MASK]. Span corruption has numbered sentinels, <extra_id_0> and so on, so "
            "that the target can say which gap it fills. One of them stands for the whole span.",
            seen=True,
        ),
        Cause(
            "one_sentinel_per_token",
            lambda tokens, start, end, corrupted, target: (
                end - start > 1
                and len(corrupted) == len(tokens)
                and corrupted[:start] == tokens[:start]
                and corrupted[end:] == tokens[end:]
                and all(item[:1] == "<" for item in corrupted[start:end])
            ),
            "You put one sentinel for each hidden token. One sentinel stands for the whole span, "
            "so the model also has to find out how long the span is.",
            seen=True,
        ),
        Cause(
            "span_not_removed",
            lambda tokens, start, end, corrupted, target: (
                corrupted in (_corrupted(tokens, start, start), _corrupted(tokens, end, end))
            ),
            "The sentinel is there, but the span is still there as well, so the model can copy the "
            "answer. The sentinel takes the span's place.",
            seen=True,
        ),
        Cause(
            "sentinel_missing",
            lambda tokens, start, end, corrupted, target: (
                corrupted == tokens[:start] + tokens[end:]
            ),
            "The sentinel is missing: the span is gone, but nothing marks the place, so the model "
            "cannot know where words are to be put back. Put <extra_id_0> there.",
            seen=True,
        ),
        Cause(
            "beginning_missing",
            lambda tokens, start, end, corrupted, target: (
                start > 0 and corrupted == [OPENING, *tokens[end:]]
            ),
            "The beginning of the sentence is missing: what stands before the span is read as it "
            "is. A slice from the front ends at `start`.",
            seen=True,
        ),
        Cause(
            "rest_missing",
            lambda tokens, start, end, corrupted, target: (
                end < len(tokens)
                and corrupted == [*tokens[:start], OPENING]
                and target == [OPENING, *tokens[start:end], CLOSING]
            ),
            "The rest of the sentence is missing: what stands behind the span is read as it is. A "
            "slice to the very end begins at `end`.",
            seen=True,
        ),
        Cause(
            "word_taken_for_position",
            lambda tokens, start, end, corrupted, target: (
                _is_span_of_a_copy(tokens, start, end, corrupted)
                or same_but_for(
                    come_again(tokens, range(start, end)),
                    corrupted + target,
                    _corrupted(tokens, start, end) + tokens[start:end],
                )
            ),
            lambda tokens, start, end, corrupted, target: position_counts(
                tokens, range(start, end)
            ),
            may_be_right=True,
        ),
        Cause(
            "token_behind_gap_lost",
            lambda tokens, start, end, corrupted, target: (
                end < len(tokens)
                and corrupted == _corrupted(tokens, start, end + 1)
                and target == [OPENING, *tokens[start:end], CLOSING]
            ),
            lambda tokens, start, end, corrupted, target: (
                f"The token behind the gap, {tokens[end]!r}, is in neither list. The piece behind "
                "the gap begins exactly at `end`, where the span stops."
            ),
            seen=True,
        ),
        _span_off(
            "end_included",
            lambda start, end: (start, end + 1),
            "includes the token at `end`. A span from start to end stops just before end, as a "
            "Python slice does.",
        ),
        _span_off(
            "span_cut_short",
            lambda start, end: (start, end - 1),
            "stops one token too early. A span from start to end holds `end - start` tokens, the "
            "last of them at `end - 1`.",
        ),
        _span_off(
            "start_excluded",
            lambda start, end: (start + 1, end),
            "leaves out the token at `start`. A span includes its start and stops before its end.",
        ),
        Cause(
            "end_taken_as_length",
            lambda tokens, start, end, corrupted, target: (
                corrupted == _corrupted(tokens, start, start + end)
                or _words_of(target, tokens) == tokens[start : start + end]
            ),
            "You read `end` as a length. It is a position: the first one after the span.",
        ),
        Cause(
            "numbered_from_one",
            lambda tokens, start, end, corrupted, target: (
                corrupted == _corrupted(tokens, start, end, CLOSING)
            ),
            "Your sentinels are numbered from 1. The first one is <extra_id_0>.",
            seen=True,
        ),
        Cause(
            "sentinel_wrong_number",
            lambda tokens, start, end, corrupted, target: (
                corrupted == _corrupted(tokens, start, end, corrupted[start])
                and corrupted[start] != OPENING
                and re.fullmatch(r"<extra_id_\d+>", corrupted[start])
            ),
            "Your sentinel has the wrong number. Sentinels count the gaps, not the positions: the "
            "first gap is <extra_id_0>, wherever it is.",
            seen=True,
        ),
        Cause(
            "sentinel_misspelt",
            lambda tokens, start, end, corrupted, target: (
                corrupted[start] not in (OPENING, *tokens)
                and corrupted == _corrupted(tokens, start, end, corrupted[start])
            ),
            "The span is replaced, but the sentinel is not spelt <extra_id_0>.",
            seen=True,
        ),
        Cause(
            "target_is_whole_text",
            lambda tokens, start, end, corrupted, target: target == tokens,
            "Your target is the whole sentence. BART asks for that; in span corruption the model "
            "writes only what was hidden, between sentinels.",
            seen=True,
        ),
        Cause(
            "target_without_sentinels",
            lambda tokens, start, end, corrupted, target: target == tokens[start:end],
            "Your target is the span alone. It also needs its sentinels: <extra_id_0> in front "
            "says which gap follows, <extra_id_1> at the end says that it is complete.",
            seen=True,
        ),
        Cause(
            "final_sentinel_missing",
            lambda tokens, start, end, corrupted, target: target == [OPENING, *tokens[start:end]],
            "The final sentinel is missing from your target. <extra_id_1> at the end tells the "
            "model to stop; without it, nothing says how long the span is.",
            seen=True,
        ),
        Cause(
            "opening_sentinel_missing",
            lambda tokens, start, end, corrupted, target: target == [*tokens[start:end], CLOSING],
            "The first sentinel is missing from your target. <extra_id_0> in front says which gap "
            "the words belong to.",
            seen=True,
        ),
        Cause(
            "sentinel_repeated",
            lambda tokens, start, end, corrupted, target: (
                target == [OPENING, *tokens[start:end], OPENING]
            ),
            "Your target opens and closes with the same sentinel. Each one is used for one place: "
            "the final one has the next number, <extra_id_1>.",
            seen=True,
        ),
        Cause(
            "sentinel_before_each_token",
            lambda tokens, start, end, corrupted, target: (
                end - start > 1 and target[::2][: end - start] != tokens[start:end] == target[1::2]
            ),
            "Your target has a sentinel before each word. One stands for the whole span.",
            seen=True,
        ),
        Cause(
            "target_is_the_rest",
            lambda tokens, start, end, corrupted, target: (
                corrupted == _corrupted(tokens, start, end)
                and _words_of(target, tokens) == tokens[:start] + tokens[end:] != []
            ),
            "Your target holds the words that the model can read anyway. It should hold those that "
            "were hidden.",
            seen=True,
        ),
        ONE_WORD,
        Cause(
            "joined_into_text",
            lambda tokens, start, end, corrupted, target: (
                isinstance(corrupted, str) or isinstance(target, str)
            ),
            "You return text. The sentence arrives as a list of tokens, and both results are lists "
            "of tokens too.",
            seen=True,
        ),
        _span_off(
            "span_begins_too_early",
            lambda start, end: (start - 1, end),
            "begins one token too early. Its first token is `tokens[start]`: positions start at 0.",
        ),
    ),
    read_again=f"{NOTEBOOK}, “Rule 3: span corruption repairs a stretch”",
    as_sample=_as_sample,
)

QUESTIONS = (SPAN,)
