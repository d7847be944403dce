"""Two ways to make a decoder read ahead: a prefix, and a middle that is written last."""

from collections import Counter
from random import Random

from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.questions.words import (
    ANOTHER_SENTENCE,
    distinct,
    position_counts,
    repeating,
    with_a_span,
)
from lessonlib.samples import MID, PRE, SUF, Sample, fill_in_middle, prefix_lm
from lessonlib.samples.sample import decoder_only

#: The sentence that the exercise shows.
SHOWN = ["rain", "falls", "on", "quiet", "roofs"]


def build_prefix_example(tokens: list[str], split: int) -> tuple[list[str], list[str], list[bool]]:
    """Shift the sentence by one, and let the loss count behind the prefix only.

    Parameters
    ----------
    tokens : list of str
        The sentence.
    split : int
        How many tokens the prefix has.

    Returns
    -------
    tuple
        Inputs, labels, and for each label whether it counts.

    Notes
    -----
    Raffel et al. 2020, T5, sections 3.2.1 and 3.2.3.
    """
    sample = prefix_lm(tokens, split)
    return sample.inputs, sample.targets, sample.loss_mask


def _draw_prefix(rng: Random) -> Arguments:
    tokens = distinct(rng, 9, 11)
    return tokens, rng.randint(4, 5)


def _prefix_edges(rng: Random) -> list[Arguments]:
    tokens = distinct(rng)
    return [(tokens, 1), (tokens, len(tokens) - 1), (repeating(rng), 3), (SHOWN, 2)]


def _counts_from(tokens: list[str], first: int) -> list[bool]:
    return [at >= first for at in range(len(tokens) - 1)]


def _as_prefix_sample(
    tokens: list[str], split: int, inputs: list[str], labels: list[str], counts: list[bool]
) -> Sample:
    if not len(inputs) == len(labels) == len(counts):
        raise ValueError("the three lists differ in length")
    return Sample("prefix_lm", None, inputs, labels, counts, ("prefix", len(inputs), split))


PREFIX = Question(
    name="build_prefix_example",
    parameters=("tokens", "split"),
    parts=("inputs", "labels", "loss_mask"),
    reference=build_prefix_example,
    draw=_draw_prefix,
    edges=_prefix_edges,
    causes=(
        ANOTHER_SENTENCE,
        Cause(
            "split_instead_of_shift",
            lambda tokens, split, inputs, labels, counts: (
                inputs == tokens[:split] and labels == tokens[split:]
            ),
            "You cut the sentence in two. That is how an encoder-decoder gets it. A decoder reads "
            "the whole sequence, shifted by one as in causal LM, and the loss mask does the rest.",
            seen=True,
        ),
        Cause(
            "labels_not_shifted",
            lambda tokens, split, inputs, labels, counts: labels == inputs != [],
            "Your labels are not shifted: each label is the token that comes *next*.",
            seen=True,
        ),
        Cause(
            "shifted_twice",
            lambda tokens, split, inputs, labels, counts: labels == tokens[2:],
            "Your labels are shifted twice: each one is the token after the next.",
        ),
        Cause(
            "last_token_in_inputs",
            lambda tokens, split, inputs, labels, counts: inputs == tokens and labels == tokens[1:],
            "Your inputs keep the last token, after which nothing comes.",
            seen=True,
        ),
        Cause(
            "labels_blanked_out",
            lambda tokens, split, inputs, labels, counts: (
                len(labels) == len(tokens) - 1
                and labels[split - 1 :] == tokens[split:]
                and not set(map(str, labels[: split - 1])) & set(tokens)
            ),
            "You blank out labels inside the prefix. Leave them; it is the loss mask that says "
            "which labels count.",
            seen=True,
        ),
        Cause(
            "loss_mask_too_long",
            lambda tokens, split, inputs, labels, counts: len(counts) == len(tokens),
            "Your loss mask has an entry for each token of the sentence. It needs one for each "
            "label, and there is one label fewer.",
            seen=True,
        ),
        Cause(
            "loss_mask_holds_positions",
            lambda tokens, split, inputs, labels, counts: (
                len(counts) > 1 and max(counts) > 1 and all(type(at) is int for at in counts)
            ),
            "Your loss mask lists positions. It should say True or False for every label.",
            seen=True,
        ),
        Cause(
            "loss_mask_in_words",
            lambda tokens, split, inputs, labels, counts: any(
                isinstance(count, str) for count in counts
            ),
            "Your loss mask holds text. `True` and `False` are written without quotation marks.",
            seen=True,
        ),
        Cause(
            "loss_on_everything",
            lambda tokens, split, inputs, labels, counts: (
                all(counts) and len(counts) == len(tokens) - 1
            ),
            "Every label counts, also those inside the prefix. The prefix is given; its words are "
            "not to be guessed, and position 0 could even see their answers.",
        ),
        Cause(
            "loss_on_the_prefix",
            lambda tokens, split, inputs, labels, counts: (
                counts == [not counted for counted in _counts_from(tokens, split - 1)]
                or counts == [not counted for counted in _counts_from(tokens, split)]
            ),
            "Your loss mask is turned round: the loss counts behind the prefix, not inside it.",
        ),
        Cause(
            "word_taken_for_position",
            lambda tokens, split, inputs, labels, counts: (
                counts == [label not in tokens[:split] for label in labels]
            ),
            lambda tokens, split, inputs, labels, counts: position_counts(tokens, range(split)),
        ),
        Cause(
            "loss_starts_late",
            lambda tokens, split, inputs, labels, counts: counts == _counts_from(tokens, split),
            "Your loss starts one label too late. The last token of the prefix, at `split - 1`, "
            "has the first new word as its label, and that one is a question already.",
        ),
        Cause(
            "loss_starts_early",
            lambda tokens, split, inputs, labels, counts: counts == _counts_from(tokens, split - 2),
            "Your loss starts one label too early: the label at `split - 2` is the last word of "
            "the prefix, which has been read already.",
        ),
    ),
    read_again="notebook 06_variants, “Prefix LM: read both ways, then write”",
    as_sample=_as_prefix_sample,
)


