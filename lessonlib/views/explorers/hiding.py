"""An explorer with tokens to click: one choice of hidden tokens, asked for in two ways."""

from collections.abc import Sequence
from itertools import groupby

from lessonlib.samples import SENTENCE, masked, span_corruption
from lessonlib.views.clickable import ClickableTokens
from lessonlib.views.explorers.base import OneView, cannot_draw, sentence_box
from lessonlib.views.explorers.layout import largest_strip
from lessonlib.views.strips import message, strip


def spans_of(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return the runs of neighbouring positions as spans (start, end), the end not included.

    Parameters
    ----------
    positions : sequence of int
        In rising order.

    Returns
    -------
    list of tuple of int
    """
    runs = groupby(enumerate(positions), key=lambda numbered: numbered[1] - numbered[0])
    bounds = [[position for _, position in run] for _, run in runs]
    return [(run[0], run[-1] + 1) for run in bounds]


def hidden_strips(tokens: Sequence[str], positions: Sequence[int]) -> str:
    """Draw the same hidden tokens as blanks of masked LM and as gaps of span corruption."""
    if not positions:
        return message("Nothing is hidden, so nothing is asked. Press a token to hide it.")
    return strip(masked(tokens, positions)) + strip(span_corruption(tokens, spans_of(positions)))


def _room(tokens: Sequence[str]) -> str:
    count = len(tokens)
    sizes = [
        (count - hidden + spans, hidden + spans + 1)
        for spans in range(1, count // 2 + 2)
        for hidden in range(spans, count - spans + 2)
    ]
    gap = span_corruption(tokens, [(0, 1)])
    return largest_strip(masked(tokens, [0]), [(0, count)]) + largest_strip(gap, sizes)


class HidingExplorer(OneView):
    """A sentence, its tokens to click, and the two strips that follow.

    Attributes
    ----------
    sentence : ipywidgets.Text
        The sentence; its words are the tokens.
    clickable : ClickableTokens
        One button per token; pressed ones are hidden.
    """

    def __init__(self, text: str, positions: Sequence[int]) -> None:
        self.sentence = sentence_box(text)
        tokens = text.split()
        self.clickable = ClickableTokens(tokens, [at for at in positions if at < len(tokens)])
        self._beyond = [at for at in positions if at >= len(tokens)]  # hidden in a longer sentence
        self.sentence.observe(self._follow, names="value")  # before it is drawn
        super().__init__(
            lambda sentence, hidden: (
                cannot_draw(sentence.split()) or hidden_strips(sentence.split(), hidden)
            ),
            [self.sentence, self.clickable],
            lambda sentence, _: "" if cannot_draw(sentence.split()) else _room(sentence.split()),
            [self.sentence, self.clickable],
        )

    def _follow(self, _: object) -> None:
        tokens = self.sentence.value.split()
        hidden = [*self.clickable.value, *self._beyond]
        self._beyond = [at for at in hidden if at >= len(tokens)]
        with self.clickable.hold_sync():
            self.clickable.tokens = tokens
            self.clickable.value = [at for at in hidden if at < len(tokens)]


def explore_hiding(text: str = SENTENCE, positions: Sequence[int] = (2, 3, 5)) -> HidingExplorer:
    """Show tokens to click; masked LM and span corruption ask for those that are hidden.

    Parameters
    ----------
    text : str
        A sentence; it can be changed on the page.
    positions : sequence of int
        What is hidden at first.

    Returns
    -------
    HidingExplorer
        A widget; the last line of a cell shows it.
    """
    return HidingExplorer(text, positions)
