"""What all explorers share: named controls, views that follow them, and answers in place."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import ipywidgets as widgets

from lessonlib.checks import instance
from lessonlib.samples import SENTENCE
from lessonlib.views.explorers.layout import grid, in_order, stacked, wanted_now
from lessonlib.views.live import Live, reading_card
from lessonlib.views.strips import message
from lessonlib.views.tables import WORDS

RUN_THIS_CELL = WORDS("explorer.run")

MOST_TOKENS = 200  # a page of strips; more is slow to draw and nobody reads it

Control = widgets.Widget  # one that has a description and a value
# What draws a view as HTML, and the tallest that it gets: unseen, it keeps the page from jumping.
Drawings = tuple[Callable[..., str], Callable[..., str]]
Unused = Callable[..., Mapping[Control, str]]


class Explorer(Live):
    """Controls, each with a description, and views drawn from their values by pure functions.

    Whatever a learner moves, :meth:`settle` brings the other controls in order, and then every view
    is drawn from where all of them stand; a ValueError becomes a message in its place. `rows` says
    what stands above each view; `unused` returns the controls that are switched off, each with a
    sentence that says why.
    """

    def __init__(
        self,
        controls: Sequence[Control],
        views: Sequence[Drawings],
        rows: Sequence[Sequence[widgets.Widget]],
        unused: Unused | None = None,
    ) -> None:
        self.controls = controls  # those that are on the page now
        self._drawings, self._unused, self._settling = views, unused, False
        self.views, self._rooms = ([widgets.HTML() for _ in views] for _ in range(2))
        self.view, self.note = self.views[0], widgets.HTML()
        for name in ("lesson-note", "lesson-status"):
            self.note.add_class(name)
        notes = [[self.note] * bool(unused), *([] for _ in views[1:])]
        stacks = map(stacked, self.views, self._rooms)
        parts = zip(rows, notes, stacks, strict=True)
        body = widgets.VBox([each for row, note, stack in parts for each in (*row, *note, stack)])
        body.add_class("lesson-body")
        super().__init__([body])
        self.add_class("lesson-explorer")
        for control in controls:
            control.observe(self._follow, names="value")
        self._follow()

    def settle(self, moved: Control | None, old: object) -> None:
        """Bring the other controls in order after one was moved, or all at the beginning."""

    def _follow(self, change: Mapping | None = None) -> None:
        if self._settling:
            return
        moved, old = (change["owner"], change["old"]) if change else (None, None)
        self._settling = True
        try:
            self.settle(moved, old)
        finally:
            self._settling = False
        self._draw(moved is None or isinstance(moved, (widgets.Text, widgets.Dropdown)))

    def _draw(self, anew: bool) -> None:
        """Draw the views, switch off what plays no part in them, and say why."""
        values = [control.value for control in self.controls]
        unused = self._unused(*values) if self._unused else {}
        for control in self.controls:
            if control.has_trait("disabled"):
                reason = unused.get(control)
                control.disabled, control.tooltip = reason is not None, reason or None
        self.note.value = escape(" ".join(filter(None, unused.values())), quote=False)
        drawn = zip(self._drawings, self.views, self._rooms, strict=True)
        for (draw, largest), view, room in drawn:
            if anew:
                room.value = largest(*values)
            try:
                view.value = draw(*values)
            except ValueError as problem:
                view.value = message(f"{str(problem)[:1].upper()}{str(problem)[1:]}.")

    def reading_form(self) -> str:
        """Return the page as it stands, as HTML that reads without sliders and without a kernel."""
        return reading_card(RUN_THIS_CELL, *(view.value for view in self.views))

    def __repr__(self) -> str:
        return "; ".join(f"{control.description}: {control.value}" for control in self.controls)


class OneSentence(Explorer):
    """A sentence, sliders that reach over it, and views of its tokens.

    Sliders with two ends stand in order, and a change of the sentence makes none of them empty;
    whether a learner may close one is `may_close`. Each goes back to where a learner put it when
    the sentence is long enough; what stands beside it tells from the number of tokens how far it
    goes. `others` are controls that come first and do not depend on that.
    """

    def __init__(
        self,
        text: str,
        views: Sequence[Drawings],
        sliders: Mapping[Control, Callable[[int], int]],
        others: Sequence[Control] = (),
        rows: Sequence[Sequence[widgets.Widget]] = (),
        may_close: bool = False,
        unused: Unused | None = None,
    ) -> None:
        self._sliders, self._may_close = sliders, may_close
        self._wanted = {slider: slider.value for slider in sliders}
        self.sentence = sentence_box(text)
        controls = [*others, *sliders]
        first, *more = rows or [[grid(controls)]]

        def not_used(sentence: str, *values: object) -> Mapping[Control, str]:
            if cannot_draw(tokens := self.cut(sentence)):  # the view says why
                return {control: "" for control in controls if control.has_trait("max")}
            return unused(tokens, *values) if unused else {}

        super().__init__(
            [self.sentence, *controls],
            [of_tokens(*drawings, nth, self.cut) for nth, drawings in enumerate(views)],
            [[self.sentence, *first], *more],
            not_used,
        )
        self.note.layout.display = None if unused else "none"

    def cut(self, sentence: str) -> list[str]:
        """Cut a sentence into tokens: its words."""
        return sentence.split()

    @property
    def tokens(self) -> list[str]:
        """The tokens of the sentence."""
        return self.cut(self.sentence.value)

    def settle(self, moved: Control | None, old: object) -> None:
        """Let the sliders reach over the sentence, and no further."""
        if moved not in self._sliders:
            self.fit()
            return
        if isinstance(moved.value, tuple) and not self._may_close:
            ends = in_order(moved.value, int(old[0] == moved.value[0]), [1], moved.max)
            moved.value = tuple(ends)
        self.remember(moved, old)

    def fit(self) -> None:
        """Put every slider where it is wanted, as far as the sentence allows."""
        if cannot_draw(self.tokens):
            return
        count = len(self.tokens)
        ranges = [slider for slider in self._sliders if isinstance(slider.value, tuple)]
        ranges.sort(key=self._wanted.get)
        ends = [end for slider in ranges for end in self.aimed(slider, count)]
        pairs = zip(ends[::2], ends[1::2], strict=True)
        steps = [(int(a < b or not self._may_close), 0) for a, b in pairs]
        between = [step for both in steps for step in both][:-1]
        fitted = iter(in_order(ends, 0, between, count))
        values = {slider: (next(fitted), next(fitted)) for slider in ranges}
        for slider, reach in self._sliders.items():
            last = max(reach(count), slider.min)
            move(slider, last, values.get(slider) or min(self._wanted[slider], last))

    def aimed(self, slider: Control, count: int) -> tuple[int, int]:
        """Return where a slider with two ends shall stand, if a sentence of `count` allows."""
        return self._wanted[slider]

    def remember(self, slider: Control, old: object) -> None:
        """Note where a learner put a slider; an end that was not moved stays as it was wanted."""
        value = slider.value
        if isinstance(value, tuple):
            start, end = wanted_now(self._wanted[slider], old, value)
            value = (start, end) if start < end else value
        self._wanted[slider] = value


def of_tokens(
    draw: Callable[..., str],
    largest: Callable[..., str],
    nth: int = 0,
    cut: Callable[[str], list[str]] = str.split,
) -> Drawings:
    """Turn drawings of tokens into those of a sentence; the first view says why it cannot be."""

    def drawn(sentence: str, *values: object) -> str:
        tokens = cut(sentence)
        problem = cannot_draw(tokens)
        return "" if problem and nth else problem or draw(tokens, *values)

    def room(sentence: str, *values: object) -> str:
        tokens = cut(sentence)
        return "" if cannot_draw(tokens) else largest(tokens, *values)

    return drawn, room


def move(slider: Control, last: int, value: int | tuple[int, int]) -> None:
    """Give a slider another end and another value at once: pages may answer to half of it.

    The end is said first. A page that hears of the value first cuts it to the old end, and reports
    that as the learner's move.
    """
    if (slider.max, slider.value) != (last, value):
        with slider.hold_sync():  # alone it would send both in any order, as a set has none
            slider.max, slider.value = last, value
            slider.send_state(("max", "value"))


def cannot_draw(tokens: Sequence[str]) -> str:
    """Say, as HTML, why a sentence cannot be drawn; '' if it can."""
    if len(tokens) < 2:
        return message(WORDS("explorer.too_short"))
    if len(tokens) > MOST_TOKENS:
        return message(WORDS("explorer.too_long", most=MOST_TOKENS, number=len(tokens)))
    return ""


def fold(name: str) -> widgets.Checkbox:
    """Make a box to tick; until then a page too small for everything leaves the less needed out."""
    box = widgets.Checkbox(value=False, description=name, indent=False, layout=wide())
    box.add_class("lesson-fold")
    return box


def sentence_box(text: str = SENTENCE) -> widgets.Text:
    """Make the text box for a sentence of one's own."""
    instance(text, "text", str, WORDS("errors.a_sentence"))
    return widgets.Text(text, layout=wide("48em"), **_named("sentence"))


