"""Predict, commit, reveal: a prediction is kept before its answer can be shown.

The texts are in ``predictions.toml``, so that the cell of a notebook does not give them away.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from lessonlib import checks
from lessonlib.practice import store
from lessonlib.practice.page import Page, answered, bullets, folded, paragraph

if TYPE_CHECKING:
    from lessonlib.practice.forms import PredictionForm

NOT_MEASURED = (
    "Not measured yet: the training above was stopped. Run its cell again, then this one."
)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Something to predict: a choice between texts, or a number.

    Attributes
    ----------
    name : str
        Its name, by which a notebook asks for it.
    notebook : str
        The notebook it stands in, two digits.
    question : str
        What is asked.
    choices : dict of str to str
        What may be predicted, with what is said to somebody who predicted it; empty for a number.
    number : tuple of int
        Smallest and largest number that may be predicted; empty for choices.
    because : str
        What is said to everybody who predicted a number.
    answer : str or None
        What is right; None if a later cell measures it.
    answered_in : str
        The notebook that shows the answer, two digits.
    """

    name: str
    notebook: str
    question: str
    choices: dict[str, str] = field(default_factory=dict)
    number: tuple[int, ...] = ()
    because: str = ""
    answer: str | None = None
    answered_in: str = ""

    @property
    def options(self) -> list[str]:
        """Everything that may be predicted, as texts."""
        if self.choices:
            return list(self.choices)
        smallest, largest = self.number
        return [str(number) for number in range(smallest, largest + 1)]


@cache
def predictions() -> dict[str, Prediction]:
    """Read everything there is to predict, by name, in the order of the course."""
    rows = tomllib.loads((files("lessonlib.practice") / "predictions.toml").read_text("utf-8"))
    return {name: Prediction(name=name, **row) for name, row in rows.items()}


def prediction_named(name: str) -> Prediction:
    """Look a prediction up.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Prediction

    Raises
    ------
    TypeError, ValueError
        If there is none of that name; the message lists those there are.
    """
    return predictions()[checks.one_of(name, "prediction", predictions())]


def predict(name: str) -> "PredictionForm":
    """Ask for a prediction, keep it, and only then show the answer.

    Parameters
    ----------
    name : str
        Its name in ``predictions.toml``.

    Returns
    -------
    PredictionForm
        A widget; the last line of a cell shows it. Without a prediction the notebook goes on.

    Raises
    ------
    TypeError, ValueError
        If there is no prediction of that name.
    """
    from lessonlib.practice.forms import PredictionForm  # so that no grader needs ipywidgets

    return PredictionForm(prediction_named(name))


def reveal(name: str, answer: str | int | Collection | None) -> Page:
    """Show what a measurement says about a prediction that was made before.

    Parameters
    ----------
    name : str
        The prediction's name.
    answer : str, int, collection of them, or None
        What was measured; several (a list, a range of numbers) if each of them counts as right;
        None if the measurement was stopped before it could tell.

    Returns
    -------
    Page
        What was predicted, what came out and why. If nothing was predicted, the answer is there
        for a click.

    Raises
    ------
    TypeError, ValueError
        If there is no such prediction, if its answer is known without measuring, or if the answer
        is none of what could be predicted.
    """
    prediction = prediction_named(name)
    if prediction.answer is not None:
        raise ValueError(
            f"prediction={name!r} has a known answer, which predict({name!r}) itself shows; "
            "reveal() is for what a cell measures"
        )
    if answer is None:
        return Page(paragraph(NOT_MEASURED), NOT_MEASURED)
    several = isinstance(answer, Collection) and not isinstance(answer, str)
    rights = [str(one) for one in answer] if several else [str(answer)]
    allowed = [option for option in prediction.options if option in rights]
    if not rights or len(allowed) < len(set(rights)):
        raise ValueError(
            f"answer={answer!r} is none of what could be predicted for {name!r}: "
            f"{', '.join(map(repr, prediction.options))}"
        )
    store.keep("answers", {name: "\n".join(allowed)})
    said = verdict(prediction)
    if kept_choice(prediction) is None:
        summary = NOT_PREDICTED.format(where=where_to_predict(prediction))
        asked = f'<p class="lesson-question">{escape(prediction.question)}</p>'
        html = asked + folded(summary, answered("", *said))
        return Page(html, f"{prediction.question}\n{summary}")
    return Page(answered(prediction.question, *said), "\n".join([prediction.question, *said]))


