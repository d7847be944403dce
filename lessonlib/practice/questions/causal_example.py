"""The lesson's first builder as a question: inputs and labels of a causal LM."""

from itertools import pairwise

from lessonlib.practice.question import Case, Cause, Question, seen
from lessonlib.practice.questions.sentences import (
    ANOTHER_SENTENCE,
    JOINED_INTO_TEXT,
    LAST_TOKEN_IN_INPUTS,
    ONE_WORD,
    SHOWN,
    come_again,
    distinct,
    repeating,
    same_but_for,
    taken_for_position,
)
from lessonlib.samples import Sample, build_causal_example


def _as_sample(c: Case) -> Sample:
    # Lists of different lengths are drawn as well: where they do not meet, something is missing.
    length = max(len(c.inputs), len(c.labels))
    reads, says = (part + [""] * (length - len(part)) for part in (c.inputs, c.labels))
    asked = [at < len(c.labels) for at in range(length)]
    return Sample("causal", None, reads, says, asked, ("causal", length))


def _is_label_of_a_copy(c: Case) -> bool:
    pairs = enumerate(zip(c.labels, c.tokens[1:], strict=True))
    wrong = [at for at, (label, right) in pairs if label != right]
    known = [*pairwise(c.tokens)]
    return c.inputs == c.tokens[:-1] and all((c.tokens[at], c.labels[at]) in known for at in wrong)


def _looks_words_up(c: Case) -> bool:
    copies = come_again(c.tokens)
    pairs = (c.inputs, c.tokens[:-1]), (c.labels, c.tokens[1:])
    return all(same_but_for(copies, *pair) for pair in pairs) or _is_label_of_a_copy(c)


CAUSAL = Question(
    reference=build_causal_example,
    parts=("inputs", "labels"),
    draw=lambda rng: (distinct(rng),),
    edges=lambda rng: [(distinct(rng, 2, 2),), (SHOWN,), (repeating(rng),)],
    causes=(
        ANOTHER_SENTENCE,
        seen("labels_not_shifted", lambda c: c.labels == c.inputs and c.inputs[0] in c.tokens),
        seen(
            "shifted_the_wrong_way",
            lambda c: c.inputs == c.tokens[1:] and c.labels == c.tokens[:-1],
        ),
        seen(
            "shifted_the_wrong_way",
            lambda c: (
                len(c.labels) > 1 and c.labels[1:] == c.inputs[:-1] == c.tokens[: len(c.labels) - 1]
            ),
            text="label_before_its_input",
        ),
        Cause(
            "shifted_twice",
            lambda c: c.inputs == c.tokens[: len(c.inputs)] and c.labels == c.tokens[2:],
        ),
        LAST_TOKEN_IN_INPUTS,
        seen(
            "label_wraps_around",
            lambda c: c.inputs == c.tokens and c.labels == c.tokens[1:] + c.tokens[:1],
        ),
        seen(
            "label_made_up",
            lambda c: (
                c.inputs == c.tokens
                and c.labels[:-1] == c.tokens[1:]
                and len(c.labels) == len(c.tokens)
            ),
        ),
        seen("start_token_added", lambda c: c.labels == c.tokens and c.inputs[1:] == c.tokens[:-1]),
        Cause(
            "first_token_lost", lambda c: c.inputs == c.tokens[1:-1] and c.labels == c.tokens[2:]
        ),
        Cause("only_the_last_label", lambda c: c.labels in (c.tokens[-1], c.tokens[-1:])),
        Cause(
            "prefixes_as_inputs",
            lambda c: (
                len(c.inputs) > 0
                and c.inputs == [c.tokens[: at + 1] for at in range(len(c.inputs))]
            ),
        ),
        Cause("cut_too_short", lambda c: c.inputs == c.tokens[:1] and c.labels == c.tokens[1:2]),
        seen(
            "cut_too_short",
            lambda c: (
                0 < len(c.inputs) < len(c.tokens) - 1
                and c.inputs == c.tokens[: len(c.inputs)]
                and c.labels == c.tokens[1 : 1 + len(c.labels)]
            ),
            text="stops_too_early",
        ),
        ONE_WORD,
        JOINED_INTO_TEXT,
        seen("labels_as_dict", lambda c: isinstance(c.labels, dict)),
        seen(
            "pairs_instead_of_lists",
            lambda c: c.value == [list(pair) for pair in pairwise(c.tokens)],
            whole=True,
        ),
        taken_for_position(_looks_words_up, may_be_right=True),
    ),
    as_sample=_as_sample,
)
