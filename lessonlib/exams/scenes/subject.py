"""The exam about pictures with captions: what is practised, and how much of it is run when."""

from functools import partial

from lessonlib.batches import pictures
from lessonlib.exams.exam import UNTRAINED, Plan, Recipe, Subject
from lessonlib.exams.scenes.candidates import Aligner, Captioner, Filler, Matcher
from lessonlib.exams.scenes.gallery import Gallery
from lessonlib.exams.scenes.papers import PAPERS
from lessonlib.models.pictures import alignment_loss, masked_loss, sigmoid_loss, word_loss

STEPS = 1500

SIGMOID = partial(alignment_loss, pair_loss=sigmoid_loss)

RECIPES = {
    objective: Recipe(objective, "decoder-only", *rest)
    for objective, *rest in (
        ("contrastive", Aligner, pictures.contrastive, alignment_loss),
        ("sigmoid", Aligner, pictures.contrastive, SIGMOID),
        ("captioning", Captioner, pictures.captioning, word_loss),
        ("masked_multimodal", Filler, pictures.masked_multimodal, masked_loss),
        ("image_text_matching", Matcher, pictures.image_text_matching, word_loss),
    )
}
CONTROL = Recipe(UNTRAINED, "decoder-only", Captioner)

SCENES = Subject("scenes", Gallery, {**RECIPES, UNTRAINED: CONTROL}, PAPERS)

FULL = Plan(SCENES, tuple(SCENES.recipes.values()), (0, 1, 2), STEPS, dict.fromkeys(PAPERS, 800))
QUICK = Plan(SCENES, FULL.recipes, (0,), 700, dict.fromkeys(PAPERS, 200))
