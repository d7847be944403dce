"""The steps of the course, and how far a learner has come."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lessonlib import checks
from lessonlib.practice import store
from lessonlib.practice.checking import failed_again
from lessonlib.practice.concepts import concepts, kept_answers
from lessonlib.practice.page import Page, paragraph
from lessonlib.practice.predictions import kept_choice, predictions
from lessonlib.practice.questions import QUESTIONS
from lessonlib.styles import STYLE
from lessonlib.words import Words, listed

if TYPE_CHECKING:
    from lessonlib.views.tables import Table

COURSE, WORDS = Words("course"), Words("practice")
KINDS = ("check", "written", "step")
_ONE_LINE = 'style="display:inline-block;margin:0 14px 0 0;vertical-align:top"'  # also untrusted


@dataclass(frozen=True)
class Step:
    """A notebook or an exercise of the course, by the name of its file without the ending.

    `inventory` is the phase of the concept inventory that is taken there, `checks` are the
    questions whose checks are to be passed, `written` those that are answered in writing. What is
    `optional` may be left out: it counts as nothing that is still to be done.
    """

    name: str
    inventory: str = ""
    checks: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    optional: bool = False

    @property
    def folder(self) -> str:
        """Where its file is; only exercises have something to answer in a cell."""
        return "exercises" if self.checks or self.written else "notebooks"

    @property
    def number(self) -> str:
        """What its file's name begins with: ``"03"``, or ``"03b"`` for what goes further."""
        return self.name.partition("_")[0]

    @property
    def page(self) -> str:
        """By what its own cells name it: ``"03"`` for a notebook, ``"exercise 3"``."""
        return self.number if self.folder == "notebooks" else f"exercise {self.number.lstrip('0')}"

    @property
    def title(self) -> str:
        """Its number and heading, to be read by people."""
        number, heading = self.page.split()[-1], COURSE(f"{self.name}.heading")
        return WORDS(f"course.title.{self.folder}", number=number, heading=heading)

    @property
    def file(self) -> str:
        """Its file, seen from the course's folder."""
        return f"{self.folder}/{self.name}.ipynb"


#: In the order in which the course is worked through: each exercise after the notebook it follows.
STEPS = tuple(
    Step(
        name,
        row.get("_inventory", ""),
        *(tuple(row.get(key, ())) for key in ("_checks", "_written")),
        row.get("_optional", False),
    )
    for name, row in COURSE.texts.items()
)


def step_named(page: str) -> Step:
    """Look a step up by its page (``"03"``, ``"exercise 3"``) or the name of its file.

    If there is no such page, TypeError or ValueError lists those there are.
    """
    by_page = {step.page: step for step in STEPS}
    by_name = {step.name: step for step in STEPS}
    return by_name.get(page) or by_page[checks.one_of(page, "page", by_page)]


def mark_done(kind: str, name: str, tell: bool = True) -> None:
    """Mark a ``"check"`` as passed, a ``"written"`` answer as given, or a ``"step"`` as done.

    A file that cannot be written is no error; TypeError or ValueError if nothing has that name.
    `tell` renews what shows the progress of this notebook.
    """
    names = {
        "check": list(QUESTIONS),
        "written": [name for step in STEPS for name in step.written],
        "step": [step.name for step in STEPS],
    }[checks.one_of(kind, "kind", KINDS)]
    store.keep("done", {checks.one_of(name, kind, names): kind}, tell)


def progress(page: str = "") -> "Progress":
    """Show what is done and what comes next, with links.

    A page (``"03"``, or ``"exercise 3"``) has a line of its own; TypeError or ValueError if there
    is none of that name. Without it, the whole table is shown.
    """
    return Progress(step_named(page) if page else None)


class Progress:
    """What is done and what is next: a line for a page's step, or the whole table without one.

    It follows what is done in its own notebook.
    """

    def __init__(self, step: Step | None) -> None:
        self.step = step

    @store.read_once()
    def __repr__(self) -> str:
        words = self._words(lambda step: step.title)
        return (
            words
            if self.step
            else "\n".join(filter(None, (repr(_table()), words, store.trouble())))
        )

    @store.read_once()
    def _repr_html_(self) -> str:
        words = self._words(lambda step: _Link(step)._repr_html_())
        table, trouble = (
            _table()._repr_html_(),
            paragraph(store.trouble()) if store.trouble() else "",
        )
        if self.step is None:
            return Page(f"{table}<p>{words}</p>{trouble}", "")._repr_html_()
        line = f"<p {_ONE_LINE}>{words} {WORDS('course.seen')}</p>"
        steps = f"<summary>{WORDS('course.all_steps')}</summary>{table}"
        more = f"<details {_ONE_LINE}>{steps}</details>{trouble}"
        return f'{STYLE}<div class="lesson-practice lesson-steps">{line}{more}</div>'

    def _ipython_display_(self) -> None:
        from IPython.display import display

        shown = display(self._bundle(), raw=True, display_id=True)
        if shown:
            store.watch(f"progress {self.step}", lambda: shown.update(self._bundle(), raw=True))

    @store.read_once()
    def _bundle(self) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _words(self, named: Callable[[Step], str]) -> str:
        following = next_step(self.step)
        if following is None:
            return WORDS("course.all_done")
        if self.step is None:
            return WORDS("course.next", how_many=how_many_done(), title=named(following))
        if following == self.step:
            key = "nothing_else"
        else:
            key = "next_page" if is_done(self.step) else "page_after"
        said = {"how_many": how_many_done(), "standing": standing(self.step)}
        return WORDS(f"course.{key}", title=named(following), **said)


