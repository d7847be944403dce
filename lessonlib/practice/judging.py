"""Judge what a function returned: right, or wrong for which reason.

This never runs the learner's code: the notebook's check and the grader say the same words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from lessonlib.practice.codec import Outcome, decode
from lessonlib.practice.faults import (
    UNANSWERED,
    Fault,
    Tried,
    fault_of,
    has_dots,
    listed_names,
    said_of_dots,
    same,
    together,
)
from lessonlib.practice.question import Arguments, Question
from lessonlib.practice.showing import aligned, call, compared, printed, written
from lessonlib.words import Words

WORDS = Words("practice")
HEADLINES = {UNANSWERED: "not_answered", "input_does_not_fit": "not_tried"}


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and if not, why.

    `cause` is a stable name for what is wrong, ``"right"`` if nothing is; `message` is what the
    learner reads; `older` tells whether it is about another version than the one written last.
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
        key = "right" if self.passed else HEADLINES.get(self.cause, "not_yet")
        said = WORDS(f"headlines.{key}")
        return WORDS("headlines.older", said=said) if self.older else said


def judge(question: Question, arguments: Arguments, outcome: Outcome) -> Verdict:
    """Judge one outcome of a learner's function; see `judge_all`."""
    return judge_all(question, [(arguments, outcome)])


def judge_all(question: Question, tried: Iterable[tuple[Arguments, Outcome]]) -> Verdict:
    """Judge what came of several calls of one function, taken together.

    What is wrong with the first call that went wrong is said. A cause is named only if it fits all
    calls, the right ones as well; else the verdict says what differs. ValueError if an outcome
    speaks of an argument that the question does not have.
    """
    calls = together([Tried(question, *each) for each in tried])
    wrong = next((each for each in calls if not each.right), None)
    if wrong is None:
        return Verdict(True, "right", WORDS("as_expected", call=call(question, calls[0].arguments)))
    fault = fault_of(wrong)
    if fault.cause == UNANSWERED:
        return Verdict(False, UNANSWERED, _half_done(question, calls) or fault.text)
    explanation = [fault.text]
    if wrong.outcome.dots:
        done = _said_of_done(calls, _right_parts(calls))
        explanation = [said_of_dots(wrong.outcome.dots), *done, fault.text]
    lines = [" ".join(explanation), *_evidence(wrong)]
    lines += aligned("after_it", _changed(question, wrong.outcome))
    lines += printed(wrong.outcome.printed)
    if not fault.about_python:
        lines.append(WORDS("read_again", where=question.read_again))
    lines += _where_it_is_right(question, calls, fault)
    return Verdict(False, fault.cause, "\n".join(lines))


def _evidence(tried: Tried) -> list[str]:
    returned = (tried.parts or [tried.value]) if tried.returned else []
    called = aligned("called", [call(tried.question, tried.arguments)])
    if tried.question.accepts is not None:  # what is expected is anything that keeps to the rules
        return called + compared(tried.question, [], returned)[1:]
    return [*called, *compared(tried.question, tried.expected, returned)]


def _right_parts(calls: Sequence[Tried]) -> list[int]:
    """List the parts that are right in every call, where there are several."""
    question = calls[0].question
    several = range(len(question.parts)) if question.parts[1:] and not question.accepts else ()
    return [
        at for at in several if all(c.parts and same(c.parts[at], c.expected[at]) for c in calls)
    ]


def _said_of_done(calls: Sequence[Tried], done: Sequence[int]) -> list[str]:
    if not done:
        return []
    names = _names(calls[0].question, done)
    key = "parts_right_everywhere" if calls[1:] else "parts_right_here"
    return [WORDS(key, count=len(done), names=names, tried=len(calls))]


def _names(question: Question, parts: Iterable[int]) -> str:
    return listed_names(question.parts[at] for at in sorted(parts))


def _half_done(question: Question, calls: list[Tried]) -> str:
    """Say which parts are still to be done and how the others stand; empty if none is done."""
    if question.accepts is not None:  # what is right in one part hangs on the others
        return ""
    parts = range(len(question.parts))
    still_open = {at for c in calls for at in parts if c.parts and has_dots(c.parts[at])}
    if any(each.outcome.dots for each in calls):  # what is wrong may be what is not written yet
        still_open = {*parts}.difference(_right_parts(calls))
    if len(still_open) == len(parts) or not still_open:
        return ""
    names = _names(question, still_open)
    said = [WORDS("parts_open", count=len(still_open), name=question.name, names=names)]
    done = [at for at in parts if at not in still_open]
    rest = [each.of_the_rest(still_open) for each in calls]
    at = next((at for at, each in enumerate(rest) if not each.right), None)
    if at is None:
        return " ".join(said + _said_of_done(calls, done))
    wrong = calls[at]
    # A cause may hang on the open parts only if it fits whatever stands in them.
    known = [cause for cause in question.causes if cause.explains(wrong.case)]
    fault = fault_of(together(rest, known)[at])
    said.append(WORDS("parts_not_right", count=len(done), names=_names(question, done)))
    return "\n".join([" ".join(said), fault.text, *_evidence(wrong)])


def _where_it_is_right(question: Question, calls: Sequence[Tried], fault: Fault) -> list[str]:
    """Say that some inputs passed, as then the cause lies in what sets the others apart."""
    passed = [each.arguments for each in calls if each.right]
    failed = [each.arguments for each in calls if not each.right]
    if len(calls) < 2 or not passed:
        return []
    often = {"passed": len(passed), "tried": len(calls)}
    if fault.guess:
        return [WORDS("right_on.guess", **often)]
    said = WORDS("right_on.some", **often)
    for index, name in enumerate(question.parameters):
        length = _one_length([each[index] for each in passed], [each[index] for each in failed])
        if length is not None:
            key = "one_length.of_the_first" if index == 0 else "one_length.of_another"
            return [f"{said} {WORDS(key, count=length, name=name)}"]
    return [f"{said} {WORDS('right_on.but_few')}" if len(passed) > len(failed) else said]


def _one_length(passed: list[Any], failed: list[Any]) -> int | None:
    """Find the length that all lists on one side have, and none on the other."""
    if len(passed) < 2 or not all(isinstance(each, list) for each in passed + failed):
        return None
    lengths = set(map(len, passed))
    return lengths.pop() if len(lengths) == 1 and lengths.isdisjoint(map(len, failed)) else None


def _changed(question: Question, outcome: Outcome) -> list[str]:
    named = zip(outcome.changed, outcome.afterwards, strict=True)
    return [f"{question.parameters[index]} = {written(decode(left))}" for index, left in named]


def _html(text: str, evidence: bool) -> str:
    if evidence:
        return f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{escape(text)}</pre>'
    with_code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    link = r'<a href="../notebooks/\1.ipynb">\1</a>'
    with_links = re.sub(r"\b(\d\d[a-z]?_[a-z_]+)", link, with_code)
    return f"<p>{with_links}</p>"
