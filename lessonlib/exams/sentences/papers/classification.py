"""Classification from few labels with frozen features: say who gives.

Visible: for two persons, 8 labelled sentences in which the one gives to the other and 8 the other
way round, and the features of the sentence asked about. Every sentence has a twin with the same
words in which giver and receiver have changed places, and both are asked equally often, so the
words alone say nothing: guessing is right half of the time. All pairs of persons take turns.
Layer, pooling and penalty are chosen on other sentences.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from lessonlib.exams.measurement import Measurement
from lessonlib.exams.sentences.candidates import TextCandidate
from lessonlib.exams.sentences.items import sentences
from lessonlib.exams.sentences.language import Language
from lessonlib.worlds.sentences import say

LABELS_EACH = 8
DRAWS = 20
PENALTIES = (0.01, 0.1, 1.0, 10.0)
CHANCE = 0.5
LABELLED = DEVELOPMENT = 700  # sentences to draw labels from, and to choose on


def measure(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Train a linear classifier on 8 labels of each kind, 20 times, and test it."""
    found = []
    state = rng.bit_generator.state
    for answer, read, passes in candidate.known_ways("features"):
        rng.bit_generator.state = state  # the same questions for every answer
        table = every_way(read, candidate.language, size, rng)
        right = max(table.values(), key=lambda two: two[0])[1]
        cost = passes() / (LABELLED + DEVELOPMENT + size)
        found.append(Measurement(answer, "right", size, right, CHANCE, 1.0, cost))
    return found


def every_way(
    read: Callable, language: Language, size: int, rng: np.random.Generator
) -> dict[tuple[str, float], tuple[float, float]]:
    """Accuracy with every layer, pooling and penalty: where it is chosen, and on the test."""
    labelled, development, test = (
        _read(read, *_twins(language, count, rng)) for count in (LABELLED, DEVELOPMENT, size)
    )
    draws = _draws(labelled, rng)
    table = {}
    for name, values in labelled.features.items():
        scale = np.linalg.norm(values - values.mean(axis=0), axis=1).mean()
        train, choose, final = (
            replace(part, features=part.features[name] / scale)
            for part in (labelled, development, test)
        )
        for penalty in PENALTIES:
            table[name, penalty] = (
                _accuracy(train, choose, draws, penalty),
                _accuracy(train, final, draws, penalty),
            )
    return table


@dataclass(frozen=True)
class Examples:
    """Sentences with a twin, `pair` says about which two persons, `label` which of them gives."""

    features: Any
    pair: np.ndarray
    label: np.ndarray


def _read(read: Callable, asked: list, pair: np.ndarray, label: np.ndarray) -> Examples:
    return Examples(read(asked), pair, label)


def _twins(
    language: Language, size: int, rng: np.random.Generator
) -> tuple[list[list[int]], np.ndarray, np.ndarray]:
    """Draw sentences, all pairs of persons and both directions equally often."""
    rows_of = _twin_rows(language)
    pair = np.arange(size) % len(rows_of)
    label = np.arange(size) // len(rows_of) % 2
    rows = [
        rows_of[number][rng.integers(len(rows_of[number])), first]
        for number, first in zip(pair, label, strict=True)
    ]
    return sentences(language, rows), pair, label


@cache
def _twin_rows(language: Language) -> list[np.ndarray]:
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


def _draws(examples: Examples, rng: np.random.Generator) -> list[list[np.ndarray]]:
    """Return for each two persons indices of 8 sentences of each label, drawn many times."""
    return [
        [
            np.concatenate(
                [
                    rng.choice(
                        np.flatnonzero((examples.pair == pair) & (examples.label == label)),
                        LABELS_EACH,
                        replace=False,
                    )
                    for label in (0, 1)
                ]
            )
            for _ in range(DRAWS)
        ]
        for pair in range(examples.pair.max() + 1)
    ]


def _accuracy(
    train: Examples, test: Examples, draws: list[list[np.ndarray]], penalty: float
) -> float:
    """Mean accuracy of ridge regression on the labels, one fit for each draw."""
    right = []
    for pair, rows_drawn in enumerate(draws):
        chosen = test.pair == pair
        for rows in rows_drawn:
            x, y = train.features[rows], 2.0 * train.label[rows] - 1
            mean = x.mean(axis=0)
            dual = np.linalg.solve((x - mean) @ (x - mean).T + penalty * np.eye(len(x)), y)
            scores = (test.features[chosen] - mean) @ ((x - mean).T @ dual)
            right.append(np.mean((scores > 0) == test.label[chosen]))
    return float(np.mean(right))
