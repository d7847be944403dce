"""The verdict on one question: what a worker sends, and what the books keep."""

from collections import Counter
from dataclasses import dataclass

VERDICTS = ("passed", "failed", "missing", "unreadable", "timeout", "pending", "error")

# How many submissions have which verdict, by exercise, question and verdict.
Tally = Counter[tuple[str, str, str]]


@dataclass(frozen=True)
class Ruling:
    """The verdict on one question of one submission, and why.

    A ``pending`` one waits for a person; an ``error`` is the grader's own failure. The cause is a
    stable short name, the message what the learner reads, the output the beginning of what the
    answer's cell put out. `beside` is code from outside the answer that it may need.
    """

    question: str
    verdict: str
    cause: str = ""
    message: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    output: str = ""
    beside: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict={self.verdict!r}")
