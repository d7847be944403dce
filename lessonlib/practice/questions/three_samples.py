"""The lesson's three builders as questions: causal LM, masked LM, and one corrupted span."""

import re
from itertools import pairwise
from random import Random

from lessonlib.practice.question import Arguments, Case, Fits, Question
from lessonlib.practice.questions.sentences import (
    SHOWN,
    another_sentence,
    come_again,
    copies_changed,
    copies_labelled,
    distinct,
    holds_a_list,
    holds_mask_token,
    inserted,
    is_text,
    keeps_last_token,
    labels_are_a_list,
    masked_sample,
    one_word,
    position_counts,
    repeating,
    same_but_for,
    with_a_span,
)
from lessonlib.samples import (
    MASK,
    Sample,
    build_causal_example,
    build_masked_example,
    build_span_corruption,
    sentinel,
)
from lessonlib.samples.sample import encoder_decoder

OPENING, CLOSING = sentinel(0), sentinel(1)


def _as_causal_sample(c: Case) -> Sample:
    # Lists of different lengths are drawn as well: where they do not meet, something is missing.
    length = max(len(c.inputs), len(c.labels))
    reads, says = (part + [""] * (length - len(part)) for part in (c.inputs, c.labels))
    asked = [at < len(c.labels) for at in range(length)]
    return Sample("causal", None, reads, says, asked, ("causal", length))


def _has_labels_of_copies(c: Case) -> bool:
    known = [*pairwise(c.tokens)]
    given = zip(c.tokens[:-1], c.labels, strict=True)
    return c.inputs == c.tokens[:-1] and all(pair in known for pair in given)


def _shifts_copies(c: Case) -> object:
    copies = come_again(c.tokens)
    pairs = (c.inputs, c.tokens[:-1]), (c.labels, c.tokens[1:])
    looks = all(same_but_for(copies, *pair) for pair in pairs) or _has_labels_of_copies(c)
    return looks and position_counts(c.tokens)


CAUSAL = Question(
    reference=build_causal_example,
    parts=("inputs", "labels"),
    draw=lambda rng: (distinct(rng),),
    edges=lambda rng: [(distinct(rng, 2, 2),), (SHOWN,), (repeating(rng),)],
    mistakes={
        "another_sentence": another_sentence,
        "labels_not_shifted": lambda c: c.labels == c.inputs and c.inputs[0] in c.tokens,
        "shifted_the_wrong_way.both_lists": lambda c: (
            c.inputs == c.tokens[1:] and c.labels == c.tokens[:-1]
        ),
        "shifted_the_wrong_way.labels_only": lambda c: (
            len(c.labels) > 1 and c.labels[1:] == c.inputs[:-1] == c.tokens[: len(c.labels) - 1]
        ),
        "shifted_twice": lambda c: (
            c.inputs == c.tokens[: len(c.inputs)] and c.labels == c.tokens[2:]
        ),
        "last_token_in_inputs": keeps_last_token,
        "label_wraps_around": lambda c: (
            c.inputs == c.tokens and c.labels == c.tokens[1:] + c.tokens[:1]
        ),
        "label_made_up": lambda c: (
            len(c.labels) == len(c.tokens)
            and c.inputs == c.tokens
            and c.labels[:-1] == c.tokens[1:]
        ),
        "start_token_added": lambda c: c.labels == c.tokens and c.inputs[1:] == c.tokens[:-1],
        "first_token_lost": lambda c: c.inputs == c.tokens[1:-1] and c.labels == c.tokens[2:],
        "only_the_last_label": lambda c: c.labels in (c.tokens[-1], c.tokens[-1:]),
        "prefixes_as_inputs": lambda c: (
            c.inputs and c.inputs == [c.tokens[: at + 1] for at in range(len(c.inputs))]
        ),
        "cut_too_short.after_one_pair": lambda c: (
            c.inputs == c.tokens[:1] and c.labels == c.tokens[1:2]
        ),
        "cut_too_short.too_early": lambda c: (
            0 < len(c.inputs) < len(c.tokens) - 1
            and c.inputs == c.tokens[: len(c.inputs)]
            and c.labels == c.tokens[1 : 1 + len(c.labels)]
        ),
        "word_instead_of_list": one_word,
        "joined_into_text": is_text,
        "labels_as_dict": lambda c: isinstance(c.labels, dict),
        "pairs_instead_of_lists": lambda c: c.value == [[*pair] for pair in pairwise(c.tokens)],
        "word_taken_for_position": _shifts_copies,
    },
    as_sample=_as_causal_sample,
)


