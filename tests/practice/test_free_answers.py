"""Where many answers are right, each is judged by rules.

That a grader takes the right ones of the catalogue and no others is tested with all questions.
"""

from random import Random

import pytest

from lessonlib.grading.verdicts.probes import Answer, Probe
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome
from lessonlib.practice.judging import judge_all
from lessonlib.practice.questions import QUESTIONS, cases
from tests.practice.answers import WRONG

FREE = [name for name, question in QUESTIONS.items() if question.accepts is not None]


def test_there_are_such_questions():
    assert FREE


@pytest.mark.parametrize("name", FREE)
def test_a_grader_takes_no_answer_that_lacks_a_call(name):
    question = QUESTIONS[name]
    drawn = tuple(tuple(each) for each in cases(question, Random(0)))
    outcomes = [Outcome.from_json(run(question.reference, each).to_json()) for each in drawn]
    probe = Probe(name, drawn, "channel")
    (said,) = probe.comparable(Answer(True, tuple(outcomes[:-1])))
    assert said.data != probe.cell.outputs[0].data


@pytest.mark.parametrize("name", FREE)
def test_no_message_shows_one_right_answer_as_the_expected_one(name):
    question = QUESTIONS[name]
    for asked, _, function in WRONG:
        if asked == name:
            tried = [(each, run(function, each)) for each in cases(question, Random(1))]
            assert "expected" not in judge_all(question, tried).message.split("Read again")[0]


@pytest.mark.parametrize("name", FREE)
def test_half_an_answer_is_none(name):
    question = QUESTIONS[name]

    def half(*arguments):
        *parts, _ = question.reference(*arguments)
        return (*parts, ...)

    tried = [(each, run(half, each)) for each in cases(question, Random(0))]
    verdict = judge_all(question, tried)
    assert verdict.cause == "unanswered"
    assert "right on" not in verdict.message


def test_what_an_answer_returns_for_one_call_can_be_wrong_because_of_another():
    """The same dice must make the same questions: no single call can show that they do not."""
    calls = iter(range(1000))

    def other_each_time(texts, rolls):
        start = next(calls) % 2
        read = [["[MASK]" if at % 2 == start else w for at, w in enumerate(t)] for t in texts]
        said = [[w if at % 2 == start else None for at, w in enumerate(t)] for t in texts]
        return read, said, "both"

    question = QUESTIONS["make_batch"]
    (texts, *_) = tried = [
        (each, run(other_each_time, each)) for each in cases(question, Random(0))
    ]
    assert judge_all(question, [texts]).passed, "alone, each call is sound"
    assert judge_all(question, tried).cause == "other_each_time"