NOT_PREDICTED = "You have not predicted this{where}. Show me the answer."


def where_to_predict(*asked: Prediction) -> str:
    """Say in which notebooks questions are asked whose answers stand in another."""
    numbers = sorted({p.notebook for p in asked if p.answered_in not in ("", p.notebook)})
    if not numbers:
        return ""
    return f" (asked in notebook{'s' * (len(numbers) > 1)} {' and '.join(numbers)})"


def commit(prediction: Prediction, choice: str) -> None:
    """Keep a prediction; the first one stays."""
    if kept_choice(prediction) is None:
        store.keep("predictions", {prediction.name: choice})


def kept_choice(prediction: Prediction) -> str | None:
    """Return what was predicted, or None."""
    choice = store.kept("predictions").get(prediction.name)
    return choice if choice in prediction.options else None


def right_answers(prediction: Prediction) -> list[str]:
    """Return what counts as right; nothing while it has not been measured."""
    if prediction.answer is not None:
        return [prediction.answer]
    measured = store.kept("answers").get(prediction.name, "").split("\n")
    return [option for option in prediction.options if option in measured]


def verdict(prediction: Prediction) -> list[str]:
    """Say what was predicted, what is right, and why, once the answer is known."""
    choice, rights = kept_choice(prediction), right_answers(prediction)
    if choice is None:
        sentence, explained = f"No prediction was kept. The answer: {_in_words(rights)}.", rights[0]
    elif choice in rights:
        sentence, explained = f"✓ Right: you predicted {_quoted(choice)}.", choice
    else:
        sentence = (
            f"✗ Not this time: you predicted {_quoted(choice)}. The answer: {_in_words(rights)}."
        )
        explained = choice
    reasons = (prediction.choices.get(explained, ""), prediction.because)
    return [sentence, *filter(None, reasons)]


def prediction_summary(notebook: str) -> Page:
    """Sum up the predictions of a notebook: how many were right, and what was a surprise.

    Parameters
    ----------
    notebook : str
        The notebook's number, such as ``"03"``.

    Returns
    -------
    Page

    Raises
    ------
    TypeError, ValueError
        If there is nothing to predict in that notebook.
    """
    numbers = sorted({n for p in predictions().values() for n in (p.notebook, p.answered_in) if n})
    checks.one_of(notebook, "notebook", numbers)
    asked = [p for p in predictions().values() if notebook in (p.notebook, p.answered_in)]
    made = [p for p in asked if kept_choice(p) is not None]
    known = [p for p in made if right_answers(p)]
    surprises = [p for p in known if kept_choice(p) not in right_answers(p)]
    lines = [_score(asked, made, known, surprises)]
    html = paragraph(lines[0])
    for title, members, describe in (
        ("What surprised you:", surprises, _surprise),
        ("Still to come:", [p for p in made if p not in known], _pending),
        ("Not predicted yet:", [p for p in asked if p not in made], lambda p: p.question),
    ):
        if members:
            items = [describe(p) for p in members]
            html += paragraph(title) + bullets(items)
            lines += [title, *(f"- {item}" for item in items)]
    return Page(html, "\n".join(lines))


def _score(asked: list, made: list, known: list, surprises: list) -> str:
    if not made:
        return "No predictions have been kept. Make them above, then run this cell again."
    right, wrong = len(known) - len(surprises), len(surprises)
    score = f"You made {len(made)} of {len(asked)} predictions."
    return f"{score} {right} came true, {wrong} surprised you." if known else score


def _surprise(prediction: Prediction) -> str:
    choice = kept_choice(prediction)
    return (
        f"{prediction.question} You predicted {_quoted(choice)}; the answer: "
        f"{_in_words(right_answers(prediction))}. "
        f"{prediction.choices.get(choice) or prediction.because}"
    )


def _pending(prediction: Prediction) -> str:
    where = f" Notebook {prediction.answered_in} has the answer." if prediction.answered_in else ""
    return f"{prediction.question} You predicted {_quoted(kept_choice(prediction))}.{where}"


def _in_words(rights: list[str]) -> str:
    if len(rights) > 2 and all(right.isdecimal() for right in rights):
        return f"{rights[0]} to {rights[-1]}"  # measured numbers come as a range
    return " or ".join(map(_quoted, rights))


def _quoted(choice: str) -> str:
    return choice if choice.isdecimal() else f"“{choice}”"
