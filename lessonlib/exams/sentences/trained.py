"""Trained models of sentences that come with the course: one of each of the three objectives."""

import json
from pathlib import Path

import numpy as np

from lessonlib.exams.exam import EXAM, Plan, Recipe, ask
from lessonlib.exams.exam import trained as trained_or_kept
from lessonlib.exams.measurement import Row
from lessonlib.exams.results import FOLDER
from lessonlib.exams.running import report
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import LIVE_STEPS, QUICK, SENTENCES, STEPS, THREE

STORED = FOLDER / "sentences_models.npz"
LIVE = FOLDER / "live_models.npz"  # those of the live exam, which a browser cannot train in time
SEED = 0
MADE = "made"  # the name in a file of what its models' rows say of their practice


def trained(objective: str, path: Path = STORED) -> TextCandidate:
    """Read the model of one of the three objectives."""
    recipe, material = RECIPES[objective], SENTENCES.material()
    model = material.new_model(recipe.architecture, SEED)
    with np.load(path, allow_pickle=False) as file:
        model.values[...] = file[objective]
        practised = json.loads(str(file[MADE])) if MADE in file else {}
    candidate = recipe.candidate(model, material)
    candidate.practised = practised.get(objective, {})
    return candidate


def live_jobs(plan: Plan = QUICK) -> list[tuple]:
    """Return the calls that put the models which come with the course through the live exam."""
    return [(_examine, recipe, plan) for recipe in plan.recipes]


def _examine(recipe: Recipe, plan: Plan) -> list[Row]:
    report(EXAM, 0, len(plan.questions), [], always=True)
    return ask(trained(recipe.objective, LIVE), recipe, SEED, plan)


def store_trained(kept: Path | None = None) -> None:
    """Write the weights of one model of each, rounded to half precision; those kept, or new ones.

    They are those of the exam's first random start, and those of the live exam.
    """
    for path, steps in ((STORED, STEPS), (LIVE, LIVE_STEPS)):
        _store(path, steps, kept)


def _store(path: Path, steps: int, kept: Path | None) -> None:
    found = {name: trained_or_kept(RECIPES[name], SENTENCES, SEED, steps, kept) for name in THREE}
    halved = {name: one.model.values.astype(np.float16) for name, one in found.items()}
    made = {name: one.practised for name, one in found.items()}
    np.savez_compressed(path, **halved, **{MADE: np.array(json.dumps(made))})
