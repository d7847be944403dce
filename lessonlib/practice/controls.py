"""Building blocks of the practice forms."""

from collections.abc import Mapping, Sequence

import ipywidgets as widgets

from lessonlib.practice.page import asked, paragraph
from lessonlib.views.live import AS_LEFT, Live
from lessonlib.words import Words

WORDS = Words("practice")


class Form(Live):
    """A box of controls that asks; its stored text is its whole ``repr``."""

    def __init__(self, children: Sequence[widgets.Widget], left: str = AS_LEFT) -> None:
        super().__init__(children, left)
        self.add_class("lesson-practice")


class CoveredWidget(Form):
    """A line that asks for a prediction, and a button that puts a widget in its place.

    `html` is what a page shows where nothing runs, or nothing is trusted.
    """

    def __init__(self, asks: str, html: str, shown: widgets.Widget) -> None:
        self._asks, self._html, self._shown = asks, html, shown
        self.button = button(WORDS("cover.show_me"))
        super().__init__([widgets.HTML(paragraph(asks)), self.button])
        self.button.on_click(self._open)

    def _open(self, _: widgets.Button) -> None:
        self.remove_class("lesson-practice")
        self.children = [self._shown]

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        return super()._repr_mimebundle_(**kwargs) | {"text/html": self._html}

    def __repr__(self) -> str:
        return f"{self._asks} {WORDS('forms.button', text=self.button.description)}"


class Pages(widgets.VBox):
    """Several pages of a form, one of them at a time, so that it fits on a screen.

    `at` is the page that is seen; the buttons `back` and `next` turn it.
    """

    def __init__(self, pages: Sequence[widgets.Widget], first: int = 0) -> None:
        self.pages, self._where, self._place = pages, result(), widgets.VBox()
        self.back, self.next = button(WORDS("forms.back")), button(WORDS("forms.next"))
        for turn, step in ((self.back, -1), (self.next, 1)):
            turn.add_class("lesson-turn")  # the helper then moves to the question
            turn.on_click(lambda _, step=step: self.turn_to(self.at + step))
        super().__init__([self._where, self._place, widgets.HBox([self.back, self.next])])
        self.turn_to(first)

    @property
    def where(self) -> str:
        """Which of how many pages is seen, in words."""
        return WORDS("forms.where", at=self.at + 1, of=len(self.pages))

    def turn_to(self, page: int) -> None:
        """Show a page, counted from 0."""
        last = len(self.pages) - 1
        self.at = min(max(page, 0), last)
        self._place.children = [self.pages[self.at]]
        self._where.value = f"<p>{self.where}</p>"
        self.back.disabled, self.next.disabled = self.at == 0, self.at == last


def number(smallest: int, largest: int) -> widgets.BoundedIntText:
    """Make a box for a whole number."""
    return widgets.BoundedIntText(
        value=smallest,
        min=smallest,
        max=largest,
        description=WORDS("forms.your_number"),
        style={"description_width": "initial"},
        layout=widgets.Layout(width="14em"),
    )


def one_of_a_row(options: Mapping[str, str]) -> widgets.RadioButtons:
    """Make choices that stand side by side, from what each says to its value; none is chosen."""
    return widgets.RadioButtons(options=[*options.items()], value=None, orientation="horizontal")


def group(question: str, control: widgets.Widget) -> widgets.VBox:
    """Put a question above the control that answers it."""
    box = widgets.VBox([widgets.HTML(asked(question)), control])
    box.add_class("lesson-group")
    return box


def result() -> widgets.HTML:
    """Make a place for a result: what appears in it is read aloud."""
    place = widgets.HTML()
    place.add_class("lesson-status")
    return place


def button(text: str) -> widgets.Button:
    """Make a button as wide as its text."""
    return widgets.Button(description=text, layout=widgets.Layout(width="auto"))
