"""What changed a grade is kept, run by run, and what came of a second submission is told."""

import json

from lessonlib.cli import main
from lessonlib.grading.books import history
from tests.grading.conftest import grade, table
from tests.grading.handouts import CAUSAL, EXERCISE, MASKED, RIGHT, WRONG_CAUSAL, hand_in, handout
from tests.grading.test_last_word import say

WRONG = RIGHT | {CAUSAL: WRONG_CAUSAL}
CLASS = [f"learner{number}" for number in range(6)]


def kept(course, learner):
    """Return, line by line, how one question of a learner stood."""
    lines = [each for each in history.lines(course / "gradebook") if each.learner == learner]
    questions = (was for each in lines for was in each.questions)
    return [(was.verdict, was.machine) for was in questions if was.question == CAUSAL]


def all_hand_in(course, answers):
    for learner in CLASS:
        hand_in(course / "submissions", learner, handout(answers))


def test_only_what_changed_is_noted(small_course, graded_by):
    all_hand_in(small_course, WRONG)
    grade(small_course)
    path = small_course / "gradebook" / history.NAME
    once = path.read_bytes()
    grade(small_course)
    assert path.read_bytes() == once
    say(small_course, CLASS[0], EXERCISE, CAUSAL, points="2", reason="well argued")
    grade(small_course)
    hand_in(small_course / "submissions", CLASS[1], handout(RIGHT))
    grade(small_course)
    assert kept(small_course, CLASS[0]) == [("failed", ""), ("passed", "failed")]
    assert kept(small_course, CLASS[1]) == [("failed", ""), ("passed", "")]
    assert kept(small_course, CLASS[2]) == [("failed", "")]
    assert all(json.loads(line)["time"] for line in path.read_text().splitlines())


def test_a_line_that_is_cut_off_costs_itself_alone(small_course, graded_by):
    all_hand_in(small_course, WRONG)
    grade(small_course)
    path = small_course / "gradebook" / history.NAME
    path.write_bytes(path.read_bytes()[:-20])
    grade(small_course)
    assert [kept(small_course, each) for each in CLASS] == [[("failed", "")]] * len(CLASS)


def test_a_second_submission_is_compared_with_the_first(small_course, graded_by, capsys):
    all_hand_in(small_course, WRONG)
    grade(small_course)
    all_hand_in(small_course, RIGHT)
    grade(small_course)
    capsys.readouterr()
    assert main(["class", str(small_course / "gradebook")]) == 0
    heads, *lines = table(small_course, "class/changes.csv")
    found = {line[1]: dict(zip(heads, line, strict=True)) for line in lines}
    assert found[CAUSAL]["became_right"] == found[CAUSAL]["handed_in_again"] == "6"
    assert found[MASKED]["stayed_right"] == "6"
    assert "6 answered again" in capsys.readouterr().out
