"""A model under exam, what a measurement of it is, and its score as a share of what is possible."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

NATIVE, WORKAROUND = ANSWERS = ("native", "workaround")

Row = dict[str, Any]


@dataclass(frozen=True)
class Measurement:
    """One number for one ability."""

    answer: str  # "native" or "workaround"
    metric: str
    questions: int  # how many were asked
    raw: float  # what the candidate reached
    # what guessing and the best possible answers reach on the same questions, where it is known
    chance: float | None
    oracle: float | None
    forward_passes: float  # per question

    @property
    def score(self) -> float | None:
        """Share of the achievable: chance gives 0, the best possible answers 1."""
        return score(self.raw, self.chance, self.oracle)

    def row(self, **who: Any) -> Row:
        """Return the row of a result: who was asked what, and all that was found."""
        return {**who, **asdict(self), "score": self.score}


def score(raw: float, chance: float | None, oracle: float | None) -> float | None:
    """Return the share of the way from chance to the best possible, if there is such a way."""
    if None in (chance, oracle) or chance == oracle:
        return None
    return (raw - chance) / (oracle - chance)


def answers(answer: str, *tasks: str) -> Callable[[Callable], Callable]:
    """Mark a method of a candidate: it is how these tasks are answered."""

    def mark(method: Callable) -> Callable:
        method.answers = [*getattr(method, "answers", ()), *((task, answer) for task in tasks)]
        return method

    return mark


class Candidate:
    """A model together with the ways in which it can answer; `material` is what it reads."""

    passes = 0  # forward passes so far: one is the model reading one row once
    practised: Mapping[str, Any] = MappingProxyType({})  # what its rows say of its training

    def __init__(self, model: Any, material: Any = None) -> None:
        self.model, self.material = model, material

    @cached_property
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer); a pair that is absent has no known way."""
        return {
            way: getattr(self, name)
            for kind in reversed(type(self).__mro__)
            for name, method in vars(kind).items()
            for way in getattr(method, "answers", ())
        }

    def known_ways(
        self, task: str, among: Sequence[str] = ANSWERS
    ) -> Iterator[tuple[str, Callable, Callable[[], int]]]:
        """Yield each answer that is known for a task, its way, and a counter of its passes."""
        for answer in among:
            if (task, answer) in self.ways:
                before = self.passes
                yield answer, self.ways[task, answer], lambda before=before: self.passes - before


def asked(answer: str, size: int) -> int:
    """How many questions are asked: of a work-around a tenth, because it costs so much more."""
    return size if answer == NATIVE else -(-size // 10)


def share(right: Any) -> float:
    """Return which part of the answers is right."""
    return float(np.mean(right))


def cross_entropy(log_probabilities: np.ndarray, truth: np.ndarray) -> float:
    """Mean of -log p(truth) in nats."""
    return float(-log_probabilities[np.arange(len(truth)), truth].mean())


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Turn scores into log-probabilities, row by row, in float64."""
    shifted = logits.astype(float) - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
