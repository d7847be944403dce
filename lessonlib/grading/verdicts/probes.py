"""Fresh inputs for a learner's function, and the output that the right function gives.

A probe is a code cell of the trusted side. It calls the learner's function and publishes what
came of it under a name that no other output carries. The expected output never enters the
process in which the learner's code runs.
"""

import json
import random
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from lessonlib.grading.confined.inside import program
from lessonlib.grading.confined.kernel import StoppedError
from lessonlib.grading.verdicts.canonical import canonical, near
from lessonlib.grading.verdicts.judge import MOST, TOO_LARGE
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome
from lessonlib.practice.faults import Tried, together
from lessonlib.practice.questions import QUESTIONS, cases

SECONDS = 10.0  # wall clock for one call; a right answer needs a thousandth of it


@dataclass(frozen=True)
class Answer:
    """What a probe brought back, which nobody trusts; `defined` is None if nothing came."""

    defined: bool | None
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Probe:
    """One question put to one learner's function: the arguments of each call, and a channel."""

    question: str
    drawn: tuple[tuple[Any, ...], ...]
    channel: str

    @cached_property
    def cell(self) -> NotebookNode:
        """The code cell, with the right function's output stored as nbval expects it."""
        given = (self.question, json.dumps(self.drawn), SECONDS, self.channel, MOST)
        call = f"{program('probe')}\nprobe(*{given!r}, learner)\n"
        # The builtins are asked for by name because an answer may have taken over `exec`.
        learner = "{'learner': __import__('builtins').globals()}"
        source = f"__import__('builtins').exec({call!r}, {learner})"
        return new_code_cell(source, execution_count=1, outputs=[self._output(self.expected)])

    @cached_property
    def expected(self) -> list[Any]:
        """What the right function does with each draw."""
        reference = QUESTIONS[self.question].reference
        return [canonical(run(reference, arguments, SECONDS)) for arguments in self.drawn]

    def read(self, outputs: list[NotebookNode]) -> Answer:
        """Find the probe's answer among all that nbval collected of a cell's output."""
        shown = (each["data"] for each in outputs if each.get("output_type") == "display_data")
        try:
            (text,) = (data[self.channel] for data in shown if self.channel in data)
            if len(text) > MOST:
                raise StoppedError("failed", TOO_LARGE)
            answer = json.loads(text)
            outcomes = [Outcome.from_json(data) for data in answer["outcomes"]]
            return Answer(bool(answer["defined"]), tuple(outcomes[: len(self.drawn)]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return Answer(None)

    def comparable(self, answer: Answer) -> list[NotebookNode]:
        """Write an answer as the output that nbval compares with the expected one."""
        said = near(list(map(canonical, answer.outcomes)), self.expected)
        return [self._output(self._settled(said, answer))]

    def _settled(self, said: list[Any], answer: Answer) -> list[Any]:
        """Write what a question with many right answers accepts as the expected one of them."""
        question = QUESTIONS[self.question]
        if question.accepts is None:
            return said
        both = zip(self.drawn, answer.outcomes, strict=False)
        calls = together([Tried(question, *each) for each in both])
        return [
            right if call.right else {"refused": one}
            for call, one, right in zip(calls, said, self.expected, strict=False)
        ]

    def _output(self, said: list[Any]) -> NotebookNode:
        told = {self.channel: json.dumps(said)}  # not looked through for what a notebook may hold
        return NotebookNode(output_type="display_data", data=NotebookNode(told), metadata={})


@cache
def draw(question: str, exercise: str, seed: int, token: str) -> Probe:
    """Draw the inputs of one question, the same for all of a run, whose secret the token is."""
    rng = random.Random(f"{seed}/{exercise}/{question}")
    drawn = tuple(tuple(arguments) for arguments in cases(QUESTIONS[question], rng))
    return Probe(question, drawn, f"application/vnd.lessonlib.{token}+json")
