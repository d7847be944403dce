"""One stack for everything: several tasks at once, after pretraining that has cost the same.

A causal LM, a prefix LM, span corruption in an encoder-decoder and masked LM are pretrained until
each has taken as many multiplications, then learn four tasks together from a few pairs: "read this,
write that", with a token that says which. So what one form for all tasks costs or spares is seen
side by side. Source of the question: Wang et al. 2022, "What Language Model Architecture and
Pretraining Objective Work Best for Zero-Shot Generalization?".
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from lessonlib.exams.exam import described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.fine_tuning import NEVER, PRETRAINED
from lessonlib.exams.measurement import NATIVE, WORKAROUND, Measurement, Row
from lessonlib.exams.multiplications import practised
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Pair, PairLearner
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import CROSSED
from lessonlib.exams.sentences.tasks import PAIRS, TASKS, marks
from lessonlib.exams.sentences.unread import READ, PartOfLanguage, read_village
from lessonlib.samples import sentinel

OBJECTIVES = ("causal", "prefix_lm", "span_corruption", "masked")
AS_MUCH_AS, STEPS = "causal", 750  # so many steps of this objective are what each may cost
COUNTED = 20  # batches whose cost is counted
TUNING = 400  # steps, on the pairs of all tasks
ASKED = 150  # of each task
QUESTIONS = {"continuation": 300, "blank": 300, "missing_span": 300}
#: The token behind what is read: which task it is. The question has one already.
SIGNS = {"paraphrase": sentinel(6), "shorten": sentinel(7), "translate": sentinel(8), "answer": ""}
ROOM = {"new_tokens": TASKS["translate"].new_tokens}


def jobs(size: Size) -> list[tuple]:
    """One job for each objective and seed."""
    return [
        size.job(measure, objective, seed, size.steps(STEPS))
        for seed in size.seeds()
        for objective in OBJECTIVES
    ]


@cache
def multiplications(objective: str) -> float:
    """Return what a step of practice takes on average: multiplications of reading a batch."""
    recipe, read = RECIPES[objective], read_village()
    config = read.new_model(recipe.architecture, 0).config
    stream = islice(read.practice(recipe.make_batch, 0), COUNTED)
    return float(np.mean([practised(config, batch) for batch in stream]))


def steps_for_as_much(objective: str, steps: int) -> int:
    """Return how many steps of an objective take as much as so many of causal LM."""
    return round(steps * multiplications(AS_MUCH_AS) / multiplications(objective))


def measure(objective: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Pretrain, ask for what is practised, teach all tasks at once and ask for each.

    What each may cost is told in steps of causal LM. Rows of tasks have "start"; chance is a model
    of the same shape that was never pretrained.
    """
    recipe, steps = RECIPES[objective], steps_for_as_much(objective, steps)
    candidate = trained(recipe, replace(CROSSED, name="one_stack"), seed, steps, kept)
    cost = round(steps * multiplications(objective) / 1e9, 1)
    about = described(recipe, candidate) | {"seed": seed, "billions": cost}
    rows = [
        about | row
        for ability, count in QUESTIONS.items()
        for row in CROSSED.papers[ability].rows(candidate, count, seed)
    ]
    never = dict(taught(candidate.never_pretrained(seed), seed))
    for (task, metric, answer, meanings), reached in taught(candidate, seed):
        floor = never[task, metric, answer, meanings]
        more = {"ability": task, "meanings": meanings, "examples": PAIRS * len(SIGNS)}
        for start, raw in ((PRETRAINED, reached), (NEVER, floor)):
            found = Measurement(answer, metric, ASKED, raw, floor, 1.0, 1.0)
            rows.append(found.row(**about, **more, start=start))
    return rows


def taught(
    candidate: TextCandidate, seed: int
) -> Iterator[tuple[tuple[str, str, str, str], float]]:
    """Teach a copy all tasks at once; yield what each reaches, by task, metric, answer, meanings.

    An encoder fills all places at once, or (a work-around) one after the other.
    """
    read = read_village()
    learner = PairLearner(candidate.model, read, candidate.both_ways, **ROOM)
    rng = np.random.default_rng([seed, 50])
    learner.practise(
        [pair for task in SIGNS for pair in drawn(task, read, PAIRS, rng)], TUNING, seed
    )
    ways = {NATIVE: learner.write}
    if learner.architecture == "encoder-only":
        ways[WORKAROUND] = learner.write_surest_first
    for number, task in enumerate(SIGNS):
        for meanings, part in read.parts.items():
            rng = np.random.default_rng([seed, 51, number, meanings == READ])
            pairs = drawn(task, part, ASKED, rng)
            for answer, write in ways.items():
                pages = write([source for source, _ in pairs])
                both = marks(read, TASKS[task], pages, pairs)
                for metric, reached in zip(("kept", "exact"), both, strict=True):
                    yield (task, metric, answer, meanings), reached


def drawn(task: str, part: PartOfLanguage, count: int, rng: np.random.Generator) -> list[Pair]:
    """Draw pairs of a task, with the token that says which it is."""
    behind = [part.vocabulary[SIGNS[task]]] if SIGNS[task] else []
    pairs = TASKS[task].draw(part, count, rng)
    return [([*source, *behind], target) for source, target in pairs]
