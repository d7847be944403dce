"""A model under exam."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

NATIVE, WORKAROUND = ANSWERS = ("native", "workaround")


def answers(answer: str, *tasks: str) -> Callable[[Callable], Callable]:
    """Mark a method of a candidate: it is how these tasks are answered."""

    def mark(method: Callable) -> Callable:
        method.answers = [*getattr(method, "answers", ()), *((task, answer) for task in tasks)]
        return method

    return mark


class Candidate:
    """A model together with the ways in which it can answer.

    Its `material` is what it reads, as :class:`lessonlib.exams.exam.Subject` has it.
    """

    passes = 0  # forward passes so far: one is the model reading one row once
    train_seconds = 0.0  # processor time of its training

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

    def known_ways(self, task: str) -> Iterator[tuple[str, Callable, Callable[[], int]]]:
        """Yield each answer that is known for a task, its way, and a counter of its passes."""
        for answer in ANSWERS:
            if (task, answer) in self.ways:
                before = self.passes
                yield answer, self.ways[task, answer], lambda before=before: self.passes - before
