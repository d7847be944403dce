"""Each objective on small texts, worked out by hand, and the laws of each."""

from itertools import pairwise

import pytest
from hypothesis import given

from lessonlib import samples
from lessonlib.samples import EOP, MASK, MID, PRE, SOP, SUF, sentinel
from lessonlib.samples.special import END
from tests.samples import strategies
from tests.samples.strategies import few

A, B, C, D, E = LETTERS = list("abcde")
X0, X1, X2 = map(sentinel, range(3))


def sequence_of(sample):
    return [*sample.inputs, sample.targets[-1]]


# --- continuation


def test_prefix_lm_asks_only_behind_the_prefix():
    sample = samples.prefix_lm(LETTERS, 3)
    asked = [t for t, counts in zip(sample.targets, sample.loss_mask, strict=True) if counts]
    assert asked == [D, E]
    assert sample.attention_mask.astype(int).tolist() == [
        [1, 1, 1, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 0],
        [1, 1, 1, 1],
    ]


@few
@given(strategies.prefix_lm(strategies.awkward_words))
def test_both_forms_of_prefix_lm_ask_the_same(arguments):
    tokens, split, _ = arguments
    one, two = samples.prefix_lm(tokens, split), samples.prefix_lm(tokens, split, "encoder-decoder")
    asked = [t for t, counts in zip(one.targets, one.loss_mask, strict=True) if counts]
    assert asked == two.targets == tokens[split:]


@pytest.mark.parametrize(
    ("start", "end", "order", "expected"),
    [
        (1, 3, "psm", [PRE, A, SUF, D, E, MID, B, C]),
        (3, 1, "psm", [PRE, A, SUF, D, E, MID, B, C]),
        (1, 3, "spm", [PRE, SUF, D, E, MID, A, B, C]),
        (2, 2, "psm", [PRE, A, B, SUF, C, D, E, MID]),
        (2, 2, "spm", [PRE, SUF, C, D, E, MID, A, B]),
        (0, 5, "psm", [PRE, SUF, MID, *LETTERS]),
        (5, 5, "psm", [PRE, *LETTERS, SUF, MID]),
        (0, 0, "spm", [PRE, SUF, *LETTERS, MID]),
    ],
)
def test_the_middle_goes_to_the_end(start, end, order, expected):
    sample = samples.fill_in_middle(LETTERS, start, end, order)
    assert sequence_of(sample) == expected
    assert all(sample.loss_mask)


def test_one_token_is_enough_to_have_a_middle():
    assert sequence_of(samples.fill_in_middle([A], 0, 1)) == [PRE, SUF, MID, A]


@few
@given(strategies.fill_in_middle(strategies.awkward_words))
def test_rearranging_adds_three_marks_and_loses_nothing(arguments):
    sequence = sequence_of(samples.fill_in_middle(*arguments))
    tokens, *_, closed = arguments
    assert sorted(sequence) == sorted([*tokens, PRE, SUF, MID, *[END] * closed])


# --- blanks


def test_masked_with_the_three_kinds_of_replacement_asks_for_all_three():
    sample = samples.masked(LETTERS, [4, 0, 2], [MASK, "random", C])
    assert sample.inputs == ["random", B, C, D, MASK]
    assert sample.loss_mask == [True, False, True, False, True]


@few
@given(strategies.masked(strategies.awkward_words))
def test_masked_has_one_question_for_each_position(arguments):
    tokens, positions, _ = arguments
    sample = samples.masked(*arguments)
    asked = [position for position, counts in enumerate(sample.loss_mask) if counts]
    assert asked == sorted(positions)
    assert sample.targets == tokens


@few
@given(strategies.whole_word_masked(strategies.awkward_words))
def test_whole_words_are_masked_like_all_their_positions(arguments):
    tokens, words = arguments
    together = samples.whole_word_masked(tokens, words)
    alone = samples.masked(tokens, [position for word in words for position in word])
    assert (together.inputs, together.targets) == (alone.inputs, alone.targets)
    assert together.loss_mask == alone.loss_mask


