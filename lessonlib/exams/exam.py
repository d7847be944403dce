"""Objectives x abilities: train, ask, and collect the rows of the results."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lessonlib.exams.measurement import Candidate, Measurement, Row
from lessonlib.exams.results import Results
from lessonlib.exams.running import (
    PROCESSES,
    Report,
    Watch,
    circumstances,
    kept_or_made,
    report,
    run_all,
)
from lessonlib.models import History, Transformer, train
from lessonlib.models.files import load, save

EXAM = "exam"  # the stage after training, as it is reported
UNTRAINED = "untrained"

# Three models on two cores: with a process for each no core waits while the last of them trains.
LIVE_PROCESSES = 3

MakeBatch = Callable[..., Any]
# A measurement, and what else its row says: the baseline that was asked instead, and the like.
Found = tuple[Measurement, dict[str, Any]]


class Material(Protocol):
    """What models read."""

    def new_model(self, architecture: str, seed: int) -> Transformer:
        """Return a model that has never practised anything."""

    def practice(self, make_batch: MakeBatch, seed: int) -> Iterator[Any]:
        """Yield batches without end; a seed gives every objective the same texts or pictures."""


@dataclass(frozen=True)
class Recipe:
    """One row of a matrix: what a model practises, and how it answers."""

    objective: str  # its name in the results
    architecture: str  # as the material knows it
    candidate: type[Candidate]  # how a model that was trained so answers
    # makes a batch of what the material draws; None for a control that practises nothing
    make_batch: MakeBatch | None = None
    loss: Callable[..., float] = Transformer.loss  # of a model and a batch
    learning_rate: float = 3e-3
    about: Mapping[str, Any] = field(default_factory=dict)  # what else its rows say of it


@dataclass(frozen=True)
class Paper:
    """One ability as it is examined."""

    ability: str  # its name in the results
    metric: str  # the one that stands in the matrix
    # ``measure(candidate, size, seed)`` puts `size` questions, which a seed draws the same for
    # everybody, to all ways of the candidate that know the task
    measure: Callable[[Candidate, int, int], Iterable[Found]]

    def rows(self, candidate: Candidate, size: int, seed: int) -> list[Row]:
        """Examine a candidate, and what must not win against it."""
        found = self.measure(candidate, size, seed)
        return [one.row(ability=self.ability, seed=seed, **more) for one, more in found]


def _nothing(*_: Any) -> Row:
    return {}


@dataclass(frozen=True)
class Subject:
    """What is practised and examined."""

    name: str  # of the experiment, in its rows
    material: Callable[[], Material]  # makes what models read
    recipes: Mapping[str, Recipe]  # by objective
    papers: Mapping[str, Paper]  # by ability
    # ``facts(recipe, material, model, steps)`` is what rows say of a trained model's practice
    facts: Callable[[Recipe, Material, Transformer, int], Row] = _nothing

    @property
    def primary(self) -> dict[str, str]:
        """The metric of every ability that stands in the matrix."""
        return {ability: paper.metric for ability, paper in self.papers.items()}


@dataclass(frozen=True)
class Plan:
    """How much of a subject is examined."""

    subject: Subject
    recipes: tuple[Recipe, ...]
    seeds: tuple[int, ...]
    steps: int  # training steps
    # how many each ability asks; an ability that is absent is left out
    questions: Mapping[str, int]

    @property
    def objectives(self) -> tuple[str, ...]:
        """Names of what is practised, in order."""
        return tuple(recipe.objective for recipe in self.recipes)

    def jobs(self, kept: Path | None = None) -> list[tuple]:
        """One call for each seed and objective; each returns rows."""
        return [
            (examine, recipe, seed, self, kept) for seed in self.seeds for recipe in self.recipes
        ]


def pretrain(recipe: Recipe, material: Material, seed: int, steps: int) -> Transformer:
    """Train one model; the seed decides weights, what is read, and the objective's choices."""
    model = material.new_model(recipe.architecture, seed)
    if recipe.make_batch is None:
        return model
    options = {"learning_rate": recipe.learning_rate, "loss": recipe.loss}
    practise(model, material.practice(recipe.make_batch, seed), steps, **options)
    return model


def practise(
    model: Transformer,
    batches: Iterator[Any],
    steps: int,
    *,
    on_step: Callable[[int, float], None] | None = None,
    **options: Any,
) -> History:
    """Train as `train` does and report each step; what has half learned must not be examined."""

    def tell(step: int, loss: float) -> None:
        report("training", step + 1, steps, loss)
        if on_step is not None:
            on_step(step, loss)

    history = train(model, batches, steps, on_step=tell, **options)
    if history.interrupted:
        raise KeyboardInterrupt
    return history


