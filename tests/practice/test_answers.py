"""Every right answer passes, and every wrong one is told by its own cause."""

import json
import re
from collections import Counter, defaultdict
from random import Random

import pytest

from lessonlib.practice import check
from lessonlib.practice.calling import run
from lessonlib.practice.codec import Outcome, decode
from lessonlib.practice.judging import judge, judge_all
from lessonlib.practice.question import FLAGS, SHARED, WORDS, Case, Cause
from lessonlib.practice.questions import QUESTIONS, cases
from tests.practice.answers import RIGHT, WRONG

SEEDS = range(5)


def graded(question, function, seed):
    """Judge as a grader does, who sees only the JSON of a call."""
    question, tried = QUESTIONS[question], []
    for arguments in cases(question, Random(seed)):
        sent = json.loads(json.dumps(arguments))
        written = json.dumps(run(function, sent).to_json())
        tried.append((tuple(sent), Outcome.from_json(json.loads(written))))
        if tried[-1][1].timed_out:
            break
    return judge_all(question, tried)


@pytest.mark.parametrize(("question", "function"), RIGHT)
def test_right_answers_pass(question, function):
    assert check(question, function)
    for seed in SEEDS:
        verdict = graded(question, function, seed)
        assert verdict.passed, verdict


@pytest.mark.parametrize(("question", "cause", "function"), WRONG)
def test_wrong_answers_are_told_by_their_cause(question, cause, function):
    verdict = check(question, function)
    assert (verdict.passed, verdict.cause) == (False, cause), verdict
    assert [graded(question, function, seed).cause for seed in SEEDS] == [cause] * len(SEEDS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_has_enough_answers(question):
    styles = Counter(asked for asked, _ in RIGHT)
    causes = {cause for asked, cause, _ in WRONG if asked == question}
    assert styles[question] >= 4
    assert len(causes) >= 8


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_every_known_cause_is_shown_by_an_answer(question):
    shown = {cause for asked, cause, _ in WRONG if asked == question.name}
    assert {cause.name for cause in question.causes} <= shown


def test_every_known_cause_fits_an_answer_that_shows_it_and_has_its_text():
    shown = defaultdict(list)
    for asked, _, function in WRONG:
        question = QUESTIONS[asked]
        calls = [
            Case(question, arguments, decode(run(function, arguments, 0.5).value))
            for arguments in cases(question, Random(asked))
        ]
        for case in calls:
            case.calls = calls  # some mistakes show only beside another call
            for cause in question.causes:
                # One predicate may be made for several sizes, or be shared by several questions.
                said = shown[cause.name, getattr(cause.fits, "__code__", cause.fits)]
                if cause.explains(case):
                    said.append(question.says(cause, case))
                    filled = isinstance(cause.fits(case), dict)
                    assert filled or not re.search(r"\{\w+(!r)?\}", said[-1]), said[-1]
    assert [name for (name, _), said in shown.items() if not said] == []


def test_what_is_listed_beside_the_texts_are_mistakes():
    tables = {name: {*question.mistakes} for name, question in QUESTIONS.items()}
    tables[SHARED] = set().union(*tables.values())
    for table, mistakes in tables.items():
        listed = [key for flag in FLAGS for key in WORDS.texts[table].get(f"_{flag}", ())]
        # What fits may itself say which of several texts is meant.
        assert not [key for key in listed if not mistakes & {key, key.partition(".")[0]}], table


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_slip_in_a_cause_is_no_cause_that_does_not_fit(question):
    case = Case(question, question.draw(Random(0)), None)
    for slip in (lambda c: c.lables, lambda c: no_such_function(c)):  # noqa: F821
        with pytest.raises(NameError):
            Cause("slip", slip).explains(case)
    assert not Cause("no_such_part", lambda c: getattr(c, question.parts[-1]) == 2).explains(case)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_cause_fits_the_right_answer(question):
    for seed in range(50):
        for arguments in cases(question, Random(seed)):
            value = run(question.reference, arguments).value
            assert judge(question, arguments, Outcome(value=value)).passed


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_inputs_can_be_drawn_again_and_sent_as_json(question):
    for seed in SEEDS:
        drawn = cases(question, Random(seed))
        assert drawn == cases(question, Random(seed)) != cases(question, Random(seed + 100))
        assert [tuple(arguments) for arguments in json.loads(json.dumps(drawn))] == drawn


@pytest.mark.parametrize("seed", range(20))
def test_inputs_hold_spans_and_masks_of_two_and_more(seed):
    masked = cases(QUESTIONS["build_masked_example"], Random(seed))
    spans = cases(QUESTIONS["build_span_corruption"], Random(seed))
    assert max(len(positions) for _, positions in masked) >= 2
    assert max(end - start for _, start, end in spans) >= 2
    assert all(0 <= start < end <= len(tokens) for tokens, start, end in spans)