def test_a_replacement_that_is_the_original_counts_as_original():
    sample = samples.replaced_token_detection(LETTERS, [1, 3], ["new", D])
    assert sample.inputs == [A, "new", C, D, E]
    assert sample.targets == [False, True, False, False, False]
    assert sample.loss_mask == [True] * 5


# --- spans


@pytest.mark.parametrize(
    ("spans", "source", "targets"),
    [
        ([], LETTERS, [X0]),
        ([(1, 3)], [A, X0, D, E], [X0, B, C, X1]),
        ([(0, 1), (4, 5)], [X0, B, C, D, X1], [X0, A, X1, E, X2]),
        ([(0, 5)], [X0], [X0, *LETTERS, X1]),
        ([(1, 2), (2, 3)], [A, X0, D, E], [X0, B, C, X1]),
        ([(0, 1), (1, 2), (2, 3), (4, 5)], [X0, D, X1], [X0, A, B, C, X1, E, X2]),
    ],
)
def test_spans_go_behind_numbered_sentinels(spans, source, targets):
    sample = samples.span_corruption(LETTERS, spans)
    assert (sample.source, sample.targets) == (source, targets)


@few
@given(strategies.span_corruption(strategies.awkward_words))
def test_lengths_are_kept_and_noise_plus_sentinels(arguments):
    tokens, spans = arguments
    hidden = sum(end - start for start, end in spans)
    gaps = len(spans) - sum(left[1] == right[0] for left, right in pairwise(spans))
    sample = samples.span_corruption(tokens, spans)
    assert len(sample.source) == len(tokens) - hidden + gaps
    assert len(sample.targets) == hidden + gaps + 1


@pytest.mark.parametrize("denoiser", ["R", "X"])
@few
@given(arguments=strategies.span_corruption(strategies.awkward_words))
def test_ul2_is_span_corruption_behind_a_mode_token(denoiser, arguments):
    tokens, spans = arguments
    sample, plain = samples.ul2(tokens, denoiser, spans), samples.span_corruption(tokens, spans)
    assert sample.source == [f"[{denoiser}]", *plain.source]
    assert sample.targets == plain.targets


@few
@given(strategies.prefix_lm(strategies.awkward_words))
def test_the_sequential_denoiser_is_a_prefix_lm_behind_a_mode_token(arguments):
    tokens, split, _ = arguments
    sample = samples.ul2(tokens, "S", [(split, len(tokens))])
    plain = samples.prefix_lm(tokens, split, "encoder-decoder")
    assert sample.source == ["[S]", *plain.source]
    assert sample.targets == plain.targets


@pytest.mark.parametrize("spans", [[], [(1, 3)], [(0, 5)], [(1, 2), (3, 5)], [(1, 3), (3, 5)]])
def test_the_sequential_denoiser_wants_one_span_to_the_end(spans):
    with pytest.raises(ValueError, match=r"\(start, 5\) with start 1\.\.4"):
        samples.ul2(LETTERS, "S", spans)


# --- noising


@pytest.mark.parametrize(
    ("positions", "source"),
    [([], LETTERS), ([3, 0], [B, C, E]), ([0, 1, 2, 3, 4], [])],
)
def test_deleted_tokens_leave_no_trace(positions, source):
    sample = samples.token_deletion(LETTERS, positions)
    assert (sample.source, sample.targets) == (source, LETTERS)


@pytest.mark.parametrize(
    ("spans", "source"),
    [
        ([], LETTERS),
        ([(1, 3)], [A, MASK, D, E]),
        ([(1, 2), (2, 3)], [A, MASK, MASK, D, E]),
        ([(0, 0)], [MASK, *LETTERS]),
        ([(5, 5)], [*LETTERS, MASK]),
        ([(2, 2), (2, 2)], [A, B, MASK, MASK, C, D, E]),
        ([(1, 1), (1, 3), (3, 3)], [A, MASK, MASK, MASK, D, E]),
        ([(0, 5)], [MASK]),
    ],
)
def test_each_infilled_span_becomes_one_mask(spans, source):
    sample = samples.text_infilling(LETTERS, spans)
    assert (sample.source, sample.targets) == (source, LETTERS)


