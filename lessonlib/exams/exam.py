"""Objectives x abilities: train, ask, and collect the rows of the results."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lessonlib.exams.candidate import Candidate
from lessonlib.exams.measurement import Measurement, Row
from lessonlib.exams.results import Results
from lessonlib.exams.running import Report, Watch, circumstances, kept_or_made, report, run_all
from lessonlib.models import Transformer, train
from lessonlib.models.files import load, save

EXAM = "exam"  # the stage after training, as it is reported
UNTRAINED = "untrained"

MakeBatch = Callable[..., Any]
Measure = Callable[[Candidate, int, np.random.Generator], list[Measurement]]


class Material(Protocol):
    """What models read."""

    learning_rate: float

    def new_model(self, architecture: str, seed: int) -> Transformer:
        """Return a model that has never practised anything."""

    def practice(self, make_batch: MakeBatch, seed: int) -> Iterator[Any]:
        """Yield batches without end; a seed gives every objective the same texts or pictures."""


@dataclass(frozen=True)
class Recipe:
    """One row of a matrix: what a model practises, and how it answers.

    Attributes
    ----------
    objective : str
        Its name in the results.
    architecture : str
        As in :class:`lessonlib.models.Config`.
    candidate : type
        How a model that was trained so answers.
    make_batch : callable
        Makes a batch of what the material draws; None for a control that practises nothing.
    loss : callable
        Of a model and a batch.
    """

    objective: str
    architecture: str
    candidate: type[Candidate]
    make_batch: MakeBatch | None = None
    loss: Callable[..., float] = Transformer.loss


@dataclass(frozen=True)
class Paper:
    """One ability as it is examined.

    Attributes
    ----------
    ability : str
        Its name in the results.
    metric : str
        The one that stands in the matrix.
    measure : callable
        ``measure(candidate, size, rng)`` puts `size` questions to all ways of the candidate that
        know the task, and returns a measurement for each answer and metric.
    draw : int
        Which random numbers its questions are drawn with; papers that share them ask the same.
    baseline : type, optional
        A candidate made of the one under exam that must not win, because it lacks what is asked
        about; its `name` stands in the rows.
    """

    ability: str
    metric: str
    measure: Measure
    draw: int
    baseline: type[Candidate] | None = None

    def rows(self, candidate: Candidate, size: int, seed: int) -> list[Row]:
        """Examine a candidate and its baseline; a seed gives everybody the same questions."""
        who = {"ability": self.ability, "seed": seed}
        asked = [(candidate, who)]
        if self.baseline:
            asked.append((self.baseline(candidate), {**who, "baseline": self.baseline.name}))
        return [
            found.row(**about)
            for one, about in asked
            for found in self.measure(one, size, np.random.default_rng([seed, self.draw]))
        ]


@dataclass(frozen=True)
class Subject:
    """What is practised and examined.

    Attributes
    ----------
    name : str
        Of its stored results.
    material : callable
        Makes what models read.
    recipes : mapping of str to Recipe
        By objective.
    papers : mapping of str to Paper
        By ability.
    """

    name: str
    material: Callable[[], Material]
    recipes: Mapping[str, Recipe]
    papers: Mapping[str, Paper]

    @property
    def primary(self) -> dict[str, str]:
        """The metric of every ability that stands in the matrix."""
        return {ability: paper.metric for ability, paper in self.papers.items()}


@dataclass(frozen=True)
class Plan:
    """How much of a subject is examined.

    Attributes
    ----------
    subject : Subject
    objectives : tuple of str
    seeds : tuple of int
    steps : int
        Training steps.
    questions : mapping of str to int
        How many each ability asks; an ability that is absent is left out.
    """

    subject: Subject
    objectives: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int
    questions: Mapping[str, int]

    def jobs(self, kept: Path | None = None) -> list[tuple]:
        """One call for each seed and objective; each returns rows."""
        return [
            (examine, objective, seed, self, kept)
            for seed in self.seeds
            for objective in self.objectives
        ]


def pretrain(recipe: Recipe, material: Material, seed: int, steps: int) -> Transformer:
    """Train one model; the seed decides weights, what is read, and the objective's choices."""
    model = material.new_model(recipe.architecture, seed)
    if recipe.make_batch is None:
        return model
    history = train(
        model,
        material.practice(recipe.make_batch, seed),
        steps,
        learning_rate=material.learning_rate,
        loss=recipe.loss,
        on_step=lambda step, loss: report("training", step + 1, steps, loss),
    )
    if history.interrupted:
        raise KeyboardInterrupt  # a model that has half learned must not be examined
    return model


