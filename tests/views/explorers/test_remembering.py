"""What was set comes back, what plays no part is off, and a sentence of one's own does no harm."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.views import (
    explore,
    explore_attention,
    explore_denoisers,
    explore_hiding,
    explore_noise,
    explore_prefix,
    explore_scenes,
    explore_spans,
)
from lessonlib.views.explorers.base import cannot_draw
from lessonlib.views.explorers.spans import CONTINUE, RESTORE_SHORT
from tests.views.html_tables import read_tables

OVER_A_SENTENCE = [
    explore,
    explore_attention,
    explore_denoisers,
    explore_hiding,
    explore_prefix,
    explore_spans,
]
LONG = "one two three four five six seven eight nine ten"
few = settings(max_examples=12, deadline=None)


def sliders(explorer):
    return [control for control in explorer.controls if hasattr(control, "max")]


def standing(explorer):
    """Return where everything stands that reaches over the sentence."""
    clicked = explorer.clickable.value if hasattr(explorer, "clickable") else []
    return [*(slider.value for slider in sliders(explorer)), *clicked]


def set_anywhere(control, data):
    inside = st.integers(control.min, control.max)
    if isinstance(control.value, tuple):
        start = data.draw(st.integers(control.min, control.max - 1))
        control.value = (start, data.draw(st.integers(start + 1, control.max)))
    else:
        control.value = data.draw(inside)


@pytest.mark.parametrize("make", OVER_A_SENTENCE)
@few
@given(
    data=st.data(),
    lengths=st.lists(st.sampled_from([0, 1, 2, 3, 7, 201]), min_size=1, max_size=5),
)
def test_what_was_set_comes_back_when_the_sentence_is_long_again(make, data, lengths):
    explorer = make(LONG)
    if make is explore:
        set_anywhere(explorer.how_many, data)  # there are as many more sliders
    for control in sliders(explorer):
        if control.description != "how many masks":
            set_anywhere(control, data)
    if make is explore_spans:  # gaps that overlap are put in order
        explorer.controls[1].value, explorer.controls[2].value = (0, 1), (5, 9)
    if make is explore_hiding:
        explorer.clickable.value = sorted(data.draw(st.sets(st.integers(0, 9))))
    before = standing(explorer)
    for length in lengths:
        explorer.sentence.value = " ".join(["word"] * length)
    explorer.sentence.value = LONG.upper()
    assert standing(explorer) == before


def test_only_what_was_moved_in_a_short_sentence_is_forgotten():
    explorer = explore(LONG)
    explorer.how_many.value = 3
    for mask, position in zip(explorer.masks.children, (2, 5, 8), strict=True):
        mask.value = position
    explorer.span.value = (4, 8)
    explorer.sentence.value = "a b c d"
    assert explorer.mask_positions == [1, 2, 3]
    assert explorer.span.value == (3, 4)
    explorer.masks.children[0].value = 0
    explorer.span.value = (1, 4)
    explorer.sentence.value = LONG
    assert explorer.mask_positions == [0, 5, 8]
    assert explorer.span.value == (1, 8)


def test_masks_beyond_a_short_sentence_come_back():
    explorer = explore(LONG)
    explorer.how_many.value = 8
    explorer.sentence.value = "a b c"
    assert explorer.mask_positions == [0, 1, 2]
    explorer.sentence.value = LONG
    assert explorer.how_many.value == len(explorer.mask_positions) == 8


def test_clicks_on_a_short_sentence_leave_what_is_beyond_it():
    explorer = explore_hiding(LONG, positions=[1, 3, 7])
    explorer.sentence.value = "a b c d"
    assert explorer.clickable.value == [1, 3]
    explorer.clickable.value = [0, 3]
    explorer.sentence.value = LONG
    assert explorer.clickable.value == [0, 3, 7]


def test_a_gap_that_was_closed_stays_closed():
    explorer = explore_spans()
    explorer.controls[2].value = (6, 6)
    explorer.sentence.value = "a b c"
    explorer.sentence.value = LONG
    assert [gap.value for gap in sliders(explorer)] == [(1, 2), (6, 6)]


@few
@given(st.integers(0, 8), st.sampled_from([2, 3, 9]))
def test_where_all_the_rest_is_hidden_the_gap_ends_with_the_sentence(start, length):
    explorer = explore_denoisers()
    _, mode, gap = explorer.controls
    mode.value = CONTINUE
    gap.value = (start, gap.max)
    assert gap.value == (min(max(start, 1), 7), 8)
    explorer.sentence.value = " ".join(["w"] * length)
    start, end = gap.value
    assert 1 <= start < end == length
    mode.value = RESTORE_SHORT
    assert gap.value[0] < gap.value[1]


def test_a_mode_that_continues_leaves_the_other_end_as_it_was():
    explorer = explore_denoisers()
    _, mode, gap = explorer.controls
    mode.value = CONTINUE
    assert gap.value == (3, 8)
    gap.value = (2, 6)
    assert gap.value == (2, 8)
    mode.value = RESTORE_SHORT
    assert gap.value == (2, 5)


def settings_of(make, *names):
    explorer = make()
    for control in explorer.controls:
        if hasattr(control, "options") and control.description in names:
            return [(make, control.description, option) for option in control.options]
    return []


@pytest.mark.parametrize(
    ("make", "name", "option"),
    [
        *settings_of(explore_attention, "architecture"),
        *settings_of(explore_scenes, "objective"),
        *((explore_noise, "percent hidden", percent) for percent in (5, 7, 8, 15, 80)),
    ],
)
def test_a_slider_is_off_exactly_where_it_changes_nothing(make, name, option):
    explorer = make()
    next(c for c in explorer.controls if c.description == name).value = option
    for slider in sliders(explorer):
        if slider.description == name or slider.description.startswith("how many"):
            continue
        start, drawn = slider.value, []
        for value in range(slider.min, slider.max + 1):
            slider.value = value
            drawn.append(explorer.view.value)
        slider.value = start
        same = [a == b for a, b in pairwise(drawn)]
        asked = make is explore_noise  # it repeats what was asked for
        assert slider.disabled == (all(same) or (asked and option < 8))
        if make is explore_attention and not slider.disabled:
            assert not any(same)  # no place at which it does nothing, either
    off = [slider for slider in sliders(explorer) if slider.disabled]
    assert bool(off) == ("lays no part" in explorer.note.value)
    assert all("lays no part" in slider.tooltip for slider in off)


@pytest.mark.parametrize("make", OVER_A_SENTENCE)
def test_sliders_are_off_while_there_is_nothing_to_draw(make):
    explorer = make()
    off = {slider.description for slider in sliders(explorer) if slider.disabled}
    explorer.sentence.value = "word"
    assert all(slider.disabled for slider in sliders(explorer))
    explorer.sentence.value = LONG
    assert {slider.description for slider in sliders(explorer) if slider.disabled} == off


OWN = [
    "all the words of this one are short but it is long " * 4,
    "... , ; !? —",
    "переведи это 猫 坐 在 垫子 上 هذا نص 🙂🙂 नमस्ते",
    "la la la la la la",
    "a\tb\n\nc\r\nd\u00a0e",
    "<b>a</b> & <script>alert(1)</script> \"c\" <!-- d 'e' &lt;",
    "[MASK] <extra_id_0> <s> [R] <extra_id_1> </s>",
    f"{'x' * 300} Donaudampfschifffahrtsgesellschaft a b",
]


@pytest.mark.parametrize("sentence", OWN)
@pytest.mark.parametrize("make", OVER_A_SENTENCE)
def test_any_sentence_is_drawn_word_by_word_with_no_empty_span(make, sentence):
    explorer = make(sentence)
    typed = make()
    typed.sentence.value = sentence
    for one in (explorer, typed):
        assert not cannot_draw(sentence.split())
        for view in one.views:
            assert "<script" not in view.value
            assert "<b>" not in view.value
            assert "lesson-message" not in view.value or "Hidden:" in view.value
            assert read_tables(view.value)
        spans = [slider.value for slider in sliders(one) if isinstance(slider.value, tuple)]
        assert all(start < end for start, end in spans)


@pytest.mark.parametrize("sentence", ["", "word", "\t\n ", "…", "猫坐在垫子上"])
@pytest.mark.parametrize("make", OVER_A_SENTENCE)
def test_what_is_no_sentence_is_answered_in_place(make, sentence):
    explorer = make(sentence)
    assert "two words" in explorer.views[0].value
    explorer.sentence.value = LONG
    assert read_tables(explorer.views[0].value)
