"""Judge what a function returned: right, or wrong for which reason.

``judge`` is pure. It never runs the learner's code and reads nothing but its arguments, so the
notebook's check and the grader come to the same verdict and say the same words.
"""

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import groupby
from typing import Any

from lessonlib import checks
from lessonlib.checks import counted
from lessonlib.practice.differences import (
    PYTHON_SLIPS,
    disguised_slip,
    listed_names,
    parts_of,
    plain_difference,
    same,
)
from lessonlib.practice.failures import (
    UNANSWERED,
    Fault,
    fault_of_call,
    has_dots,
    said_of_dots,
)
from lessonlib.practice.outcomes import Outcome, decode, encode
from lessonlib.practice.question import Arguments, Cause, Question
from lessonlib.practice.showing import aligned, call, compared, printed, written

HEADLINES = {UNANSWERED: "Not answered yet.", "input_does_not_fit": "Not tried yet."}
OF_THE_OLDER = "About an older version, not your last one:"


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
    older : bool
        Whether it is about another version than the one that the learner wrote last.
    """

    passed: bool
    cause: str
    message: str
    older: bool = False

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return f"{self._headline()}\n{self.message}"

    def _repr_html_(self) -> str:
        colour = "#00694e" if self.passed and not self.older else "#8250df"
        lines = groupby(self.message.splitlines(), key=lambda line: line.startswith(" "))
        body = "".join(_html("\n".join(group), evidence) for evidence, group in lines)
        return (
            f'<div style="border-left:5px solid {colour};padding:2px 12px">'
            f"<p><strong>{self._headline()}</strong></p>{body}</div>"
        )

    def _headline(self) -> str:
        said = "Right." if self.passed else HEADLINES.get(self.cause, "Not yet.")
        return f"{OF_THE_OLDER} {said}" if self.older else said


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

    def of_the_rest(self, open_parts: set[int]) -> "_Case":
        """Make the same case with the right values in the parts that are still to be done."""
        if self.parts is None or not self.returned:
            return self
        parts = [
            right if at in open_parts else part
            for at, (part, right) in enumerate(zip(self.parts, self.expected, strict=True))
        ]
        # What a half does not read yet it may still come to read.
        outcome = replace(self.outcome, value=encode(parts), unread=())
        rest = _Case(self.question, self.arguments, outcome)
        rest.parts = parts
        return rest

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
        return Verdict(False, cause, _half_done(question, cases) or explanation)
    if case.outcome.dots:
        done = _said_of_done(cases, _right_parts(cases))
        explanation = " ".join(filter(None, [said_of_dots(case.outcome.dots), done, explanation]))
    lines = [explanation, *_evidence(case)]
    lines += aligned("after it", _changed(question, case.outcome))
    lines += printed(case.outcome.printed)
    if case.failed is None and not _is_about_python(question, cause):
        lines.append(f"Read again: {question.read_again}.")
    lines += _where_it_is_right(question, cases, guess)
    return Verdict(False, cause, "\n".join(lines))


def _evidence(case: _Case) -> list[str]:
    returned = (case.parts or [case.value]) if case.returned else []
    return [
        *aligned("called", [call(case.question, case.arguments)]),
        *compared(case.question, case.expected, returned),
    ]


def _right_parts(cases: list[_Case]) -> list[int]:
    """List the parts that are right in every call, where there are several."""
    several = range(len(cases[0].question.parts)) if cases[0].question.parts[1:] else ()
    return [
        at for at in several if all(c.parts and same(c.parts[at], c.expected[at]) for c in cases)
    ]


def _said_of_done(cases: list[_Case], done: list[int]) -> str:
    names = [cases[0].question.parts[at] for at in done]
    where = f"on all {len(cases)} inputs tried" if cases[1:] else "here"
    return f"{listed_names(names)} {'are' if names[1:] else 'is'} right {where}." if names else ""


def _half_done(question: Question, cases: list[_Case]) -> str:
    """Say which parts are still to be done and how the others stand; empty if none is done."""
    parts = range(len(question.parts))
    open_parts = {at for c in cases for at in parts if c.parts and has_dots(c.parts[at])}
    if any(each.outcome.dots for each in cases):  # what is wrong may be what is not written yet
        open_parts = {*parts}.difference(_right_parts(cases))
    if len(open_parts) == len(parts) or not open_parts:
        return ""
    names = [question.parts[at] for at in sorted(open_parts)]
    still = (
        f"In `{question.name}`, {listed_names(names)} {'are' if names[1:] else 'is'} still to be "
        "done: dots, `...`, stand in the place of your code."
    )
    rest = [each.of_the_rest(open_parts) for each in cases]
    wrong = next((at for at, each in enumerate(rest) if not each.right), None)
    done = [at for at in parts if at not in open_parts]
    if wrong is None:
        return f"{still} {_said_of_done(cases, done)}"
    others = [question.parts[at] for at in done]
    # A cause may hang on the open parts only if it fits whatever stands in them.
    known = [
        cause
        for cause in question.causes
        if not cause.whole and cases[wrong].parts and cause.explains(*cases[wrong].seen_by(cause))
    ]
    (_, explanation), _ = _fault(rest[wrong], rest, known)
    return "\n".join(
        [
            f"{still} {listed_names(others)} {'are' if others[1:] else 'is'} not right yet.",
            explanation,
            *_evidence(cases[wrong]),
        ]
    )


def _fault(
    case: _Case, cases: list[_Case], causes: Iterable[Cause] | None = None
) -> tuple[Fault, bool]:
    """Find what is wrong, and whether that is a guess which fits all calls."""
    if case.failed is not None:
        return case.failed, False
    question = case.question
    if slip := disguised_slip(question, case.expected, case.parts, case.outcome):
        return slip, False
    order = _counts_on_order(question, cases)
    for cause in question.causes if causes is None else causes:
        if case.parts is None and not cause.whole:
            continue
        said = case.told_by(cause)
        # What is seen in one value is no cause if all that is wrong has another in common.
        if said and ((cause.seen and not order) or all(each.has(cause) for each in cases)):
            return (cause.name, said), not cause.seen
    if order:
        return ("counts_on_order", order), True
    everywhere = [(each.parts, each.expected) for each in cases if each.returned]
    return plain_difference(question, case.expected, case.value, case.outcome, everywhere), False


def _counts_on_order(question: Question, cases: list[_Case]) -> str:
    """Say so if a function is right wherever its positions go up, and nowhere else."""
    for index, name in enumerate(question.parameters):
        lists = [each.arguments[index] for each in cases]
        if not name.endswith("positions"):
            continue
        ordered = [each == sorted(each) for each in lists]
        if sum(ordered) > 1 and ordered.count(False) > 1 and ordered == [c.right for c in cases]:
            shown = ", ".join(str(each) for each, up in zip(lists, ordered, strict=True) if not up)
            return (
                f"Your function is right wherever `{name}` goes up, and wrong wherever it does "
                f"not: {shown}. The positions may come in any order; does your code count on it?"
            )
    return ""


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
