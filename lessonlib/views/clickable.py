"""A row of tokens to click: pressed tokens are hidden, at once, without asking the kernel."""

from collections.abc import Sequence

import anywidget
import traitlets

from lessonlib.styles import CSS
from lessonlib.views.live import WORDS, script


class ClickableTokens(anywidget.AnyWidget):
    """A row of tokens, each a button: click it to hide the token, click again to show it.

    Drag over several, or hold Shift and press an arrow key, to hide a whole span. The arrow keys,
    Home and End move along the row; Space or Enter hides and shows.

    Parameters
    ----------
    tokens : sequence of str
        What the buttons say.
    value : sequence of int
        Positions of the hidden tokens, in order; observe it to follow the clicks.
    description : str
        What a screen reader says when it enters the row.
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
            last, value = len(self.tokens) - 1, proposal.value
            said = WORDS("errors.no_positions", value=value, strangers=strangers, last=last)
            raise traitlets.TraitError(said)
        return sorted(set(proposal.value))

    @traitlets.observe("tokens")
    def _forget_positions_beyond_the_end(self, _: object) -> None:
        self.value = [at for at in self.value if at < len(self.tokens)]

    def __repr__(self) -> str:
        return f"ClickableTokens(tokens={self.tokens!r}, value={self.value!r})"
