"""The lesson's first builder as a question: inputs and labels of a causal LM."""

from itertools import pairwise
from random import Random

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
)
from lessonlib.samples import (
    Sample,
    build_causal_example,
)

NOTEBOOK = "notebook 03_three_samples"


def _draw(rng: Random) -> Arguments:
    return (distinct(rng),)


def _edges(rng: Random) -> list[Arguments]:
    return [(distinct(rng, 2, 2),), (SHOWN,), (repeating(rng),)]


def _as_sample(tokens: list[str], inputs: list[str], labels: list[str]) -> Sample:
    # Lists of different lengths are drawn as well: where they do not meet, something is missing.
    length = max(len(inputs), len(labels))
    asked = [at < len(labels) for at in range(length)]
    reads = inputs + [""] * (length - len(inputs))
    says = labels + [""] * (length - len(labels))
    return Sample("causal", None, reads, says, asked, ("causal", length))


def _label_of_a_copy(tokens: list[str], inputs: list[str], labels: list[str]) -> bool:
    pairs = enumerate(zip(labels, tokens[1:], strict=True))
    wrong = [at for at, (label, right) in pairs if label != right]
    return inputs == tokens[:-1] and all(
        (tokens[at], labels[at]) in pairwise(tokens) for at in wrong
    )


CAUSAL = Question(
    name="build_causal_example",
    parameters=("tokens",),
    parts=("inputs", "labels"),
    reference=build_causal_example,
    draw=_draw,
    edges=_edges,
    causes=(
        ANOTHER_SENTENCE,
        Cause(
            "labels_not_shifted",
            lambda tokens, inputs, labels: labels == inputs and inputs[0] in tokens,
            "Your labels are not shifted: they repeat the inputs, so the model would only have to "
            "copy what it reads. The label at a position is the token that comes next.",
            seen=True,
        ),
        Cause(
            "shifted_the_wrong_way",
            lambda tokens, inputs, labels: inputs == tokens[1:] and labels == tokens[:-1],
            "Your labels are shifted the wrong way, or you return the two lists in the wrong order "
            "(`inputs` come first, then `labels`). Each of your labels is the token before its "
            "input, which the model has already read; causal LM asks for the next token.",
            seen=True,
        ),
        Cause(
            "shifted_the_wrong_way",
            lambda tokens, inputs, labels: (
                len(labels) > 1 and labels[1:] == inputs[:-1] == tokens[: len(labels) - 1]
            ),
            "Your labels are shifted the wrong way: each one is the token before its input. That "
            "asks for the past, which the model has already read; causal LM asks for the next "
            "token.",
            seen=True,
        ),
        Cause(
            "shifted_twice",
            lambda tokens, inputs, labels: inputs == tokens[: len(inputs)] and labels == tokens[2:],
            "Your labels are shifted twice: each one is the token after the next, so the model "
            "learns to skip one. Shift the labels by one position, once.",
        ),
        Cause(
            "last_token_in_inputs",
            lambda tokens, inputs, labels: inputs == tokens and labels == tokens[1:],
            "Your inputs keep the last token, after which nothing comes: it has no label. Inputs "
            "and labels must be equally long.",
            seen=True,
        ),
        Cause(
            "label_wraps_around",
            lambda tokens, inputs, labels: inputs == tokens and labels == tokens[1:] + tokens[:1],
            "Your last label is the first token: the shift has wrapped around. Nothing comes after "
            "the last token, so it asks no question.",
            seen=True,
        ),
        Cause(
            "label_made_up",
            lambda tokens, inputs, labels: (
                inputs == tokens and labels[:-1] == tokens[1:] and len(labels) == len(tokens)
            ),
            "Your last label is made up, because nothing comes after the last token. Leave that "
            "token out of the inputs instead: it asks no question.",
            seen=True,
        ),
        Cause(
            "start_token_added",
            lambda tokens, inputs, labels: labels == tokens and inputs[1:] == tokens[:-1],
            "You put a token of your own in front. Some models do read one first, but here the "
            "inputs are words of the sentence alone, and its first word is never asked for.",
            seen=True,
        ),
        Cause(
            "first_token_lost",
            lambda tokens, inputs, labels: inputs == tokens[1:-1] and labels == tokens[2:],
            "Your sample starts at the second token. Lists start at position 0, and the first "
            "token is an input too.",
        ),
        Cause(
            "only_the_last_label",
            lambda tokens, inputs, labels: labels in (tokens[-1], tokens[-1:]),
            "You ask for the last token only. Causal LM asks at every position: each input has the "
            "token after it as its label.",
        ),
        Cause(
            "prefixes_as_inputs",
            lambda tokens, inputs, labels: (
                len(inputs) > 0 and inputs == [tokens[: at + 1] for at in range(len(inputs))]
            ),
            "Your inputs are lists inside a list, one for each beginning of the sentence. One list "
            "of tokens is enough: a causal mask keeps each position from seeing what follows.",
        ),
        Cause(
            "cut_too_short",
            lambda tokens, inputs, labels: inputs == tokens[:1] and labels == tokens[1:2],
            "Your sample stops after its first pair. Every token but the last is an input. If you "
            "have a loop, perhaps a `return` stands inside it and ends it in its first round; then "
            "move that `return` out by one indent.",
        ),
        Cause(
            "cut_too_short",
            lambda tokens, inputs, labels: (
                0 < len(inputs) < len(tokens) - 1
                and inputs == tokens[: len(inputs)]
                and labels == tokens[1 : 1 + len(labels)]
            ),
            "The shift is right, but your sample stops too early: every token but the last is an "
            "input.",
            seen=True,
        ),
        ONE_WORD,
        Cause(
            "joined_into_text",
            lambda tokens, inputs, labels: isinstance(inputs, str) or isinstance(labels, str),
            "You return text. The sentence arrives as a list of tokens, and inputs and labels are "
            "lists of tokens too.",
            seen=True,
        ),
        Cause(
            "labels_as_dict",
            lambda tokens, inputs, labels: isinstance(labels, dict),
            "Your labels are a dictionary. Masked LM needs one, as few positions have a label. "
            "In causal LM every input has one, so a list as long as the inputs says it all.",
            seen=True,
        ),
        Cause(
            "pairs_instead_of_lists",
            lambda tokens, value: value == [list(pair) for pair in pairwise(tokens)],
            "You return one pair for each position. The pairs are right; hand them back as two "
            "lists, all inputs and all labels.",
            whole=True,
            seen=True,
        ),
        Cause(
            "word_taken_for_position",
            lambda tokens, inputs, labels: (
                (
                    same_but_for(come_again(tokens), inputs, tokens[:-1])
                    and same_but_for(come_again(tokens), labels, tokens[1:])
                )
                or _label_of_a_copy(tokens, inputs, labels)
            ),
            lambda tokens, inputs, labels: position_counts(tokens),
            may_be_right=True,
        ),
    ),
    read_again=f"{NOTEBOOK}, “Why the labels are shifted”",
    as_sample=_as_sample,
)

QUESTIONS = (CAUSAL,)