def _draw_positions(rng: Random) -> Arguments:
    # Never the ends, and never neighbours: so a position that is off by one shows.
    tokens = distinct(rng)
    start = rng.randint(1, 2)
    return tokens, list(range(start, len(tokens) - 1, rng.randint(2, 3)))[:3]


def _special_positions(rng: Random) -> list[Arguments]:
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


def _masks_copies(c: Case) -> object:
    looks = copies_changed(c.tokens, c.masked, _hidden(c), c.mask_positions)
    looks = looks or copies_labelled(c.tokens, c.labels, c.mask_positions)
    return looks and position_counts(c.tokens, c.mask_positions)


def _deletes(c: Case) -> bool:
    left = [word for at, word in enumerate(c.tokens) if at not in c.mask_positions]
    return c.masked == left or (len(c.masked) == len(left) and set(c.masked) <= set(c.tokens))


MASKED = Question(
    reference=build_masked_example,
    parts=("masked", "labels"),
    draw=_draw_positions,
    edges=_special_positions,
    mistakes={
        "another_sentence": another_sentence,
        "inserted_instead_of_replaced": inserted,
        "stopped_after_first": lambda c: (
            c.labels == {at: c.tokens[at] for at in c.mask_positions[:1]}
            and c.masked == _hidden(c, most=1)
        ),
        "labels_hold_mask_token": lambda c: c.labels == dict.fromkeys(c.mask_positions, MASK),
        "mask_token_missing": lambda c: c.masked == c.tokens,
        "masked_tokens_deleted": _deletes,
        "masked_the_others": lambda c: (
            c.masked == [w if at in c.mask_positions else MASK for at, w in enumerate(c.tokens)]
        ),
        "positions_off_by_one": lambda c: c.masked in (_hidden(c, step=-1), _hidden(c, step=1)),
        "word_taken_for_position": _masks_copies,
        "mask_token_misspelt": lambda c: _replacement(c) not in (MASK, None, *c.tokens),
        "labels_for_unmasked_positions.some": lambda c: (
            isinstance(c.labels, dict)
            and set(c.mask_positions) < set(c.labels) <= set(range(len(c.tokens)))
        ),
        "labels_for_unmasked_positions.whole_sentence": lambda c: (
            c.labels == c.tokens and len(c.mask_positions) > 1
        ),
        "labels_as_list": labels_are_a_list,
        "labels_upside_down": lambda c: c.labels == {w: at for at, w in _words_at(c).items()},
        "label_keys_are_text": lambda c: c.labels == {str(at): w for at, w in _words_at(c).items()},
        "label_keys_count_masks": lambda c: c.labels == dict(enumerate(_words_at(c).values())),
        "labels_missing": lambda c: (
            isinstance(c.labels, dict)
            and set(c.labels) < set(c.mask_positions)
            and c.masked == _hidden(c)
        ),
        "labels_are_neighbours": lambda c: (
            c.masked == _hidden(c) and c.labels in (_words_at(c, -1), _words_at(c, 1))
        ),
    },
    as_sample=lambda c: masked_sample(c.masked, c.labels),
)


def _special_spans(rng: Random) -> list[Arguments]:
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


def _cuts_copies(c: Case) -> object:
    word, chosen = c.tokens[c.start], range(c.start, c.end)
    copies = [at for at, each in enumerate(c.tokens) if each == word and at != c.start]
    looks = c.corrupted in [_corrupted(c, at, at + len(chosen)) for at in copies] or same_but_for(
        come_again(c.tokens, chosen),
        c.corrupted + c.target,
        _corrupted(c, c.start, c.end) + _span(c),
    )
    return looks and position_counts(c.tokens, chosen)


