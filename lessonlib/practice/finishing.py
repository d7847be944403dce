"""The last cell of a notebook: a button that says the page has been worked through."""

import ipywidgets as widgets

from lessonlib.practice import course, store
from lessonlib.practice.controls import Form, button, result
from lessonlib.practice.course import Step
from lessonlib.practice.page import paragraph
from lessonlib.words import Words

WORDS = Words("practice")


def finish(page: str) -> "FinishForm":
    """Let a learner say that a notebook, such as ``"03"``, has been worked through.

    TypeError or ValueError if there is no such page.
    """
    return FinishForm(course.step_named(page))


class FinishForm(Form):
    """Say how the page stands and what comes next, and let the learner mark it as done."""

    def __init__(self, step: Step) -> None:
        self.step, self.button, self.result = step, button(WORDS("finish.button")), result()
        super().__init__([self.button, self.result])
        self.button.on_click(self._on_click)
        self._renew()
        store.watch(f"end {step.name}", self._renew)

    def reading_form(self) -> str:
        """Return what is to be read where the button does not work."""
        return paragraph(WORDS("finish.reading"))

    def _on_click(self, _: widgets.Button) -> None:
        course.mark_done("step", self.step.name)
        self._renew()

    def _renew(self) -> None:
        done = course.is_done(self.step)
        self.button.disabled = done
        standing, count = course.standing(self.step), course.how_many_done()
        said = [WORDS("finish.this_page", standing=standing, how_many=count)]
        said += [course.goes_on(self.step)] if done else []
        self.result.value = paragraph(" ".join(said))

    def __repr__(self) -> str:
        return WORDS("finish.in_short", title=self.step.title, button=self.button.description)
