"""What all forms share that show what is kept: the base of them, and how a question is written."""

from collections.abc import Iterator, Sequence
from html import escape
from weakref import WeakSet

import ipywidgets as widgets

from lessonlib.practice import store
from lessonlib.practice.concepts import Concept
from lessonlib.practice.controls import Form, group
from lessonlib.practice.drawn import drawn_html, drawn_text
from lessonlib.practice.page import paragraph
from lessonlib.words import Words

WORDS = Words("practice")

_open_forms: WeakSet = WeakSet()


class KeptForm(Form):
    """A form that shows what is kept, as do all others that ask the same.

    Each kind of form has a method `show_kept` that does it.
    """

    def __init__(self, children: Sequence[widgets.Widget]) -> None:
        super().__init__(children)
        self.show_kept()
        _open_forms.add(self)


@store.read_once()
def show_kept_everywhere() -> None:
    """Show in every form of this notebook what is kept by now."""
    for form in list(_open_forms):
        form.show_kept()


def asks(concept: Concept, control: widgets.Widget, more: str = "") -> widgets.VBox:
    """Put a question and what is drawn of it above the control that answers it."""
    box = group(concept.question, control)
    question, answers = box.children
    between = [drawn_html(concept.drawn)] if concept.drawn else []
    between += [paragraph(more)] if more else []
    box.children = [question, *map(widgets.HTML, between), answers]
    return box


def concept_as_text(concept: Concept, control: widgets.Widget) -> Iterator[str]:
    """Write a question of the inventory, with what is drawn of it, in letters alone."""
    question, *options = as_text(concept.question, control)
    yield question
    if concept.drawn:
        yield from drawn_text(concept.drawn)
    yield from options


def heading(text: str) -> str:
    """Write what a form begins with, as HTML."""
    return f'<p class="lesson-question"><strong>{escape(text)}</strong></p>'


def as_text(question: str, control: widgets.Widget) -> Iterator[str]:
    """Write a question and what is chosen, for terminals and stored plain-text output."""
    yield question
    if isinstance(control, widgets.RadioButtons):
        for option in control.options:
            text = option if isinstance(option, str) else option[0]
            yield f"  ({'•' if text == control.label else ' '}) {text}"
    elif isinstance(control, widgets.Text):
        yield f"  {WORDS('forms.in_a_line')}"
    else:
        span = WORDS("forms.from_to", smallest=control.min, largest=control.max)
        yield f"  {control.value} ({span})"
