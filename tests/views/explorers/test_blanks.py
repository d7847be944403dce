"""The first explorer: what is clicked is hidden and asked for."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lessonlib.samples import SENTENCE, masked
from lessonlib.views import explore_blanks
from lessonlib.views.explorers.blanks import NOTHING_ASKED
from lessonlib.views.strips import strip

TOKENS = SENTENCE.split()


@given(st.sets(st.integers(0, len(TOKENS) - 1)))
@settings(deadline=None)
def test_the_strip_follows_the_clicks(hidden):
    explorer = explore_blanks()
    explorer.clickable.value = sorted(hidden)
    drawn = explorer.view.value
    assert drawn == strip(masked(TOKENS, sorted(hidden))) if hidden else NOTHING_ASKED in drawn
