"""BERT's refinement of masked LM as a question: 80 % masked, 10 % random, 10 % kept."""

from collections.abc import Callable
from random import Random
from typing import Any

from lessonlib.practice.question import Arguments, Case, Fits, Question
from lessonlib.practice.questions.sentences import (
    copies_changed,
    copies_labelled,
    distinct,
    inserted,
    labels_are_a_list,
    masked_sample,
    position_counts,
    repeating,
    strangers,
)
from lessonlib.samples import MASK, masked
from lessonlib.words import Words

CAUSES = Words("causes")
Rolls = list[float]


def mask_80_10_10(
    tokens: list[str], positions: list[int], rolls: Rolls, random_words: list[str]
) -> tuple[list[str], dict[int, str]]:
    """Hide, replace or keep each chosen token, as its roll decides, and ask for all of them.

    A roll from 0 up to 1 belongs to each position: below 0.8 it hides, below 0.9 it replaces by the
    random word of that position. Returned are what the model reads and the original tokens. Devlin
    et al. 2019, BERT, section 3.1.
    """
    shown = _shown(tokens, positions, rolls, random_words)
    sample = masked(tokens, positions, [shown[at] for at in positions])
    return sample.inputs, {at: sample.targets[at] for at in positions}


def _shown(
    tokens: list[str],
    positions: list[int],
    rolls: Rolls,
    words: list[str],
    hide: float = 0.8,
    replace: float = 0.9,
) -> list[str]:
    shown = list(tokens)
    for at, roll, word in zip(positions, rolls, words, strict=True):
        shown[at] = MASK if roll < hide else word if roll < replace else tokens[at]
    return shown


def _case(rng: Random, rolls: Rolls) -> Arguments:
    tokens = distinct(rng, 9, 11)
    positions = sorted(rng.sample(range(1, len(tokens) - 1), len(rolls)))
    return tokens, positions, rolls, strangers(rng, tokens, len(rolls))


def _telling_rolls(rng: Random) -> Rolls:
    """Draw two that hide, one that replaces and one that keeps, in any order."""
    # The first would keep its word if the rolls were read from the other end.
    bounds = [(0.01, 0.08), (0.3, 0.7), (0.81, 0.89), (0.91, 0.99)]
    rolls = [round(rng.uniform(*each), 3) for each in bounds]
    rng.shuffle(rolls)
    return rolls


def _edges(rng: Random) -> list[Arguments]:
    at_borders = _case(rng, [0.8, 0.9, 0.799, 0.899])
    tokens, *others = _case(rng, [0.0, 0.95])
    return [
        at_borders,
        (tokens, *(each[::-1] for each in others)),  # from right to left
        _case(rng, [0.95]),
        _case(rng, []),
        _unsorted(rng),
        SHOWN,
        _with_copies(rng),
    ]


def _unsorted(rng: Random) -> Arguments:
    """Choose the last position and the first, and replace a word by another of the sentence."""
    tokens = distinct(rng, 9, 11)
    positions = [len(tokens) - 1, 4, 0, 2]
    return tokens, positions, [0.95, 0.1, 0.4, 0.85], [*strangers(rng, tokens, 3), tokens[5]]


def _with_copies(rng: Random) -> Arguments:
    """Choose words that stand elsewhere as well: once the first copy is meant, else a later one."""
    tokens = repeating(rng)
    return tokens, [1, 2, 5, 7], [0.85, 0.95, 0.1, 0.4], strangers(rng, tokens, 4)


#: What the exercise shows.
SHOWN = (
    ["a", "small", "boat", "drifts", "past", "the", "sleeping", "town", "tonight"],
    [1, 4, 6],
    [0.31, 0.85, 0.97],
    ["spoon", "tiger", "loud"],
)


def _right(c: Case, **other: Any) -> list[str]:
    """Write what is shown, with something of the arguments or of the rule changed."""
    given = dict(zip(("tokens", "positions", "rolls", "words"), c.arguments, strict=True))
    return _shown(**given | other)


def _with_rolls(change: Callable[[float], float]) -> Fits:
    """Fit where the rolls were read in another way."""
    return lambda c: c.inputs == _right(c, rolls=[change(roll) for roll in c.rolls])


def _chosen_where(c: Case, holds: Callable[[float], bool]) -> set[int]:
    return {at for at, roll in zip(c.positions, c.rolls, strict=True) if holds(roll)}


def _wrong_rolls(c: Case) -> list[int]:
    """List which of the chosen are shown in a wrong way; fail if others are wrong, too."""
    pairs = enumerate(zip(c.inputs, _right(c), strict=True))
    return sorted(c.positions.index(at) for at, (one, other) in pairs if one != other)


def _is_at_border(roll: float) -> bool:
    return roll == 0 or min(abs(roll - 0.8), abs(roll - 0.9)) < 0.005


