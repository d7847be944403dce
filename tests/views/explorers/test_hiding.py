"""One choice of hidden tokens becomes blanks for masked LM and gaps for span corruption."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.samples import SENTENCE, masked, span_corruption
from lessonlib.views.explorers.hiding import WORDS, explore_blanks, explore_hiding, spans_of
from lessonlib.views.strips import strip

TOKENS = SENTENCE.split()


@given(st.sets(st.integers(0, len(TOKENS) - 1)))
@settings(deadline=None)
def test_the_strip_follows_the_clicks(hidden):
    explorer = explore_blanks()
    (clickable,) = explorer.controls
    clickable.value = sorted(hidden)
    asked = strip(masked(TOKENS, sorted(hidden))) if hidden else WORDS("hiding.click")
    assert asked in explorer.view.value


@given(st.sets(st.integers(0, 30)))
def test_spans_cover_the_positions_and_never_touch(positions):
    spans = spans_of(sorted(positions))
    assert [at for start, end in spans for at in range(start, end)] == sorted(positions)
    assert all(left[1] < right[0] for left, right in pairwise(spans))


def test_both_strips_follow_the_clicks():
    explorer = explore_hiding("a b c d e f", positions=[0])
    explorer.clickable.value = [1, 2, 4]
    tokens = list("abcdef")
    asked = strip(masked(tokens, [1, 2, 4])) + strip(span_corruption(tokens, [(1, 3), (4, 5)]))
    assert explorer.view.value == asked


def test_the_buttons_follow_the_sentence():
    explorer = explore_hiding("a b c d e f", positions=[1, 5])
    explorer.sentence.value = "some other words"
    assert explorer.clickable.tokens == ["some", "other", "words"]
    assert explorer.clickable.value == [1]
    assert "other" in explorer.view.value


def test_nothing_hidden_and_nothing_typed_are_answered_in_words():
    explorer = explore_hiding("a b c", positions=[1])
    explorer.clickable.value = []
    assert "Press a token" in explorer.view.value
    explorer.sentence.value = ""
    assert "at least two words" in explorer.view.value
    explorer.sentence.value = "a b c"
    explorer.clickable.value = [0, 1, 2]
    assert "&lt;extra_<wbr>id_0&gt;" in explorer.view.value


def test_a_position_beyond_the_sentence_is_not_hidden():
    assert explore_hiding("a b c").clickable.value == [2]


def test_the_stored_text_names_the_controls():
    stored = repr(explore_hiding("a b c d", positions=[2]))
    assert "sentence: a b c d" in stored
    assert "tokens: press to hide: [2]" in stored