def build_middle_example(tokens: list[str], start: int, end: int) -> list[str]:
    """Move the middle of the sentence to its end, behind markers that say what is where.

    Parameters
    ----------
    tokens : list of str
        The sentence.
    start, end : int
        Where the middle starts, and where the rest begins.

    Returns
    -------
    list of str
        Prefix, suffix and middle, each behind its marker.

    Notes
    -----
    Bavarian et al. 2022, "Efficient training of language models to fill in the middle",
    section 3: the order PSM.
    """
    sample = fill_in_middle(tokens, start, end)
    return [*sample.inputs, sample.targets[-1]]


def _middle_edges(rng: Random) -> list[Arguments]:
    tokens = distinct(rng)
    return [
        (tokens, 0, 3),
        (tokens, 4, len(tokens)),
        (tokens, 3, 3),
        (repeating(rng), 1, 4),
        (SHOWN, 1, 3),
    ]


def _as_middle_sample(tokens: list[str], start: int, end: int, sequence: list[str]) -> Sample:
    return decoder_only("fill_in_middle", sequence)


def _words_of(sequence: list[str], tokens: list[str]) -> list[str]:
    return [item for item in sequence if item in tokens]


def _not_asked_for(sequence: list[str], tokens: list[str]) -> list[str]:
    return [item for item in sequence if item not in {*tokens, PRE, SUF, MID}]


def _arranged_by_words(tokens: list[str], start: int, end: int) -> list[str]:
    """Leave out of the suffix all words that the prefix or the middle has."""
    suffix = [word for word in tokens if word not in tokens[:end]]
    return [PRE, *tokens[:start], SUF, *suffix, MID, *tokens[start:end]]


def _about_the_lost(tokens: list[str], start: int, end: int, sequence: list[str]) -> str:
    """Name the word that is missing, and the border at which it was lost."""
    lost = next(word for word in tokens if sequence.count(word) < tokens.count(word))
    meet = {
        start - 1: "The prefix stops before `start`, so its last word is the one at `start - 1`.",
        start: "The prefix stops before `start`, and the middle begins at `start`.",
        end - 1: "The middle stops before `end`, so its last word is the one at `end - 1`.",
        end: "The suffix begins at `end`, exactly where the middle stops.",
    }
    somewhere = "Each word belongs to one piece."
    # Of a word that comes again nobody can tell which copy was lost.
    border = meet.get(tokens.index(lost), somewhere) if tokens.count(lost) == 1 else somewhere
    return f"`{lost}` is lost. {border}"


