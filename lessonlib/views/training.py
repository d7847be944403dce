"""Watch models train: a line that grows for each of them, the time left, and a stop that keeps."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

import ipywidgets as widgets
from IPython.display import display

from lessonlib import checks
from lessonlib.exams.exam import Plan, run
from lessonlib.exams.experiments.fine_tuning import EXAMPLES, STARTS, TASKS, point
from lessonlib.exams.progress import DONE, ModelProgress, how_far
from lessonlib.exams.results import Results, ranking
from lessonlib.exams.running import Report, in_a_browser, run_all
from lessonlib.exams.sentences.pairings import Pairing, right_and_wrong
from lessonlib.exams.sentences.subject import QUICK, THREE
from lessonlib.exams.sentences.trained import live_jobs
from lessonlib.views.drawing import GREY, path, text
from lessonlib.views.figures import colour_of, objective_name
from lessonlib.views.live import Live
from lessonlib.views.tables import WORDS, Table

BETWEEN_DRAWINGS = 0.2  # seconds
WIDTH, HEIGHT, LEFT, FLOOR = 620, 150, 34, 130
DASHES = ("none", "7 4", "2 3")

# How long a training takes in a browser: about as many times longer as arithmetic is slower there.
EXAM_MINUTES, PAIRINGS_MINUTES, TUNING_MINUTES = 30, 2, 2

MOVING = '<progress aria-hidden="true"></progress>'  # without a value a browser keeps it moving


class StoppedError(Exception):
    """A training was stopped by hand; a notebook shows the sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def listed(models: Sequence[ModelProgress], sentence: str) -> str:
    """Draw a bar and words for each model, and no losses, which may be what is to be predicted."""
    bars = (
        f'<progress value="{model.share:.3f}" aria-label="{escape(model.name)}"></progress>'
        for model in models
    )
    return _page(sentence, models, bars)


def drawn(models: Sequence[ModelProgress], sentence: str) -> str:
    """Draw the lines of all models, at most three, with a row of words for each."""
    highest = max((loss for model in models for _, loss in model.losses), default=1.0)
    lines, signs = [], []
    for model, dashes in zip(models, DASHES, strict=False):
        line = {"stroke": colour_of(model.objective), "stroke_width": 3, "stroke_dasharray": dashes}
        points = " ".join(
            f"{LEFT + share * (WIDTH - LEFT):.0f},{FLOOR - loss / highest * (FLOOR - 10):.0f}"
            for share, loss in model.losses
        )
        lines.append(path(f"M{points}" if points else "", **line))
        signs.append(
            '<svg class="lesson-drawing" width="34" height="10" aria-hidden="true">'
            f"{path('M0 5H34', **line)}</svg>"
        )
    axes = [
        path(f"M{LEFT} 6V{FLOOR}H{WIDTH}", stroke=GREY),
        text(0, 14, WORDS("training.loss"), size=11, fill=GREY),
        text(LEFT - 10, FLOOR, "0", size=11, fill=GREY),
        text(WIDTH, HEIGHT - 5, WORDS("training.axis"), "end", 11, fill=GREY),
    ]
    said = "; ".join(f"{model.name}: {model.in_words()}" for model in models)
    picture = (
        f'<svg class="lesson-drawing" role="img" '
        f'aria-label="{escape(WORDS("training.alt", models=said))}" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'style="max-width:100%;height:auto">{"".join([*axes, *lines])}</svg>'
    )
    return _page(sentence, models, signs, picture)


def _page(
    sentence: str, models: Sequence[ModelProgress], signs: Iterable[str], picture: str = ""
) -> str:
    rows = "<br>".join(
        f"{sign} <strong>{escape(model.name)}</strong>: {escape(model.in_words(bool(picture)))}"
        for sign, model in zip(signs, models, strict=False)
    )
    return (
        f'<div class="lesson-training" style="line-height:1.6">'
        f'<p style="margin:0">{escape(sentence)}</p>{picture}<div>{rows}</div></div>'
    )


