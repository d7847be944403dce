"""An objective of a learner's own: trained like the course's, and put through the short exam."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lessonlib import checks
from lessonlib.batches import Batch
from lessonlib.exams.exam import EXAM, pretrain
from lessonlib.exams.measurement import Row
from lessonlib.exams.running import report
from lessonlib.exams.sentences.short import LESSONS, sit, the_village
from lessonlib.exams.vocabulary import PAD, Ids, Vocabulary
from lessonlib.words import Words

WORDS = Words("exams")
STEPS, SEEDS = 1000, (0, 1)
OWN = "own"
NEIGHBOURS = Path(__file__).with_name("own.json")
#: Whose architecture, answers and learning rate a rule has, by who may look where.
LIKE = {"back": "causal", "both": "masked"}

Rule = Callable[[list[list[str]], list[list[float]]], tuple[list, list, str]]


class Practice:
    """Makes batches by a learner's rule, which reads and writes words."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
        """Ask the rule about some texts, with dice of the generator."""
        texts = [
            [vocabulary.tokens[number] for number in row if number != vocabulary[PAD]]
            for row in ids.tolist()
        ]
        rolls = [rng.random(len(text)).tolist() for text in texts]
        return batch_of(vocabulary, *self.rule(texts, rolls))

    @property
    def looks(self) -> str:
        """Who may look where: "back" or "both"."""
        *_, looks = self.rule([["the", "cook", "sells"]], [[0.1, 0.9, 0.2]])
        return checks.one_of(looks, "looks", LIKE)


def batch_of(vocabulary: Vocabulary, inputs: list, targets: list, looks: str) -> Batch:
    """Turn what a rule returned into a batch; a word that no model knows is a ValueError."""
    pad, known = vocabulary[PAD], set(vocabulary.tokens)
    strange = {word for row in inputs for word in row} - known
    if strange:
        raise ValueError(WORDS("own.strange_word", word=sorted(map(str, strange))[0]))
    read = vocabulary.padded([vocabulary.encode(row) for row in inputs])
    real = np.arange(read.shape[1]) < np.array([len(row) for row in inputs])[:, None]
    said, asked = np.full(read.shape, pad), np.zeros(read.shape, bool)
    for row, answers in enumerate(targets):
        for place, answer in enumerate(answers):
            if answer is not None:
                said[row, place], asked[row, place] = vocabulary[answer], True
    pattern = ("causal",) if looks == "back" else ("bidirectional",)
    return Batch(OWN, None, read, said, asked, pattern, real)


def measure(objective: str, rule: Rule | None, seed: int, steps: int = STEPS) -> list[Row]:
    """Train one model by a rule, or by one of the lesson's three, and examine it."""
    language, recipe = the_village(), LESSONS.get(objective)
    if rule is not None:
        practice = Practice(rule)
        recipe = replace(LESSONS[LIKE[practice.looks]], objective=objective, make_batch=practice)
    model = pretrain(recipe, language, seed, steps)
    report(EXAM, 0, 1, None, always=True)
    return sit(recipe.candidate(model, language), seed, objective=objective)


def jobs(rule: Rule, seeds: Sequence[int] = SEEDS, steps: int = STEPS) -> list[tuple]:
    """Return one call for each random start."""
    return [(measure, OWN, rule, seed, steps) for seed in seeds]


def neighbours() -> list[Row]:
    """Read how the lesson's three did in the same exam, after as much training."""
    return json.loads(NEIGHBOURS.read_text("utf-8"))["rows"]
