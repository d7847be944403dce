"""Each explorer draws what its builders make, for every setting a learner can reach."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.models.unmasking import unmask
from lessonlib.pieces import BytePairs, counted, places
from lessonlib.samples import (
    MASK,
    SENTENCE,
    masked,
    packed,
    prefix_lm,
    span_corruption,
    text_infilling,
    ul2,
    whole_word_masked,
)
from lessonlib.views import (
    explore_attention,
    explore_cuts,
    explore_denoisers,
    explore_merges,
    explore_noise,
    explore_passes,
    explore_prefix,
    explore_spans,
    explore_whole_words,
    explore_windows,
)
from lessonlib.views.explorers.attention import (
    ACROSS,
    BOTH,
    DECODER,
    ENCODER,
    MAY_LOOK,
    PREFIX,
    WITHIN,
    attention_grid,
    attention_picture,
)
from lessonlib.views.explorers.noise import LENGTH, noise_picture
from lessonlib.views.explorers.spans import CONTINUE, spans_strips
from lessonlib.views.strips import strip
from tests.views.html_tables import read_rows, read_tables

TOKENS = "transformer models learn patterns from large text corpora".split()
TOKENIZER = BytePairs.learn(counted([SENTENCE]), 20)


def merges(text=SENTENCE):
    return explore_merges(TOKENIZER, text)


def cuts(text=SENTENCE):
    return explore_cuts({"BPE": TOKENIZER, "letters": TOKENIZER.after(0)}, text)


def passes():
    return explore_passes(lambda passes, order, rng: (unmask(guess, 4, min(passes, 4), rng), True))


def guess(draft):
    return [{"a": 0.5, "b": 0.5}] * draft.count(None)


WITH_SLIDERS_OVER_IT = [
    explore_attention,
    explore_denoisers,
    explore_prefix,
    explore_spans,
    explore_windows,
]
WITH_SENTENCE = [*WITH_SLIDERS_OVER_IT, merges, cuts]
ALL = [*WITH_SENTENCE, explore_noise, passes]


@pytest.mark.parametrize("explore", ALL)
def test_its_stored_text_names_every_control(explore):
    explorer = explore()
    text = explorer._repr_mimebundle_()["text/plain"]
    for control in explorer.controls:
        assert f"{control.description}: {control.value}" in text
    assert "Slider" not in text


@pytest.mark.parametrize("explore", ALL)
def test_no_reachable_setting_raises(explore):
    explorer = explore()
    for control in explorer.controls:
        start = control.value
        if hasattr(control, "options"):
            values = control.options
        elif isinstance(start, tuple):
            values = [(0, 0), (0, control.max), (control.max, control.max)]
        elif isinstance(start, bool):
            values = [True, False]
        elif isinstance(start, int):
            values = [control.min, control.max]
        else:
            values = ["", "one", "two words", "a <b> & c d", "w " * 300, start]
        for value in values:
            control.value = value
            assert explorer.view.value
        control.value = start


@pytest.mark.parametrize("explore", WITH_SLIDERS_OVER_IT)
def test_sliders_follow_the_sentence(explore):
    explorer = explore("one two three")
    for control in explorer.controls:
        if hasattr(control, "max"):
            assert control.max <= 3
    explorer.controls[0].value = "a b c d e f g h i j k l"
    assert max(c.max for c in explorer.controls if hasattr(c, "max")) >= 11


@pytest.mark.parametrize("explore", WITH_SENTENCE)
def test_a_list_is_refused_with_an_example(explore):
    with pytest.raises(TypeError, match="one string"):
        explore(["a", "b"])


def test_an_attention_grid_shows_the_mask_cell_by_cell():
    mask = np.array([[True, False], [True, True]])
    (table,) = read_tables(attention_grid(mask, ["a", "b"], ["x", "<y>"], "who looks", 1))
    assert table[0] == ["who looks", "x", "<y>"]
    assert [[cell == MAY_LOOK for cell in row[1:]] for row in table[1:]] == mask.tolist()
    assert table[2][0].startswith("▶")


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"need \(1, 2\)"):
        attention_grid(np.ones((2, 2), bool), ["a"], ["x", "y"], "who looks")


@given(
    st.sampled_from([DECODER, PREFIX, ENCODER, BOTH, WITHIN, ACROSS]),
    st.integers(0, 9),
    st.integers(1, 9),
)
@settings(max_examples=60)
def test_the_sentence_in_words_and_the_grid_agree(architecture, position, split):
    html = attention_picture(TOKENS, architecture, position, split)
    words = re.search(r"may look at: (.*?)\.</p>", html)[1].split(", ")
    rows = [row for table in read_tables(html) for row in table if row[0].startswith("▶")]
    assert len(words) == sum(row.count(MAY_LOOK) for row in rows)


def test_prefix_explorer_draws_both_forms():
    explorer = explore_prefix()
    explorer.controls[1].value = 5
    assert explorer.view.value == strip(prefix_lm(TOKENS, 5)) + strip(
        prefix_lm(TOKENS, 5, architecture="encoder-decoder")
    )


def test_gaps_are_read_from_left_to_right_whichever_slider_they_come_from():
    assert spans_strips(TOKENS, (5, 7), (1, 2)) == spans_strips(TOKENS, (1, 2), (5, 7))


def test_an_empty_gap_is_a_mask_for_bart_and_nothing_for_t5():
    drawn = spans_strips(TOKENS, (1, 2), (4, 4))
    assert strip(span_corruption(TOKENS, [(1, 2)])) in drawn
    assert "A gap is closed" in drawn
    assert strip(text_infilling(TOKENS, [(1, 2), (4, 4)])) in drawn


def test_overlapping_gaps_are_answered_in_place():
    explorer = explore_spans()
    explorer.controls[1].value = (3, 6)
    assert "overlap" in explorer.view.value
    assert "lesson-message" in explorer.view.value


def test_touching_gaps_are_explained():
    assert "touch" in spans_strips(TOKENS, (1, 3), (3, 5))
    assert "touch" not in spans_strips(TOKENS, (1, 3), (4, 5))


def test_the_mode_that_continues_hides_everything_to_the_end():
    explorer = explore_denoisers()
    explorer.controls[1].value = CONTINUE
    assert strip(ul2(TOKENS, "S", [(3, 8)])) in explorer.view.value


@pytest.mark.parametrize("percent", [5, 15, 50, 80])
def test_the_noise_explorer_shows_the_bias_and_its_cure(percent):
    assert "first token is hidden in 0 % of the texts, the last one in 100 %" in noise_picture(
        percent, 3, False
    )
    rolled = re.search(r"first token is hidden in (\d+) %", noise_picture(percent, 3, True))
    assert abs(int(rolled[1]) - percent) < 20


def test_span_lengths_add_up_to_what_is_hidden():
    for percent, mean in itertools.product([15, 50], [1, 3, 6]):
        html = noise_picture(percent, mean, False)
        said = re.search(r"Lengths of the hidden spans: (.*?)\"", html)[1]
        shares = [int(share) for share in re.findall(r"(\d+) % are", said)]
        assert abs(sum(shares) - 100) <= LENGTH


def test_two_documents_make_two_blocks_and_a_place_without_a_question():
    explorer = explore_windows("a b c d")
    _, looks, _, second = explorer.controls
    second.value = 2
    (grid,) = read_tables(explorer.view.value)
    shown = [[cell == MAY_LOOK for cell in row[1:]] for row in grid[1:]]
    assert shown == packed([["a", "b"], ["c", "d"]]).attention_mask.tolist()
    assert explorer.views[1].value == strip(packed([["a", "b"], ["c", "d"]]))
    looks.value = ACROSS
    assert explorer.views[1].value == strip(packed([["a", "b"], ["c", "d"]], across=True))


def test_merges_are_told_and_join_more_with_each_move():
    explorer = merges()
    drawn = {}
    for number in (0, 5, 20):
        explorer.controls[1].value = number
        (row,) = read_tables(explorer.view.value)
        drawn[number] = read_rows(row, "pieces")
        assert drawn[number] == TOKENIZER.after(number).cut(SENTENCE)
    assert len(drawn[0]) > len(drawn[5]) > len(drawn[20])
    assert " + ".join(TOKENIZER.merges[19]) in explorer.view.value
    with pytest.raises(TypeError, match="learned merges"):
        explore_merges(SENTENCE)


def test_each_tokenizer_has_its_row():
    first, second = read_tables(cuts("learn text").view.value)
    assert read_rows(first, "BPE") == TOKENIZER.cut("learn text")
    assert read_rows(second, "letters") == TOKENIZER.after(0).cut("learn text")


def test_pieces_are_hidden_alone_or_with_the_rest_of_their_word():
    explorer = explore_whole_words(TOKENIZER, "unread models")
    words = TOKENIZER.words("unread models")
    assert len(words[0]) > 2
    pieces = [piece for word in words for piece in word]
    assert explorer.view.value == strip(masked(pieces, [1]))
    explorer.whole.value = True
    assert explorer.view.value == strip(whole_word_masked(pieces, [range(len(words[0]))]))
    explorer.clickable.value = [1, len(pieces) - 1]
    assert explorer.view.value == strip(whole_word_masked(pieces, places(words)))
    explorer.sentence.value = "read it"
    assert explorer.clickable.tokens == TOKENIZER.cut("read it")
    explorer.sentence.value = ""
    assert "lesson-message" in explorer.view.value


@pytest.mark.parametrize("explorer", [merges(), cuts(), explore_whole_words(TOKENIZER)])
def test_what_was_learned_from_installed_text_is_not_stored(explorer):
    assert "▁" not in explorer.reading_form()


def test_each_pass_is_a_row_with_fewer_blanks():
    explorer = passes()
    explorer.controls[0].value = 2
    (rows,) = read_tables(explorer.view.value)
    assert [row.count(MASK) for row in rows] == [4, 2, 0]
    explorer.controls[0].value = 1
    (rows,) = read_tables(explorer.view.value)
    assert len(rows) == 2
