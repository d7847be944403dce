"""The explorer follows the sentence and its sliders, and answers bad input in place."""

import time

import ipywidgets as widgets
import pytest

from lessonlib import build_masked_example, build_span_corruption, explore
from lessonlib.pieces import BytePairs, counted
from lessonlib.views.explorers.base import MOST_TOKENS
from lessonlib.views.explorers.sentence import AS_PIECES, AS_WORDS, masked_strip
from tests.views.html_tables import read_rows, read_tables


def descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from descendants(child)


@pytest.fixture
def explorer():
    return explore()


def test_it_starts_at_the_lessons_values(explorer):
    assert explorer.sentence.value == "transformer models learn patterns from large text corpora"
    assert explorer.mask_positions == [2, 5]
    assert explorer.span.value == (2, 5)


def test_it_shows_the_values_as_the_lesson_prints_them(explorer):
    assert (
        "masked labels : {2: &#x27;learn&#x27;, 5: &#x27;large&#x27;}" in explorer.masked_view.value
    )
    assert "causal inputs : [" in explorer.causal_view.value
    assert "span target : [&#x27;&lt;extra_id_0&gt;&#x27;, " in explorer.span_view.value


def test_moving_a_mask_moves_the_blank(explorer):
    explorer.masks.children[0].value = 0
    inputs, _ = build_masked_example(explorer.tokens, [0, 5])
    (table,) = read_tables(explorer.masked_view.value)
    assert read_rows(table, "reads") == inputs


def test_moving_the_span_moves_the_gap(explorer):
    explorer.span.value = (0, 8)
    source, target = build_span_corruption(explorer.tokens, 0, 8)
    encoder, decoder = read_tables(explorer.span_view.value)
    assert read_rows(encoder, "reads") == source
    assert read_rows(decoder, "must write") == target


@pytest.mark.parametrize(
    ("moved", "left"),
    [((5, 5), (4, 5)), ((2, 2), (2, 3)), ((8, 8), (7, 8)), ((0, 0), (0, 1))],
)
def test_a_span_whose_ends_meet_keeps_one_token(explorer, moved, left):
    explorer.span.value = moved
    assert explorer.span.value[1] - explorer.span.value[0] == 1
    assert "span hides" in explorer.span_view.value


@pytest.mark.parametrize("count", range(9))
def test_there_are_as_many_sliders_as_masks_each_on_its_own_token(explorer, count):
    explorer.how_many.value = count
    assert len(explorer.mask_positions) == len(set(explorer.mask_positions)) == count
    assert explorer.masked_view.value.count("↓") == count


def test_a_mask_that_is_moved_pushes_the_others(explorer):
    explorer.how_many.value = 3
    explorer.masks.children[0].value = 5
    assert explorer.mask_positions == [5, 6, 7]
    explorer.masks.children[0].value = 7
    assert explorer.mask_positions == [5, 6, 7]
    explorer.masks.children[2].value = 0
    assert explorer.mask_positions == [0, 1, 2]


@pytest.mark.parametrize("sentence", ["one two", "a b c d e f g h i j k l", "same same same"])
def test_the_sliders_follow_the_sentence(explorer, sentence):
    explorer.sentence.value = sentence
    last = len(sentence.split()) - 1
    assert all(slider.max == last for slider in explorer.masks.children)
    assert all(position <= last for position in explorer.mask_positions)
    assert len(set(explorer.mask_positions)) == len(explorer.mask_positions)
    assert explorer.span.max == last + 1
    assert explorer.causal_view.value.count("↓") == last


@pytest.mark.parametrize("sentence", ["", "   ", "word", "w " * (MOST_TOKENS + 1)])
def test_a_sentence_that_cannot_be_drawn_is_answered_in_place(explorer, sentence):
    explorer.sentence.value = sentence
    assert "lesson-message" in explorer.causal_view.value
    assert not explorer.masked_view.value
    assert not explorer.span_view.value
    explorer.sentence.value = "back to something"
    assert explorer.causal_view.value.count("↓") == 2


@pytest.mark.parametrize("sentence", ["", "word", "two words", "three words here"])
def test_it_opens_on_any_sentence(sentence):
    explorer = explore(text=sentence)
    assert explorer.sentence.value == sentence
    assert explorer.causal_view.value


def test_a_list_of_tokens_is_refused_with_an_example():
    with pytest.raises(TypeError, match="one string"):
        explore(["a", "b"])


def test_it_is_built_from_core_widgets_only(explorer):
    assert not [w for w in descendants(explorer) if isinstance(w, widgets.Output)]
    kinds = {type(w) for w in descendants(explorer)}
    assert {widgets.IntSlider, widgets.IntRangeSlider, widgets.Text, widgets.HTML} <= kinds


def test_its_stored_text_names_every_control_with_its_value(explorer):
    text = explorer._repr_mimebundle_()["text/plain"]
    for control in [explorer.how_many, *explorer.masks.children, explorer.span]:
        assert f"{control.description}: {control.value}" in text


def test_masked_strip_leaves_its_arguments_alone():
    positions = [3, 1, 3]
    masked_strip(["a", "b", "c", "d"], positions)
    assert positions == [3, 1, 3]


def test_a_callback_takes_far_less_than_the_way_to_the_page(explorer):
    """At most 2 ms for a strip; the quickest of many, because a busy machine is not our doing."""
    slider, seconds = explorer.masks.children[0], []
    for step in range(40):
        started = time.perf_counter()
        slider.value = step % 2
        seconds.append(time.perf_counter() - started)
    assert min(seconds) <= 0.002


TOKENIZER = BytePairs.learn(counted(["models learn pieces of words"]), 8)


def test_a_switch_makes_tokens_of_pieces_and_words_again():
    explorer = explore("models learn well", TOKENIZER)
    assert explorer.tokens == ["models", "learn", "well"]
    explorer.kind.value = AS_PIECES
    pieces = TOKENIZER.cut("models learn well")
    assert explorer.tokens == pieces
    assert explorer.span.max == len(pieces) > 3
    (table,) = read_tables(explorer.masked_view.value)
    hidden = build_masked_example(pieces, explorer.mask_positions)
    assert read_rows(table, "reads") == hidden[0]
    explorer.kind.value = AS_WORDS
    assert explorer.span.max == 3
    assert all(position < 3 for position in explorer.mask_positions)


def test_masks_move_over_pieces_and_the_switch_stays_among_the_controls():
    explorer = explore("models learn", TOKENIZER)
    explorer.kind.value = AS_PIECES
    explorer.how_many.value = 3
    last = explorer.span.max - 1
    explorer.masks.children[0].value = last
    assert explorer.mask_positions == [last - 2, last - 1, last]
    assert explorer.kind in explorer.controls
    assert f"tokens are: {AS_PIECES}" in repr(explorer)


def test_without_a_tokenizer_there_is_no_switch():
    explorer = explore()
    assert explorer.kind not in explorer.controls
    assert explorer.kind not in descendants(explorer)
