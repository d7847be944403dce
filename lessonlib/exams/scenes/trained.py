"""Trained models that come with the course: one of each objective, to ask whatever you like."""

from pathlib import Path

import numpy as np

from lessonlib.exams.results import FOLDER
from lessonlib.exams.running import run_all
from lessonlib.exams.scenes.candidates import STUDENTS, Student
from lessonlib.exams.scenes.recipes import RECIPES, STEPS, new_model, pretrain

STORED = FOLDER / "scenes_models.npz"
SEED = 0


def trained(path: Path = STORED) -> dict[str, Student]:
    """Read the trained models.

    Parameters
    ----------
    path : path
        A file that `store_trained` wrote.

    Returns
    -------
    dict of str to Student
        By objective; all began with the same weights and saw the same pictures.
    """
    students = {}
    with np.load(path, allow_pickle=False) as file:
        for objective in file.files:
            model = new_model(SEED)
            model.values[...] = file[objective]
            students[objective] = STUDENTS[objective](model)
    return students


def store_trained(path: Path = STORED, steps: int = STEPS) -> None:
    """Train one model of each objective and write their weights, rounded to half precision."""
    jobs = [(_weights, objective, steps) for objective in RECIPES]
    weights = dict(zip(RECIPES, run_all(jobs), strict=True))
    np.savez_compressed(path, **weights)


def _weights(objective: str, steps: int) -> np.ndarray:
    model, _ = pretrain(RECIPES[objective], SEED, steps)
    return model.values.astype(np.float16)
