"""A model under exam."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

ANSWERS = ("native", "workaround")


class Candidate:
    """A model together with the ways in which it can answer.

    `material`: what it reads, as :class:`lessonlib.exams.exam.Subject` has it.

    Attributes
    ----------
    ways : mapping
        Callable for each (task, answer); a pair that is absent has no known way.
    passes : int
        Forward passes so far. One is the model reading one row once.
    train_seconds : float
        Processor time of its training.
    """

    ways: Mapping[tuple[str, str], Callable]
    passes = 0
    train_seconds = 0.0

    def __init__(self, model: Any, material: Any = None) -> None:
        self.model, self.material = model, material

    def known_ways(self, task: str) -> Iterator[tuple[str, Callable, Callable[[], int]]]:
        """Yield each answer that is known for a task, its way, and a counter of its passes."""
        for answer in ANSWERS:
            if (task, answer) in self.ways:
                before = self.passes
                yield answer, self.ways[task, answer], lambda before=before: self.passes - before
