"""Trained models of sentences that come with the course: one of each of the three objectives."""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import trained as trained_or_kept
from lessonlib.exams.results import FOLDER
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import SENTENCES, STEPS, THREE

STORED = FOLDER / "sentences_models.npz"
SEED = 0


def trained(objective: str) -> TextCandidate:
    """Read the model of one of the three objectives."""
    recipe, material = RECIPES[objective], SENTENCES.material()
    model = material.new_model(recipe.architecture, SEED)
    with np.load(STORED, allow_pickle=False) as file:
        model.values[...] = file[objective]
    return recipe.candidate(model, material)


def store_trained(kept: Path | None = None) -> None:
    """Write the weights of one model of each, rounded to half precision; those kept, or new ones.

    They are those of the exam's first random start.
    """
    weights = {
        name: trained_or_kept(RECIPES[name], SENTENCES, SEED, STEPS, kept).model.values
        for name in THREE
    }
    halved = {name: values.astype(np.float16) for name, values in weights.items()}
    np.savez_compressed(STORED, **halved)
