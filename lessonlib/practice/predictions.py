"""Predict, commit, reveal: a prediction is kept before its answer can be shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from lessonlib import checks
from lessonlib.practice import store
from lessonlib.practice.page import Page, answered, asked, bullets, folded, paragraph
from lessonlib.words import Words, language, listed

TEXTS, WORDS = Words("predictions"), Words("practice")
CONFIDENCES = ("guess", "fairly", "very")  # how sure, from least to most


@dataclass(frozen=True)
class Prediction:
    """Something to predict: a choice between texts, or a number.

    `choices` holds what may be predicted, with what is said to somebody who predicted it; `number`
    is the smallest and the largest number, and `because` is said to everybody who predicted one.
    The notebook it stands in and the one that shows the answer have two digits. The answer is None
    if a later cell measures it.
    """

    name: str
    notebook: str
    question: str
    choices: dict[str, str]
    number: Sequence[int] = ()
    because: str = ""
    answer: str | None = None
    answered_in: str = ""

    @property
    def options(self) -> list[str]:
        """Everything that may be predicted, as texts."""
        if self.choices:
            return list(self.choices)
        smallest, largest = self.number
        return [*map(str, range(smallest, largest + 1))]


def predictions() -> dict[str, Prediction]:
    """Read everything there is to predict, by name, in the order of the course."""
    return _predictions(language())


@cache
def _predictions(_: str) -> dict[str, Prediction]:
    return {name: _read(name, row) for name, row in TEXTS.texts.items()}


def _read(name: str, row: dict) -> Prediction:
    choices = row.get("choices", [])
    right = next((choice["text"] for choice in choices if choice.get("_right")), None)
    given = {"answer": right, **{key.lstrip("_"): value for key, value in row.items()}}
    given["choices"] = {choice["text"]: choice["because"] for choice in choices}
    return Prediction(name, **given)


def prediction_named(name: str) -> Prediction:
    """Look a prediction up; if there is none of that name, TypeError or ValueError lists all."""
    return predictions()[checks.one_of(name, "prediction", predictions())]


def reveal(name: str, answer: str | int | Collection | None) -> Page:
    """Show what a measurement says about a prediction that was made before.

    If nothing was predicted, the answer is there for a click. Several answers (a list, a range of
    numbers) all count as right; None says that the measurement was stopped before it could tell.
    TypeError or ValueError if there is no such prediction, if its answer is known without
    measuring, or if the answer is none of what could be predicted.
    """
    prediction = prediction_named(name)
    if prediction.answer is not None:
        raise ValueError(WORDS("prediction.known", name=name))
    if answer is None:
        not_measured = WORDS("prediction.not_measured")
        return Page(paragraph(not_measured), not_measured)
    several = isinstance(answer, Collection) and not isinstance(answer, str)
    rights = [str(one) for one in answer] if several else [str(answer)]
    allowed = [option for option in prediction.options if option in rights]
    if not rights or len(allowed) < len(set(rights)):
        options = ", ".join(map(repr, prediction.options))
        raise ValueError(WORDS("prediction.no_option", answer=answer, name=name, options=options))
    store.keep("answers", {name: "\n".join(allowed)})
    said = verdict(prediction)
    if kept_choice(prediction) is None:
        summary = asking("prediction.not_made", [prediction])
        html = asked(prediction.question) + folded(summary, answered(*said))
        return Page(html, f"{prediction.question}\n{summary}")
    html = asked(prediction.question) + answered(*said)
    return Page(html, "\n".join([prediction.question, *said]))


def asking(key: str, open_ones: Sequence[Prediction]) -> str:
    """Say a text that asks for predictions, with the notebooks they stand in if not in this one."""
    numbers = sorted({p.notebook for p in open_ones if p.answered_in not in ("", p.notebook)})
    if not numbers:
        return WORDS(f"{key}.here")
    return WORDS(f"{key}.elsewhere", count=len(numbers), notebooks=listed(numbers))


def commit(prediction: Prediction, choice: str, confidence: str | None = None) -> None:
    """Keep a prediction, and how sure the learner said to be of it; the first one stays."""
    if kept_choice(prediction) is None:
        if confidence is not None:
            store.keep("confidence", {prediction.name: confidence}, tell=False)
        store.keep("predictions", {prediction.name: choice})


def kept_choice(prediction: Prediction) -> str | None:
    """Return what was predicted, or None."""
    choice = store.kept("predictions").get(prediction.name)
    return choice if choice in prediction.options else None


def kept_confidence(prediction: Prediction) -> str | None:
    """Return how sure the learner was of what is kept, one of `CONFIDENCES`, or None."""
    confidence = store.kept("confidence").get(prediction.name)
    return confidence if confidence in CONFIDENCES else None


def right_answers(prediction: Prediction) -> list[str]:
    """Return what counts as right; nothing while it has not been measured."""
    if prediction.answer is not None:
        return [prediction.answer]
    measured = store.kept("answers").get(prediction.name, "").split("\n")
    return [option for option in prediction.options if option in measured]


def verdict(prediction: Prediction) -> list[str]:
    """Say what was predicted, what is right, and why, once the answer is known."""
    choice, rights = kept_choice(prediction), right_answers(prediction)
    key = "none_kept" if choice is None else "right" if choice in rights else "wrong"
    slots = {"choice": _quoted(choice or ""), "answer": _in_words(rights)}
    because = prediction.choices.get(choice or rights[0], "")
    return [WORDS(f"prediction.{key}", **slots), *filter(None, (because, prediction.because))]


def prediction_summary(notebook: str) -> Page:
    """Sum up the predictions of a notebook: how many were right, and what was a surprise.

    TypeError or ValueError if nothing is to be predicted in one of that number, such as ``"03"``.
    """
    numbers = sorted({n for p in predictions().values() for n in (p.notebook, p.answered_in) if n})
    checks.one_of(notebook, "notebook", numbers)
    every = predictions().values()
    return _summed_up([p for p in every if notebook in (p.notebook, p.answered_in)])


@store.read_once()
def _summed_up(every: list[Prediction]) -> Page:
    made = [p for p in every if kept_choice(p) is not None]
    known = [p for p in made if right_answers(p)]
    surprises = [p for p in known if kept_choice(p) not in right_answers(p)]
    lines = [_score(every, made, known, surprises)]
    html = paragraph(lines[0])
    for key, members, describe in (
        ("surprises", surprises, _surprise),
        ("still_to_come", [p for p in made if p not in known], _pending),
        ("not_predicted", [p for p in every if p not in made], lambda p: p.question),
    ):
        if members:
            title, items = WORDS(f"summary.{key}"), [describe(p) for p in members]
            html += paragraph(title) + bullets(items)
            lines += [title, *(f"- {item}" for item in items)]
    return Page(html, "\n".join(lines))


def _score(every: list, made: list, known: list, surprises: list) -> str:
    if not made:
        return WORDS("summary.none")
    came_true, wrong = len(known) - len(surprises), len(surprises)
    key = "summary.score_so_far" if known else "summary.made"
    return WORDS(key, made=len(made), of=len(every), right=came_true, wrong=wrong)


def _surprise(prediction: Prediction) -> str:
    choice, answer = kept_choice(prediction), _in_words(right_answers(prediction))
    because = prediction.choices.get(choice) or prediction.because
    slots = {"question": prediction.question, "answer": answer, "because": because}
    return WORDS("summary.surprise", choice=_quoted(choice), **slots)


def _pending(prediction: Prediction) -> str:
    key = "summary.answered_in" if prediction.answered_in else "summary.pending"
    slots = {"choice": _quoted(kept_choice(prediction)), "notebook": prediction.answered_in}
    return WORDS(key, question=prediction.question, **slots)


def _in_words(rights: list[str]) -> str:
    if len(rights) > 2 and all(right.isdecimal() for right in rights):
        return WORDS("prediction.range", first=rights[0], last=rights[-1])  # as measured
    return listed(map(_quoted, rights), "or")


def _quoted(choice: str) -> str:
    return choice if choice.isdecimal() else WORDS("prediction.quoted", choice=choice)
