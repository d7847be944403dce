"""Trained models that come with the course: one of each objective, to ask whatever you like."""

import numpy as np

from lessonlib.exams.exam import pretrain
from lessonlib.exams.measurement import Candidate
from lessonlib.exams.results import FOLDER
from lessonlib.exams.running import run_all
from lessonlib.exams.scenes.gallery import Gallery
from lessonlib.exams.scenes.subject import RECIPES, STEPS

STORED = FOLDER / "scenes_models.npz"
SEED = 0


def trained() -> dict[str, Candidate]:
    """Read the models by objective; all began with the same weights and saw the same pictures."""
    candidates = {}
    with np.load(STORED, allow_pickle=False) as file:
        for objective in file.files:
            recipe = RECIPES[objective]
            model = Gallery().new_model(recipe.architecture, SEED)
            model.values[...] = file[objective]
            candidates[objective] = recipe.candidate(model)
    return candidates


def store_trained() -> None:
    """Train one model of each objective and write their weights, rounded to half precision."""
    models = run_all((pretrain, recipe, Gallery(), SEED, STEPS) for recipe in RECIPES.values())
    weights = [model.values.astype(np.float16) for model in models]
    np.savez_compressed(STORED, **dict(zip(RECIPES, weights, strict=True)))
