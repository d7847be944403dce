"""What a measurement is, and its score as a share of what can be achieved."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

Row = dict[str, Any]


@dataclass(frozen=True)
class Measurement:
    """One number for one ability."""

    answer: str  # "native" or "workaround"
    metric: str
    questions: int  # how many were asked
    raw: float  # what the candidate reached
    # what guessing and the best possible answers reach on the same questions
    chance: float
    oracle: float
    forward_passes: float  # per question

    @property
    def score(self) -> float:
        """Share of the achievable: chance gives 0, the best possible answers 1."""
        return (self.raw - self.chance) / (self.oracle - self.chance)

    def row(self, **who: Any) -> Row:
        """Return the row of a result: who was asked what, and all that was found."""
        return {**who, **asdict(self), "score": self.score}


def asked(answer: str, size: int) -> int:
    """How many questions are asked: of a work-around a tenth, because it costs so much more."""
    return size if answer == "native" else -(-size // 10)


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
