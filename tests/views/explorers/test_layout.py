"""Sliders stay in order whatever is moved, and what is drawn follows from where they stand."""

from itertools import pairwise

import ipywidgets as widgets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.views import explore, explore_denoisers, explore_spans
from lessonlib.views.explorers.base import RUN_THIS_CELL, cannot_draw, move
from lessonlib.views.explorers.layout import in_order, listed
from lessonlib.views.explorers.sentence import (
    MOST_MASKS,
    causal_strip,
    masked_strip,
    span_strip,
)
from tests.views.html_tables import read_rows, read_tables

SENTENCES = st.sampled_from(
    ["", "word", "猫坐在垫子上", "two words", "a b c", "a a a a a", "w " * 12, "w " * 201]
)
few = settings(max_examples=60, deadline=None)


@given(st.data())
def test_the_moved_one_stays_and_the_others_keep_their_distance(data):
    steps = data.draw(st.lists(st.integers(0, 1), max_size=6))
    last = data.draw(st.integers(sum(steps), 12))
    count = len(steps) + 1
    values = data.draw(st.lists(st.integers(0, 12), min_size=count, max_size=count))
    moved = data.draw(st.integers(0, count - 1))
    ordered = in_order(values, moved, steps, last)
    assert all(0 <= value <= last for value in ordered)
    assert all(b - a >= step for (a, b), step in zip(pairwise(ordered), steps, strict=True))
    if sum(steps[:moved]) <= values[moved] <= last - sum(steps[moved:]):
        assert ordered[moved] == values[moved]
    assert in_order(ordered, moved, steps, last) == ordered


def check(explorer):
    """Expect everything on the page to agree, and views to follow from the controls."""
    tokens, masks, (start, end) = explorer.tokens, explorer.mask_positions, explorer.span.value
    assert len(masks) == explorer.how_many.value <= MOST_MASKS
    assert all(a < b for a, b in pairwise(masks))
    assert start < end
    if problem := cannot_draw(tokens):
        assert explorer.causal_view.value == problem
        assert not explorer.masked_view.value
        assert not explorer.span_view.value
        return
    assert all(0 <= at < len(tokens) for at in masks)
    assert 0 <= start < end <= len(tokens)
    assert explorer.causal_view.value == causal_strip(tokens)
    assert explorer.masked_view.value == masked_strip(tokens, masks)
    assert explorer.span_view.value == span_strip(tokens, start, end)


@few
@given(SENTENCES, st.data())
def test_no_sequence_of_moves_brings_the_explorer_out_of_order(sentence, data):
    explorer = explore(sentence)
    check(explorer)
    for _ in range(data.draw(st.integers(1, 8))):
        control = data.draw(st.sampled_from(explorer.controls))
        if control is explorer.sentence:
            control.value = data.draw(SENTENCES)
        elif control is explorer.span:
            ends = st.integers(control.min, control.max)
            control.value = tuple(sorted([data.draw(ends), data.draw(ends)]))
        else:
            control.value = data.draw(st.integers(control.min, control.max))
        check(explorer)


@pytest.mark.parametrize("sentence", ["", "word"])
def test_sliders_work_on_before_there_is_a_sentence(sentence):
    explorer = explore()
    explorer.sentence.value = sentence
    explorer.how_many.value = 4
    check(explorer)
    explorer.sentence.value = "a b c d e"
    check(explorer)
    assert explorer.how_many.value == 4


def test_where_a_learner_put_a_slider_comes_back_with_a_longer_sentence():
    explorer = explore()
    explorer.sentence.value = "two words"
    assert (explorer.mask_positions, explorer.span.value) == ([0, 1], (1, 2))
    explorer.sentence.value = "a sentence of eight words is long enough"
    assert (explorer.mask_positions, explorer.span.value) == ([2, 5], (2, 5))


def test_a_page_hears_how_far_a_slider_goes_before_it_hears_where_it_stands(monkeypatch):
    said = []
    monkeypatch.setattr(
        widgets.Widget, "_send", lambda self, message, buffers=None: said.append((self, message))
    )
    slider = widgets.IntSlider(1, max=2)
    move(slider, 9, 7)
    told = [[*message["state"]] for who, message in said if who is slider]
    assert told[0] == ["max", "value"]
    said.clear()
    move(slider, 9, 7)
    assert said == []


@few
@given(st.lists(SENTENCES, min_size=1, max_size=4), st.booleans())
def test_gaps_are_neither_empty_nor_out_of_order_after_another_sentence(sentences, two):
    explorer = explore_spans() if two else explore_denoisers()
    for sentence in sentences:
        explorer.sentence.value = sentence
        gaps = [c.value for c in explorer.controls if isinstance(c.value, tuple)]
        assert all(start < end for start, end in gaps)
        assert all(left[1] <= right[0] for left, right in pairwise(gaps))


def test_the_gap_of_a_denoiser_keeps_one_token():
    explorer = explore_denoisers()
    *_, gap = explorer.controls
    for value in [(0, 0), (8, 8), (4, 4)]:
        gap.value = value
        assert gap.value[0] + 1 == gap.value[1]


def test_a_script_without_spaces_is_told_where_tokens_end():
    assert "space" in explore("猫坐在垫子上").causal_view.value


def test_hidden_positions_are_said_one_by_one_without_the_end():
    assert listed(range(2, 5)) == "2, 3, 4"
    assert listed(range(40)) == "0, 1, 2, …, 39"
    assert "span hides  : 2, 3, 4\n" in explore().span_view.value


@pytest.mark.parametrize("make", [explore, explore_spans])
def test_the_reading_form_says_what_to_do_and_draws_what_stands_there(make):
    explorer = make()
    form = explorer.reading_form()
    assert RUN_THIS_CELL in form
    assert all(view.value in form for view in explorer.views)


@few
@given(st.lists(st.integers(1, 13), min_size=2, max_size=16), st.data())
def test_where_the_room_is_for_one_line_in_each_cell_no_view_needs_two(lengths, data):
    tokens = ["w" * length for length in lengths]
    places = st.integers(0, len(tokens) - 1)
    masks = data.draw(st.sets(places, max_size=MOST_MASKS))
    start, end = sorted([data.draw(places), data.draw(places)])
    _, *rooms = (room.value for room in explore(" ".join(tokens))._rooms)
    views = masked_strip(tokens, sorted(masks)), span_strip(tokens, start, end + 1)
    for room, view in zip(rooms, views, strict=True):
        *_, table = read_tables(room)
        if len({*(read_rows(table, "reads") or read_rows(table, "has written"))}) > 1:
            assert view.count("lesson-whole") == view.count("lesson-tokens")
            assert room.count("lesson-whole") == room.count("lesson-tokens")
