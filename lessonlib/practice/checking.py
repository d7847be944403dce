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
from lessonlib.words import Words

WORDS = Words("practice")
LAST = "last_checks"


def check(question: str, function: object = None) -> Verdict:
    """Try a function on the inputs of a question, which are the same each time.

    The function may do anything: raise, loop, print, change its arguments. TypeError or ValueError
    if there is no question of that name.
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
        praise = WORDS("check.passed", name=question, tried=len(inputs))
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
    """Say that what is to be tried is no function; `call` is what should have been written."""
    if function is ...:
        return Verdict(False, UNANSWERED, WORDS("check.write_it", name=question))
    if callable(function):
        return None
    given = {"name": question, "call": call, "value": shown(function), "type": kind(function)}
    return Verdict(False, "not_a_function", WORDS("check.no_function", **given))


def question_named(name: str, called: str = "check", more: str = "") -> Question:
    """Look a question up; if there is none, TypeError or ValueError says what to write.

    `called` was called with it, and takes `more` behind the learner's function.
    """
    names = ", ".join(map(repr, QUESTIONS))
    if isinstance(name, str):
        if name in QUESTIONS:
            return QUESTIONS[name]
        said = [WORDS("check.unknown", value=shown(name), names=names)]
        for near in get_close_matches(name.strip(" ()").casefold(), QUESTIONS, 1, 0.7):
            said.append(WORDS("check.use", name=near, function=called, more=more))
        raise ValueError(" ".join(said))
    own = getattr(name, "__name__", "")
    use = WORDS("check.use", name=own, function=called, more=more)
    allowed = use if own in QUESTIONS else WORDS("check.allowed", names=names)
    value = own or shown(name)
    raise TypeError(WORDS("check.no_name", value=value, type=kind(name), allowed=allowed))
