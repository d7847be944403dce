"""The form that shows what a learner may hand in to the class, and makes the file of it."""

from html import escape
from pathlib import Path

import ipywidgets as widgets

from lessonlib.files import written_whole
from lessonlib.practice import class_file, store
from lessonlib.practice.class_file import Handed
from lessonlib.practice.concepts import PHASES, RIGHT, concepts
from lessonlib.practice.controls import Form, button, group, result
from lessonlib.practice.page import folded, paragraph
from lessonlib.practice.predictions import predictions
from lessonlib.views.live import reading_card
from lessonlib.views.tables import Table
from lessonlib.words import Words

WORDS = Words("practice")


def for_my_class() -> "ClassForm":
    """Show what a small file for the teacher would hold, and make it if the learner wants that."""
    return ClassForm()


class ClassForm(Form):
    """Show the file word for word before it is made; it has a name only if one is typed.

    `name` is where it is typed, `shown` what would be in the file, `result` what became of it.
    """

    def __init__(self) -> None:
        self.name = widgets.Text(continuous_update=False, layout=widgets.Layout(width="24em"))
        self.button, self.shown, self.result = button(_say("button")), widgets.HTML(), result()
        asks = group(_say("your_name"), self.name)
        super().__init__([self.shown, asks, self.button, self.result])
        self.name.observe(lambda _: self._renew(), names="value")
        self.button.on_click(self._on_click)
        self._renew()
        store.watch(class_file.SECTION, self._renew)

    def reading_form(self) -> str:
        """Return what is to be read where the button does not work."""
        return reading_card(_say("run_for_button"), paragraph(_say("what_for")))

    def _renew(self) -> None:
        self._handed = class_file.to_hand_in(self.name.value)
        self.button.disabled = self._handed.is_empty
        said = paragraph(_say("what_for"))
        said += paragraph(_say("nothing_yet")) if self._handed.is_empty else _shown(self._handed)
        self.shown.value = said

    def _on_click(self, _: widgets.Button) -> None:
        handed = self._handed  # what is shown is what is written
        if handed.is_empty:
            return
        try:
            with written_whole(Path(class_file.FILE), newline="\n") as file:
                file.write(handed.as_text())
        except store.FAILURES as error:
            reason = getattr(error, "strerror", None) or error
            self.result.value = paragraph(_say("not_made", reason=reason))
            return
        class_file.was_made(handed)
        self.result.value = paragraph(_say("made", file=class_file.FILE))
        self._renew()

    def __repr__(self) -> str:
        return f"{_say('what_for')}\n{WORDS('forms.button', text=self.button.description)}"


def _shown(handed: Handed) -> str:
    """Show a file: first what it holds in a table, then word for word."""
    rows = [[_say("row.name"), handed.name or _say("row.nameless")]]
    for phase in PHASES:
        answers = handed.answers[phase]
        right = [*answers.values()].count(RIGHT)
        said = _say("row.answers", count=len(answers), of=len(concepts()), right=right)
        rows.append([_say(f"row.{phase}"), said])
    known = [each for each in handed.predicted.values() if each.right]
    true = sum(each.chosen in each.right for each in known)
    said = _say("row.predicted", count=len(handed.predicted), of=len(predictions()))
    rows.append(
        [_say("row.predictions"), f"{said} {_say('row.true', count=len(known), true=true)}"]
    )
    rows.append([_say("row.copy"), _say("row.why_copy", copy=handed.copy)])
    table = Table([_say("row.what"), _say("row.said")], rows)._repr_html_()
    word_for_word = f'<pre tabindex="0">{escape(handed.as_text())}</pre>'
    return table + folded(_say("word_for_word"), word_for_word)


def _say(key: str, **slots: object) -> str:
    return WORDS(f"class_file.{key}", **slots)
