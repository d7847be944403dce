"""A widget behind a button: what covers an explorer that would show what is to be predicted."""

import ipywidgets as widgets

from lessonlib.practice.controls import Form, button
from lessonlib.practice.covering import SHOW_ME, Cover
from lessonlib.practice.page import paragraph


class CoveredWidget(Form):
    """A line that asks for the prediction, and a button that puts the widget in its place.

    Attributes
    ----------
    button : ipywidgets.Button
        Shows what is covered.
    """

    def __init__(self, cover: Cover, shown: widgets.Widget) -> None:
        self._cover, self._shown = cover, shown
        self.button = button(SHOW_ME)
        super().__init__([widgets.HTML(paragraph(repr(cover))), self.button])
        self.button.on_click(self._open)

    def _open(self, _: widgets.Button) -> None:
        self.remove_class("lesson-practice")
        self.children = [self._shown]

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        # Where nothing runs, or nothing is trusted, the page shows the HTML.
        return super()._repr_mimebundle_(**kwargs) | {"text/html": self._cover._repr_html_()}

    def __repr__(self) -> str:
        return f"{self._cover!r} Button {SHOW_ME!r}"
