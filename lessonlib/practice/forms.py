"""The widgets of predictions and of the concept inventory: they ask, keep and answer in place."""

from collections.abc import Iterator, Sequence
from functools import partial
from html import escape
from weakref import WeakSet

import ipywidgets as widgets

from lessonlib.checks import counted
from lessonlib.practice import concepts, predictions, store
from lessonlib.practice.concepts import DO_NOT_KNOW, Concept
from lessonlib.practice.controls import ChoiceGroup, Form, NumberGroup, Pages, button, result
from lessonlib.practice.page import answered, bullets, paragraph
from lessonlib.practice.predictions import Prediction
from lessonlib.views.live import reading_card

KEEP, SHOW = "Keep my prediction", "Show the answer"
STILL_AS_GIVEN = "Type your number first. If {} is your guess, press the button once more."
CHOOSE_FIRST = "Choose one first. A guess is enough."
CHECK, EXPLAIN = "Check my answer", "Explain my answers"
REMEMBER = "Do you remember?"
HOW = {
    "before": "Each answer is kept as soon as you choose it. You can change it until you begin to "
    "answer again at the end of the course.",
    "after": "Each answer is kept as soon as you choose it. You can change it until you press "
    f"“{EXPLAIN}”.",
}
CLOSED = {
    "before": "These are your answers from before the course. You have begun to answer again at "
    "its end, so they can no longer be changed.",
    "after": "Your answers are explained, so they can no longer be changed. What you have not "
    "answered yet you still can.",
}

_open_forms: WeakSet = WeakSet()


class KeptForm(Form):
    """A form that shows what is kept, as do all others that ask the same."""

    def __init__(self, children: Sequence[widgets.Widget]) -> None:
        super().__init__(children)
        self.show_kept()
        _open_forms.add(self)

    def show_kept(self) -> None:
        """Show what is kept."""
        raise NotImplementedError


def _show_kept_everywhere() -> None:
    for form in list(_open_forms):
        form.show_kept()


class PredictionForm(KeptForm):
    """Ask for one prediction, keep it, then show the answer.

    Attributes
    ----------
    choice : ipywidgets.RadioButtons or ipywidgets.BoundedIntText
        What is predicted.
    button : ipywidgets.Button
        Keeps the prediction; after that, shows the answer.
    result : ipywidgets.HTML
        What is said about it.
    """

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        group = (
            ChoiceGroup(prediction.question, prediction.options)
            if prediction.choices
            else NumberGroup(prediction.question, *prediction.number)
        )
        self.choice, self.button, self.result = group.choice, button(KEEP), result()
        self._meant = False  # a number stands there before anybody has guessed
        self.choice.observe(self._on_choice, names="value")
        super().__init__([group, self.button, self.result])
        self.button.on_click(self._on_click)

    def _on_click(self, _: widgets.Button) -> None:
        if self.choice.disabled:
            self._show_answer()
        elif self.choice.value is None:
            self.result.value = paragraph(CHOOSE_FIRST)
        elif not (self.prediction.choices or self._meant):
            self._meant = True
            self.result.value = paragraph(STILL_AS_GIVEN.format(self.choice.value))
        else:
            predictions.commit(self.prediction, str(self.choice.value))
            _show_kept_everywhere()

    def _on_choice(self, _: object) -> None:
        self._meant = True

    def show_kept(self) -> None:
        """Show the kept prediction, if there is one; it stays."""
        kept = predictions.kept_choice(self.prediction)
        if kept is None or self.choice.disabled:
            return
        self.choice.value = kept if self.prediction.choices else int(kept)
        self.choice.disabled = True
        self.button.description = SHOW
        if not predictions.right_answers(self.prediction):  # nothing to show before it is measured
            self.button.layout.display = "none"
        self.result.value = paragraph(f"Kept. {self._when()} {store.trouble()}".rstrip())

    def _show_answer(self) -> None:
        if predictions.right_answers(self.prediction):
            self.result.value = answered("", *predictions.verdict(self.prediction))
        else:
            self.result.value = paragraph("There is no answer yet. " + self._when())

    def _when(self) -> str:
        if predictions.right_answers(self.prediction):
            return "Now read on, or show the answer."
        where = self.prediction.answered_in
        if where in ("", self.prediction.notebook):
            return "A cell further down measures the answer."
        return f"Notebook {where} measures the answer."

    def reading_form(self) -> str:
        """Write the question and what may be predicted, as HTML."""
        if self.prediction.choices:
            options = bullets(self.prediction.options)
        else:
            options = paragraph(f"A number from {self.choice.min} to {self.choice.max}.")
        return reading_card(
            "Run this cell to make a prediction.", _question(self.prediction.question), options
        )

    def __repr__(self) -> str:
        return "\n".join(
            [*_as_text(self.prediction.question, self.choice), f"[{self.button.description}]"]
        )


