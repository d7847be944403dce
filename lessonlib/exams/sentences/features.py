"""What the two abilities that look at frozen features have in common."""

from collections import defaultdict
from functools import cache

import numpy as np

from lessonlib.exams.measurement import NATIVE, Candidate, answers
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.language import Language
from lessonlib.worlds.sentences import say

LABELS_EACH = 8
DRAWS = 20
PENALTIES = (0.01, 0.1, 1.0, 10.0)
LABELLED = 700  # sentences to draw labels from; on as many others layer and pooling are chosen

Ids = list[list[int]]
Twins = tuple[Ids, np.ndarray, np.ndarray]  # sentences, about which two persons, who of them gives


class BagOfWords(Candidate):
    """Counts every word of every sentence: all that a sentence says without its order."""

    name = "bag of words"

    def __init__(self, other: TextCandidate) -> None:
        self.language = other.language

    @answers(NATIVE, "features")
    def _count(self, asked: Ids) -> dict[str, np.ndarray]:
        self.passes += len(asked)
        counts = np.zeros((len(asked), self.language.vocabulary.words))
        for row, sentence in zip(counts, asked, strict=True):
            np.add.at(row, sentence, 1)
        return {self.name: counts}


@cache
def twin_rows(language: Language) -> list[np.ndarray]:
    """Twins for each two persons: indices of sentences, shape (twins, 2)."""
    world = language.world
    row_of = {sentence.words: row for row, sentence in enumerate(world.sentences)}
    twins = defaultdict(list)
    for row, (_, _, meaning, wording) in enumerate(world.sentences):
        if meaning.giver_number != meaning.receiver_number or meaning.giver > meaning.receiver:
            continue
        exchanged = say(
            meaning._replace(giver=meaning.receiver, receiver=meaning.giver),
            wording._replace(giver_name=wording.receiver_name, receiver_name=wording.giver_name),
        )
        if exchanged in row_of:
            twins[meaning.giver, meaning.receiver].append((row, row_of[exchanged]))
    return [np.array(found) for found in twins.values()]


def labelled(about: np.ndarray, label: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw 8 sentences of each label, out of those that are about two persons."""
    rows = (np.flatnonzero(about & (label == wanted)) for wanted in (0, 1))
    return np.concatenate([rng.choice(some, LABELS_EACH, replace=False) for some in rows])


def fit(x: np.ndarray, label: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression on labels: weights of features, and what is subtracted from their sum.

    Features are (..., examples, width), labels (..., examples): each set of examples gets a rule.
    """
    mean = x.mean(axis=-2, keepdims=True)
    x = x - mean
    kernel = x @ x.swapaxes(-1, -2) + penalty * np.eye(x.shape[-2])
    weights = x.swapaxes(-1, -2) @ np.linalg.solve(kernel, 2.0 * label[..., None] - 1)
    return weights, mean @ weights
