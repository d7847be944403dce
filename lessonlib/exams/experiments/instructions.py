"""Limits: a pretrained model continues an instruction instead of following it.

The instruction is a token in front of a sentence: one asks for a shorter sentence, the other for
the same from the other side. Before any example the model does what it has always done: it writes
some sentence. After a few examples of instructions it follows them.
"""

from pathlib import Path

import numpy as np

from lessonlib.exams.exam import trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row, share
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.papers import TASKS, draw_pairs, marks
from lessonlib.exams.sentences.recipes import RECIPES
from lessonlib.exams.sentences.subject import SENTENCES
from lessonlib.samples import MODE

EXAMPLES = (0, 8, 32, 128, 512)
TUNING_STEPS = 400
QUESTIONS = 100
INSTRUCTION = dict(zip(TASKS, (MODE["R"], MODE["S"]), strict=True))


def jobs(size: Size) -> list[tuple]:
    """One job for each number of examples and seed."""
    return size.jobs(followed, (0, 128) if size.quick else EXAMPLES)


def followed(examples: int, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Teach a causal LM with a number of examples, and give it both instructions.

    A row says what it "follows" (the share of the meaning that is kept in the form that was asked
    for), what it "follows_exactly", and how often it "writes_a_sentence" at all.
    """
    candidate = trained(RECIPES["causal"], SENTENCES, seed, steps, kept)
    language = candidate.language
    rng = np.random.default_rng([seed, 70])
    taught = zip(*(_instructed(language, task, 256, rng) for task in TASKS), strict=True)
    lessons = [pair for both in taught for pair in both]
    asked = {task: _instructed(language, task, QUESTIONS, rng) for task in TASKS}
    sources = [source for task in TASKS for source, _ in asked[task]]
    pages = candidate.rewrite(lessons[:examples], sources, TUNING_STEPS if examples else 0, seed)
    pages = [_first_sentence(page, language) for page in pages]
    rows = []
    for task in TASKS:
        part, pages = pages[:QUESTIONS], pages[QUESTIONS:]
        row = {"examples": examples, "seed": seed, "instruction": task}
        row["writes_a_sentence"] = share([language.parse(page) is not None for page in part])
        row["follows"], row["follows_exactly"] = marks(language, part, asked[task])
        rows.append(row)
    return rows


def _first_sentence(page: list[int], language: Language) -> list[int]:
    """Cut behind the first full stop: before any example nothing tells a model to stop there."""
    stop = language.vocabulary["."]
    return page[: page.index(stop) + 1] if stop in page else page


def _instructed(language: Language, task: str, count: int, rng: np.random.Generator) -> list:
    token = language.vocabulary[INSTRUCTION[task]]
    return [([token, *source], wanted) for source, wanted in draw_pairs(language, task, count, rng)]
