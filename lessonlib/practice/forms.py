"""The forms of predictions and of the concept inventory: they ask, keep and answer in place."""

from functools import partial

import ipywidgets as widgets

from lessonlib import checks
from lessonlib.practice import concepts, predictions, recalling, store
from lessonlib.practice.concepts import Concept, do_not_know
from lessonlib.practice.controls import (
    Pages,
    button,
    group,
    number,
    one_of_a_row,
    result,
)
from lessonlib.practice.kept_form import (
    KeptForm,
    as_text,
    asks,
    concept_as_text,
    heading,
    show_kept_everywhere,
)
from lessonlib.practice.page import answered, bullets, paragraph
from lessonlib.practice.predictions import CONFIDENCES, Prediction
from lessonlib.practice.recall_form import RecallForm
from lessonlib.views.live import reading_card
from lessonlib.words import Words

WORDS = Words("practice")


def predict(name: str) -> "PredictionForm":
    """Ask for a prediction, keep it, and only then show the answer.

    Without a prediction the notebook goes on. TypeError or ValueError if none has that name.
    """
    return PredictionForm(predictions.prediction_named(name))


def inventory(phase: str) -> "InventoryForm":
    """Ask all questions of the concept inventory, ``"before"`` the course or ``"after"`` it.

    The second time each is about another case. Only then answers are explained, so that the
    second time counts. TypeError or ValueError if the phase is something else.
    """
    return InventoryForm(checks.one_of(phase, "phase", concepts.PHASES))


def recall(notebook: str) -> "RecallForm":
    """Bring back questions of earlier notebooks, one at a time, each explained at once.

    `notebook` is that in which they come back, such as ``"05"``; ValueError if none come back in
    one of that number.
    """
    plan = recalling.recall_plan()
    return RecallForm(notebook, plan[checks.one_of(notebook, "notebook", plan)])


class PredictionForm(KeptForm):
    """Ask for one prediction, keep it, then show the answer.

    `choice` holds what is predicted, `sure` how sure the learner is of it, who need not say;
    `button` keeps both, and after that shows the answer in `result`.
    """

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        if prediction.choices:
            self.choice = widgets.RadioButtons(options=prediction.options, value=None)
        else:
            self.choice = number(*prediction.number)
        self.sure = one_of_a_row({WORDS(f"confidence.{key}"): key for key in CONFIDENCES})
        self.button, self.result = button(WORDS("forms.keep")), result()
        self._meant = False  # a number stands there before anybody has guessed
        self.choice.observe(self._on_choice, names="value")
        asks = group(prediction.question, self.choice), group(WORDS("forms.how_sure"), self.sure)
        super().__init__([*asks, self.button, self.result])
        self.button.on_click(self._on_click)

    def _on_click(self, _: widgets.Button) -> None:
        if self.choice.disabled:
            self._show_answer()
        elif self.choice.value is None:
            self.result.value = paragraph(WORDS("forms.choose_first"))
        elif not (self.prediction.choices or self._meant):
            self._meant = True
            self.result.value = paragraph(WORDS("forms.still_as_given", number=self.choice.value))
        else:
            predictions.commit(self.prediction, str(self.choice.value), self.sure.value)
            show_kept_everywhere()

    def _on_choice(self, _: object) -> None:
        self._meant = True

    def show_kept(self) -> None:
        """Show the kept prediction, if there is one; it stays."""
        kept = predictions.kept_choice(self.prediction)
        if kept is None or self.choice.disabled:
            return
        self.choice.value = kept if self.prediction.choices else int(kept)
        self.sure.value = predictions.kept_confidence(self.prediction)
        self.choice.disabled = self.sure.disabled = True
        self.button.description = WORDS("forms.show")
        if not predictions.right_answers(self.prediction):  # nothing to show before it is measured
            self.button.layout.display = "none"
        self.result.value = paragraph(self._said_of("kept"))

    def _show_answer(self) -> None:
        if predictions.right_answers(self.prediction):
            self.result.value = answered(*predictions.verdict(self.prediction))
        else:
            self.result.value = paragraph(self._said_of("no_answer"))

    def _said_of(self, what: str) -> str:
        """Say that the prediction is kept, or has no answer yet, and when it will have one."""
        where = self.prediction.answered_in
        when = "now" if predictions.right_answers(self.prediction) else "elsewhere"
        if when == "elsewhere" and where in ("", self.prediction.notebook):
            when = "below"
        said = [WORDS(f"forms.{what}"), WORDS(f"forms.answered.{when}", notebook=where)]
        return " ".join(filter(None, [*said, store.trouble()]))

    def reading_form(self) -> str:
        """Write the question and what may be predicted, as HTML."""
        if self.prediction.choices:
            options = bullets(self.prediction.options)
        else:
            bounds = {"smallest": self.choice.min, "largest": self.choice.max}
            options = paragraph(WORDS("forms.a_number", **bounds))
        question = heading(self.prediction.question)
        return reading_card(WORDS("forms.run_to_predict"), question, options)

    def __repr__(self) -> str:
        asked = as_text(self.prediction.question, self.choice)
        sure = as_text(WORDS("forms.how_sure"), self.sure)
        return "\n".join([*asked, *sure, f"[{self.button.description}]"])