MIDDLE = Question(
    name="build_middle_example",
    parameters=("tokens", "start", "end"),
    parts=("sequence",),
    reference=build_middle_example,
    draw=with_a_span,
    edges=_middle_edges,
    causes=(
        ANOTHER_SENTENCE,
        Cause(
            "list_inside_list",
            lambda tokens, start, end, sequence: any(isinstance(item, list) for item in sequence),
            "A list sits inside your list. Join the pieces with `+`; all of it is one sequence.",
            seen=True,
        ),
        Cause(
            "joined_into_text",
            lambda tokens, start, end, sequence: isinstance(sequence, str),
            "You return text. The sequence is a list of tokens, markers among them.",
            seen=True,
        ),
        Cause(
            "markers_missing",
            lambda tokens, start, end, sequence: (
                not {PRE, SUF, MID} & set(sequence) and (len(sequence) == len(tokens))
            ),
            "The markers are missing, so nobody can tell where a piece ends and what it is.",
            seen=True,
        ),
        Cause(
            "marker_too_many",
            lambda tokens, start, end, sequence: (
                len(_not_asked_for(sequence, tokens)) == 1
                and [item for item in sequence if item not in _not_asked_for(sequence, tokens)]
                == build_middle_example(tokens, start, end)
            ),
            lambda tokens, start, end, sequence: (
                f"`{_not_asked_for(sequence, tokens)[0]}` does not belong there. There are "
                "three markers, "
                "and the sequence ends with the middle."
            ),
            seen=True,
        ),
        Cause(
            "markers_misspelt",
            lambda tokens, start, end, sequence: (
                len(sequence) == len(tokens) + 3
                and len(set(sequence) - set(tokens) - {PRE, SUF, MID}) > 0
            ),
            "A marker is not spelt as it should be: <PRE>, <SUF> and <MID>.",
            seen=True,
        ),
        Cause(
            "marker_missing",
            lambda tokens, start, end, sequence: (
                len(sequence) < len(tokens) + 3 and not {PRE, SUF, MID} <= set(sequence)
            ),
            "One of the markers is missing. Each piece has its own in front: <PRE>, <SUF>, <MID>.",
            seen=True,
        ),
        Cause(
            "middle_in_its_place",
            lambda tokens, start, end, sequence: (
                start < end < len(tokens)
                and sequence[-1] == tokens[-1]
                and _words_of(sequence, tokens) == tokens
            ),
            "The middle is still in its place. It has to come last, so that the model has read "
            "both sides before it writes.",
            seen=True,
        ),
        Cause(
            "suffix_first",
            lambda tokens, start, end, sequence: (
                0 < start < end < len(tokens)
                and _words_of(sequence, tokens)
                == [*tokens[end:], *tokens[:start], *tokens[start:end]]
            ),
            "Your suffix comes first. There is such an order too, called SPM; here it is PSM: "
            "prefix, suffix, middle.",
            seen=True,
        ),
        Cause(
            "middle_not_removed",
            lambda tokens, start, end, sequence: (
                start < end
                and Counter(_words_of(sequence, tokens)) == Counter(tokens + tokens[start:end])
            ),
            "The middle appears twice: it has to leave its old place, or the model can copy it.",
            seen=True,
        ),
        Cause(
            "word_taken_for_position",
            lambda tokens, start, end, sequence: sequence == _arranged_by_words(tokens, start, end),
            lambda tokens, start, end, sequence: position_counts(tokens, range(start, end)),
        ),
        Cause(
            "middle_missing",
            lambda tokens, start, end, sequence: (
                start < end and _words_of(sequence, tokens) == tokens[:start] + tokens[end:]
            ),
            "The middle is missing. It comes last, behind <MID>, for it is what the model learns "
            "to write.",
            seen=True,
        ),
        Cause(
            "end_included",
            lambda tokens, start, end, sequence: (
                _words_of(sequence, tokens)
                == tokens[:start] + tokens[end + 1 :] + tokens[start : end + 1]
            ),
            "Your middle includes the token at `end`. It stops just before it, as a slice does.",
        ),
        Cause(
            "token_lost",
            lambda tokens, start, end, sequence: (
                len(_words_of(sequence, tokens)) == len(tokens) - 1
                and {PRE, SUF, MID} <= set(sequence)
            ),
            lambda tokens, start, end, sequence: _about_the_lost(tokens, start, end, sequence),
            seen=True,
        ),
        Cause(
            "markers_behind",
            lambda tokens, start, end, sequence: (
                start > 0 and sequence[0] == tokens[0] and sequence[-1] == MID
            ),
            "Your markers stand behind their pieces. Each one comes first and says what follows.",
            seen=True,
        ),
        Cause(
            "markers_mixed_up",
            lambda tokens, start, end, sequence: (
                len(sequence) == len(tokens) + 3
                and _words_of(sequence, tokens) == tokens[:start] + tokens[end:] + tokens[start:end]
            ),
            "The pieces are in order, but their markers are not: <PRE>, then <SUF>, then <MID>, "
            "each right before its piece.",
            seen=True,
        ),
    ),
    read_again="notebook 06_variants, “Fill in the middle”",
    as_sample=_as_middle_sample,
)

QUESTIONS = (PREFIX, MIDDLE)
