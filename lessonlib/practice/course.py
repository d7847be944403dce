"""The steps of the course, and how far a learner has come."""

from collections.abc import Iterator
from dataclasses import dataclass

from lessonlib import checks
from lessonlib.practice import store
from lessonlib.practice.concepts import concepts, kept_answers
from lessonlib.practice.page import Page, with_table
from lessonlib.practice.predictions import kept_choice, predictions
from lessonlib.practice.questions import QUESTIONS

KINDS = ("check", "step")


@dataclass(frozen=True)
class Step:
    """A notebook or an exercise of the course.

    Attributes
    ----------
    name : str
        The name of its file, without the ending.
    inventory : str
        The phase of the concept inventory that is taken there, if one is.
    checks : tuple of str
        The questions whose checks are to be passed.
    folder : str
        Where the file is.
    """

    name: str
    inventory: str = ""
    checks: tuple[str, ...] = ()
    folder: str = "notebooks"

    @property
    def title(self) -> str:
        """Its number and name, to be read by people."""
        number, *words = self.name.split("_")
        kind = "Exercise " if self.folder == "exercises" else ""
        return f"{kind}{number} · {' '.join(words).capitalize()}"

    @property
    def file(self) -> str:
        """Its file, seen from the course's folder."""
        return f"{self.folder}/{self.name}.ipynb"


@dataclass(frozen=True)
class Part:
    """One kind of thing to do in a step: how many there are, and how many are done."""

    kind: str
    done: int
    count: int


def _exercise(name: str, *checks: str) -> Step:
    return Step(name, checks=checks, folder="exercises")


#: In the order in which the course is worked through: each exercise after the notebook it follows.
STEPS = (
    Step("00_start_here", inventory="before"),
    Step("01_objective_decides"),
    Step("02_three_routes"),
    Step("03_three_samples"),
    _exercise(
        "01_your_own_sentence",
        "build_causal_example",
        "build_masked_example",
        "build_span_corruption",
    ),
    _exercise("02_why_causal_generates"),
    _exercise("03_blank_or_continuation"),
    Step("04_what_each_is_better_at"),
    _exercise("04_choose_for_summarisation"),
    _exercise("05_masking_80_10_10", "mask_80_10_10"),
    _exercise("06_many_spans", "build_many_spans"),
    Step("05_architectures"),
    _exercise("07_attention_masks", "build_causal_mask", "build_prefix_mask"),
    Step("06_variants"),
    _exercise("08_prefix_and_middle", "build_prefix_example", "build_middle_example"),
    _exercise("09_loss_where_it_counts", "labels_to_learn", "mean_loss"),
    Step("07_beyond_text"),
    Step("08_mistakes_and_bias"),
    _exercise("10_measure_an_ability", "share_of_achievable"),
    Step("09_evidence_and_summary", inventory="after"),
    _exercise("11_evidence_card"),
)


def mark_done(kind: str, name: str) -> None:
    """Mark a check as passed, or a step as done.

    Parameters
    ----------
    kind : str
        ``"check"`` for a coding question, ``"step"`` for a notebook or an exercise.
    name : str
        The question's or the step's name.

    Raises
    ------
    TypeError, ValueError
        If there is no such thing. A file that cannot be written is no error.
    """
    names = QUESTIONS if checks.one_of(kind, "kind", KINDS) == "check" else _step_names()
    store.keep("done", {checks.one_of(name, kind, names): kind})


def progress() -> Page:
    """Show what is done and what comes next.

    Returns
    -------
    Page
        A table of all steps, and the next one in words.
    """
    rows = [[step.title, step.file, _counted(step), _state(step)] for step in STEPS]
    next_step = next((step for step in STEPS if not is_done(step)), None)
    sentences = [
        f"Next: {next_step.title} ({next_step.file})."
        if next_step
        else "Everything is done. Well done."
    ]
    if store.trouble():
        sentences.append(store.trouble())
    return with_table(["Step", "File", "Done", "State"], rows, *sentences)


def is_done(step: Step) -> bool:
    """Tell whether a step is done: all there is to do in it, or marked by hand."""
    parts = list(things_to_do(step))
    complete = any(part.count for part in parts) and all(p.done == p.count for p in parts)
    return complete or store.kept("done").get(step.name) == "step"


def things_to_do(step: Step) -> Iterator[Part]:
    """Count what there is to do in a step, and how much of it is done."""
    if step.folder == "notebooks":
        asked = [p for p in predictions().values() if p.notebook == step.name[:2]]
        yield Part("predictions", sum(kept_choice(p) is not None for p in asked), len(asked))
    if step.inventory:
        yield Part("inventory", len(kept_answers(step.inventory)), len(concepts()))
    done = store.kept("done")
    passed = sum(done.get(name) == "check" for name in step.checks)
    yield Part("checks", passed, len(step.checks))


def _step_names() -> list[str]:
    return [step.name for step in STEPS]


def _counted(step: Step) -> str:
    parts = (f"{p.kind} {p.done} of {p.count}" for p in things_to_do(step) if p.count)
    return ", ".join(parts) or "–"


def _state(step: Step) -> str:
    if is_done(step):
        return "✓ done"
    return "… begun" if any(part.done for part in things_to_do(step)) else "to do"
