"""Judge what a function returned: right, or wrong for which reason.

``judge`` is pure. It never runs the learner's code and reads nothing but its arguments, so the
notebook's check and the grader come to the same verdict and say the same words.
"""

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from typing import Any

from lessonlib import checks
from lessonlib.checks import counted
from lessonlib.practice.differences import (
    PYTHON_SLIPS,
    disguised_slip,
    parts_of,
    plain_difference,
    same,
)
from lessonlib.practice.failures import UNANSWERED, Fault, fault_of_call
from lessonlib.practice.outcomes import Outcome, decode, encode
from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.showing import aligned, call, compared, printed, written


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and if not, why.

    Attributes
    ----------
    passed : bool
        Whether the answer is right.
    cause : str
        A short stable name for what is wrong; ``"right"`` if nothing is.
    message : str
        What the learner reads.
    """

    passed: bool
    cause: str
    message: str

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"{self._headline()}\n{self.message}"

    def _repr_html_(self) -> str:
        colour = "#00694e" if self.passed else "#8250df"
        lines = groupby(self.message.splitlines(), key=lambda line: line.startswith(" "))
        body = "".join(_html("\n".join(group), evidence) for evidence, group in lines)
        return (
            f'<div style="border-left:5px solid {colour};padding:2px 12px">'
            f"<p><strong>{self._headline()}</strong></p>{body}</div>"
        )

    def _headline(self) -> str:
        if self.passed:
            return "Right."
        return "Not answered yet." if self.cause == UNANSWERED else "Not yet."


class _Case:
    """One call that was tried: its arguments, what came of it, and what is right."""

    def __init__(self, question: Question, arguments: Arguments, outcome: Outcome) -> None:
        self.question, self.arguments, self.outcome = question, tuple(arguments), outcome
        for index in outcome.changed:
            checks.integer(index, "changed", 0, len(question.parameters) - 1)
        self.returned = not outcome.timed_out and outcome.failure is None
        self.value = decode(outcome.value)
        self.parts = parts_of(question, self.value)

    @cached_property
    def expected(self) -> list[Any]:
        right = self.question.reference(*copy.deepcopy(self.arguments))
        return parts_of(self.question, decode(encode(right)))

    @cached_property
    def failed(self) -> Fault | None:
        return fault_of_call(self.question, self.outcome)

    @cached_property
    def right(self) -> bool:
        return self.failed is None and self.parts is not None and same(self.parts, self.expected)

    def has(self, cause: Cause) -> bool:
        """Tell whether a cause fits; it fits each call that returned nothing to compare."""
        if not self.returned or self.value is None or (cause.may_be_right and self.right):
            return True
        return cause.explains(*self.seen_by(cause))

    def told_by(self, cause: Cause) -> str:
        """Explain a cause that fits, unless it would make no difference here."""
        right = [self.expected] if cause.whole else self.expected
        always = cause.seen or cause.may_be_right
        if not always and cause.explains(*self.arguments, *right):
            return ""
        return cause.said_of(*self.seen_by(cause))

    def seen_by(self, cause: Cause) -> list[Any]:
        given = [self.value] if cause.whole or self.parts is None else self.parts
        return [*self.arguments, *given]


def judge(question: Question, arguments: Arguments, outcome: Outcome) -> Verdict:
    """Judge one outcome of a learner's function.

    Parameters
    ----------
    question : Question
        What was asked.
    arguments : tuple
        The positional arguments that the function was called with.
    outcome : Outcome
        What came of the call.

    Returns
    -------
    Verdict
        Right, or the first cause that fits.

    Raises
    ------
    ValueError
        If the outcome speaks of an argument that the question does not have.
    """
    return judge_all(question, [(arguments, outcome)])


def judge_all(question: Question, tried: Iterable[tuple[Arguments, Outcome]]) -> Verdict:
    """Judge what came of several calls of one function, taken together.

    Parameters
    ----------
    question : Question
        What was asked.
    tried : iterable of (tuple, Outcome)
        The arguments of each call, and what came of it.

    Returns
    -------
    Verdict
        Right, or what is wrong with the first call that went wrong. A cause is named only if it
        fits all calls, the right ones as well; else the verdict says what differs.

    Raises
    ------
    ValueError
        If an outcome speaks of an argument that the question does not have.
    """
    cases = [_Case(question, *each) for each in tried]
    case = next((case for case in cases if not case.right), None)
    if case is None:
        return Verdict(True, "right", f"{call(question, cases[0].arguments)} is as expected.")
    (cause, explanation), guess = _fault(case, cases)
    if cause == UNANSWERED:
        return Verdict(False, cause, explanation)
    lines = [explanation, *aligned("called", [call(question, case.arguments)])]
    returned = (case.parts or [case.value]) if case.returned else []
    lines += compared(question, case.expected, returned)
    lines += aligned("after it", _changed(question, case.outcome))
    lines += printed(case.outcome.printed)
    if case.failed is None and not _is_about_python(question, cause):
        lines.append(f"Read again: {question.read_again}.")
    lines += _where_it_is_right(question, cases, guess)
    return Verdict(False, cause, "\n".join(lines))


def _fault(case: _Case, cases: list[_Case]) -> tuple[Fault, bool]:
    """Find what is wrong, and whether that is a guess which fits all calls."""
    if case.failed is not None:
        return case.failed, False
    question = case.question
    if slip := disguised_slip(question, case.expected, case.parts, case.outcome):
        return slip, False
    for cause in question.causes:
        if case.parts is None and not cause.whole:
            continue
        said = case.told_by(cause)
        if said and (cause.seen or all(each.has(cause) for each in cases)):
            return (cause.name, said), not cause.seen
    everywhere = [(each.parts, each.expected) for each in cases if each.returned]
    return plain_difference(question, case.expected, case.value, case.outcome, everywhere), False


def _where_it_is_right(question: Question, cases: list[_Case], guess: bool) -> list[str]:
    """Say that some inputs passed, as then the cause lies in what sets the others apart."""
    passed = [case.arguments for case in cases if case.right]
    failed = [case.arguments for case in cases if not case.right]
    if len(cases) < 2 or not passed:
        return []
    note = f"Your function is right on {len(passed)} of the {len(cases)} inputs tried"
    if guess:
        return [f"{note}, where this makes no difference."]
    for index, name in enumerate(question.parameters):
        length = _one_length([each[index] for each in passed], [each[index] for each in failed])
        if length is not None:
            these = "All of these have" if index == 0 else f"In all of these `{name}` has"
            return [f"{note}. {these} {counted(length, 'item')}: is a length fixed in your code?"]
    return [f"{note}. What is special about this one?" if len(passed) > len(failed) else f"{note}."]


def _one_length(passed: list[Any], failed: list[Any]) -> int | None:
    """Find the length that all lists on one side have, and none on the other."""
    if len(passed) < 2 or not all(isinstance(each, list) for each in passed + failed):
        return None
    lengths = set(map(len, passed))
    return lengths.pop() if len(lengths) == 1 and lengths.isdisjoint(map(len, failed)) else None


def _is_about_python(question: Question, name: str) -> bool:
    slips = {cause.name for cause in question.causes if cause.about_python}
    return name in PYTHON_SLIPS | slips


def _changed(question: Question, outcome: Outcome) -> list[str]:
    named = zip(outcome.changed, outcome.afterwards, strict=True)
    return [f"{question.parameters[index]} = {written(decode(left))}" for index, left in named]


def _html(text: str, evidence: bool) -> str:
    if evidence:
        return f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{escape(text)}</pre>'
    with_code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    link = r'notebook <a href="../notebooks/\1.ipynb">\1</a>'
    with_links = re.sub(r"\bnotebook (\d\d_\w+)", link, with_code)
    return f"<p>{with_links}</p>"