def trained(
    recipe: Recipe, subject: Subject, seed: int, steps: int, kept: Path | None = None
) -> Candidate:
    """Train a candidate, or read it if it was trained before.

    Parameters
    ----------
    recipe : Recipe
    subject : Subject
    seed : int
    steps : int
    kept : path, optional
        A folder in which trained models are kept.

    Returns
    -------
    Candidate
    """
    material = subject.material()
    weights = _kept(kept, subject, f"{recipe.objective}-{seed}-{steps}.npz")
    seconds = weights and weights.with_suffix(".seconds")
    if seconds and seconds.exists():
        model, spent = load(weights), float(seconds.read_text())
    else:
        started = time.process_time()  # of one core, however busy the machine is
        model = pretrain(recipe, material, seed, steps)
        spent = time.process_time() - started if recipe.make_batch else 0.0
        if seconds:
            weights.parent.mkdir(parents=True, exist_ok=True)
            save(model, weights)
            seconds.write_text(f"{spent:.1f}")
    candidate = recipe.candidate(model, material)
    candidate.train_seconds = round(spent, 1)
    return candidate


def examine(objective: str, seed: int, plan: Plan, kept: Path | None = None) -> list[Row]:
    """Train one objective with one seed and measure all its abilities.

    Parameters
    ----------
    objective : str
    seed : int
    plan : Plan
    kept : path, optional
        A folder where models and measurements are kept, so that a run can be resumed.

    Returns
    -------
    list of dict
        Rows of the results, those of baselines among them.
    """
    subject = plan.subject
    candidate = trained(subject.recipes[objective], subject, seed, plan.steps, kept)
    who = {"objective": objective, "train_seconds": candidate.train_seconds}
    rows: list[Row] = []
    for number, (ability, size) in enumerate(plan.questions.items(), 1):
        path = _kept(kept, subject, f"{objective}-{seed}-{plan.steps}-{ability}-{size}.json")
        found = kept_or_made(path, subject.papers[ability].rows, candidate, size, seed)
        more = [who | row for row in found]
        report(EXAM, number, len(plan.questions), more, always=True)
        rows += more
    return rows


def run(
    plan: Plan, kept: Path | None = None, command: str = "in a notebook", watch: Watch | None = None
) -> Results:
    """Carry out a plan, two models at a time, and return its results.

    Parameters
    ----------
    plan : Plan
    kept : path, optional
        A folder where models and measurements are kept, so that a run can be resumed.
    command : str
        How the run was started; it is stored with the results.
    watch : callable, optional
        Told how far every model is. Who watches may also stop: an interrupt then ends the run with
        the rows that are there.

    Returns
    -------
    Results
    """
    return collect(plan.jobs(kept), command, plan.subject.primary, "models", watch)


def collect(
    jobs: Iterable[tuple],
    command: str,
    primary: Mapping[str, str] | None = None,
    label: str = "jobs",
    watch: Watch | None = None,
) -> Results:
    """Run jobs that return rows, and put these together; see `run`."""
    started, rows = time.time(), []

    def see(seen: Report) -> None:
        if seen.stage == EXAM:
            rows.extend(seen.found)
        watch(seen)

    try:
        found = run_all(jobs, label=label, watch=see if watch else None)
        rows = [row for one in found for row in one]
    except KeyboardInterrupt:
        if watch is None:
            raise
    return Results(
        rows=[row for row in rows if "baseline" not in row],
        baselines=[row for row in rows if "baseline" in row],
        primary=dict(primary or {}),
        **circumstances(command, started),
    )


def _kept(folder: Path | None, subject: Subject, name: str) -> Path | None:
    return folder / subject.name / name if folder else None