def trained(
    recipe: Recipe, subject: Subject, seed: int, steps: int, kept: Path | None = None
) -> Candidate:
    """Train a candidate, or read it from the folder `kept` if it was trained before."""
    material = subject.material()
    weights = kept and kept / "models" / subject.name / f"{_name(recipe, seed, steps)}.npz"
    facts = weights and weights.with_suffix(".json")
    if facts and facts.exists():
        model, practised = material.new_model(recipe.architecture, seed), facts.read_text()
        model.values[...] = load(weights).values
        practised = json.loads(practised)
    else:
        started = _computed()
        model = pretrain(recipe, material, seed, steps)
        spent = round(_computed() - started, 1)
        practised = {"steps": steps, "train_seconds": spent}
        if recipe.make_batch is None:
            practised = dict.fromkeys(practised, 0)
        practised |= subject.facts(recipe, material, model, steps)
        if facts:
            weights.parent.mkdir(parents=True, exist_ok=True)
            save(model, weights)
            facts.write_text(json.dumps(practised))
    candidate = recipe.candidate(model, material)
    candidate.practised = practised
    return candidate


def _computed() -> float:
    """Return the seconds of one core, however busy the machine is; a browser counts only time."""
    return time.process_time() or time.perf_counter()


def _name(recipe: Recipe, seed: int, steps: int) -> str:
    rate = f"{recipe.learning_rate:g}" if recipe.make_batch else "-"
    return f"{recipe.objective}, {recipe.architecture}, {rate}, {seed}, {steps}"


def described(recipe: Recipe, candidate: Candidate) -> Row:
    """Return what all rows of a trained candidate say of it."""
    names = {"objective": recipe.objective, "architecture": recipe.architecture}
    rate = {"learning_rate": recipe.learning_rate if recipe.make_batch else None}
    return {**names, **recipe.about, **rate, **candidate.practised}


def examine(recipe: Recipe, seed: int, plan: Plan, kept: Path | None = None) -> list[Row]:
    """Train one model and measure its abilities, unless that is `kept`; baselines too."""
    candidate = trained(recipe, plan.subject, seed, plan.steps, kept)
    return ask(candidate, recipe, seed, plan, kept)


def ask(
    candidate: Candidate, recipe: Recipe, seed: int, plan: Plan, kept: Path | None = None
) -> list[Row]:
    """Measure the abilities of a trained model, and what must not win against it."""
    subject = plan.subject
    who = {"experiment": subject.name} | described(recipe, candidate)
    rows: list[Row] = []
    for number, (ability, size) in enumerate(plan.questions.items(), 1):
        name = f"{_name(recipe, seed, plan.steps)}, {ability}, {size}.json"
        path = kept and kept / subject.name / name
        found = kept_or_made(path, subject.papers[ability].rows, candidate, size, seed)
        report(EXAM, number, len(plan.questions), [who | row for row in found], always=True)
        rows += [who | row for row in found]
    return rows


def run(plan: Plan, watch: Watch | None = None, jobs: Iterable[tuple] | None = None) -> Results:
    """Carry out a plan in a notebook; see `collect`. `jobs` are its own, or other ways to do it."""
    todo, primary = plan.jobs() if jobs is None else jobs, plan.subject.primary
    return collect(todo, "in a notebook", primary, "models", watch, LIVE_PROCESSES)


def collect(
    jobs: Iterable[tuple],
    command: str,
    primary: Mapping[str, str] | None = None,
    label: str = "jobs",
    watch: Watch | None = None,
    processes: int = PROCESSES,
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
        found = run_all(jobs, processes, label, watch and see)
        rows = [row for one in found for row in one]
    except KeyboardInterrupt:
        if watch is None:
            raise
    return Results(rows, dict(primary or {}), circumstances(command, started))


@dataclass(frozen=True)
class Drawn:
    """What a paper asks for, made of ``measure(candidate, size, rng)``."""

    measure: Callable[[Candidate, int, np.random.Generator], list[Measurement]]
    draw: int  # tells the random numbers of papers apart
    # a candidate made of the one under exam that must not win, because it lacks what is asked
    # about; its `name` stands in the rows
    baseline: type[Candidate] | None = None

    def __call__(self, candidate: Candidate, size: int, seed: int) -> Iterator[Found]:
        """Ask a candidate, then what is beside it, the same."""
        asked: dict[Candidate, dict[str, Any]] = {candidate: {}}
        if self.baseline:
            asked[self.baseline(candidate)] = {"baseline": self.baseline.name}
        for one, more in asked.items():
            for found in self.measure(one, size, np.random.default_rng([seed, self.draw])):
                yield found, more
