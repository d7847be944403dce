"""The steps of the course, and how far a learner has come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from lessonlib import checks
from lessonlib.practice import store
from lessonlib.practice.checking import failed_again
from lessonlib.practice.concepts import concepts, kept_answers
from lessonlib.practice.page import STYLE, Page, paragraph
from lessonlib.practice.predictions import kept_choice, predictions
from lessonlib.practice.questions import QUESTIONS

if TYPE_CHECKING:
    from lessonlib.practice.finishing import FinishForm

KINDS = ("check", "written", "step")

ALL_DONE = "Everything is done. Well done."
NOTHING_ELSE = "nothing else is open"
DONE = "✓ done"
SEEN = " (as this cell last saw it)"  # what is stored may be of another day
_ONE_LINE = 'style="display:inline-block;margin:0 14px 0 0;vertical-align:top"'  # also untrusted
HEADINGS = ["Step", "To be done there", "State"]


@dataclass(frozen=True)
class Step:
    """A notebook or an exercise of the course.

    Attributes
    ----------
    name : str
        The name of its file, without the ending.
    heading : str
        Its heading, without its number.
    inventory : str
        The phase of the concept inventory that is taken there, if one is.
    checks : tuple of str
        The questions whose checks are to be passed.
    written : tuple of str
        The questions that are answered in writing.
    folder : str
        Where the file is.
    """

    name: str
    heading: str
    inventory: str = ""
    checks: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    folder: str = "notebooks"

    @property
    def page(self) -> str:
        """By what its own cells name it: ``"03"`` for a notebook, ``"exercise 3"``."""
        number = self.name[:2]
        return number if self.folder == "notebooks" else f"exercise {int(number)}"

    @property
    def title(self) -> str:
        """Its number and heading, to be read by people."""
        return f"{self.page.capitalize()} · {self.heading}"

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


def _exercise(name: str, heading: str, *checks: str, written: str = "") -> Step:
    texts = (written,) if written else ()
    return Step(name, heading, checks=checks, written=texts, folder="exercises")


#: In the order in which the course is worked through: each exercise after the notebook it follows.
STEPS = (
    Step("00_start_here", "Start here: one text, many kinds of practice", inventory="before"),
    Step("01_objective_decides", "Why the objective decides the path"),
    Step("02_three_routes", "Three routes: continue, fill in, repair"),
    Step("03_three_samples", "Three samples from one sentence"),
    _exercise(
        "01_your_own_sentence",
        "Your own sentence",
        "build_causal_example",
        "build_masked_example",
        "build_span_corruption",
    ),
    _exercise(
        "02_why_causal_generates",
        "Why causal LM writes so well",
        written="why_causal_generates",
    ),
    _exercise(
        "03_blank_or_continuation", "Blank or continuation?", written="blank_or_continuation"
    ),
    Step("04_what_each_is_better_at", "What each objective is better at: the measurement"),
    _exercise(
        "04_choose_for_summarisation",
        "Choose for summarisation",
        written="choose_for_summarisation",
    ),
    _exercise("05_masking_80_10_10", "Eighty, ten, ten", "mask_80_10_10"),
    _exercise("06_many_spans", "Many spans", "build_many_spans"),
    Step("05_architectures", "Architectures: who may look at whom"),
    _exercise(
        "07_attention_masks", "Who may look at whom", "build_causal_mask", "build_prefix_mask"
    ),
    Step("06_variants", "Variants: the same idea with other rules"),
    _exercise(
        "08_prefix_and_middle", "Prefix and middle", "build_prefix_example", "build_middle_example"
    ),
    _exercise(
        "09_loss_where_it_counts", "The loss where it counts", "labels_to_learn", "mean_loss"
    ),
    Step("07_beyond_text", "Beyond text: pictures with captions"),
    Step("08_mistakes_and_bias", "Three mistakes, hidden preferences, and limits"),
    _exercise(
        "10_measure_an_ability",
        "Measure an ability",
        "share_of_achievable",
        written="measurement_report",
    ),
    Step("09_evidence_and_summary", "Evidence and summary", inventory="after"),
    _exercise("11_evidence_card", "Your evidence cards", written="evidence_cards"),
)


def step_named(page: str) -> Step:
    """Look a step up.

    Parameters
    ----------
    page : str
        ``"03"`` for a notebook, ``"exercise 3"`` for an exercise, or the name of its file.

    Raises
    ------
    TypeError, ValueError
        If there is no such page; the message lists those there are.
    """
    by_page = {step.page: step for step in STEPS}
    by_name = {step.name: step for step in STEPS}
    return by_name.get(page) or by_page[checks.one_of(page, "page", by_page)]


def mark_done(kind: str, name: str, tell: bool = True) -> None:
    """Mark a check as passed, a written answer as given, or a step as done.

    Parameters
    ----------
    kind : str
        ``"check"`` for a coding question, ``"written"`` for a written one, ``"step"`` for a
        notebook or an exercise.
    name : str
        The question's or the step's name.
    tell : bool
        Whether what shows the progress of this notebook is renewed.

    Raises
    ------
    TypeError, ValueError
        If there is no such thing. A file that cannot be written is no error.
    """
    names = {
        "check": list(QUESTIONS),
        "written": [name for step in STEPS for name in step.written],
        "step": [step.name for step in STEPS],
    }[checks.one_of(kind, "kind", KINDS)]
    store.keep("done", {checks.one_of(name, kind, names): kind}, tell)


def progress(page: str = "") -> "Progress":
    """Show what is done and what comes next.

    Parameters
    ----------
    page : str
        The page on which it stands, for one line: ``"03"``, or ``"exercise 3"``. Without it, the
        whole table is shown.

    Returns
    -------
    Progress
        What is done, with links, and the next step.

    Raises
    ------
    TypeError, ValueError
        If there is no such page.
    """
    return Progress(step_named(page) if page else None)


def finish(page: str) -> "FinishForm":
    """Let a learner say that a notebook has been worked through.

    Parameters
    ----------
    page : str
        The notebook, such as ``"03"``.

    Returns
    -------
    FinishForm
        A widget; the last line of a cell shows it.

    Raises
    ------
    TypeError, ValueError
        If there is no such page.
    """
    from lessonlib.practice.finishing import FinishForm  # so that no grader needs ipywidgets

    return FinishForm(step_named(page))


class Progress:
    """What is done and what is next; it follows what is done in its own notebook.

    Parameters
    ----------
    step : Step or None
        The page on which it stands as one line; None for the whole table.
    """

    def __init__(self, step: Step | None) -> None:
        self.step = step

    def __repr__(self) -> str:
        if self.step:
            return self._words(lambda step: step.title)
        table = _table_as_text()
        return "\n".join(filter(None, (table, self._words(lambda s: s.title), store.trouble())))

    def _repr_html_(self) -> str:
        words, table = self._words(_link), _table_as_html()
        trouble = paragraph(store.trouble()) if store.trouble() else ""
        if self.step is None:
            return Page(f"{table}<p>{words}</p>{trouble}", "")._repr_html_()
        return (
            f'{STYLE}<div class="lesson-practice lesson-steps"><p {_ONE_LINE}>{words}{SEEN}</p>'
            f"<details {_ONE_LINE}><summary>all steps</summary>{table}</details>{trouble}</div>"
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        shown = display(_Drawn(self), display_id=True)
        if shown:
            name = self.step.name if self.step else "the whole course"
            store.watch(f"progress of {name}", lambda: shown.update(_Drawn(self)))

    def _words(self, named: Callable[[Step], str]) -> str:
        following = next_step(self.step)
        if following is None:
            return ALL_DONE
        if self.step is None:
            return f"{how_many_done()}. Next: {named(following)}."
        then = NOTHING_ELSE if following == self.step else f"next: {named(following)}"
        return f"{how_many_done()} · this page: {standing(self.step)} · {then}"


class _Drawn:
    """What progress shows at this moment."""

    def __init__(self, shown: Progress) -> None:
        self._html, self._text = shown._repr_html_(), repr(shown)

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text


def how_many_done() -> str:
    """Say how many steps are done."""
    return f"{sum(map(is_done, STEPS))} of {len(STEPS)} steps done"


def next_step(after: Step | None = None) -> Step | None:
    """Return the next step that is not done, beginning after a step; None if all are done."""
    start = STEPS.index(after) + 1 if after else 0
    return next((step for step in STEPS[start:] + STEPS[:start] if not is_done(step)), None)


def goes_on(after: Step) -> str:
    """Say in a sentence what comes after a step."""
    following = next_step(after)
    if following is None:
        return ALL_DONE
    return f"Next: {following.title}{'' if following.title.endswith('?') else '.'}"


def is_done(step: Step) -> bool:
    """Tell whether a step is done: all there is to do in it, or marked as a whole."""
    parts = list(things_to_do(step))
    complete = bool(parts) and all(part.done == part.count for part in parts)
    return complete or store.kept("done").get(step.name) == "step"


def things_to_do(step: Step) -> Iterator[Part]:
    """Count what there is to do in a step, and how much of it is done."""
    done = store.kept("done")
    if step.inventory:
        yield Part("question", len(kept_answers(step.inventory)), len(concepts()))
    if step.folder == "notebooks":
        asked = [p for p in predictions().values() if p.notebook == step.name[:2]]
        if asked:
            made = sum(kept_choice(p) is not None for p in asked)
            yield Part("prediction", made, len(asked))
    for kind, names in (("check", step.checks), ("written", step.written)):
        if names:
            words = {"check": "check", "written": "written answer"}[kind]
            yield Part(words, sum(done.get(name) == kind for name in names), len(names))


def standing(step: Step) -> str:
    """Say how far a step is, in a few words."""
    far = DONE if is_done(step) else _counted(step) or "to do"
    failed = failed_again()
    again = [name for name in step.checks if name in failed]
    return f"{far}; your last check of {' and '.join(again)} was not right" if again else far


def _counted(step: Step) -> str:
    return ", ".join(
        f"{part.done} of {checks.counted(part.count, part.kind)}" for part in things_to_do(step)
    )


def _state(step: Step) -> str:
    if is_done(step):
        return f"{DONE}; last check not right" if failed_again() & {*step.checks} else DONE
    return "… begun" if any(part.done for part in things_to_do(step)) else "to do"


def _rows() -> list[list[str]]:
    return [[step.title, _counted(step) or "the page itself", _state(step)] for step in STEPS]


def _table_as_text() -> str:
    from lessonlib.views.tables import Table  # so that marking something done needs no widgets

    return repr(Table(HEADINGS, _rows()))


def _table_as_html() -> str:
    from lessonlib.views.tables import Table

    html, up = Table(HEADINGS, _rows())._repr_html_(), _way_up()
    for step in STEPS:
        html = html.replace(f">{escape(step.title)}<", f">{_link(step, up)}<")
    return html


def _link(step: Step, up: str | None = None) -> str:
    return f'<a href="{_way_up() if up is None else up}{step.file}">{escape(step.title)}</a>'


def _way_up() -> str:
    """Lead from the notebook's folder, where Python works, to the folder of the course."""
    try:
        here = Path.cwd()
        for ups, folder in enumerate((here, *here.parents)):
            if (folder / STEPS[0].file).is_file():
                return "../" * ups
    except store.FAILURES:
        pass
    return "../"
