"""The exam about sentences: how much of it is run when."""

from lessonlib.exams.exam import UNTRAINED, Plan, Subject
from lessonlib.exams.sentences.language import village
from lessonlib.exams.sentences.papers import PAPERS
from lessonlib.exams.sentences.recipes import CONTROL, RECIPES, STEPS

SENTENCES = Subject("sentences", village, {**RECIPES, UNTRAINED: CONTROL}, PAPERS)

FULL = Plan(
    SENTENCES,
    objectives=tuple(SENTENCES.recipes),
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
    SENTENCES,
    objectives=("causal", "masked", "span_corruption"),
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