@store.read_once()
def how_many_done() -> str:
    """Say how many of the steps are done that may not be left out."""
    needed = [step for step in STEPS if not step.optional]
    return WORDS("course.how_many_done", done=sum(map(is_done, needed)), of=len(needed))


@store.read_once()
def next_step(after: Step | None = None) -> Step | None:
    """Return the next step that is still to be done, beginning after a step; None if there is none.

    What is optional is never next.
    """
    start = STEPS.index(after) + 1 if after else 0
    in_order = STEPS[start:] + STEPS[:start]
    return next((step for step in in_order if not step.optional and not is_done(step)), None)


def goes_on(after: Step) -> str:
    """Say in a sentence what comes after a step."""
    following = next_step(after)
    if following is None:
        return WORDS("course.all_done")
    title = following.title
    return WORDS(f"course.goes_on.{'question' if title.endswith('?') else 'title'}", title=title)


def is_done(step: Step) -> bool:
    """Tell whether a step is done: all there is to do in it, or marked as a whole."""
    parts = _things_to_do(step)
    complete = bool(parts) and all(done == count for _, done, count in parts)
    return complete or store.kept("done").get(step.name) == "step"


def _things_to_do(step: Step) -> list[tuple[str, int, int]]:
    """List each kind of thing to do in a step, how many are done, and how many there are."""
    done, parts = store.kept("done"), []
    if step.inventory:
        parts.append(("questions", len(kept_answers(step.inventory)), len(concepts())))
    if step.folder == "notebooks":
        asked = [p for p in predictions().values() if p.notebook == step.number]
        parts.append(("predictions", sum(kept_choice(p) is not None for p in asked), len(asked)))
    for kind, names in (("check", step.checks), ("written", step.written)):
        parts.append((kind, sum(done.get(name) == kind for name in names), len(names)))
    return [part for part in parts if part[-1]]


def standing(step: Step) -> str:
    """Say how far a step is, in a few words."""
    far = WORDS("course.done") if is_done(step) else _counted(step) or WORDS("course.to_do")
    failed = failed_again()
    again = [name for name in step.checks if name in failed]
    return WORDS("course.not_right_again", far=far, names=listed(again)) if again else far


def _counted(step: Step) -> str:
    parts = _things_to_do(step)
    return ", ".join(WORDS(f"course.count.{kind}", count=n, done=done) for kind, done, n in parts)


def _state(step: Step) -> str:
    if is_done(step):
        again = failed_again() & {*step.checks}
        return WORDS("course.done_but_not_right" if again else "course.done")
    begun = any(done for _, done, _ in _things_to_do(step))
    far = "begun" if begun else "optional" if step.optional else "to_do"
    return WORDS(f"course.{far}")


class _Link(str):
    """The title of a step, which leads to its page where it is shown as HTML."""

    def __new__(cls, step: Step) -> Self:
        title = super().__new__(cls, step.title)
        title.file = step.file
        return title

    def _repr_html_(self) -> str:
        return f'<a href="{_way_up()}{self.file}">{escape(self)}</a>'


def _table() -> "Table":
    from lessonlib.views.tables import Table  # so that marking something done needs no widgets

    page_itself = WORDS("course.page_itself")
    headings = [WORDS(f"course.headings.{key}") for key in ("step", "to_do", "state")]
    rows = [[_Link(step), _counted(step) or page_itself, _state(step)] for step in STEPS]
    return Table(headings, rows)


def _way_up() -> str:
    """Lead from the notebook's folder, where Python works, to the folder of the course."""
    try:
        return _way_up_from(Path.cwd())
    except store.FAILURES:
        return "../"


@cache  # in a browser each look at a file is a request
def _way_up_from(here: Path) -> str:
    found = (folder / STEPS[0].file for folder in (here, *here.parents))
    return next(("../" * ups for ups, file in enumerate(found) if file.is_file()), "../")
