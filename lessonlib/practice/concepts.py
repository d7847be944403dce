"""The concept inventory: questions on what is often misunderstood, before and after the course.

The questions are in ``concepts.toml``. Every wrong choice has the name of the misconception
that it shows. What is kept of an answer is that name, so that choices may be reworded.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lessonlib import checks
from lessonlib.practice import store
from lessonlib.practice.page import Page, paragraph, with_table

if TYPE_CHECKING:
    from lessonlib.practice.forms import InventoryForm, RecallForm

PHASES = ("before", "after")
RIGHT, UNKNOWN = "right", "unknown"
DO_NOT_KNOW = "I do not know yet"
FINISHED = "finished"
LAST_NOTEBOOK = 9
WHERE = {
    "before": "the questions of notebook 00",
    "after": "the questions at the end of the course (notebook 09)",
}
COME_BACK_TOGETHER = 2
FEW = 5


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice of a question.

    Attributes
    ----------
    text : str
        What may be chosen.
    because : str
        Why it is right or wrong.
    misconception : str
        Short, stable name of the misconception that it shows; ``"right"`` if it shows none.
    says : str
        The misconception in words.
    """

    text: str
    because: str
    misconception: str = RIGHT
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Concept:
    """One question of the inventory.

    Attributes
    ----------
    name : str
        Its short, stable name.
    notebook : str
        The notebook that explains it, two digits.
    topic : str
        What it is about, for tables.
    question : str
        What is asked.
    choices : tuple of Choice
        One right, the others wrong.
    """

    name: str
    notebook: str
    topic: str
    question: str
    choices: tuple[Choice, ...]

    @property
    def right(self) -> Choice:
        """The right choice."""
        return next(choice for choice in self.choices if choice.misconception == RIGHT)

    def choice(self, misconception: str | None) -> Choice | None:
        """Return the choice that shows a misconception, or ``"right"``; None if there is none."""
        return next((c for c in self.choices if c.misconception == misconception), None)

    def chosen(self, text: str) -> Choice | None:
        """Return the choice with this text; None if there is none."""
        return next((choice for choice in self.choices if choice.text == text), None)

    def text_of(self, kept: str | None) -> str | None:
        """Return the text that was chosen, given what is kept of it; None if nothing is."""
        choice = self.choice(kept)
        return choice.text if choice else DO_NOT_KNOW if kept == UNKNOWN else None


@cache
def concepts() -> dict[str, Concept]:
    """Read all questions of the inventory, by name."""
    rows = tomllib.loads((files("lessonlib.practice") / "concepts.toml").read_text("utf-8"))
    return {
        name: Concept(name=name, **{**row, "choices": tuple(Choice(**c) for c in row["choices"])})
        for name, row in rows.items()
    }


def inventory(phase: str) -> "InventoryForm":
    """Ask all questions of the concept inventory.

    Parameters
    ----------
    phase : str
        ``"before"`` the course, when no answer is explained so that the second time counts; or
        ``"after"`` it, when every answer is explained as soon as the learner has finished.

    Returns
    -------
    InventoryForm
        A widget; the last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If `phase` is something else.
    """
    from lessonlib.practice.forms import InventoryForm  # so that no grader needs ipywidgets

    return InventoryForm(checks.one_of(phase, "phase", PHASES))


def recall(notebook: str) -> "RecallForm":
    """Bring back one or two questions of earlier notebooks, explained at once.

    Parameters
    ----------
    notebook : str
        The notebook in which they come back, ``"01"`` to ``"09"``.

    Returns
    -------
    RecallForm
        A widget; the last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If there is no such notebook.
    """
    from lessonlib.practice.forms import RecallForm

    plan = recall_plan()
    return RecallForm(notebook, plan[checks.one_of(notebook, "notebook", plan)])


def recall_plan() -> dict[str, list[Concept]]:
    """Plan which questions come back in which notebook: each once, the longest ago first."""
    plan, waiting = {}, []
    for number in range(1, LAST_NOTEBOOK + 1):
        waiting += [c for c in concepts().values() if c.notebook == f"{number - 1:02}"]
        plan[f"{number:02}"] = waiting[:COME_BACK_TOGETHER]
        del waiting[:COME_BACK_TOGETHER]
    return plan