def _what_rolls_do(c: Case) -> dict[str, str]:
    """Say of the first wrong rolls what they do here, and what they should do."""
    said = []
    for one in _wrong_rolls(c)[:3]:
        roll, at = c.rolls[one], c.positions[one]
        does = (("keeps", c.tokens[at]), ("replaces", c.random_words[one]), ("hides", MASK))
        rule = "hides" if roll < 0.8 else "replaces" if roll < 0.9 else "keeps"
        number = CAUSES("rolls.exactly", roll=roll) if _is_at_border(roll) else f"{roll:g}"
        yours = next((d for d, word in does if word == c.inputs[at]), "does_something_else")
        said.append(CAUSES(f"rolls.{yours}", roll=number, rule=CAUSES(f"rolls.rule.{rule}")))
    return {"rolls": " ".join(said)}


def _hides(c: Case) -> set[int]:
    return {at for at in c.positions if c.inputs[at] == MASK}


def _looks_words_up(c: Case) -> bool:
    changed = copies_changed(c.tokens, c.inputs, _right(c), c.positions)
    return changed or copies_labelled(c.tokens, c.labels, c.positions)


def _mixes_up_words(c: Case) -> bool:
    return any(
        c.inputs[at] in c.random_words and c.inputs[at] != word
        for at, word in zip(c.positions, c.random_words, strict=True)
    )


def _makes_up_words(c: Case) -> bool:
    known = (MASK, *c.tokens, *c.random_words)
    read = [c.inputs[at] for at in _chosen_where(c, lambda roll: 0.8 <= roll < 0.9)]
    return isinstance(c.inputs, list) and any(isinstance(w, str) and w not in known for w in read)


def _where_the_list_is(c: Case) -> dict[str, object]:
    inner = next(item for item in c.inputs if isinstance(item, list))
    reasons = {repr([MASK]): "mask_in_brackets", repr(c.random_words): "all_random_words"}
    return {"form": reasons.get(repr(inner), "somehow"), "at": c.inputs.index(inner)}


MASKING = Question(
    reference=mask_80_10_10,
    parts=("inputs", "labels"),
    draw=lambda rng: _case(rng, _telling_rolls(rng)),
    edges=_edges,
    mistakes={
        "list_inside_list": lambda c: (
            any(isinstance(item, list) for item in c.inputs) and _where_the_list_is(c)
        ),
        "inserted_instead_of_replaced": inserted,
        "stopped_after_first": lambda c: (
            c.labels == {at: c.tokens[at] for at in c.positions[:1]}
            and c.inputs == _shown(c.tokens, c.positions[:1], c.rolls[:1], c.random_words[:1])
        ),
        "word_taken_for_position": lambda c: (
            _looks_words_up(c) and position_counts(c.tokens, c.positions)
        ),
        "positions_sorted": lambda c: c.inputs == _right(c, positions=sorted(c.positions)),
        "others_touched": lambda c: (
            len(c.inputs) == len(c.tokens)
            and any(
                c.inputs[at] != word for at, word in enumerate(c.tokens) if at not in c.positions
            )
        ),
        "border_on_the_wrong_side": lambda c: (
            _wrong_rolls(c)
            and all(_is_at_border(c.rolls[one]) for one in _wrong_rolls(c))
            and _what_rolls_do(c)
        ),
        "rolls_not_used": lambda c: c.inputs == _right(c, hide=2),
        "mask_overwritten.by_a_word": lambda c: c.inputs == _right(c, hide=0),
        "mask_overwritten.by_its_word": _with_rolls(lambda roll: roll if roll >= 0.8 else 1),
        "rolls_read_backwards": [
            _with_rolls(lambda roll: 1 - roll),
            lambda c: _hides(c) == _chosen_where(c, lambda roll: roll > 0.8),
            lambda c: _hides(c) == _chosen_where(c, lambda roll: roll >= 0.8),
        ],
        "kept_and_replaced_swapped": _with_rolls(
            lambda roll: roll if roll < 0.8 else 0.95 if roll < 0.9 else 0.85
        ),
        "nothing_kept": lambda c: c.inputs == _right(c, replace=2),
        "nothing_replaced": lambda c: c.inputs == _right(c, replace=0),
        "random_word_of_another": _mixes_up_words,
        "word_of_your_own": _makes_up_words,
        "rolls_not_followed": lambda c: (
            _wrong_rolls(c)
            and all(
                c.inputs[at] in (MASK, word, c.tokens[at])
                for at, word in zip(c.positions, c.random_words, strict=True)
            )
            and _what_rolls_do(c)
        ),
        "labels_hold_what_is_read": lambda c: c.labels == {at: c.inputs[at] for at in c.positions},
        "only_last_label": lambda c: c.labels == {at: c.tokens[at] for at in c.positions[-1:]},
        "kept_tokens_not_asked": lambda c: set(c.labels) == _chosen_where(c, lambda r: r < 0.9),
        "only_masks_asked": lambda c: set(c.labels) == _chosen_where(c, lambda roll: roll < 0.8),
        "labels_for_others": lambda c: set(c.labels) > set(c.positions),
        "labels_as_list": labels_are_a_list,
    },
    as_sample=lambda c: masked_sample(c.inputs, c.labels),
)