def _is_right_but_for(c: Case, corrupted: list[str]) -> bool:
    """Tell whether the target is right, and the rest is this."""
    target = [OPENING, *_span(c), CLOSING]
    return c.end < len(c.tokens) and (c.corrupted, c.target) == (corrupted, target)


def _marks_the_span_by(c: Case) -> str | None:
    """Return what stands in the place of the span, if the rest is right."""
    marker = c.corrupted[c.start]
    return marker if c.corrupted == _corrupted(c, c.start, c.end, marker) else None


def _span_off(more_at_start: int, more_at_end: int) -> Fits:
    """Fit where the span has another start or end, in either list or in both, and say where."""

    def fits(c: Case) -> object:
        first, last = c.start + more_at_start, c.end + more_at_end
        here = {
            "corrupted": c.corrupted == _corrupted(c, first, last),
            "target": _words_written(c) == c.tokens[first:last],
        }
        where = [part for part, is_here in here.items() if is_here]
        return where and {"form": "in_both" if len(where) == 2 else "in_one", "part": where[0]}

    return fits


SPAN = Question(
    reference=build_span_corruption,
    parts=("corrupted", "target"),
    draw=with_a_span,
    edges=_special_spans,
    mistakes={
        "another_sentence": another_sentence,
        "list_inside_list": holds_a_list,
        "mask_token_as_sentinel": holds_mask_token,
        "one_sentinel_per_token": lambda c: (
            c.end - c.start > 1
            and len(c.corrupted) == len(c.tokens)
            and c.corrupted[: c.start] == c.tokens[: c.start]
            and c.corrupted[c.end :] == c.tokens[c.end :]
            and all(item[:1] == "<" for item in c.corrupted[c.start : c.end])
        ),
        "span_not_removed": lambda c: (
            c.corrupted in [_corrupted(c, at, at) for at in (c.start, c.end)]
        ),
        "sentinel_missing": lambda c: c.corrupted == c.tokens[: c.start] + c.tokens[c.end :],
        "beginning_missing": lambda c: c.start > 0 and c.corrupted == [OPENING, *c.tokens[c.end :]],
        "rest_missing": lambda c: _is_right_but_for(c, [*c.tokens[: c.start], OPENING]),
        "word_taken_for_position": _cuts_copies,
        "token_behind_gap_lost": lambda c: (
            _is_right_but_for(c, _corrupted(c, c.start, c.end + 1)) and {"word": c.tokens[c.end]}
        ),
        "end_included": _span_off(0, 1),
        "span_cut_short": _span_off(0, -1),
        "start_excluded": _span_off(1, 0),
        "end_taken_as_length": lambda c: (
            c.corrupted == _corrupted(c, c.start, c.start + c.end)
            or _words_written(c) == c.tokens[c.start : c.start + c.end]
        ),
        "numbered_from_one": lambda c: _marks_the_span_by(c) == CLOSING,
        "sentinel_wrong_number": lambda c: (
            _marks_the_span_by(c) != OPENING
            and re.fullmatch(r"<extra_id_\d+>", _marks_the_span_by(c))
        ),
        "sentinel_misspelt": lambda c: _marks_the_span_by(c) not in (None, OPENING, *c.tokens),
        "target_is_whole_text": lambda c: c.target == c.tokens,
        "target_without_sentinels": lambda c: c.target == _span(c),
        "final_sentinel_missing": lambda c: c.target == [OPENING, *_span(c)],
        "opening_sentinel_missing": lambda c: c.target == [*_span(c), CLOSING],
        "sentinel_repeated": lambda c: c.target == [OPENING, *_span(c), OPENING],
        "sentinel_before_each_token": lambda c: (
            c.end - c.start > 1 and c.target[::2][: c.end - c.start] != _span(c) == c.target[1::2]
        ),
        "target_is_the_rest": lambda c: (
            c.corrupted == _corrupted(c, c.start, c.end)
            and _words_written(c) == c.tokens[: c.start] + c.tokens[c.end :] != []
        ),
        "word_instead_of_list": one_word,
        "joined_into_text": is_text,
        "span_begins_too_early": _span_off(-1, 0),
    },
    as_sample=lambda c: encoder_decoder("span_corruption", c.corrupted, c.target),
)
