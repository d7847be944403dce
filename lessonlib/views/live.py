"""Boxes of controls, and what stands in their place where controls cannot work.

A page is first seen unrun: then a reading form says what will be here. After it was run, saved and
opened again, it stands there as it was left, but there is nothing behind it: then it says so.
"""

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

import anywidget
import ipywidgets as widgets

AS_LEFT = "This is as you left it. Run this cell again (Shift+Enter) to go on."

FURNITURE = "lesson-furniture"  # what every box has

_FOLDER = files("lessonlib.views")
# Beside a page that is not trusted there is no stylesheet; JupyterLab lets these through.
_CARD = "border:1px solid #8c959f;border-left:5px solid #8250df;border-radius:8px;padding:8px 14px"
_CLICK_HERE = "Click on the cell above this box and press Shift+Enter."


class Helper(anywidget.AnyWidget):
    """An invisible widget that looks after all boxes of controls on the page.

    ipywidgets leaves the handles of sliders and groups of radio buttons nameless, and its results
    silent. With this they have names, the arrow keys move within a group, what appears in a result
    is read aloud, and controls without a kernel are switched off. Where scripts of widgets do not
    run, the controls still work.
    """

    _esm = (_FOLDER / "live.js").read_text("utf-8")

    def __repr__(self) -> str:
        return "Helper()"


class Live(widgets.VBox):
    """A box of controls that says what it is where they cannot work.

    Parameters
    ----------
    style : str
        The stylesheet of what is in it.
    children : sequence of widget
        Everything in it, from top to bottom.
    left : str
        What it says of itself where no kernel is behind it.
    """

    def __init__(self, style: str, children: Sequence[widgets.Widget], left: str = AS_LEFT) -> None:
        super().__init__([*_furniture(style, left), *children])
        self.add_class("lesson-live")

    def reading_form(self) -> str:
        """Write, as HTML for a page without scripts and styles, what will be here.

        The text is the same each time, whatever a learner has kept.
        """
        return reading_card("Run this cell: controls appear here.")

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
    """Draw a frame around what a reading form says.

    Parameters
    ----------
    first : str
        What running the cell brings, in a sentence.
    *parts : str
        More of it, as HTML.
    """
    said = f"<p><strong>{escape(first)}</strong> {_CLICK_HERE}</p>"
    return f'<div style="{_CARD}">{said}{"".join(parts)}</div>'


@cache
def _furniture(style: str, as_left: str) -> tuple[widgets.Widget, ...]:
    own = (_FOLDER / "live.css").read_text("utf-8")
    look = widgets.HTML(f"{style}<style>{own}</style>")
    left = widgets.HTML(f"<p>{as_left}</p>")
    left.add_class("lesson-left")
    for part in (look, left):
        part.add_class(FURNITURE)
    return look, helper(), left
