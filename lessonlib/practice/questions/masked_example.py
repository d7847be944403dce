"""The lesson's second builder as a question: a masked text and its labels."""

from random import Random

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.words import (
    ANOTHER_SENTENCE,
    SHOWN,
    copies_changed,
    copies_labelled,
    distinct,
    position_counts,
    repeating,
    stand_in_order,
)
from lessonlib.samples import (
    MASK,
    Sample,
    build_masked_example,
)
from lessonlib.samples.sample import encoder_only

NOTEBOOK = "notebook 03_three_samples"


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


def _as_sample(
    tokens: list[str], positions: list[int], masked: list[str], labels: dict[int, str]
) -> Sample:
    if not set(labels) <= set(range(len(masked))):
        raise ValueError("a label belongs to no position")
    targets = [labels.get(at, word) for at, word in enumerate(masked)]
    return encoder_only("masked", masked, targets, list(labels))


def _hidden(tokens: list[str], positions: list[int], token: str = MASK) -> list[str]:
    return [token if at in positions else word for at, word in enumerate(tokens)]


def _replacement(tokens: list[str], positions: list[int], masked: list[str]) -> str | None:
    """Tell which one token stands at all masked positions, if the rest is untouched."""
    used = {masked[at] for at in positions}
    token = used.pop() if len(used) == 1 else None
    return token if masked == _hidden(tokens, positions, token) else None


MASKED = Question(
    name="build_masked_example",
    parameters=("tokens", "mask_positions"),
    parts=("masked", "labels"),
    reference=build_masked_example,
    draw=_draw,
    edges=_edges,
    causes=(
        ANOTHER_SENTENCE,
        Cause(
            "inserted_instead_of_replaced",
            lambda tokens, positions, masked, labels: (
                len(masked) > len(tokens) and stand_in_order(tokens, masked)
            ),
            "Your list has grown: every word of the sentence is still in it, and what you put in "
            "stands beside it. `insert` and `append` add an item; `masked[position] = ...` puts it "
            "in the place of the word.",
            about_python=True,
            seen=True,
        ),
        Cause(
            "stopped_after_first",
            lambda tokens, positions, masked, labels: (
                labels == {at: tokens[at] for at in positions[:1]}
                and masked == _hidden(tokens, positions[:1])
            ),
            "You mask one position only, the first. Walk over all of them with a loop. If you have "
            "one, perhaps a `return` stands inside it and ends it in its first round; then move "
            "that `return` out by one indent.",
            about_python=True,
        ),
        Cause(
            "labels_hold_mask_token",
            lambda tokens, positions, masked, labels: labels == dict.fromkeys(positions, MASK),
            "Your labels hold [MASK] instead of the words. If you save each word after you have "
            "written over it, turn this round: save first, then mask.",
        ),
        Cause(
            "mask_token_missing",
            lambda tokens, positions, masked, labels: masked == tokens,
            "Nothing is hidden: the mask token [MASK] is missing, so the model can read the "
            "answers off its input.",
        ),
        Cause(
            "masked_tokens_deleted",
            lambda tokens, positions, masked, labels: (
                masked == [word for at, word in enumerate(tokens) if at not in positions]
                or (len(masked) == len(tokens) - len(positions) and set(masked) <= set(tokens))
            ),
            "You take the words out (`pop`, `remove` and `del` do). Masked LM puts [MASK] in "
            "their place, so that every other word keeps its position.",
        ),
        Cause(
            "masked_the_others",
            lambda tokens, positions, masked, labels: (
                masked == [word if at in positions else MASK for at, word in enumerate(tokens)]
            ),
            "You mask all words but those that you should: the test for a masked position is the "
            "wrong way round.",
        ),
        Cause(
            "positions_off_by_one",
            lambda tokens, positions, masked, labels: any(
                masked == _hidden(tokens, [at + step for at in positions]) for step in (-1, 1)
            ),
            "You mask the neighbours of the positions you should: positions start at 0, not at 1.",
        ),
        Cause(
            "word_taken_for_position",
            lambda tokens, positions, masked, labels: (
                copies_changed(tokens, masked, _hidden(tokens, positions), positions)
                or copies_labelled(tokens, labels, positions)
            ),
            lambda tokens, positions, masked, labels: position_counts(tokens, positions),
            may_be_right=True,
        ),
        Cause(
            "mask_token_misspelt",
            lambda tokens, positions, masked, labels: (
                _replacement(tokens, positions, masked) not in (MASK, None, *tokens)
            ),
            "The right positions are hidden, but the mask token is not spelt [MASK]: square "
            "brackets, capitals, as one token.",
            seen=True,
        ),
        Cause(
            "labels_for_unmasked_positions",
            lambda tokens, positions, masked, labels: (
                isinstance(labels, dict)
                and set(labels) > set(positions)
                and set(labels) <= set(range(len(tokens)))
            ),
            "You give labels for unmasked positions. The model is asked about hidden words only; a "
            "label for a word that it can see rewards copying.",
            seen=True,
        ),
        Cause(
            "labels_for_unmasked_positions",
            lambda tokens, positions, masked, labels: labels == tokens and len(positions) > 1,
            "You give labels for unmasked positions: the whole sentence. The model is asked about "
            "hidden words only, so give a dictionary from each masked position to its word.",
            seen=True,
        ),
        Cause(
            "labels_as_list",
            lambda tokens, positions, masked, labels: type(labels) is type(masked) is list,
            "Your labels are a list. It does not say which position each word belongs to; give a "
            "dictionary from position to word.",
            seen=True,
        ),
        Cause(
            "labels_upside_down",
            lambda tokens, positions, masked, labels: (
                labels == {tokens[at]: at for at in positions}
            ),
            "Your dictionary is upside down: it leads from word to position. Two positions can "
            "hold the same word, so the position is the key.",
            seen=True,
        ),
        Cause(
            "label_keys_are_text",
            lambda tokens, positions, masked, labels: (
                labels == {str(at): tokens[at] for at in positions}
            ),
            "The keys of your labels are text, such as '2'. Positions are numbers.",
            seen=True,
        ),
        Cause(
            "label_keys_count_masks",
            lambda tokens, positions, masked, labels: (
                labels == dict(enumerate(tokens[at] for at in positions))
            ),
            "Your labels are numbered 0, 1, 2 ... in the order of the masks. The key is the word's "
            "position in the sentence.",
        ),
        Cause(
            "labels_missing",
            lambda tokens, positions, masked, labels: (
                isinstance(labels, dict)
                and set(labels) < set(positions)
                and masked == _hidden(tokens, positions)
            ),
            "A masked position has no label, so nobody can tell the model what was there. Every "
            "mask needs its label.",
            seen=True,
        ),
        Cause(
            "labels_are_neighbours",
            lambda tokens, positions, masked, labels: (
                masked == _hidden(tokens, positions)
                and any(
                    labels == {at: tokens[(at + step) % len(tokens)] for at in positions}
                    for step in (-1, 1)
                )
            ),
            "Your labels hold the neighbours of the hidden words. Masked LM shifts nothing: the "
            "label at a position is the word that stood there.",
        ),
    ),
    read_again=f"{NOTEBOOK}, “Rule 2: masked LM fills blanks”",
    as_sample=_as_sample,
)

QUESTIONS = (MASKED,)
