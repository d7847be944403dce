"""The exam about pictures with captions: what is practised, and how much of it is run when."""

from functools import partial

from lessonlib.exams.exam import UNTRAINED, Plan, Recipe, Subject
from lessonlib.exams.scenes import batches
from lessonlib.exams.scenes.candidates import Aligner, Captioner, Filler, Matcher
from lessonlib.exams.scenes.gallery import Gallery
from lessonlib.exams.scenes.papers import PAPERS
from lessonlib.models.pictures import alignment_loss, masked_loss, sigmoid_loss, word_loss

STEPS = 1500

SIGMOID = partial(alignment_loss, pair_loss=sigmoid_loss)

RECIPES = {
    objective: Recipe(objective, "decoder-only", *rest)
    for objective, *rest in (
        ("contrastive", Aligner, batches.contrastive, alignment_loss),
        ("sigmoid", Aligner, batches.contrastive, SIGMOID),
        ("captioning", Captioner, batches.captioning, word_loss),
        ("masked_multimodal", Filler, batches.masked, masked_loss),
        ("image_text_matching", Matcher, batches.matching, word_loss),
    )
}
CONTROL = Recipe(UNTRAINED, "decoder-only", Captioner)

SCENES = Subject("scenes", Gallery, {**RECIPES, UNTRAINED: CONTROL}, PAPERS)

FULL = Plan(
    SCENES,
    objectives=tuple(SCENES.recipes),
    seeds=(0, 1, 2),
    steps=STEPS,
    questions=dict.fromkeys(PAPERS, 800),
)
QUICK = Plan(SCENES, FULL.objectives, seeds=(0,), steps=700, questions=dict.fromkeys(PAPERS, 200))
