"""Explorers with tokens to click: hidden ones are asked for, in one way or in two."""

from collections.abc import Sequence
from itertools import groupby

import anywidget
import traitlets

from lessonlib.samples import SENTENCE, masked, span_corruption
from lessonlib.styles import CSS
from lessonlib.views.explorers.base import Control, Explorer, of_tokens, sentence_box
from lessonlib.views.explorers.layout import gap_sizes, largest_strip
from lessonlib.views.live import script
from lessonlib.views.strips import message, strip
from lessonlib.views.tables import WORDS


class ClickableTokens(anywidget.AnyWidget):
    """A row of tokens, each a button: click it to hide the token, click again to show it.

    Drag over several, or hold Shift and press an arrow key, to hide a span; arrow keys, Home and
    End move, Space or Enter hides and shows. `value` holds the positions of the hidden tokens.
    """

    _esm = script("clickable")
    _css = CSS

    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)
    value = traitlets.List(traitlets.Int()).tag(sync=True)
    description = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        tokens: Sequence[str],
        value: Sequence[int] = (),
        description: str = WORDS("press_tokens"),
    ) -> None:
        super().__init__(tokens=list(tokens), value=sorted(value), description=description)

    @traitlets.validate("value")
    def _values_are_positions(self, proposal: traitlets.Bunch) -> list[int]:
        strangers = [at for at in proposal.value if not 0 <= at < len(self.tokens)]
        if strangers:
            slots = {"value": proposal.value, "last": len(self.tokens) - 1}
            raise traitlets.TraitError(WORDS("errors.no_positions", strangers=strangers, **slots))
        return sorted(set(proposal.value))

    @traitlets.observe("tokens")
    def _forget_positions_beyond_the_end(self, _: object) -> None:
        self.value = [at for at in self.value if at < len(self.tokens)]

    def __repr__(self) -> str:
        return f"ClickableTokens(tokens={self.tokens!r}, value={self.value!r})"


class HidingExplorer(Explorer):
    """A sentence, its tokens to click, and the two strips that follow."""

    def __init__(self, text: str, positions: Sequence[int]) -> None:
        self.sentence = sentence_box(text)
        tokens = text.split()
        self.clickable = ClickableTokens(tokens, [at for at in positions if at < len(tokens)])
        self._beyond = [at for at in positions if at >= len(tokens)]  # hidden in a longer sentence
        controls = [self.sentence, self.clickable]
        super().__init__(controls, [of_tokens(hidden_strips, _room)], [controls])

    def settle(self, moved: Control | None, old: object) -> None:
        """Make the words of another sentence the tokens."""
        if moved is not self.sentence:
            return
        tokens = self.sentence.value.split()
        hidden = [*self.clickable.value, *self._beyond]
        self._beyond = [at for at in hidden if at >= len(tokens)]
        with self.clickable.hold_sync():
            self.clickable.tokens = tokens
            self.clickable.value = [at for at in hidden if at < len(tokens)]


def hidden_strips(tokens: Sequence[str], positions: Sequence[int]) -> str:
    """Draw the same hidden tokens as blanks of masked LM and as gaps of span corruption."""
    if not positions:
        return message(WORDS("hiding.press"))
    return strip(masked(tokens, positions)) + strip(span_corruption(tokens, spans_of(positions)))


def spans_of(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return the runs of neighbours among rising positions as spans, their ends not included."""
    runs = groupby(enumerate(positions), key=lambda numbered: numbered[1] - numbered[0])
    bounds = [[position for _, position in run] for _, run in runs]
    return [(run[0], run[-1] + 1) for run in bounds]


def explore_blanks() -> Explorer:
    """Show the course's sentence as words to click; hidden ones are asked for."""
    tokens = SENTENCE.split()

    def drawn(hidden: Sequence[int]) -> str:
        return strip(masked(tokens, hidden)) if hidden else message(WORDS("hiding.click"))

    room = strip(masked(tokens, range(len(tokens))))
    clickable = ClickableTokens(tokens, [2], WORDS("press_words"))
    return Explorer([clickable], [(drawn, lambda _: room)], [[clickable]])


def explore_hiding(text: str = SENTENCE, positions: Sequence[int] = (2, 3, 5)) -> HidingExplorer:
    """Show tokens to click; masked LM and span corruption ask for those that are hidden."""
    return HidingExplorer(text, positions)


def _room(tokens: Sequence[str], _: Sequence[int]) -> str:
    count = len(tokens)
    gaps = largest_strip(span_corruption(tokens, [(0, 1)]), gap_sizes(count, count // 2 + 1))
    return largest_strip(masked(tokens, [0]), [(0, count)]) + gaps
