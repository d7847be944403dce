"""Objectives x abilities: train, ask, and collect the rows of the results."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lessonlib.exams.measurement import Candidate, Measurement, Row
from lessonlib.exams.results import Results
from lessonlib.exams.running import Report, Watch, circumstances, kept_or_made, report, run_all
from lessonlib.models import History, Transformer, train
from lessonlib.models.files import load, save

EXAM = "exam"  # the stage after training, as it is reported
UNTRAINED = "untrained"

MakeBatch = Callable[..., Any]


class Material(Protocol):
    """What models read."""

    learning_rate: float

    def new_model(self, architecture: str, seed: int) -> Transformer:
        """Return a model that has never practised anything."""

    def practice(self, make_batch: MakeBatch, seed: int) -> Iterator[Any]:
        """Yield batches without end; a seed gives every objective the same texts or pictures."""


@dataclass(frozen=True)
class Recipe:
    """One row of a matrix: what a model practises, and how it answers."""

    objective: str  # its name in the results
    architecture: str  # as in :class:`lessonlib.models.Config`
    candidate: type[Candidate]  # how a model that was trained so answers
    # makes a batch of what the material draws; None for a control that practises nothing
    make_batch: MakeBatch | None = None
    loss: Callable[..., float] = Transformer.loss  # of a model and a batch


@dataclass(frozen=True)
class Paper:
    """One ability as it is examined."""

    ability: str  # its name in the results
    metric: str  # the one that stands in the matrix
    # ``measure(candidate, size, rng)`` puts `size` questions to all ways of the candidate that know
    # the task, and returns a measurement for each answer and metric
    measure: Callable[[Candidate, int, np.random.Generator], list[Measurement]]
    draw: int  # which random numbers its questions are drawn with
    # a candidate made of the one under exam that must not win, because it lacks what is asked
    # about; its `name` stands in the rows
    baseline: type[Candidate] | None = None

    def rows(self, candidate: Candidate, size: int, seed: int) -> list[Row]:
        """Examine a candidate and its baseline; a seed gives everybody the same questions."""
        who = {"ability": self.ability, "seed": seed}
        asked = {candidate: who}
        if self.baseline:
            asked[self.baseline(candidate)] = who | {"baseline": self.baseline.name}
        return [
            found.row(**about)
            for one, about in asked.items()
            for found in self.measure(one, size, np.random.default_rng([seed, self.draw]))
        ]


@dataclass(frozen=True)
class Subject:
    """What is practised and examined."""

    name: str  # of its stored results
    material: Callable[[], Material]  # makes what models read
    recipes: Mapping[str, Recipe]  # by objective
    papers: Mapping[str, Paper]  # by ability

    @property
    def primary(self) -> dict[str, str]:
        """The metric of every ability that stands in the matrix."""
        return {ability: paper.metric for ability, paper in self.papers.items()}


@dataclass(frozen=True)
class Plan:
    """How much of a subject is examined."""

    subject: Subject
    objectives: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int  # training steps
    # how many each ability asks; an ability that is absent is left out
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
    options = {"learning_rate": material.learning_rate, "loss": recipe.loss}
    practise(model, material.practice(recipe.make_batch, seed), steps, **options)
    return model


def practise(model: Transformer, batches: Iterator[Any], steps: int, **options: Any) -> History:
    """Train as `train` does and report each step; what has half learned must not be examined."""

    def tell(step: int, loss: float) -> None:
        report("training", step + 1, steps, loss)

    history = train(model, batches, steps, on_step=tell, **options)
    if history.interrupted:
        raise KeyboardInterrupt
    return history


def trained(
    recipe: Recipe, subject: Subject, seed: int, steps: int, kept: Path | None = None
) -> Candidate:
    """Train a candidate, or read it from the folder `kept` if it was trained before."""
    material = subject.material()
    weights = kept and kept / subject.name / f"{recipe.objective}-{seed}-{steps}.npz"
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
    """Train one objective and measure its abilities, unless that is `kept`; baselines too."""
    subject = plan.subject
    candidate = trained(subject.recipes[objective], subject, seed, plan.steps, kept)
    who = {"objective": objective, "train_seconds": candidate.train_seconds}
    rows: list[Row] = []
    for number, (ability, size) in enumerate(plan.questions.items(), 1):
        name = f"{objective}-{seed}-{plan.steps}-{ability}-{size}.json"
        path = kept and kept / subject.name / name
        found = kept_or_made(path, subject.papers[ability].rows, candidate, size, seed)
        report(EXAM, number, len(plan.questions), [who | row for row in found], always=True)
        rows += [who | row for row in found]
    return rows


def run(plan: Plan, watch: Watch | None = None) -> Results:
    """Carry out a plan in a notebook; see `collect`."""
    return collect(plan.jobs(), "in a notebook", plan.subject.primary, "models", watch)


def collect(
    jobs: Iterable[tuple],
    command: str,
    primary: Mapping[str, str] | None = None,
    label: str = "jobs",
    watch: Watch | None = None,
) -> Results:
    """Run jobs that return rows, and put these together; `command` tells how that was started.

    Who watches may stop: an interrupt then ends the run with the rows that are there.
    """
    started, rows = time.time(), []

    def see(seen: Report) -> None:
        if seen.stage == EXAM:
            rows.extend(seen.found)
        watch(seen)

    try:
        found = run_all(jobs, label=label, watch=watch and see)
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