def keep_answer(phase: str, concept: Concept, text: str) -> None:
    """Keep one answer of a phase, given as its text; the other answers stay."""
    choice = concept.chosen(text)
    store.keep(phase, {concept.name: choice.misconception if choice else UNKNOWN})


def commit_recall(concept: Concept, choice: Choice) -> None:
    """Keep how a question was answered when it came back; the last time counts."""
    store.keep("recall", {concept.name: choice.misconception})


def kept_answers(phase: str) -> dict[str, str]:
    """Return what is kept of the answers of a phase: right, unknown or a misconception's name.

    Parameters
    ----------
    phase : str
        ``"before"``, ``"after"``, or ``"recall"`` for questions that came back.

    Returns
    -------
    dict of str to str
        By question; one that was not answered is not in it.
    """
    kept = store.kept(phase)
    return {name: kept[name] for name, c in concepts().items() if c.text_of(kept.get(name))}


def finish(phase: str) -> None:
    """Keep that the learner has finished a phase and wants to see it explained."""
    store.keep("inventory", {phase: FINISHED})


def is_closed(phase: str) -> bool:
    """Tell whether answers of a phase count as they are: they may not be changed any more."""
    if phase == "before":
        return bool(kept_answers("after"))
    return store.kept("inventory").get(phase) == FINISHED


def verdict(concept: Concept, choice: Choice | None) -> list[str]:
    """Say whether a choice is right, and why; None stands for not knowing."""
    right = concept.right
    if choice == right:
        return ["✓ Right.", right.because]
    answer = f"The answer: {right.text}."
    if choice is None:
        return [answer, right.because]
    return [f"✗ Not this. {answer}", choice.because, right.because]


def count_answers(phase: str) -> str:
    """Say how much of a phase is answered, and how much of it is right once it is finished."""
    answers = kept_answers(phase)
    answered = f"Kept: {len(answers)} of {len(concepts())} answered."
    left = [str(at) for at, name in enumerate(concepts(), 1) if name not in answers]
    if 0 < len(left) <= FEW:
        answered += f" Still open: {', '.join(left)}."
    if phase == "after" and is_closed(phase):
        right = list(answers.values()).count(RIGHT)
        return f"{right} of {len(concepts())} right. Each answer is explained."
    return answered


def inventory_change() -> Page:
    """Compare the answers before and after the course.

    Returns
    -------
    Page
        A table of all questions, and in words what has changed; or what is missing to compare.
    """
    before, after = (kept_answers(phase) for phase in PHASES)
    if not (before and after):
        missing = " and ".join(WHERE[phase] for phase in PHASES if not kept_answers(phase))
        sentence = f"Nothing to compare yet. Answer {missing}, then run this cell again."
        return Page(paragraph(sentence), sentence)
    rows = [
        [c.topic, _said(c, before.get(name)), _said(c, after.get(name))]
        for name, c in concepts().items()
    ]
    return with_table(["Question about", "Before", "After"], rows, *_changes(before, after))


def _said(concept: Concept, kept: str | None) -> str:
    """Say in a table's cell what an answer shows."""
    choice = concept.choice(kept)
    if choice is None:
        return "? did not know yet" if kept == UNKNOWN else "– not answered"
    return f"✗ {choice.says}" if choice.says else "✓ right"


def _changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    right = [list(answers.values()).count(RIGHT) for answers in (before, after)]
    count = len(concepts())
    sentences = [f"Right before: {right[0]} of {count}. Right after: {right[1]} of {count}."]
    gone, there, new = [], [], []
    for name, concept in concepts().items():
        was, now = (concept.choice(answers.get(name)) for answers in (before, after))
        if was and was.says and name in after:
            (there if now == was else gone).append(was.says)
        if now and now.says and now != was:
            new.append(now.says)
    for title, said in (("Gone", gone), ("Still there", there), ("New", new)):
        if said:
            sentences.append(f"{title}: {'; '.join(said)}.")
    return sentences
