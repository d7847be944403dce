"""Watch models train: a line that grows for each of them, the time left, and a stop that keeps."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from lessonlib.exams.exam import EXAM, Plan, run
from lessonlib.exams.results import Results, ranking
from lessonlib.exams.running import PROCESSES, Report
from lessonlib.exams.sentences.pairings import Pairing, right_and_wrong
from lessonlib.exams.sentences.subject import QUICK
from lessonlib.views.figures import GREY, STYLE, colour_of
from lessonlib.views.matrix import objective_name

WAITING, DONE = "waiting", "done"
BETWEEN_DRAWINGS = 0.2  # seconds
TRAINING_SHARE = 0.92  # of the time that one model takes; the rest is its exam
WIDTH, HEIGHT, LEFT, FLOOR = 620, 150, 34, 130
DASHES = ("none", "7 4", "2 3")

GETTING_READY = "Getting ready: each model gets a process of its own."
MOVING = '<progress aria-hidden="true"></progress>'  # without a value a browser keeps it moving

BEFORE = "Run this cell: {count} models train, and you see how far each of them is."
STOPPED = "Stopped. What was measured by then is kept; run the cell again to measure the rest."
NOTHING_YET = "Stopped before anything was measured. Run the cell again when you have the time."
FINISHED = "Finished: {names}."


class StoppedError(Exception):
    """A training was stopped by hand; a notebook shows the sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass
class ModelProgress:
    """How far one model has come.

    Attributes
    ----------
    name : str
        What it is called on the page.
    objective : str
        What it practises, if that is one of the course's objectives.
    stage : str
        What it is doing.
    done, of : int
        How much of that is done.
    began : float
        When it was first heard of, in seconds of a clock that only runs forward.
    losses : list of (float, float)
        Share of the training that was done, and the loss there, smoothed.
    """

    name: str
    objective: str = ""
    stage: str = WAITING
    done: int = 0
    of: int = 1
    began: float = 0.0
    losses: list[tuple[float, float]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How much of all that it has to do is done, from 0 to 1."""
        if self.stage in (WAITING, DONE):
            return float(self.stage == DONE)
        part = self.done / self.of
        if self.stage == EXAM:
            return TRAINING_SHARE + (1 - TRAINING_SHARE) * part
        return TRAINING_SHARE * part

    def hear(self, report: Report, now: float) -> None:
        """Take in a report."""
        if self.stage == WAITING:
            self.began = now
        self.stage, self.done, self.of = report.stage or DONE, report.done, report.of
        if isinstance(report.found, float):
            before = self.losses[-1][1] if self.losses else report.found
            self.losses.append((report.done / report.of, 0.6 * before + 0.4 * report.found))

    def in_words(self, losses: bool = True) -> str:
        """Say what it is doing, with or without its loss."""
        if self.stage == EXAM:
            return f"exam, {self.done} of {self.of} parts"
        if self.stage in (WAITING, DONE):
            return self.stage
        loss = f", loss {self.losses[-1][1]:.2f}" if losses and self.losses else ""
        return f"{self.stage}, step {self.done:,} of {self.of:,}{loss}"


def seconds_left(
    models: Sequence[ModelProgress], now: float, at_once: int = PROCESSES
) -> float | None:
    """Estimate how long the rest takes; None while nothing tells.

    Those that run go on as they did; those that wait take as long as the others, and begin
    whenever a place is free.
    """
    running = [c for c in models if 0.03 < c.share < 1]
    whole = [(now - c.began) / c.share for c in running]
    if not whole:
        return None
    free = sorted(each * (1 - c.share) for each, c in zip(whole, running, strict=True))
    free = [0.0] * (at_once - len(free)) + free
    for _ in range(sum(c.share <= 0.03 for c in models)):
        free = sorted([free[0] + sum(whole) / len(whole), *free[1:]])
    return free[-1]


def listed(models: Sequence[ModelProgress], sentence: str) -> str:
    """Draw a bar and words for each model, and no losses, which may be what is to be predicted."""
    rows = "<br>".join(
        f'<progress value="{model.share:.3f}" aria-label="{escape(model.name)}"></progress> '
        f"<strong>{escape(model.name)}</strong>: {escape(model.in_words(losses=False))}"
        for model in models
    )
    return (
        f'<div class="lesson-training" style="line-height:1.6">'
        f'<p style="margin:0">{escape(sentence)}</p>{rows}</div>'
    )


def drawn(models: Sequence[ModelProgress], sentence: str) -> str:
    """Draw the lines of all models, with a row of words for each.

    Parameters
    ----------
    models : sequence of ModelProgress
        At most three.
    sentence : str
        What is to be said about the whole.

    Returns
    -------
    str
        HTML that needs no stylesheet.
    """
    highest = max((loss for c in models for _, loss in c.losses), default=1.0)
    lines, rows = [], []
    for model, dash in zip(models, DASHES, strict=False):
        colour = colour_of(model.objective)
        stroke = f'fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dash}"'
        points = " ".join(
            f"{LEFT + share * (WIDTH - LEFT):.0f},{FLOOR - loss / highest * (FLOOR - 10):.0f}"
            for share, loss in model.losses
        )
        lines.append(f'<polyline points="{points}" {stroke}/>')
        rows.append(
            f'<svg class="lesson-drawing" width="34" height="10" aria-hidden="true">'
            f'<path d="M0 5H34" {stroke}/></svg> '
            f"<strong>{escape(model.name)}</strong>: {escape(model.in_words())}"
        )
    words = "; ".join(f"{c.name}: {c.in_words()}" for c in models)
    label = f'font-size="11" fill="{GREY}"'
    axes = (
        f'<path d="M{LEFT} 6V{FLOOR}H{WIDTH}" fill="none" stroke="{GREY}"/>'
        f'<text x="0" y="14" {label}>loss</text><text x="{LEFT - 10}" y="{FLOOR}" {label}>0'
        f'</text><text x="{WIDTH}" y="{HEIGHT - 5}" text-anchor="end" {label}>training →</text>'
    )
    return (
        f'{STYLE}<div class="lesson-training" style="line-height:1.6">'
        f'<p style="margin:0">{escape(sentence)}</p>'
        f'<svg class="lesson-drawing" role="img" '
        f'aria-label="Loss of each model while it trains. {escape(words)}" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'style="max-width:100%;height:auto">{axes}{"".join(lines)}</svg>'
        f"<div>{'<br>'.join(rows)}</div></div>"
    )


Draw = Callable[[Sequence[ModelProgress], str], str]


class TrainingView(widgets.HTML):
    """The lines, on the page; call it with every report.

    It is a widget so that a page that was closed meanwhile and is opened again shows how far the
    training is, and not how far it was.

    Parameters
    ----------
    models : mapping of str to str
        What the jobs are called, in their order, and the objective of each, or nothing.
    draw : callable
        How: with their losses (`drawn`) or without (`listed`).
    """

    def __init__(self, models: Mapping[str, str], draw: Draw = drawn) -> None:
        self._draw = draw
        self.models = [ModelProgress(name, objective) for name, objective in models.items()]
        super().__init__(draw(self.models, GETTING_READY) + MOVING)
        self._drawn_at = 0.0

    def __call__(self, report: Report) -> None:
        """Take in a report, and draw it unless something was drawn just now."""
        now = time.monotonic()
        self.models[report.job].hear(report, now)
        if now - self._drawn_at >= BETWEEN_DRAWINGS:
            self._drawn_at = now
            self.value = self._draw(self.models, self._state(now))

    def end(self, sentence: str) -> None:
        """Draw a last time."""
        self.value = self._draw(self.models, sentence)

    def _state(self, now: float) -> str:
        done = sum(c.stage == DONE for c in self.models)
        left = seconds_left(self.models, now)
        time_left = "" if left is None else f" · about {max(1, round(left))} s left"
        return f"{done} of {len(self.models)} models done{time_left}"

    def __repr__(self) -> str:
        return BEFORE.format(count=len(self.models))

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, object]:
        bundle = super()._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": repr(self), "text/html": f"<p>{escape(repr(self))}</p>"}


def watch_exam(plan: Plan = QUICK) -> Results:
    """Train and examine the models of a plan, in full view.

    Interrupt it (the stop button) and it ends at once with what was measured by then.

    Parameters
    ----------
    plan : Plan
        One random start.

    Returns
    -------
    Results
    """
    names = [objective_name(objective) for objective in plan.objectives]
    view = TrainingView(dict(zip(names, plan.objectives, strict=True)))
    display(view)
    live = run(plan, watch=view)
    ended = [c.name for c in view.models if c.stage == DONE]
    if len(ended) == len(names):
        view.end(FINISHED.format(names=", ".join(names)))
    else:
        view.end(STOPPED if live.rows else NOTHING_YET)
    return live


def best_native(
    live: Results, abilities: Sequence[str], plan: Plan = QUICK
) -> dict[str, str | None]:
    """Name the objective with the best native answers, ability by ability.

    Parameters
    ----------
    live : Results
    abilities : sequence of str
    plan : Plan
        What was to be measured.

    Returns
    -------
    dict of str to (str or None)
        Names as learners know them; None where not every objective was examined.
    """
    cells = live.matrix()
    found: dict[str, str | None] = {}
    for ability in abilities:
        examined = {objective for objective, column, _ in cells if column == ability}
        whole = examined.issuperset(plan.objectives)
        best = ranking(cells, ability, answer="native")[:1] if whole else []
        found[ability] = objective_name(best[0]) if best else None
    return found


def watch_pairings() -> tuple[Pairing, Pairing]:
    """Train the right pairing and the wrong one, in full view.

    Returns
    -------
    right, wrong : Pairing

    Raises
    ------
    StoppedError
        If it was interrupted: half a comparison is none.
    """
    names = ("Right pairing", "Wrong pairing")
    view = TrainingView(dict(zip(names, ("causal", ""), strict=True)), listed)
    display(view)
    pair = _or_stopped(view, right_and_wrong)
    view.end(FINISHED.format(names=" and ".join(names).lower()))
    return pair


def _or_stopped(view: TrainingView, work: Callable[..., Any]) -> Any:
    try:
        return work(watch=view)
    except KeyboardInterrupt:
        view.end(NOTHING_YET)
        raise StoppedError(NOTHING_YET) from None
