"""Objectives x abilities: train, ask, and collect the rows of the results."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lessonlib.abilities.battery import ABILITIES, PRIMARY, classification, matching
from lessonlib.abilities.recipes import RECIPES, STEPS, new_model, pretrain
from lessonlib.abilities.results import Results
from lessonlib.abilities.running import Report, Watch, circumstances, kept_or_made, report, run_all
from lessonlib.abilities.students import DecoderOnly, Student
from lessonlib.abilities.vocabulary import Language
from lessonlib.models.files import load, save
from lessonlib.worlds.sentences import World, learnable_world

Row = dict[str, Any]

UNTRAINED = "untrained"
EXAM = "exam"  # the stage after training, as it is reported
OBJECTIVES = (*RECIPES, UNTRAINED)


@dataclass(frozen=True)
class Plan:
    """How large a run is.

    Attributes
    ----------
    objectives : tuple of str
    seeds : tuple of int
    steps : int
        Training steps of 64 sentences.
    questions : dict of str to int
        How many questions each ability asks; an ability that is absent is left out.
    """

    objectives: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int
    questions: dict[str, int]


FULL = Plan(
    OBJECTIVES,
    seeds=(0, 1, 2, 3, 4),
    steps=STEPS,
    questions={
        "continuation": 3000,
        "blank": 3000,
        "missing_span": 3000,
        "matching": 1000,
        "classification": 2000,
        "rewriting": 300,
    },
)
QUICK = Plan(
    ("causal", "masked", "span_corruption"),
    seeds=(0,),
    steps=STEPS,
    questions={
        "continuation": 600,
        "blank": 600,
        "missing_span": 300,
        "matching": 500,
        "classification": 500,
    },
)


def student_for(
    objective: str, language: Language, seed: int, steps: int, models: Path | None = None
) -> tuple[Student, float]:
    """Train the model of one objective, or read it if it was trained before.

    Parameters
    ----------
    objective : str
        One of `OBJECTIVES`; the untrained control is a decoder-only model.
    language : Language
    seed : int
    steps : int
    models : path, optional
        A folder in which trained models are kept.

    Returns
    -------
    student : Student
    seconds : float
        Processor time of its training.
    """
    if objective == UNTRAINED:
        return DecoderOnly(new_model("decoder-only", language, seed), language), 0.0
    recipe = RECIPES[objective]
    weights = models / f"{objective}-{seed}-{steps}.npz" if models else None
    seconds = weights.with_suffix(".seconds") if weights else None
    if weights and seconds.exists():
        model = load(weights)
        return recipe.student(model, language), float(seconds.read_text())
    started = time.process_time()
    model, _ = pretrain(recipe, language, seed, steps)
    spent = time.process_time() - started
    if weights:
        weights.parent.mkdir(parents=True, exist_ok=True)
        save(model, weights)
        seconds.write_text(f"{spent:.1f}")
    return recipe.student(model, language), spent


def measure_model(
    objective: str,
    seed: int,
    plan: Plan,
    kept: Path | None = None,
    world: Callable[[], World] = learnable_world,
) -> list[Row]:
    """Train one objective with one seed and measure all its abilities.

    Every objective with the same seed is asked the same questions.

    Parameters
    ----------
    objective : str
    seed : int
    plan : Plan
    kept : path, optional
        A folder where models and measurements are kept, so that a run can be resumed.
    world : callable
        Makes the world of the sentences.

    Returns
    -------
    list of dict
        Rows of the results.
    """
    language = Language(world())
    student, seconds = student_for(objective, language, seed, plan.steps, kept)
    rows = []
    for number, (ability, size) in enumerate(plan.questions.items()):
        measure = partial(_measure_ability, student, language, ability, size, seed)
        if kept is None:
            found = measure()
        else:
            path = kept / f"{objective}-{seed}-{plan.steps}-{ability}-{size}.json"
            found = kept_or_made(path, measure)
        who = {"objective": objective, "ability": ability}
        more = [{**who, **one, "seed": seed, "train_seconds": round(seconds, 1)} for one in found]
        report(EXAM, number + 1, len(plan.questions), more, always=True)
        rows += more
    return rows


def _measure_ability(
    student: Student, language: Language, ability: str, size: int, seed: int
) -> list[Row]:
    rng = np.random.default_rng([seed, 10 + list(ABILITIES).index(ability)])
    return [
        asdict(found) | {"score": found.score}
        for found in ABILITIES[ability].measure(student, language, size, rng)
    ]


def measure_baselines(plan: Plan, language: Language) -> list[Row]:
    """Measure what comparing or counting words reaches where it must not win."""
    found = {
        "matching": (matching, matching.bag_of_words_baseline),
        "classification": (classification, classification.bag_of_words_baseline),
    }
    return [
        {
            "ability": ability,
            "baseline": "bag of words",
            "metric": module.PRIMARY,
            "seed": seed,
            "raw": baseline(language, plan.questions[ability], np.random.default_rng([seed, 9])),
        }
        for ability, (module, baseline) in found.items()
        if ability in plan.questions
        for seed in plan.seeds
    ]


def run(
    plan: Plan,
    kept: Path | None = None,
    command: str = "in a notebook",
    watch: Watch | None = None,
) -> Results:
    """Carry out a plan, two models at a time, and return its results.

    Parameters
    ----------
    plan : Plan
        `FULL` or `QUICK`, for example.
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
    started = time.time()
    jobs = [
        (measure_model, objective, seed, plan, kept)
        for seed in plan.seeds
        for objective in plan.objectives
    ]
    rows: list[Row] = []

    def see(seen: Report) -> None:
        if seen.stage == EXAM:
            rows.extend(seen.found)
        watch(seen)

    try:
        baselines = []
        found = run_all(jobs, watch=see if watch else None)
        rows = [row for one in found for row in one]
        baselines = measure_baselines(plan, Language(learnable_world()))
    except KeyboardInterrupt:
        if watch is None:
            raise
    return Results(
        rows=rows, baselines=baselines, primary=PRIMARY, **circumstances(command, started)
    )