class InventoryForm(KeptForm):
    """The questions of the concept inventory, one at a time; each answer is kept at once.

    Attributes
    ----------
    phase : str
        ``"before"`` or ``"after"`` the course.
    choices : dict of str to ipywidgets.RadioButtons
        The controls, by the question's name; None is chosen where nothing was answered.
    pages : Pages
        One page for each question.
    button : ipywidgets.Button
        After the course: explains the answers.
    result : ipywidgets.HTML
        What is said about the whole.
    """

    def __init__(self, phase: str) -> None:
        self.phase = phase
        self.choices, self._explanations, pages = {}, {}, []
        kept = concepts.kept_answers(phase)
        for name, concept in concepts.concepts().items():
            texts = [*(choice.text for choice in concept.choices), DO_NOT_KNOW]
            group = ChoiceGroup(concept.question, texts, concept.text_of(kept.get(name)))
            self.choices[name], self._explanations[name] = group.choice, result()
            group.choice.observe(partial(self._on_choice, concept), names="value")
            pages.append(widgets.VBox([group, self._explanations[name]]))
        first_open = next((n for n, name in enumerate(self.choices) if name not in kept), 0)
        self.pages = Pages(pages, first_open)
        self.button, self.result, self._how = button(EXPLAIN), result(), widgets.HTML()
        self.button.on_click(self._on_click)
        finish = [self.button] if phase == "after" else []
        super().__init__([self._how, self.pages, *finish, self.result])

    def _on_choice(self, concept: Concept, change: dict) -> None:
        kept = concepts.kept_answers(self.phase).get(concept.name)
        if change["new"] not in (None, concept.text_of(kept)):
            concepts.keep_answer(self.phase, concept, change["new"])
            _show_kept_everywhere()

    def _on_click(self, _: widgets.Button) -> None:
        concepts.finish(self.phase)
        _show_kept_everywhere()

    def show_kept(self) -> None:
        """Show the kept answers; explain them only after the course, when that is finished."""
        answers, closed = concepts.kept_answers(self.phase), concepts.is_closed(self.phase)
        for name, kept in answers.items():
            concept = concepts.concepts()[name]
            self.choices[name].value = concept.text_of(kept)
            if closed and self.phase == "after":
                said = concepts.verdict(concept, concept.choice(kept))
                self._explanations[name].value = answered("", *said)
        for name, control in self.choices.items():
            control.disabled = closed and (name in answers or self.phase == "before")
        self.button.disabled = closed
        self._how.value = paragraph((CLOSED if closed else HOW)[self.phase])
        said = [concepts.count_answers(self.phase), store.trouble()] if answers else []
        self.result.value = "".join(map(paragraph, filter(None, said)))

    def reading_form(self) -> str:
        """Say that questions will be here, as HTML."""
        count = len(self.choices)
        return reading_card(f"Run this cell: {count} questions appear here, one at a time.")

    def __repr__(self) -> str:
        name = list(self.choices)[self.pages.at]
        asked = _as_text(concepts.concepts()[name].question, self.choices[name])
        count = len(self.choices)
        return "\n".join(
            [
                f"Question {self.pages.at + 1} of {count}",
                *asked,
                f"{sum(c.value is not None for c in self.choices.values())} of {count} answered",
            ]
        )


class RecallForm(KeptForm):
    """Questions of earlier notebooks that come back, each explained as soon as it is answered.

    Attributes
    ----------
    notebook : str
        The notebook in which they come back.
    choices, buttons, results : list
        For each question its radio buttons, its button and the place of its explanation.
    """

    def __init__(self, notebook: str, asked: list[Concept]) -> None:
        self.notebook, self.asked = notebook, asked
        self.choices, self.buttons, self.results = [], [], []
        parts: list[widgets.Widget] = [widgets.HTML(_question(REMEMBER))]
        for concept in asked:
            group = ChoiceGroup(concept.question, [choice.text for choice in concept.choices])
            check, said = button(CHECK), result()
            check.on_click(partial(self._on_click, concept, group.choice, said))
            self.choices.append(group.choice)
            self.buttons.append(check)
            self.results.append(said)
            parts += [group, check, said]
        super().__init__(parts)

    def _on_click(
        self, concept: Concept, control: widgets.RadioButtons, said: widgets.HTML, _: widgets.Button
    ) -> None:
        if control.value is None:
            said.value = paragraph(CHOOSE_FIRST)
            return
        concepts.commit_recall(concept, concept.chosen(control.value))
        _show_kept_everywhere()

    def show_kept(self) -> None:
        """Show how each question was answered last, and explain it; it may be tried again."""
        kept = concepts.kept_answers("recall")
        for concept, control, said in zip(self.asked, self.choices, self.results, strict=True):
            if choice := concept.choice(kept.get(concept.name)):
                control.value = choice.text
                said.value = answered("", *concepts.verdict(concept, choice))

    def reading_form(self) -> str:
        """Write the questions, as HTML."""
        appear = "appears" if len(self.asked) == 1 else "appear"
        count = counted(len(self.asked), "question")
        return reading_card(
            f"{REMEMBER} Run this cell: {count} from earlier notebooks {appear} here.",
            bullets([concept.question for concept in self.asked]),
        )

    def __repr__(self) -> str:
        asked = zip(self.asked, self.choices, strict=True)
        lines = ([*_as_text(c.question, control), f"[{CHECK}]"] for c, control in asked)
        return "\n".join([REMEMBER, *(line for each in lines for line in each)])


def _question(text: str) -> str:
    return f'<p class="lesson-question"><strong>{escape(text)}</strong></p>'


def _as_text(question: str, control: widgets.Widget) -> Iterator[str]:
    """Write a question and what is chosen, for terminals and stored plain-text output."""
    yield question
    if isinstance(control, widgets.RadioButtons):
        for option in control.options:
            yield f"  ({'•' if option == control.value else ' '}) {option}"
    else:
        yield f"  {control.value} ({control.min} to {control.max})"