@few
@given(strategies.sentence_permutation(strategies.awkward_words))
def test_sentences_come_in_the_order_given(arguments):
    sentences, order = arguments
    sample = samples.sentence_permutation(sentences, order)
    rest = sample.source
    for index in order:
        sentence = sentences[index]
        assert rest[: len(sentence)] == sentence
        rest = rest[len(sentence) :]
    assert rest == []
    assert sample.targets == [token for sentence in sentences for token in sentence]


@few
@given(strategies.document_rotation(strategies.awkward_words))
def test_rotation_starts_at_the_offset_and_comes_around(arguments):
    tokens, offset = arguments
    source = samples.document_rotation(tokens, offset).source
    assert all(source[i] == tokens[(i + offset) % len(tokens)] for i in range(len(tokens)))


# --- orders


def test_permuted_positions_see_the_context_and_what_came_before_them():
    sample = samples.permutation_lm(LETTERS, [4, 2, 0, 1, 3], [0, 2])
    assert sample.inputs == [MASK, B, MASK, D, E]
    assert sample.loss_mask == [True, False, True, False, False]
    assert sample.attention_mask.astype(int).tolist() == [
        [0, 1, 1, 1, 1],
        [0, 1, 0, 1, 1],
        [0, 1, 0, 1, 1],
        [0, 1, 0, 1, 1],
        [0, 1, 0, 1, 1],
    ]


@few
@given(strategies.permutation_lm(strategies.awkward_words))
def test_no_predicted_position_may_look_at_its_own_answer(arguments):
    sample = samples.permutation_lm(*arguments)
    assert sample.attention_mask.diagonal().tolist() == [not c for c in sample.loss_mask]


def test_two_orders_make_two_samples_although_they_read_alike():
    one = samples.permutation_lm(LETTERS, [0, 1, 2, 3, 4], [0, 1])
    two = samples.permutation_lm(LETTERS, [4, 3, 2, 1, 0], [0, 1])
    assert one.inputs == two.inputs
    assert one != two


@pytest.mark.parametrize(
    ("spans", "order", "inputs", "targets"),
    [
        ([], [], LETTERS, LETTERS),
        (
            [(1, 3)],
            [0],
            [A, MASK, D, E, SOP, B, C],
            [A, MASK, D, E, B, C, EOP],
        ),
        (
            [(0, 1), (1, 2), (4, 5)],
            [2, 0, 1],
            [MASK, MASK, C, D, MASK, SOP, E, SOP, A, SOP, B],
            [MASK, MASK, C, D, MASK, E, EOP, A, EOP, B, EOP],
        ),
    ],
)
def test_glm_writes_its_spans_in_the_order_given(spans, order, inputs, targets):
    sample = samples.glm(LETTERS, spans, order)
    assert (sample.inputs, sample.targets) == (inputs, targets)


@few
@given(strategies.glm(strategies.awkward_words))
def test_each_piece_of_glm_is_numbered_like_its_mask(arguments):
    sample = samples.glm(*arguments)
    in_text, in_span = samples.glm_positions(*arguments)
    part_a = sample.loss_mask.count(False)
    assert len(in_text) == len(in_span) == len(sample.inputs)
    assert in_text[:part_a] == list(range(part_a))
    assert in_span[:part_a] == [0] * part_a
    openings = [i for i in range(part_a, len(in_span)) if in_span[i] == 1]
    assert [sample.inputs[i] for i in openings] == [SOP] * len(arguments[1])
    assert all(sample.inputs[in_text[i]] == MASK for i in openings)
    masks = sorted(in_text[i] for i in openings)
    assert [in_text[i] for i in openings] == [masks[index] for index in arguments[2]]


@few
@given(strategies.glm(strategies.awkward_words))
def test_part_a_of_glm_never_sees_what_is_written(arguments):
    sample = samples.glm(*arguments)
    part_a = sample.loss_mask.count(False)
    mask = sample.attention_mask
    assert mask[:, :part_a].all()
    assert not mask[:part_a, part_a:].any()
    part_b = mask[part_a:, part_a:]
    assert not any(part_b[q, k] for q in range(len(part_b)) for k in range(q + 1, len(part_b)))