class TrainingView(Live):
    """The lines, on the page; call it with every report.

    As a widget it shows how far the training is, and not how far it was, when a page is opened
    again. `models` says what the jobs are called, in order, and the objective of each, or nothing;
    `note` is what stands above them from the beginning.
    """

    def __init__(
        self, models: Mapping[str, str], draw: Callable[..., str] = drawn, note: str = ""
    ) -> None:
        self._draw = draw
        self.models = [ModelProgress(*named) for named in models.items()]
        key = "getting_ready_here" if in_a_browser() else "getting_ready"
        self.view = widgets.HTML(draw(self.models, WORDS(f"training.{key}")) + MOVING)
        noted = [widgets.HTML(f"<p>{escape(note)}</p>")] if note else []
        super().__init__([*noted, self.view], WORDS("training.as_left"))
        self._drawn_at = 0.0

    def __call__(self, report: Report) -> None:
        """Take in a report, and draw it unless something was drawn just now."""
        now = time.monotonic()
        self.models[report.job].hear(report, now)
        if now - self._drawn_at >= BETWEEN_DRAWINGS:
            self._drawn_at = now
            self.end(how_far(self.models, now))

    def end(self, sentence: str) -> None:
        """Draw a last time."""
        self.view.value = self._draw(self.models, sentence)

    def __repr__(self) -> str:
        return WORDS("training.before", count=len(self.models))

    def reading_form(self) -> str:
        """Say what the cell will show, as HTML."""
        return f"<p>{escape(repr(self))}</p>"


def time_in_a_browser(minutes: int) -> str:
    """Say how long a training takes in a browser, if this is one; otherwise there is no note."""
    return WORDS("training.in_a_browser", count=minutes) if in_a_browser() else ""


def watch_exam(plan: Plan = QUICK, train: bool = False) -> Results:
    """Train and examine a plan's models in full view; an interrupt keeps what was measured.

    In a browser, which trains too slowly, those of the live exam come trained and are examined;
    with `train` they are trained there, too.
    """
    names = [objective_name(objective) for objective in plan.objectives]
    come_trained = in_a_browser() and not train
    note = WORDS("training.come_trained") if come_trained else time_in_a_browser(EXAM_MINUTES)
    models = dict(zip(names, plan.objectives, strict=True))
    view = TrainingView(models, listed if come_trained else drawn, note)
    display(view)
    live = run(plan, view, live_jobs(plan) if come_trained else None)
    finished = all(model.stage == DONE for model in view.models)
    key = "finished" if finished else "stopped" if live.rows else "nothing_yet"
    view.end(WORDS(f"training.{key}", names=", ".join(names)))
    return live


def best_native(
    live: Results, abilities: Sequence[str], plan: Plan = QUICK
) -> dict[str, str | None]:
    """Name the best objective, ability by ability; None where not all of the plan were examined."""
    cells, found = live.matrix(), dict.fromkeys(abilities)
    for ability in abilities:
        examined = {objective for objective, column, _ in cells if column == ability}
        best = ranking(cells, ability, answer="native")
        if best and examined.issuperset(plan.objectives):
            found[ability] = objective_name(best[0])
    return found


def watch_pairings() -> tuple[Pairing, Pairing]:
    """Train the right pairing and the wrong one, in full view; a StoppedError if interrupted."""
    names = [WORDS("training.right_pairing"), WORDS("training.wrong_pairing")]
    models = dict(zip(names, ("causal", ""), strict=True))
    view = TrainingView(models, listed, time_in_a_browser(PAIRINGS_MINUTES))
    display(view)
    try:
        pair = right_and_wrong(watch=view)
    except KeyboardInterrupt:  # half a comparison is none
        view.end(WORDS("training.nothing_yet"))
        raise StoppedError(WORDS("training.nothing_yet")) from None
    view.end(WORDS("training.pairings_finished"))
    return pair


def watch_tuning(objective: str, task: str, examples: int) -> Table:
    """Tune a stored model for a task on a few examples, and its like that was never pretrained.

    `objective` is "causal", "masked" or "span_corruption", `task` one of "classification",
    "extraction" and "matching". Shown is how many of 300 answers are right.
    """
    checks.one_of(objective, "objective", THREE)
    checks.one_of(task, "task", TASKS)
    checks.integer(examples, "examples", 1, max(EXAMPLES))
    named = objective_name(objective)
    names = [WORDS("understanding.start", name=named, start=start) for start in STARTS]
    models = dict(zip(names, (objective, ""), strict=True))
    view = TrainingView(models, listed, time_in_a_browser(TUNING_MINUTES))
    display(view)
    try:
        found = run_all([(point, objective, start, task, examples) for start in STARTS], watch=view)
    except KeyboardInterrupt:  # half a comparison is none
        view.end(WORDS("training.nothing_yet"))
        raise StoppedError(WORDS("training.nothing_yet")) from None
    view.end(WORDS("training.finished", names=", ".join(names)))
    rows = [
        [name, f"{row['raw']:.0%}", f"{row['chance']:.0%}"]
        for name, row in zip(names, found, strict=True)
    ]
    asked = WORDS("understanding.tuned_with", task=WORDS(f"tasks.{task}"), count=examples)
    return Table([asked, WORDS("headings.right"), WORDS("headings.guessed")], rows)
