"""The exam about sentences: how much of it is run when."""

from dataclasses import replace

from lessonlib.exams.exam import UNTRAINED, Plan, Subject
from lessonlib.exams.sentences.language import sister_village, village
from lessonlib.exams.sentences.papers import PAPERS
from lessonlib.exams.sentences.recipes import CONTROL, RECIPES

STEPS = 2000
MOST = {"continuation": 3000, "blank": 3000, "missing_span": 3000, "matching": 1000}
FEWER = {"continuation": 600, "blank": 600, "missing_span": 300, "matching": 500}

SENTENCES = Subject("sentences", village, {**RECIPES, UNTRAINED: CONTROL}, PAPERS)

FULL = Plan(
    SENTENCES,
    objectives=tuple(SENTENCES.recipes),
    seeds=(0, 1, 2, 3, 4),
    steps=STEPS,
    questions=MOST | {"classification": 2000, "rewriting": 300},
)
QUICK = Plan(
    SENTENCES,
    objectives=("causal", "masked", "span_corruption"),
    seeds=(0,),
    steps=STEPS,
    questions=FEWER | {"classification": 500},
)

# The same objectives and questions in the sister village: what is given depends on who gives *and*
# who gets there, so a model has to look at both at once. Rewriting needs training of its own.
HARDER = Plan(
    replace(SENTENCES, name="harder_world", material=sister_village),
    objectives=(*QUICK.objectives, UNTRAINED),
    seeds=(0, 1, 2),
    steps=STEPS,
    questions=MOST | {"classification": 2000},
)
HARDER_QUICK = replace(QUICK, subject=HARDER.subject, steps=STEPS // 4)
