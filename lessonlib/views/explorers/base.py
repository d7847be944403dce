"""What all explorers share: named controls, strips that follow them, and answers in place."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files

import ipywidgets as widgets

from lessonlib.checks import instance
from lessonlib.samples import SENTENCE
from lessonlib.views.explorers.layout import grid, in_order, stacked
from lessonlib.views.live import Live, reading_card
from lessonlib.views.strips import STYLE, message

MOST_TOKENS = 200  # a page of strips; more is slow to draw and nobody reads it
TOO_SHORT = (
    "Type at least two words, with a space between them: a model needs something to read and "
    "something to say. In a script without spaces, put one where a token shall end."
)
TOO_LONG = f"The explorer draws up to {MOST_TOKENS} words. Yours has {{count}}: shorten it."
RUN_THIS_CELL = "Run this cell, then try it here."

_LAYOUT = f"<style>{(files('lessonlib.views.explorers') / 'explorers.css').read_text()}</style>"
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
        body = widgets.VBox(children)
        body.add_class("lesson-body")
        super().__init__(STYLE + _LAYOUT, [body])
        self.add_class("lesson-explorer")

    @property
    def controls(self) -> Sequence[widgets.Widget]:
        """The controls that are on the page now."""
        return self._controls

    @property
    def views(self) -> Sequence[widgets.HTML]:
        """What follows the controls, from top to bottom."""
        return []

    def reading_form(self) -> str:
        """Return the page as it stands, as HTML that reads without sliders and without a kernel."""
        return reading_card(RUN_THIS_CELL, *(view.value for view in self.views))

    def __repr__(self) -> str:
        return "; ".join(f"{control.description}: {control.value}" for control in self.controls)


Unused = Callable[..., Mapping[widgets.Widget, str]]


def _all_used(*_: object) -> Mapping[widgets.Widget, str]:
    return {}


class OneView(Explorer):
    """An explorer with one view, drawn by a pure function from the values of its controls.

    Parameters
    ----------
    draw : callable
        Called with the values of the controls; returns HTML. A ValueError becomes a message in
        the place of the view.
    controls : sequence of widget
        The controls, in the order of the function's arguments.
    room : callable
        Called with the values of the controls; returns the tallest view that sliders can make of
        them, as HTML. It keeps the page from jumping, and is not seen.
    rows : sequence of widget, optional
        The controls as they are laid out.
    unused : callable, optional
        Called with the values of the controls; returns the controls that play no part in the
        view, each with a sentence that says why. They are switched off.
    """

    def __init__(
        self,
        draw: Callable[..., str],
        controls: Sequence[widgets.Widget],
        room: Callable[..., str],
        rows: Sequence[widgets.Widget] = (),
        unused: Unused | None = None,
    ) -> None:
        self._draw, self._largest, self._unused = draw, room, unused or _all_used
        self.view, self._room = widgets.HTML(), widgets.HTML()
        self.note = widgets.HTML()
        self.note.add_class("lesson-note")
        self.note.add_class("lesson-status")
        self._waiting = False  # while several controls change at once
        for control in controls:
            control.observe(self._redraw, names="value")
        notes = [self.note] if unused else []
        rows = rows or [grid(controls)]
        super().__init__(controls, [*rows, *notes, stacked(self.view, self._room)])
        self._redraw()

    @property
    def views(self) -> Sequence[widgets.HTML]:
        """The one view."""
        return [self.view]

    def _redraw(self, change: Mapping | None = None) -> None:
        if self._waiting:
            return
        if change is None or isinstance(change["owner"], (widgets.Text, widgets.Dropdown)):
            self._make_room()
        values = [control.value for control in self.controls]
        unused = self._unused(*values)
        for control in self.controls:
            if control.has_trait("disabled"):
                switch(control, unused.get(control))
        self.note.value = escape(" ".join(filter(None, unused.values())), quote=False)
        try:
            self.view.value = self._draw(*values)
        except ValueError as problem:
            self.view.value = message(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")

    def _make_room(self) -> None:
        self._room.value = self._largest(*(control.value for control in self.controls))


class OneSentence(OneView):
    """A sentence, sliders that reach over it, and one view.

    Sliders with two ends stand in order, and a change of the sentence makes none of them empty.
    Each remembers where a learner put it, and goes back there when the sentence is long enough.

    Parameters
    ----------
    draw : callable
        Called with the tokens and the values of the other controls.
    text : str
        The sentence to begin with.
    sliders : mapping of slider to callable
        Each slider, and what tells from the number of tokens how far it goes.
    room : callable
        Called like `draw`; see :class:`OneView`.
    others : sequence of widget
        Controls that do not depend on the sentence; they come first.
    may_close : bool
        Whether a learner may move the two ends of a slider onto the same number.
    unused : callable, optional
        Called like `draw`; see :class:`OneView`.
    """

    def __init__(
        self,
        draw: Callable[..., str],
        text: str,
        sliders: Mapping[widgets.Widget, Callable[[int], int]],
        room: Callable[..., str],
        others: Sequence[widgets.Widget] = (),
        may_close: bool = False,
        unused: Unused | None = None,
    ) -> None:
        self._sliders, self._may_close = sliders, may_close
        self._wanted = {slider: slider.value for slider in sliders}
        self.sentence = sentence_box(text)
        self._waiting = False
        self._fit()
        for control in (self.sentence, *others):
            control.observe(self._fit, names="value")  # before it is drawn
        for slider in sliders:
            slider.observe(self._on_move, names="value")
        controls = [*others, *sliders]

        def not_used(sentence: str, *values: object) -> Mapping[widgets.Widget, str]:
            if cannot_draw(tokens := sentence.split()):
                return dict.fromkeys(sliders, "")  # the view says why
            return unused(tokens, *values) if unused else {}

        super().__init__(
            lambda sentence, *values: (
                cannot_draw(sentence.split()) or draw(sentence.split(), *values)
            ),
            [self.sentence, *controls],
            lambda sentence, *values: (
                "" if cannot_draw(sentence.split()) else room(sentence.split(), *values)
            ),
            [self.sentence, grid(controls)],
            not_used,
        )
        self.note.layout.display = None if unused else "none"

    def _fit(self, _: object = None) -> None:
        """Let the sliders reach over the sentence, and no further."""
        count = len(self.sentence.value.split())
        if cannot_draw(self.sentence.value.split()):
            return
        self._waiting = True
        ranges = [slider for slider in self._sliders if isinstance(slider.value, tuple)]
        ranges.sort(key=lambda slider: self._wanted[slider])
        ends = [end for slider in ranges for end in self._aimed(slider, count)]
        steps = [
            int(a < b or not self._may_close) for a, b in zip(ends[::2], ends[1::2], strict=True)
        ]
        between = [step for width in steps for step in (width, 0)][:-1]
        fitted = iter(in_order(ends, 0, between, count))
        values = {slider: (next(fitted), next(fitted)) for slider in ranges}
        for slider, reach in self._sliders.items():
            last = max(reach(count), slider.min)
            move(slider, last, values.get(slider) or min(self._wanted[slider], last))
        self._waiting = False

    def _aimed(self, slider: widgets.Widget, count: int) -> tuple[int, int]:
        """Return where a slider with two ends shall stand, if a sentence of `count` allows."""
        return self._wanted[slider]

    def _on_move(self, change: Mapping) -> None:
        if self._waiting:
            return
        slider, old, new = change["owner"], change["old"], change["new"]
        if isinstance(new, tuple) and new[0] == new[1] and not self._may_close:
            self._waiting = True
            slider.value = tuple(in_order(new, int(old[0] == new[0]), [1], slider.max))
            self._waiting = False
        self._remember(slider, old)

    def _remember(self, slider: widgets.Widget, old: object) -> None:
        """Note where a learner put a slider; an end that was not moved stays as it was wanted."""
        value = slider.value
        if isinstance(value, tuple):
            ends = zip(value, old, self._wanted[slider], strict=True)
            start, end = (wanted if now == before else now for now, before, wanted in ends)
            value = (start, end) if start < end else value
        self._wanted[slider] = value


def move(slider: widgets.Widget, last: int, value: int | tuple[int, int]) -> None:
    """Give a slider another end and another value at once: pages may answer to half of it."""
    with slider.hold_sync():
        slider.max = last
        slider.value = value


def switch(control: widgets.Widget, reason: str | None) -> None:
    """Switch a control off for a reason, or on without one."""
    control.disabled, control.tooltip = reason is not None, reason or None


def cannot_draw(tokens: Sequence[str]) -> str:
    """Say, as HTML, why a sentence cannot be drawn; '' if it can."""
    if len(tokens) < 2:
        return message(TOO_SHORT)
    if len(tokens) > MOST_TOKENS:
        return message(TOO_LONG.format(count=len(tokens)))
    return ""


def fold(name: str) -> widgets.Checkbox:
    """Make a box to tick; until then a page too small for everything leaves the less needed out."""
    box = widgets.Checkbox(value=False, description=name, indent=False, layout=wide())
    box.add_class("lesson-fold")
    return box


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
