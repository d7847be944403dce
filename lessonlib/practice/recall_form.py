"""The form of questions that come back: some are answered in a line before one may choose."""

import ipywidgets as widgets

from lessonlib.practice import concepts, recalling
from lessonlib.practice.controls import Pages, button, result
from lessonlib.practice.kept_form import (
    KeptForm,
    asks,
    concept_as_text,
    heading,
    show_kept_everywhere,
)
from lessonlib.practice.page import answered, bullets, paragraph
from lessonlib.practice.recalling import Recall
from lessonlib.views.live import reading_card
from lessonlib.words import Words

WORDS = Words("practice")


class RecallForm(KeptForm):
    """Questions of earlier notebooks that come back, each explained as soon as it is answered.

    `parts` has one for each question; only one of them is on the page.
    """

    def __init__(self, notebook: str, asked: list[Recall]) -> None:
        self.notebook, self.parts = notebook, [RecallPart(recall) for recall in asked]
        shown = Pages(self.parts) if len(asked) > 1 else self.parts[0]
        super().__init__([widgets.HTML(heading(WORDS("forms.remember"))), shown])

    def show_kept(self) -> None:
        """Show how each question was answered last, and explain it; it may be tried again."""
        for part in self.parts:
            part.show_kept()

    def reading_form(self) -> str:
        """Write what the questions are about, as HTML; which form of them it is, is not known."""
        return reading_card(
            WORDS("forms.run_to_remember", count=len(self.parts)),
            bullets([part.concept.topic for part in self.parts]),
        )

    def __repr__(self) -> str:
        return "\n".join([WORDS("forms.remember"), *map(repr, self.parts)])


class RecallPart(widgets.VBox):
    """One question that comes back; from far a line is typed before its choices are there.

    `line` is where it is typed and `keep` keeps it; `choice`, `button` and `result` are as in a
    prediction.
    """

    def __init__(self, recall: Recall) -> None:
        self.recall, self.concept = recall, recall.concept
        texts = [choice.text for choice in self.concept.choices]
        self.choice = widgets.RadioButtons(options=texts, value=None)
        self.button, self.result = button(WORDS("forms.check")), result()
        self.line = widgets.Text(
            description=WORDS("forms.line_name"),
            style={"description_width": "initial"},
            layout=widgets.Layout(width="98%"),
        )
        self.keep, self._open_line = button(WORDS("forms.see_choices")), result()
        self.keep.add_class("lesson-turn")  # the helper then moves to the choices
        self.button.on_click(self._on_click)
        self.keep.on_click(self._on_keep)
        super().__init__(self._before_the_choices() if recall.typed else self._with_choices())

    @property
    def shows_choices(self) -> bool:
        """Whether the choices are on the page."""
        return self.button in self.children

    def _before_the_choices(self) -> list[widgets.Widget]:
        question = asks(self.concept, self.line, WORDS("forms.in_a_line"))
        return [question, self.keep, self._open_line]

    def _with_choices(self) -> list[widgets.Widget]:
        return [asks(self.concept, self.choice), self.button, self.result]

    def _on_keep(self, _: widgets.Button) -> None:
        if not self.line.value.strip():
            self._open_line.value = paragraph(WORDS("forms.type_first"))
            return
        recalling.keep_line(self.concept, self.line.value)
        show_kept_everywhere()

    def _on_click(self, _: widgets.Button) -> None:
        if self.choice.value is None:
            self.result.value = paragraph(WORDS("forms.choose_first"))
            return
        concepts.keep_answer(self.recall.distance, self.concept, self.choice.value)
        show_kept_everywhere()

    def show_kept(self) -> None:
        """Show the line that was typed, with the choices below it, and the last answer."""
        line = recalling.kept_line(self.concept)
        if line and not self.shows_choices:
            said = widgets.HTML(paragraph(WORDS("forms.your_line", line=line)))
            self.children = [said, *self._with_choices()]
        kept = concepts.kept_answers(self.recall.distance).get(self.concept.name)
        if choice := self.concept.choice(kept):
            self.choice.value = choice.text
            self.result.value = answered(*concepts.verdict(self.concept, choice))

    def __repr__(self) -> str:
        if self.shows_choices:
            asked, last = concept_as_text(self.concept, self.choice), self.button
        else:
            asked, last = concept_as_text(self.concept, self.line), self.keep
        return "\n".join([*asked, f"[{last.description}]"])
