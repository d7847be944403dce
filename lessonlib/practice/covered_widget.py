"""A widget behind a button: what covers an explorer that would show what is to be predicted."""

import ipywidgets as widgets

from lessonlib.practice.controls import Form, button
from lessonlib.practice.page import paragraph
from lessonlib.words import Words

WORDS = Words("practice")


class CoveredWidget(Form):
    """A line that asks for the prediction, and a button that puts the widget in its place.

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
