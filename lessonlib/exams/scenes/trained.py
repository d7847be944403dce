"""Trained models that come with the course: one of each objective, to ask whatever you like."""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import pretrain
from lessonlib.exams.measurement import Candidate
from lessonlib.exams.results import FOLDER
from lessonlib.exams.running import run_all
from lessonlib.exams.scenes.gallery import Gallery
from lessonlib.exams.scenes.subject import RECIPES, STEPS

STORED = FOLDER / "scenes_models.npz"
SEED = 0


def trained(path: Path = STORED) -> dict[str, Candidate]:
    """Read the models that `store_trained` wrote, by objective.

    All began with the same weights and saw the same pictures.
    """
    candidates = {}
    with np.load(path, allow_pickle=False) as file:
        for objective in file.files:
            recipe = RECIPES[objective]
            model = Gallery().new_model(recipe.architecture, SEED)
            model.values[...] = file[objective]
            candidates[objective] = recipe.candidate(model)
    return candidates


def store_trained(path: Path = STORED, steps: int = STEPS) -> None:
    """Train one model of each objective and write their weights, rounded to half precision."""
    jobs = [(_weights, objective, steps) for objective in RECIPES]
    weights = dict(zip(RECIPES, run_all(jobs), strict=True))
    np.savez_compressed(path, **weights)


def _weights(objective: str, steps: int) -> np.ndarray:
    return pretrain(RECIPES[objective], Gallery(), SEED, steps).values.astype(np.float16)
