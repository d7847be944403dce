"""The exam about sentences: how much of it is run when."""

from dataclasses import replace
from importlib.metadata import version

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import UNTRAINED, Material, Plan, Recipe, Subject
from lessonlib.exams.measurement import NATIVE, Row
from lessonlib.exams.sentences.abilities import papers
from lessonlib.exams.sentences.cells import CELLS, RECIPES, cells, recipe
from lessonlib.exams.sentences.language import ROWS
from lessonlib.exams.sentences.unread import UNREAD, read_sister_village, read_village
from lessonlib.models import Transformer
from lessonlib.models.layers import cross_entropy
from lessonlib.models.shared import different_weights

STEPS = 2000
LIVE_STEPS = 1500  # somebody waits for these
SEEDS = (0, 1, 2, 3, 4)
SEARCH_SEED = 100  # of the search for learning rates; none of the measured ones
JUDGED_ON = 30  # batches that nothing was trained on
QUESTIONS = {"continuation": 1000, "blank": 1000, "missing_span": 1000,
             "matching": 500, "classification": 1000}  # fmt: skip
FEWER = dict.fromkeys(("continuation", "blank", "missing_span", "classification"), 300)


def own_practice(one: Recipe, material: Material, model: Transformer, steps: int) -> Row:
    """Say how large a model is, and what it makes of its own practice, on batches not trained on.

    `labels` are the answers that a sentence asks for, on average.
    """
    said = {"weights": different_weights(model), "version": version("lessonlib")}
    if one.make_batch is None:
        return said | {"sentences": 0, "labels": 0, "loss": None}
    stream = material.practice(one.make_batch, SEARCH_SEED + 1)
    asked = [next(stream) for _ in range(JUDGED_ON)]
    labels = np.mean([batch.loss_mask.sum() / len(batch) for batch in asked])
    loss = float(np.mean([_loss(model, batch) for batch in asked]))
    said |= {"sentences": steps * ROWS, "labels": round(float(labels), 2)}
    return said | {"loss": loss}


def _loss(model: Transformer, batch: Batch) -> float:
    """Return the loss without its gradient."""
    there = batch.loss_mask
    said = model.logits(batch.inputs, batch.attention_mask, there, source=batch.source)
    return cross_entropy(said, batch.targets[there])[0]


SENTENCES = Subject("exam", read_village, RECIPES, papers(), own_practice)
# What is asked of all cells of the grid: native answers alone.
CROSSED = replace(SENTENCES, papers=papers(answers=(NATIVE,)))

#: Objectives in their usual architectures with all that is asked of them, and all other cells.
FULL = (
    Plan(SENTENCES, tuple(RECIPES.values()), SEEDS, STEPS, QUESTIONS | {"rewriting": 300}),
    Plan(
        CROSSED,
        tuple(recipe(*cell) for cell in cells() if cell[1] != CELLS[cell[0]][0]),
        SEEDS,
        STEPS,
        QUESTIONS,
    ),
)
THREE = ("causal", "masked", "span_corruption")
QUICK = Plan(
    replace(SENTENCES, papers=papers(meanings=(UNREAD,))),
    tuple(RECIPES[name] for name in THREE),
    (0,),
    LIVE_STEPS,
    FEWER,
)

# The same objectives and questions in the sister village: what is given depends on who gives *and*
# who gets there, so a model has to look at both at once. Rewriting needs training of its own.
HARDER = Plan(
    replace(SENTENCES, name="harder_world", material=read_sister_village),
    tuple(RECIPES[name] for name in (*THREE, UNTRAINED)),
    (0, 1, 2),
    STEPS,
    QUESTIONS,
)
HARDER_QUICK = replace(QUICK, subject=replace(HARDER.subject, papers=QUICK.subject.papers),
                       steps=STEPS // 4)  # fmt: skip
