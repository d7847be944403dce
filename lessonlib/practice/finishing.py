"""The last cell of a notebook: a button that says the page has been worked through."""

import ipywidgets as widgets

from lessonlib.practice import course, store
from lessonlib.practice.controls import Form, button, result
from lessonlib.practice.course import Step
from lessonlib.practice.page import paragraph

FINISH = "I have worked through this page"
READING = "When you have read to here, run this cell: its button marks the page as done."


class FinishForm(Form):
    """Say how the page stands, and let the learner mark it as done.

    Attributes
    ----------
    button : ipywidgets.Button
        Marks the page as done.
    result : ipywidgets.HTML
        How the page stands, and what comes next.
    """

    def __init__(self, step: Step) -> None:
        self.step, self.button, self.result = step, button(FINISH), result()
        super().__init__([self.button, self.result])
        self.button.on_click(self._on_click)
        self._renew()
        store.watch(f"end of {step.name}", self._renew)

    def reading_form(self) -> str:
        """Return what is to be read where the button does not work."""
        return paragraph(READING)

    def _on_click(self, _: widgets.Button) -> None:
        course.mark_done("step", self.step.name)
        self._renew()

    def _renew(self) -> None:
        done = course.is_done(self.step)
        self.button.disabled = done
        words = f"This page: {course.standing(self.step)}. {course.how_many_done()}."
        self.result.value = paragraph(f"{words} {course.goes_on(self.step)}" if done else words)

    def __repr__(self) -> str:
        return f"End of {self.step.title!r}: Button {FINISH!r}"
