"""Fresh inputs for a learner's function, and the output that the right function gives.

A probe is a code cell of the trusted side. It calls the learner's function and publishes what
came of it under a name that no other output carries. The expected output never enters the
process in which the learner's code runs.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from lessonlib.practice.judging import judge
from lessonlib.practice.outcomes import Outcome, run
from lessonlib.practice.questions import QUESTIONS, cases

SECONDS = 10.0  # wall clock for one call; a right answer needs a thousandth of it

_PROBE = """
import json
from IPython.core.interactiveshell import InteractiveShell
from lessonlib.practice.outcomes import run

outcomes = []
if question in learner:
    for arguments in json.loads(drawn):
        outcomes.append(run(learner[question], arguments, seconds).to_json())
        if outcomes[-1]["timed_out"]:
            break
answer = json.dumps({"defined": question in learner, "outcomes": outcomes})
InteractiveShell.instance().display_pub.publish({channel: answer})
"""


@dataclass(frozen=True)
class Probe:
    """One question put to one learner's function.

    Parameters
    ----------
    question
        The question's name, which is the function's name too.
    drawn
        The positional arguments of each call.
    channel
        The media type under which the answer comes out.
    """

    question: str
    drawn: tuple[tuple[Any, ...], ...]
    channel: str

    def cell(self) -> NotebookNode:
        """Return the code cell, with the right function's output stored as nbval expects it."""
        names = {
            "question": self.question,
            "drawn": json.dumps(self.drawn),
            "seconds": SECONDS,
            "channel": self.channel,
        }
        # The builtins are asked for by name because an answer may have taken over `exec`.
        source = (
            f"__import__('builtins').exec({_PROBE!r}, "
            f"{{**{names!r}, 'learner': __import__('builtins').globals()}})"
        )
        return new_code_cell(source, execution_count=1, outputs=[self._output(self.expected)])

    @cached_property
    def expected(self) -> list[Any]:
        """What the right function does with each draw."""
        reference = QUESTIONS[self.question].reference
        return [_said(run(reference, arguments, SECONDS)) for arguments in self.drawn]

    def read(self, outputs: list[NotebookNode]) -> Answer:
        """Find the probe's answer among all that a cell put out.

        Parameters
        ----------
        outputs
            What the cell put out, as nbval collects it.

        Returns
        -------
        Answer
            What the function did; nothing of it is trusted.
        """
        published = [
            output["data"][self.channel]
            for output in outputs
            if output.get("output_type") == "display_data" and self.channel in output["data"]
        ]
        try:
            (text,) = published
            answer = json.loads(text)
            outcomes = [Outcome.from_json(data) for data in answer["outcomes"]]
            return Answer(bool(answer["defined"]), tuple(outcomes[: len(self.drawn)]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return Answer(None, ())

    def comparable(self, answer: Answer) -> list[NotebookNode]:
        """Write an answer as the output that nbval compares with the expected one.

        What the question's own judge takes for right (a tuple for a list, another order of a
        dictionary's keys, a rounded number) is written as the right function writes it.
        """
        question = QUESTIONS[self.question]
        tried = zip(self.drawn, answer.outcomes, self.expected, strict=False)
        said = [
            expected if judge(question, arguments, outcome).passed else _said(outcome)
            for arguments, outcome, expected in tried
        ]
        return [self._output(said)]

    def _output(self, said: list[Any]) -> NotebookNode:
        return new_output("display_data", data={self.channel: json.dumps(said, indent=1)})


@dataclass(frozen=True)
class Answer:
    """What a probe brought back.

    Parameters
    ----------
    defined
        Whether the function was there to be called; None if the probe had no answer at all.
    outcomes
        What each call came to; shorter than the draw where a call had to be stopped.
    """

    defined: bool | None
    outcomes: tuple[Outcome, ...]


@cache
def draw(question: str, exercise: str, seed: int, token: str) -> Probe:
    """Draw the inputs of one question, the same for every learner of a run.

    Parameters
    ----------
    question
        The question's name.
    exercise
        The exercise's name.
    seed
        The seed of the run, which is written beside every grade.
    token
        A secret of this run, so that the answer can be told from other output.

    Raises
    ------
    KeyError
        If the course has no such question.
    """
    rng = random.Random(f"{seed}/{exercise}/{question}")
    drawn = tuple(tuple(arguments) for arguments in cases(QUESTIONS[question], rng))
    return Probe(question, drawn, f"application/vnd.lessonlib.{token}+json")


def _said(outcome: Outcome) -> Any:
    """Return the part of an outcome that decides: not what was printed."""
    if outcome.failure is not None:
        return {"raised": outcome.failure.type}
    return {
        "returned": outcome.value,
        "changed": list(outcome.changed),
        "stopped": outcome.timed_out,
    }