class InventoryForm(KeptForm):
    """The questions of the concept inventory, one at a time; each answer is kept at once.

    `choices` holds the controls by the question's name, None where nothing was answered, and
    `pages` one page for each. After the course `button` explains the answers.
    """

    def __init__(self, phase: str) -> None:
        self.phase = phase
        self.choices, self._explanations, pages = {}, {}, []
        kept = concepts.kept_answers(phase)
        self._concepts = concepts.concepts(concepts.form_of(phase))
        for name, concept in self._concepts.items():
            texts = [*(choice.text for choice in concept.choices), do_not_know()]
            chosen = concept.text_of(kept.get(name))
            self.choices[name] = control = widgets.RadioButtons(options=texts, value=chosen)
            self._explanations[name] = result()
            control.observe(partial(self._on_choice, concept), names="value")
            pages.append(widgets.VBox([asks(concept, control), self._explanations[name]]))
        first_open = next((n for n, name in enumerate(self.choices) if name not in kept), 0)
        self.pages = Pages(pages, first_open)
        self.button, self.result = button(WORDS("forms.explain")), result()
        self._how = widgets.HTML()
        self.button.on_click(self._on_click)
        finish = [self.button] if phase == "after" else []
        super().__init__([self._how, self.pages, *finish, self.result])

    def _on_choice(self, concept: Concept, change: dict) -> None:
        kept = concepts.kept_answers(self.phase).get(concept.name)
        if change["new"] not in (None, concept.text_of(kept)):
            concepts.keep_answer(self.phase, concept, change["new"])
            show_kept_everywhere()

    def _on_click(self, _: widgets.Button) -> None:
        concepts.explain(self.phase)
        show_kept_everywhere()

    def show_kept(self) -> None:
        """Show the kept answers; explain them only after the course, when that is finished."""
        answers, closed = concepts.kept_answers(self.phase), concepts.is_closed(self.phase)
        for name, kept in answers.items():
            concept = self._concepts[name]
            self.choices[name].value = concept.text_of(kept)
            if closed and self.phase == "after":
                said = concepts.verdict(concept, concept.choice(kept))
                self._explanations[name].value = answered(*said)
        for name, control in self.choices.items():
            control.disabled = closed and (name in answers or self.phase == "before")
        self.button.disabled = closed
        how = "closed" if closed else "how"
        self._how.value = paragraph(WORDS(f"inventory.{how}.{self.phase}"))
        said = [concepts.count_answers(self.phase), store.trouble()] if answers else []
        self.result.value = "".join(map(paragraph, filter(None, said)))

    def reading_form(self) -> str:
        """Say that questions will be here, as HTML."""
        return reading_card(WORDS("forms.run_for_questions", count=len(self.choices)))

    def __repr__(self) -> str:
        name = list(self.choices)[self.pages.at]
        asked = concept_as_text(self._concepts[name], self.choices[name])
        answered = sum(control.value is not None for control in self.choices.values())
        counted = WORDS("forms.answered_so_far", answered=answered, of=len(self.choices))
        return "\n".join([self.pages.where, *asked, counted])
