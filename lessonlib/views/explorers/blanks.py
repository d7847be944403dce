"""The first explorer of the course: click on words, and they become questions."""

from collections.abc import Sequence

import ipywidgets as widgets

from lessonlib.samples import SENTENCE, masked
from lessonlib.views.clickable import ClickableTokens
from lessonlib.views.explorers.base import Explorer
from lessonlib.views.explorers.layout import stacked
from lessonlib.views.strips import message, strip

NOTHING_ASKED = "Nothing is hidden, so nothing is asked. Click on a word."


class BlanksExplorer(Explorer):
    """A sentence to click on, and the strip that follows.

    Attributes
    ----------
    clickable : ClickableTokens
        One button per word; pressed ones are hidden.
    view : ipywidgets.HTML
        What is read and what is asked.
    """

    def __init__(self, tokens: Sequence[str], hidden: Sequence[int]) -> None:
        self.clickable = ClickableTokens(tokens, hidden, "words: press to hide")
        self.view = widgets.HTML()
        room = widgets.HTML(strip(masked(tokens, range(len(tokens)))))
        self.clickable.observe(self._draw, names="value")
        super().__init__([self.clickable], [self.clickable, stacked(self.view, room)])
        self._draw()

    @property
    def views(self) -> Sequence[widgets.HTML]:
        """The one view."""
        return [self.view]

    def _draw(self, _: object = None) -> None:
        tokens, hidden = self.clickable.tokens, self.clickable.value
        self.view.value = strip(masked(tokens, hidden)) if hidden else message(NOTHING_ASKED)


def explore_blanks() -> BlanksExplorer:
    """Show the course's sentence as words to click; hidden ones are asked for.

    Returns
    -------
    BlanksExplorer
        A widget; the last line of a cell shows it.
    """
    return BlanksExplorer(SENTENCE.split(), [2])
