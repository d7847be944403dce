"""Boxes of controls, and what stands in their place on a page unrun, or opened again later."""

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

import anywidget
import ipywidgets as widgets
import traitlets

from lessonlib.styles import CARD, CSS
from lessonlib.views.tables import WORDS

AS_LEFT = WORDS("as_left")


def script(name: str) -> str:
    """Read one of the scripts of this room, without comments: every notebook stores it."""
    text = (files("lessonlib.views") / f"{name}.js").read_text("utf-8")
    return re.sub(r"(?m)^\s*(//.*)?\n?|\s+//.*$", "", text)


class Helper(anywidget.AnyWidget):
    """An invisible widget that looks after all boxes of controls on the page.

    It brings the stylesheet. ipywidgets leaves the handles of sliders and groups of radio buttons
    nameless, and its results silent. With this they have names, the arrow keys move within a group,
    results are read aloud, and controls without a kernel are switched off.
    """

    _esm = script("live")
    _css = CSS

    words = traitlets.Dict(dict(WORDS.texts["helper"])).tag(sync=True)

    def __repr__(self) -> str:
        return "Helper()"


class Live(widgets.VBox):
    """A box of controls that says what it is where they cannot work; `left` where it was left."""

    def __init__(self, children: Sequence[widgets.Widget], left: str = AS_LEFT) -> None:
        super().__init__([helper(), _said_where_left(left), *children])
        self.add_class("lesson-live")

    def reading_form(self) -> str:
        """Write, as HTML without scripts and styles, what will be here, whatever was kept."""
        return reading_card(WORDS("controls_appear"))

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = repr(self)  # ipywidgets cuts it off after 110 characters
        bundle["text/html"] = self.reading_form()  # the widget comes first where it can be shown
        return bundle


@cache
def helper() -> Helper:
    """Return the one helper of this kernel: it may stand in many boxes, and is stored once."""
    return Helper()


def reading_card(first: str, *parts: str) -> str:
    """Draw a frame around what a reading form says: a sentence, and more of it as HTML."""
    said = f"<p><strong>{escape(first)}</strong> {WORDS('click_here')}</p>"
    return f"<div{CARD}>{said}{''.join(parts)}</div>"


@cache
def _said_where_left(sentence: str) -> widgets.HTML:
    left = widgets.HTML(f"<p>{sentence}</p>")
    left.add_class("lesson-left")
    return left
