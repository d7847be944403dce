"""BERT's refinement of masked LM as a question: 80 % masked, 10 % random, 10 % kept."""

from collections.abc import Callable
from operator import ge, gt
from random import Random

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.words import (
    copies_changed,
    copies_labelled,
    distinct,
    position_counts,
    repeating,
    stand_in_order,
    strangers,
)
from lessonlib.samples import MASK, Sample, masked
from lessonlib.samples.sample import encoder_only

Rolls = list[float]


def mask_80_10_10(
    tokens: list[str], positions: list[int], rolls: Rolls, random_words: list[str]
) -> tuple[list[str], dict[int, str]]:
    """Hide, replace or keep each chosen token, as its roll decides, and ask for all of them.

    Parameters
    ----------
    tokens : list of str
        The sentence.
    positions : list of int
        The chosen positions.
    rolls : list of float
        For each chosen position a number from 0 up to 1: below 0.8 hides, below 0.9 replaces.
    random_words : list of str
        For each chosen position the word to replace it with, should the roll say so.

    Returns
    -------
    tuple
        What the model reads, and the original token of every chosen position.

    Notes
    -----
    Devlin et al. 2019, BERT, section 3.1.
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


def _draw(rng: Random) -> Arguments:
    return _case(rng, _telling_rolls(rng))


def _edges(rng: Random) -> list[Arguments]:
    return [
        _case(rng, [0.8, 0.9, 0.799, 0.899]),
        _backwards(_case(rng, [0.0, 0.95])),
        _case(rng, [0.95]),
        _case(rng, []),
        _unsorted(rng),
        SHOWN,
        _with_copies(rng),
    ]


def _backwards(case: Arguments) -> Arguments:
    tokens, *others = case
    return tokens, *(each[::-1] for each in others)


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


def _swapped(rolls: Rolls) -> Rolls:
    return [roll if roll < 0.8 else 0.95 if roll < 0.9 else 0.85 for roll in rolls]


def _others(tokens: list[str], positions: list[int]) -> list[str | None]:
    return [None if at in positions else word for at, word in enumerate(tokens)]


def _wrong_rolls(
    tokens: list[str], positions: list[int], rolls: Rolls, words: list[str], inputs: list[str]
) -> list[int]:
    """List which of the chosen are shown in a wrong way; fail if others are wrong, too."""
    pairs = enumerate(zip(inputs, _shown(tokens, positions, rolls, words), strict=True))
    return sorted(positions.index(at) for at, (one, other) in pairs if one != other)


def _is_at_border(roll: float) -> bool:
    return roll == 0 or min(abs(roll - 0.8), abs(roll - 0.9)) < 0.005


def _only_borders_wrong(
    tokens: list[str],
    positions: list[int],
    rolls: Rolls,
    words: list[str],
    inputs: list[str],
    labels: dict[int, str],
) -> bool:
    wrong = _wrong_rolls(tokens, positions, rolls, words, inputs)
    return bool(wrong) and all(_is_at_border(rolls[one]) for one in wrong)


def _say_wrong_rolls(
    tokens: list[str],
    positions: list[int],
    rolls: Rolls,
    words: list[str],
    inputs: list[str],
    labels: dict[int, str],
) -> str:
    said = []
    for one in _wrong_rolls(tokens, positions, rolls, words, inputs)[:3]:
        roll, at = rolls[one], positions[one]
        does = {MASK: "hide", words[one]: "replace", tokens[at]: "keep the word"}
        rule = (
            "below 0.8 the word is hidden"
            if roll < 0.8
            else "from 0.8 on, and below 0.9, the random word takes its place"
            if roll < 0.9
            else "from 0.9 on the word is kept"
        )
        yours = does.get(inputs[at], "do something else")
        said.append(
            f"At a roll of {'exactly ' if _is_at_border(roll) else ''}{roll:g} you {yours}; {rule}."
        )
    return " ".join(said)


def _hides_where(inputs: list[str], positions: list[int]) -> set[int]:
    return {at for at in positions if inputs[at] == MASK}


def _high(rolls: Rolls, positions: list[int], higher: Callable[[float, float], bool]) -> set[int]:
    return {at for at, roll in zip(positions, rolls, strict=True) if higher(roll, 0.8)}


def _about_a_list(inputs: list[str], words: list[str]) -> str:
    inner = next(item for item in inputs if isinstance(item, list))
    at = inputs.index(inner)
    said = f"A list sits inside your inputs, at position {at}; each entry is one word."
    if inner == [MASK]:
        return (
            f"{said} The brackets of `'[MASK]'` belong to the text: write them between the quotes, "
            "and none around it."
        )
    if inner == words:
        return (
            f"{said} `random_words` holds the words for all chosen positions; take the one that "
            "belongs to this position."
        )
    return said


def _as_sample(
    tokens: list[str],
    positions: list[int],
    rolls: Rolls,
    random_words: list[str],
    inputs: list[str],
    labels: dict[int, str],
) -> Sample:
    if not set(labels) <= set(range(len(inputs))):
        raise ValueError("a label belongs to no position")
    targets = [labels.get(at, word) for at, word in enumerate(inputs)]
    return encoder_only("masked", inputs, targets, list(labels))


MASKING = Question(
    name="mask_80_10_10",
    parameters=("tokens", "positions", "rolls", "random_words"),
    parts=("inputs", "labels"),
    reference=mask_80_10_10,
    draw=_draw,
    edges=_edges,
    causes=(
        Cause(
            "list_inside_list",
            lambda tokens, at, rolls, words, inputs, labels: any(
                isinstance(item, list) for item in inputs
            ),
            lambda tokens, at, rolls, words, inputs, labels: _about_a_list(inputs, words),
            about_python=True,
            seen=True,
        ),
        Cause(
            "inserted_instead_of_replaced",
            lambda tokens, at, rolls, words, inputs, labels: (
                len(inputs) > len(tokens) and stand_in_order(tokens, inputs)
            ),
            "Your list has grown: every word of the sentence is still in it, and what you put in "
            "stands beside it. `insert` and `append` add an item; `inputs[position] = ...` puts it "
            "in the place of the word.",
            about_python=True,
            seen=True,
        ),
        Cause(
            "stopped_after_first",
            lambda tokens, at, rolls, words, inputs, labels: (
                labels == {p: tokens[p] for p in at[:1]}
                and inputs == _shown(tokens, at[:1], rolls[:1], words[:1])
            ),
            "Only the first chosen position was dealt with. If you have a loop, look how far "
            "`return` is indented: inside the loop it ends the first round.",
            about_python=True,
        ),
        Cause(
            "word_taken_for_position",
            lambda tokens, at, rolls, words, inputs, labels: (
                copies_changed(tokens, inputs, _shown(tokens, at, rolls, words), at)
                or copies_labelled(tokens, labels, at)
            ),
            lambda tokens, at, rolls, words, inputs, labels: position_counts(tokens, at),
            may_be_right=True,
        ),
        Cause(
            "positions_sorted",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, sorted(at), rolls, words)
            ),
            "You go through the sentence from left to right, but the positions may come in any "
            "order. The first roll belongs to the position that is listed first.",
        ),
        Cause(
            "others_touched",
            lambda tokens, at, rolls, words, inputs, labels: (
                len(inputs) == len(tokens) and _others(inputs, at) != _others(tokens, at)
            ),
            "You change a token at a position that was not chosen.",
            seen=True,
        ),
        Cause("border_on_the_wrong_side", _only_borders_wrong, _say_wrong_rolls, may_be_right=True),
        Cause(
            "rolls_not_used",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, rolls, words, 2, 2)
            ),
            "You hide every chosen token, whatever its roll. A roll below 0.8 hides, from there to "
            "0.9 it replaces, and the rest keeps the word. If you do compare the rolls: they go "
            "from 0 to 1, so eighty in a hundred are below 0.8, not below 80.",
        ),
        Cause(
            "mask_overwritten",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, rolls, words, hide=0)
            ),
            "Nothing is hidden: a random word stands there, too, where the roll is below 0.8. If "
            "you do write [MASK], perhaps a second `if` writes over it, or you ask for 0.9 before "
            "you ask for 0.8. Ask for 0.8 first, and use `elif` for 0.9.",
            about_python=True,
        ),
        Cause(
            "mask_overwritten",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, [roll if roll >= 0.8 else 1 for roll in rolls], words)
            ),
            "Nothing is hidden: the word is still there where the roll is below 0.8. Either [MASK] "
            "is never put into the list, which takes one `=`, or something further down writes "
            "over it, such as the `else` of a second `if`; then use `elif` for that one.",
            about_python=True,
        ),
        Cause(
            "rolls_read_backwards",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, [1 - roll for roll in rolls], words)
                or _hides_where(inputs, at) in (_high(rolls, at, gt), _high(rolls, at, ge))
            ),
            "You hide when the roll is high. Eighty rolls in a hundred are *below* 0.8, and those "
            "hide.",
        ),
        Cause(
            "kept_and_replaced_swapped",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, _swapped(rolls), words)
            ),
            "Replacing and keeping are swapped: from 0.8 up to 0.9 replaces, from 0.9 keeps.",
        ),
        Cause(
            "nothing_kept",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, rolls, words, replace=2)
            ),
            "Every token that is not hidden gets replaced. From 0.9 on the model should see the "
            "right word, so that it cannot take every word it reads for wrong.",
        ),
        Cause(
            "nothing_replaced",
            lambda tokens, at, rolls, words, inputs, labels: (
                inputs == _shown(tokens, at, rolls, words, replace=0)
            ),
            "No token gets replaced. From 0.8 up to 0.9 a random word takes its place.",
        ),
        Cause(
            "random_word_of_another",
            lambda tokens, at, rolls, words, inputs, labels: any(
                inputs[p] in words and inputs[p] != word for p, word in zip(at, words, strict=True)
            ),
            "A random word stands at the wrong place. Positions, rolls and random words belong "
            "together: the first with the first, the second with the second, used or not.",
            seen=True,
        ),
        Cause(
            "word_of_your_own",
            lambda tokens, at, rolls, words, inputs, labels: any(
                isinstance(inputs, list)
                and isinstance(inputs[p], str)
                and inputs[p] not in (MASK, *tokens, *words)
                and 0.8 <= roll < 0.9
                for p, roll in zip(at, rolls, strict=True)
            ),
            "You put in a word that was not given. The one for each position is in `random_words`; "
            "the loop hands it to you as `random_word`, which is written without quotes.",
            seen=True,
        ),
        Cause(
            "rolls_not_followed",
            lambda tokens, at, rolls, words, inputs, labels: (
                _wrong_rolls(tokens, at, rolls, words, inputs)
                and all(
                    inputs[p] in (MASK, word, tokens[p]) for p, word in zip(at, words, strict=True)
                )
            ),
            lambda *case: (
                f"What you show does not follow the rolls. {_say_wrong_rolls(*case)} If you roll "
                "yourself: use the rolls that you are given."
            ),
            seen=True,
        ),
        Cause(
            "labels_hold_what_is_read",
            lambda tokens, at, rolls, words, inputs, labels: labels == {p: inputs[p] for p in at},
            "Your labels hold what the model reads. They should hold the original words.",
        ),
        Cause(
            "only_last_label",
            lambda tokens, at, rolls, words, inputs, labels: (
                labels == {p: tokens[p] for p in at[-1:]}
            ),
            "Only the last label is left. In a loop `labels = ...` starts anew in each round; "
            "`labels[position] = ...` adds one.",
            about_python=True,
        ),
        Cause(
            "kept_tokens_not_asked",
            lambda tokens, at, rolls, words, inputs, labels: (
                set(labels) == {p for p, roll in zip(at, rolls, strict=True) if roll < 0.9}
            ),
            "A chosen token that was kept has no label. All chosen tokens are asked for; that is "
            "why the model may not simply trust a word that it can read.",
        ),
        Cause(
            "only_masks_asked",
            lambda tokens, at, rolls, words, inputs, labels: (
                set(labels) == {p for p, roll in zip(at, rolls, strict=True) if roll < 0.8}
            ),
            "Only hidden tokens have a label. All chosen tokens are asked for, also those that "
            "were replaced or kept.",
        ),
        Cause(
            "labels_for_others",
            lambda tokens, at, rolls, words, inputs, labels: set(labels) > set(at),
            "You ask for tokens that were not chosen. The loss counts at the chosen positions "
            "only.",
            seen=True,
        ),
        Cause(
            "labels_as_list",
            lambda tokens, at, rolls, words, inputs, labels: type(labels) is type(inputs) is list,
            "Your labels are a list; give a dictionary from position to original word.",
            seen=True,
        ),
    ),
    read_again="notebook 02_three_routes, “The mismatch”",
    as_sample=_as_sample,
)

QUESTIONS = (MASKING,)
