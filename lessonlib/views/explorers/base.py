"""What all explorers share: named controls, strips that follow them, and answers in place."""

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets

from lessonlib.checks import instance
from lessonlib.samples import SENTENCE
from lessonlib.views.live import Live, drawn_in, reading_card
from lessonlib.views.strips import STYLE, message

MOST_TOKENS = 200  # a page of strips; more is slow to draw and nobody reads it
TOO_SHORT = "Type at least two words: a model needs something to read and something to say."
TOO_LONG = f"The explorer draws up to {MOST_TOKENS} words. Yours has {{count}}: shorten it."

_NAMES = {"description_width": "9.5em"}


class Explorer(Live):
    """Controls, and what follows them.

    Parameters
    ----------
    controls : sequence of widget
        Every control that a learner can move; each has a description.
    children : sequence of widget
        Everything on the page, from top to bottom, controls included.
    """

    def __init__(
        self, controls: Sequence[widgets.Widget], children: Sequence[widgets.Widget]
    ) -> None:
        self._controls = controls
        super().__init__(STYLE, children)

    @property
    def controls(self) -> Sequence[widgets.Widget]:
        """The controls that are on the page now."""
        return self._controls

    def reading_form(self) -> str:
        """Write what the explorer shows now, as HTML without controls."""
        return reading_card("Run this cell: sliders appear here.", *drawn_in(self))

    def __repr__(self) -> str:
        return "; ".join(f"{control.description}: {control.value}" for control in self.controls)


class OneView(Explorer):
    """An explorer with one view, drawn by a pure function from the values of its controls.

    Parameters
    ----------
    draw : callable
        Called with the values of the controls; returns HTML. A ValueError becomes a message in
        the place of the view.
    controls : sequence of widget
        The controls, in the order of the function's arguments.
    """

    def __init__(self, draw: Callable[..., str], controls: Sequence[widgets.Widget]) -> None:
        self._draw = draw
        self.view = widgets.HTML()
        for control in controls:
            control.observe(self._redraw, names="value")
        super().__init__(controls, [*controls, self.view])
        self._redraw()

    def _redraw(self, _: object = None) -> None:
        try:
            self.view.value = self._draw(*(control.value for control in self.controls))
        except ValueError as problem:
            self.view.value = message(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")


class OneSentence(OneView):
    """A sentence, sliders that reach over it, and one view.

    Parameters
    ----------
    draw : callable
        Called with the tokens and the values of the other controls.
    text : str
        The sentence to begin with.
    sliders : mapping of slider to int
        Each slider, and how far short of the number of tokens it ends.
    others : sequence of widget
        Controls that do not depend on the sentence; they come first.
    """

    def __init__(
        self,
        draw: Callable[..., str],
        text: str,
        sliders: Mapping[widgets.Widget, int],
        others: Sequence[widgets.Widget] = (),
    ) -> None:
        self._sliders = sliders
        self.sentence = sentence_box(text)
        self._fit()
        self.sentence.observe(self._fit, names="value")  # before it is drawn
        super().__init__(
            lambda sentence, *values: (
                cannot_draw(sentence.split()) or draw(sentence.split(), *values)
            ),
            [self.sentence, *others, *sliders],
        )

    def _fit(self, _: object = None) -> None:
        count = len(self.sentence.value.split())
        for slider, short in self._sliders.items():
            slider.max = max(count - short, slider.min)


def cannot_draw(tokens: Sequence[str]) -> str:
    """Say, as HTML, why a sentence cannot be drawn; '' if it can."""
    if len(tokens) < 2:
        return message(TOO_SHORT)
    if len(tokens) > MOST_TOKENS:
        return message(TOO_LONG.format(count=len(tokens)))
    return ""


def sentence_box(text: str = SENTENCE) -> widgets.Text:
    """Make the text box for a sentence of one's own.

    Raises
    ------
    TypeError
        If `text` is not a string.
    """
    instance(text, "text", str, 'a sentence as one string, such as "the cat sat on the mat"')
    return widgets.Text(value=text, description="sentence", style=_NAMES, layout=wide("48em"))


def slider(name: str, value: int, largest: int, smallest: int = 0) -> widgets.IntSlider:
    """Make a slider over whole numbers."""
    return widgets.IntSlider(
        value=value,
        min=smallest,
        max=max(largest, smallest),
        description=name,
        style=_NAMES,
        layout=wide(),
    )


def range_slider(name: str, value: tuple[int, int], largest: int) -> widgets.IntRangeSlider:
    """Make a slider with two ends over whole numbers."""
    return widgets.IntRangeSlider(
        value=value, min=0, max=largest, description=name, style=_NAMES, layout=wide()
    )


def choice(name: str, options: Sequence[str]) -> widgets.Dropdown:
    """Make a drop-down list."""
    return widgets.Dropdown(options=options, description=name, style=_NAMES, layout=wide())


def wide(width: str = "34em") -> widgets.Layout:
    """Lay a control out `width` wide, or as wide as a narrow page allows."""
    return widgets.Layout(width=f"min(100%, {width})")
