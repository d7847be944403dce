"""The first explorer of the course: click on words, and they become questions."""

from collections.abc import Sequence

from lessonlib.samples import SENTENCE, masked
from lessonlib.views.clickable import ClickableTokens
from lessonlib.views.explorers.base import OneView
from lessonlib.views.strips import message, strip

NOTHING_ASKED = "Nothing is hidden, so nothing is asked. Click on a word."


def blanks_strip(tokens: Sequence[str], hidden: Sequence[int]) -> str:
    """Draw the sentence with some of its words hidden and asked for, as HTML."""
    return strip(masked(tokens, hidden)) if hidden else message(NOTHING_ASKED)


def explore_blanks() -> OneView:
    """Show the course's sentence as words to click; hidden ones are asked for.

    Returns
    -------
    OneView
        A widget; the last line of a cell shows it.
    """
    tokens = SENTENCE.split()
    clickable = ClickableTokens(tokens, [2], "words: press to hide")
    return OneView(lambda hidden: blanks_strip(tokens, hidden), [clickable])