def slider(name: str, value: int, largest: int, smallest: int = 0) -> widgets.IntSlider:
    """Make a slider over whole numbers; `name` is that of its words."""
    largest = max(largest, smallest)
    return widgets.IntSlider(value, min=smallest, max=largest, layout=wide(), **_named(name))


def range_slider(name: str, value: tuple[int, int], largest: int) -> widgets.IntRangeSlider:
    """Make a slider with two ends over whole numbers; `name` is that of its words."""
    return widgets.IntRangeSlider(value=value, min=0, max=largest, layout=wide(), **_named(name))


def choice(name: str, options: Sequence[str], value: str | None = None) -> widgets.Dropdown:
    """Make a drop-down list; `name` is that of its words."""
    value = value or options[0]
    return widgets.Dropdown(options=options, value=value, layout=wide(), **_named(name))


def wide(width: str = "34em") -> widgets.Layout:
    """Lay a control out `width` wide, or as wide as a narrow page allows."""
    return widgets.Layout(width=f"min(100%, {width})")


def _named(key: str) -> dict[str, object]:
    key, _, number = key.partition(" ")  # such as "mask 2"
    name = WORDS(f"controls.{key}", number=number)
    room = max(9.5, 0.55 * len(name))  # whole in every language
    return {"description": name, "style": {"description_width": f"{room:.3g}em"}}
