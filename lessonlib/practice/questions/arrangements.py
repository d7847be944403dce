"""Two ways to make a decoder read ahead: a prefix, and a middle that is written last."""

from collections import Counter
from random import Random

from lessonlib.practice.question import Arguments, Case, Question
from lessonlib.practice.questions.sentences import (
    another_sentence,
    distinct,
    holds_a_list,
    is_text,
    keeps_last_token,
    position_counts,
    repeating,
    with_a_span,
)
from lessonlib.samples import MID, PRE, SUF, Sample, fill_in_middle, prefix_lm
from lessonlib.samples.sample import decoder_only
from lessonlib.words import Words

MARKERS = {PRE, SUF, MID}
#: The sentence that the exercise shows.
SHOWN = ["rain", "falls", "on", "quiet", "roofs"]


def build_prefix_example(tokens: list[str], split: int) -> tuple[list[str], list[str], list[bool]]:
    """Shift the sentence by one, and let the loss count behind the prefix only.

    Returned are inputs, labels, and for each label whether it counts. Raffel et al. 2020, T5,
    sections 3.2.1 and 3.2.3.
    """
    sample = prefix_lm(tokens, split)
    return sample.inputs, sample.targets, sample.loss_mask


def _prefix_edges(rng: Random) -> list[Arguments]:
    tokens = distinct(rng)
    return [(tokens, 1), (tokens, len(tokens) - 1), (repeating(rng), 3), (SHOWN, 2)]


def _counts_from(c: Case, first: int, counts: bool = True) -> list[bool]:
    return [(at >= first) is counts for at in range(len(c.tokens) - 1)]


def _as_prefix_sample(c: Case) -> Sample:
    if not len(c.inputs) == len(c.labels) == len(c.loss_mask):
        raise ValueError(Words("causes")("lists_of_different_lengths"))
    attention = ("prefix", len(c.inputs), c.split)
    return Sample("prefix_lm", None, c.inputs, c.labels, c.loss_mask, attention)


PREFIX = Question(
    reference=build_prefix_example,
    parts=("inputs", "labels", "loss_mask"),
    draw=lambda rng: (distinct(rng, 9, 11), rng.randint(4, 5)),
    edges=_prefix_edges,
    mistakes={
        "another_sentence": another_sentence,
        "split_instead_of_shift": lambda c: (
            c.inputs == c.tokens[: c.split] and c.labels == c.tokens[c.split :]
        ),
        "labels_not_shifted": lambda c: c.labels == c.inputs != [],
        "shifted_twice": lambda c: c.labels == c.tokens[2:],
        "last_token_in_inputs": keeps_last_token,
        "labels_blanked_out": lambda c: (
            len(c.labels) == len(c.tokens) - 1
            and c.labels[c.split - 1 :] == c.tokens[c.split :]
            and not set(map(str, c.labels[: c.split - 1])) & set(c.tokens)
        ),
        "loss_mask_too_long": lambda c: len(c.loss_mask) == len(c.tokens),
        "loss_mask_holds_positions": lambda c: (
            len(c.loss_mask) > 1
            and max(c.loss_mask) > 1
            and all(type(at) is int for at in c.loss_mask)
        ),
        "loss_mask_in_words": lambda c: any(isinstance(count, str) for count in c.loss_mask),
        "loss_on_everything": lambda c: all(c.loss_mask) and len(c.loss_mask) == len(c.tokens) - 1,
        "loss_on_the_prefix": lambda c: (
            c.loss_mask in [_counts_from(c, at, False) for at in (c.split - 1, c.split)]
        ),
        "word_taken_for_position": lambda c: (
            c.loss_mask == [label not in c.tokens[: c.split] for label in c.labels]
            and position_counts(c.tokens, range(c.split))
        ),
        "loss_starts_late": lambda c: c.loss_mask == _counts_from(c, c.split),
        "loss_starts_early": lambda c: c.loss_mask == _counts_from(c, c.split - 2),
    },
    as_sample=_as_prefix_sample,
)


def build_middle_example(tokens: list[str], start: int, end: int) -> list[str]:
    """Move the middle of the sentence to its end: prefix, suffix, middle, each behind its marker.

    Bavarian et al. 2022, "Efficient training of language models to fill in the middle", section 3:
    the order PSM.
    """
    sample = fill_in_middle(tokens, start, end)
    return [*sample.inputs, sample.targets[-1]]


