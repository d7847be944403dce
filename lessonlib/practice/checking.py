"""``check``: try a learner's function, and say in words what is wrong with it."""

from dataclasses import replace
from random import Random

from lessonlib.checks import one_of
from lessonlib.notebook import CELLS
from lessonlib.practice import store
from lessonlib.practice.judging import UNANSWERED, Verdict, judge_all
from lessonlib.practice.outcomes import run
from lessonlib.practice.question import Question, cases
from lessonlib.practice.questions import QUESTIONS
from lessonlib.practice.showing import printed


def check(question: str, function: object) -> Verdict:
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
    if function is ...:
        return Verdict(False, UNANSWERED, f"Write {question} in the cell above, and run it.")
    if not callable(function):
        return Verdict(
            False,
            "not_a_function",
            f"A check needs the function itself: check({question!r}, {question}), without brackets "
            f"behind the name. It got a value of type {type(function).__name__}.",
        )
    inputs = cases(asked, Random(question))
    tried, said = [], ""
    for arguments in inputs:
        outcome = run(function, arguments)
        said = said or outcome.printed.strip()
        tried.append((arguments, outcome))
        if outcome.timed_out:
            break
    verdict, about = judge_all(asked, tried), CELLS.about(question, function)
    message = verdict.message
    if verdict.passed:
        store.keep("done", {question: "check"})
        praise = f"{question} gives what is expected on all {len(inputs)} inputs tried."
        message = "\n".join([praise, *printed(said)])
    return replace(verdict, message=f"{about}\n{message}".strip())


def question_named(name: str) -> Question:
    """Look a question up.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    Question
        The question.

    Raises
    ------
    TypeError, ValueError
        If there is none of that name; the message lists those there are.
    """
    return QUESTIONS[one_of(name, "question", QUESTIONS)]
