"""What a measurement is, and its score as a share of what can be achieved."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

ANSWERS = ("native", "workaround")


class Answering(Protocol):
    """What the battery needs of a student.

    Attributes
    ----------
    ways : mapping
        Callable for each (task, answer) that the student can do.
    passes : int
        Forward passes so far.
    """

    ways: Mapping[tuple[str, str], Callable]
    passes: int


@dataclass(frozen=True)
class Measurement:
    """One number for one ability.

    Attributes
    ----------
    answer : str
        "native" or "workaround".
    metric : str
    questions : int
        How many were asked.
    raw : float
        What the student reached.
    chance, oracle : float
        What guessing and the best possible answers reach on the same questions.
    forward_passes : float
        Per question.
    """

    answer: str
    metric: str
    questions: int
    raw: float
    chance: float
    oracle: float
    forward_passes: float

    @property
    def score(self) -> float:
        """Share of the achievable: chance gives 0, the best possible answers 1."""
        return (self.raw - self.chance) / (self.oracle - self.chance)


def known_ways(student: Answering, task: str) -> Iterator[tuple[str, Callable, Callable[[], int]]]:
    """Yield each answer the student knows for a task, with a counter of its forward passes."""
    for answer in ANSWERS:
        if (task, answer) in student.ways:
            before = student.passes
            yield answer, student.ways[task, answer], lambda before=before: student.passes - before


def asked(answer: str, size: int) -> int:
    """How many questions are asked: of a work-around a tenth, because it costs so much more."""
    return size if answer == "native" else -(-size // 10)


def cross_entropy(log_probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Mean of -log p(truth) in nats."""
    return float(-log_probabilities[np.arange(len(truth)), truth].mean())
