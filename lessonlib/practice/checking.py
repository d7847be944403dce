"""``check``: try a learner's function, and say in words what is wrong with it."""

from dataclasses import replace
from difflib import get_close_matches
from random import Random

from lessonlib.checks import kind, shown
from lessonlib.notebook import CELLS
from lessonlib.practice import store
from lessonlib.practice.calling import run
from lessonlib.practice.faults import UNANSWERED
from lessonlib.practice.judging import Verdict, judge_all
from lessonlib.practice.question import Question, cases
from lessonlib.practice.questions import QUESTIONS
from lessonlib.practice.showing import printed

USE = "Write {1}({0!r}, {0}{2}): first the name in quotes, then the function."
NO_NAME = "question={} is of type {}; it must be the name of a question, as text. {}"
UNKNOWN = "question={} is unknown; it must be one of {}.{}"
LAST = "last checks"


def check(question: str, function: object = None) -> Verdict:
    """Try a function on the inputs of a question.

    Parameters
    ----------
    question : str
        The question's name.
    function : callable
        The learner's function. It may do anything: raise, loop, print, change its arguments.

    Returns
    -------
    Verdict
        The verdict on the first input that goes wrong; the inputs are the same each time.

    Raises
    ------
    TypeError, ValueError
        If there is no question of that name.
    """
    asked = question_named(question)
    refused = no_function(question, function, f"check({question!r}, {question})")
    if refused is not None:
        return refused
    inputs = cases(asked, Random(question))
    tried, said = [], ""
    for arguments in inputs:
        outcome = run(function, arguments)
        said = said or outcome.printed.strip()
        tried.append((arguments, outcome))
        if outcome.timed_out:
            break
    verdict, about = judge_all(asked, tried), CELLS.about(question, function)
    older = CELLS.is_older(question, function)
    message = verdict.message
    if verdict.passed:
        praise = f"{question} gives what is expected on all {len(inputs)} inputs tried."
        message = "\n".join([praise, *printed(said)])
    if not older:  # else it says nothing about what stands in the cell
        _keep(question, verdict.passed)
    return replace(verdict, message=f"{about}\n{message}".strip(), older=older)


def _keep(question: str, passed: bool) -> None:
    """Keep that a check has passed; what was reached stays, with a note if it fails again."""
    was_right = store.kept("done").get(question) == "check"
    if passed and not was_right:
        store.keep("done", {question: "check"})
    if was_right and passed is (question in failed_again()):
        store.keep(LAST, {question: "right" if passed else "wrong"})


def failed_again() -> set[str]:
    """Name the questions that have passed a check, but not their last one."""
    return {name for name, last in store.kept(LAST).items() if last == "wrong"}


def no_function(question: str, function: object, call: str) -> Verdict | None:
    """Say in words that what is to be tried is no function; None if it is one.

    Parameters
    ----------
    question : str
        The question's name.
    function : object
        What was given.
    call : str
        What should have been written.
    """
    if function is ...:
        return Verdict(False, UNANSWERED, f"Write {question} in the cell above, and run it.")
    if callable(function):
        return None
    return Verdict(
        False,
        "not_a_function",
        f"What is tried has to be the function itself: {call}, without brackets behind its name. "
        f"Here it is {shown(function)}, of type {kind(function)}. If that is what {question} "
        "stands for, run its cell again, the one that begins with `def`.",
    )


def question_named(name: str, called: str = "check", more: str = "") -> Question:
    """Look a question up.

    Parameters
    ----------
    name : str
        Its name.
    called, more : str
        The function that was called with it, and what that takes behind the learner's function.

    Returns
    -------
    Question
        The question.

    Raises
    ------
    TypeError, ValueError
        If there is none of that name; the message says what to write.
    """
    if isinstance(name, str):
        if name in QUESTIONS:
            return QUESTIONS[name]
        near = get_close_matches(name.strip(" ()").casefold(), QUESTIONS, 1, 0.7)
        hint = f" {USE.format(near[0], called, more)}" if near else ""
        raise ValueError(UNKNOWN.format(shown(name), ", ".join(map(repr, QUESTIONS)), hint))
    own = getattr(name, "__name__", "")
    allowed = f"Allowed: {', '.join(map(repr, QUESTIONS))}."
    if own in QUESTIONS:
        allowed = USE.format(own, called, more)
    raise TypeError(NO_NAME.format(own or shown(name), kind(name), allowed))
