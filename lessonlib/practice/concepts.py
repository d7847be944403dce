"""The concept inventory: questions on what is often misunderstood, before and after the course.

What is kept of an answer is the misconception that it shows, so that choices may be reworded.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from lessonlib.practice import store
from lessonlib.practice.page import Page, paragraph, with_table
from lessonlib.words import Words, language, listed

TEXTS, COURSE, WORDS = Words("concepts"), Words("course"), Words("practice")
PHASES = ("before", "after")
RIGHT, UNKNOWN = "right", "unknown"
FINISHED = "finished"
COME_BACK_TOGETHER = 2
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
    """One question of the inventory, explained in a notebook of two digits; one choice is right."""

    name: str
    notebook: str
    topic: str
    question: str
    choices: tuple[Choice, ...]

    def choice(self, misconception: str | None) -> Choice | None:
        """Return the choice that shows a misconception, or ``"right"``; None if there is none."""
        return next((c for c in self.choices if c.misconception == misconception), None)

    def text_of(self, kept: str | None) -> str | None:
        """Return the text that was chosen, given what is kept of it; None if nothing is."""
        choice = self.choice(kept)
        return choice.text if choice else do_not_know() if kept == UNKNOWN else None


def concepts() -> dict[str, Concept]:
    """Read all questions of the inventory, by name."""
    return _concepts(language())


@cache
def _concepts(_: str) -> dict[str, Concept]:
    return {
        name: Concept(name, row["_notebook"], row["topic"], row["question"], _choices(row))
        for name, row in TEXTS.texts.items()
    }


def _choices(row: dict) -> tuple[Choice, ...]:
    named = ({key.lstrip("_"): text for key, text in each.items()} for each in row["choices"])
    return tuple(Choice(**each) for each in named)


def do_not_know() -> str:
    """Return the choice of who does not know yet."""
    return WORDS("inventory.do_not_know")


def recall_plan() -> dict[str, list[Concept]]:
    """Plan which questions come back in which notebook: each once, the longest ago first."""
    plan, waiting = {}, []
    for before, number in pairwise(notebooks()):
        waiting += [c for c in concepts().values() if c.notebook == before]
        plan[number] = waiting[:COME_BACK_TOGETHER]
        del waiting[:COME_BACK_TOGETHER]
    return plan


def notebooks() -> list[str]:
    """List the notebooks that all read by their numbers, in the order of the course."""
    others = {"_checks", "_written", "_optional"}
    return [name.partition("_")[0] for name, row in COURSE.texts.items() if others.isdisjoint(row)]


def keep_answer(phase: str, concept: Concept, text: str) -> None:
    """Keep one answer of a phase, given as its text; the other answers stay."""
    shows = {choice.text: choice.misconception for choice in concept.choices}
    store.keep(phase, {concept.name: shows.get(text, UNKNOWN)})


def kept_answers(phase: str) -> dict[str, str]:
    """Return what is kept of the answers of a phase: right, unknown or a misconception's name.

    ``"recall"`` is the phase of questions that came back.
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