def _middle_edges(rng: Random) -> list[Arguments]:
    tokens = distinct(rng)
    whole = [(tokens, 0, 3), (tokens, 4, len(tokens)), (tokens, 3, 3)]
    return [*whole, (repeating(rng), 1, 4), (SHOWN, 1, 3)]


def _pieces(c: Case) -> tuple[list[str], list[str], list[str]]:
    return c.tokens[: c.start], c.tokens[c.start : c.end], c.tokens[c.end :]


def _words(c: Case) -> list[str]:
    return [item for item in c.sequence if item in c.tokens]


def _strange(c: Case) -> list[str]:
    return [item for item in c.sequence if item not in {*c.tokens, *MARKERS}]


def _looks_words_up(c: Case) -> bool:
    """Leave out of the suffix all words that the prefix or the middle has."""
    prefix, middle, _ = _pieces(c)
    suffix = [word for word in c.tokens if word not in prefix + middle]
    return c.sequence == [PRE, *prefix, SUF, *suffix, MID, *middle]


def _what_is_lost(c: Case) -> dict[str, str]:
    """Name the word that is missing, and the border at which it was lost."""
    lost = next(word for word in c.tokens if c.sequence.count(word) < c.tokens.count(word))
    borders = {
        c.start - 1: "where_the_prefix_stops",
        c.start: "where_the_middle_begins",
        c.end - 1: "where_the_middle_stops",
        c.end: "where_the_suffix_begins",
    }
    # Of a word that comes again nobody can tell which copy was lost.
    at = c.tokens.index(lost) if c.tokens.count(lost) == 1 else None
    return {"form": borders.get(at, "somewhere"), "word": lost}


MIDDLE = Question(
    reference=build_middle_example,
    parts=("sequence",),
    draw=with_a_span,
    edges=_middle_edges,
    mistakes={
        "another_sentence": another_sentence,
        "list_inside_list": holds_a_list,
        "joined_into_text": is_text,
        "markers_missing": lambda c: (
            not MARKERS & set(c.sequence) and len(c.sequence) == len(c.tokens)
        ),
        "marker_too_many": lambda c: (
            len(_strange(c)) == 1
            and [item for item in c.sequence if item not in _strange(c)]
            == build_middle_example(*c.arguments)
            and {"marker": _strange(c)[0]}
        ),
        "markers_misspelt": lambda c: len(c.sequence) == len(c.tokens) + 3 and _strange(c),
        "marker_missing": lambda c: (
            len(c.sequence) < len(c.tokens) + 3 and not set(c.sequence) >= MARKERS
        ),
        "middle_in_its_place": lambda c: (
            c.start < c.end < len(c.tokens)
            and c.sequence[-1] == c.tokens[-1]
            and _words(c) == c.tokens
        ),
        "suffix_first": lambda c: (
            0 < c.start < c.end < len(c.tokens)
            and _words(c) == c.tokens[c.end :] + c.tokens[: c.end]
        ),
        "middle_not_removed": lambda c: (
            c.start < c.end and Counter(_words(c)) == Counter(c.tokens + _pieces(c)[1])
        ),
        "word_taken_for_position": lambda c: (
            _looks_words_up(c) and position_counts(c.tokens, range(c.start, c.end))
        ),
        "middle_missing": lambda c: (
            c.start < c.end and _words(c) == c.tokens[: c.start] + c.tokens[c.end :]
        ),
        "end_included": lambda c: (
            _words(c) == c.tokens[: c.start] + c.tokens[c.end + 1 :] + c.tokens[c.start : c.end + 1]
        ),
        "token_lost": lambda c: (
            len(_words(c)) == len(c.tokens) - 1 and set(c.sequence) >= MARKERS and _what_is_lost(c)
        ),
        "markers_behind": lambda c: (
            c.start > 0 and c.sequence[0] == c.tokens[0] and c.sequence[-1] == MID
        ),
        "markers_mixed_up": lambda c: (
            len(c.sequence) == len(c.tokens) + 3
            and _words(c) == c.tokens[: c.start] + c.tokens[c.end :] + _pieces(c)[1]
        ),
    },
    as_sample=lambda c: decoder_only("fill_in_middle", c.sequence),
)
