"""The concept inventory: questions on what is often misunderstood, before and after the course.

Each question has two forms, about another case each, so that whoever answers the second one cannot
do so by remembering the first. What is kept of an answer is the misconception that it shows, which
is the same in both, and choices may be reworded.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lessonlib.practice import store
from lessonlib.practice.page import Page, paragraph, with_table
from lessonlib.words import Words, language, listed

TEXTS, WORDS = Words("concepts"), Words("practice")
PHASES = ("before", "after")
FORMS = ("a", "b")
RECALLS = ("recall", "recall_far")  # where answers to questions that came back are kept
RIGHT, UNKNOWN = "right", "unknown"
FINISHED = "finished"
FEW = 5


@dataclass(frozen=True)
class Choice:
    """One choice of a question, and why it is right or wrong.

    `misconception` is the stable name of what it shows, ``"right"`` if nothing; `says` words it.
    """

    text: str
    because: str
    misconception: str = RIGHT
    says: str = ""


@dataclass(frozen=True)
class Concept:
    """One question of the inventory in one of its forms; one choice is right.

    `notebook` is the number of that which explains it, `drawn` the sample to be seen with it, if
    any; `transfer` says that it asks about a case that no page shows.
    """

    name: str
    notebook: str
    topic: str
    question: str
    choices: tuple[Choice, ...]
    drawn: Mapping[str, Any] | None = None
    transfer: bool = False

    def choice(self, misconception: str | None) -> Choice | None:
        """Return the choice that shows a misconception, or ``"right"``; None if there is none."""
        return next((c for c in self.choices if c.misconception == misconception), None)

    def text_of(self, kept: str | None) -> str | None:
        """Return the text that was chosen, given what is kept of it; None if nothing is."""
        choice = self.choice(kept)
        return choice.text if choice else do_not_know() if kept == UNKNOWN else None


def concepts(form: str = FORMS[0]) -> dict[str, Concept]:
    """Read all questions of the inventory in one of their forms, by name."""
    return _concepts(language(), form)


@cache
def _concepts(_: str, form: str) -> dict[str, Concept]:
    return {name: _concept(name, row, form) for name, row in TEXTS.texts.items()}


def _concept(name: str, row: Mapping[str, Any], form: str) -> Concept:
    choices = [_choice(each, form) for each in row["choices"]]
    if form != FORMS[0]:
        choices.reverse()  # so that remembering a place helps as little as remembering a text
    return Concept(
        name,
        row["_notebook"],
        row["topic"],
        row["question"][form],
        tuple(choices),
        row.get("drawn", {}).get(form),
        row.get("_transfer", False),
    )


def _choice(row: Mapping[str, Any], form: str) -> Choice:
    own = {key.lstrip("_"): text for key, text in row.items()}
    of_form = {key: text[form] if isinstance(text, Mapping) else text for key, text in own.items()}
    return Choice(**of_form)


def do_not_know() -> str:
    """Return the choice of who does not know yet."""
    return WORDS("inventory.do_not_know")


def form_of(phase: str) -> str:
    """Return the form in which a learner is asked in a phase; questions come back as they were.

    Which one comes first is drawn once for each learner, so that in a class a difference between
    the forms cancels out.
    """
    asked = PHASES[1] if phase == PHASES[1] else PHASES[0]
    return forms_kept().get(asked) or _drawn_forms()[asked]


def forms_kept() -> dict[str, str]:
    """Return the form of each phase; nothing as long as none has been drawn."""
    kept = store.kept("inventory")
    forms = {phase: kept.get(f"form_{phase}") for phase in PHASES}
    return forms if {*forms.values()} <= {*FORMS} else {}


def _drawn_forms() -> dict[str, str]:
    """Draw the forms, and keep them; answers of earlier versions were all to the first form."""
    older = [phase for phase in (*PHASES, *RECALLS) if kept_answers(phase)]
    afresh = store.location() is None  # what is stored in a page must be the same for everybody
    first = FORMS[0] if older or afresh else secrets.choice(FORMS)
    second = FORMS[0] if "after" in older else other_form(first)
    forms = dict(zip(PHASES, (first, second), strict=True))
    store.keep("inventory", {f"form_{phase}": form for phase, form in forms.items()}, tell=False)
    return forms


def other_form(form: str) -> str:
    """Return the form that a form is not."""
    return FORMS[1 - FORMS.index(form)]


def keep_answer(phase: str, concept: Concept, text: str) -> None:
    """Keep one answer of a phase, given as its text; the other answers stay."""
    shows = {choice.text: choice.misconception for choice in concept.choices}
    store.keep(phase, {concept.name: shows.get(text, UNKNOWN)})


def kept_answers(phase: str) -> dict[str, str]:
    """Return what is kept of the answers of a phase: right, unknown or a misconception's name.

    Questions that came back are phases of their own, `RECALLS`.
    """
    kept = store.kept(phase)
    return {name: kept[name] for name, c in concepts().items() if c.text_of(kept.get(name))}


def explain(phase: str) -> None:
    """Keep that the learner has finished a phase and wants to see it explained."""
    store.keep("inventory", {phase: FINISHED})


def is_closed(phase: str) -> bool:
    """Tell whether answers of a phase count as they are: they may not be changed any more."""
    if phase == "before":
        return bool(kept_answers("after"))
    return store.kept("inventory").get(phase) == FINISHED


def verdict(concept: Concept, choice: Choice | None) -> list[str]:
    """Say whether a choice is right, and why; None stands for not knowing."""
    right = concept.choice(RIGHT)
    if choice == right:
        return [WORDS("verdict.right"), right.because]
    if choice is None:
        return [WORDS("verdict.answer", answer=right.text), right.because]
    return [WORDS("verdict.not_this", answer=right.text), choice.because, right.because]


def count_answers(phase: str) -> str:
    """Say how much of a phase is answered, and how much of it is right once it is finished."""
    answers, count = kept_answers(phase), len(concepts())
    if phase == "after" and is_closed(phase):
        return WORDS("inventory.explained", right=right_in_the_end(), of=count)
    said = [WORDS("inventory.answered", answered=len(answers), of=count)]
    left = [str(at) for at, name in enumerate(concepts(), 1) if name not in answers]
    if 0 < len(left) <= FEW:
        said.append(WORDS("inventory.still_open", numbers=", ".join(left)))
    return " ".join(said)


def right_in_the_end() -> int | None:
    """Count the right answers after the course; None until they have been explained."""
    return [*kept_answers("after").values()].count(RIGHT) if is_closed("after") else None


def inventory_change() -> Page:
    """Compare the answers before and after the course, or say what is missing to compare."""
    before, after = (kept_answers(phase) for phase in PHASES)
    if not (before and after):
        missing = [WORDS(f"change.missing.{phase}") for phase in PHASES if not kept_answers(phase)]
        sentence = WORDS("change.nothing_yet", what=listed(missing))
        return Page(paragraph(sentence), sentence)
    rows = [
        [c.topic, _said(c, before.get(name)), _said(c, after.get(name))]
        for name, c in concepts().items()
    ]
    headings = [WORDS(f"change.headings.{key}") for key in ("topic", *PHASES)]
    return with_table(headings, rows, *_changes(before, after))


def _said(concept: Concept, kept: str | None) -> str:
    """Say in a table's cell what an answer shows."""
    choice = concept.choice(kept)
    if choice is None:
        return WORDS("change.unknown" if kept == UNKNOWN else "change.not_answered")
    return WORDS("change.wrong", says=choice.says) if choice.says else WORDS("change.right")


def _changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    right = {"before": [*before.values()].count(RIGHT), "after": [*after.values()].count(RIGHT)}
    sentences = [WORDS("change.how_many", of=len(concepts()), **right)]
    seen = {"gone": [], "still_there": [], "new": []}
    for name, concept in concepts().items():
        was, now = (concept.choice(answers.get(name)) for answers in (before, after))
        if was and was.says and name in after:
            seen["still_there" if now == was else "gone"].append(was.says)
        if now and now.says and now != was:
            seen["new"].append(now.says)
    lists = {key: "; ".join(said) for key, said in seen.items() if said}
    return sentences + [WORDS(f"change.{key}", what=what) for key, what in lists.items()]
