"""What changed a grade is kept, run by run, and what came of a second submission is told."""

import csv
import json
from dataclasses import asdict, replace

import pytest

from lessonlib.cli import main
from lessonlib.grading.books import history, log
from lessonlib.grading.books.history import Line, Was
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


def stood(version="v1", lost=0.0, time="", **was):
    question = Was("why", **{"verdict": "failed", "points": 0.0, "max_points": 2.0} | was)
    return Line("=1+1", EXERCISE, "digest", version, (question,), time, lost=lost)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (stood("v2", verdict="passed", points=2.0), ["2.0", "handed_in_again", "", ""]),
        (
            stood(verdict="partial", points=1.0, machine="failed", marker="me", reason="=why"),
            ["1.0", "marked", "me", "'=why"],
        ),
        (
            stood(verdict="passed", points=2.0, again="a slip"),
            ["2.0", "graded_again", "", "a slip"],
        ),
        (stood(verdict="passed", points=2.0), ["2.0", "course_changed", "", ""]),
        (stood("v2", points=1.0, machine="failed"), ["1.0", "marked", "", ""]),
    ],
)
def test_the_log_says_when_and_why_a_grade_changed(tmp_path, line, told):
    lines = [stood(), replace(line, time="later"), stood("v1" if told[1] == "marked" else "v3")]
    (tmp_path / history.NAME).write_text(
        "".join(f"{json.dumps(asdict(each))}\n" for each in [*lines, lines[-1]])
    )
    log.write_log(tmp_path)
    with (tmp_path / log.NAME).open(encoding="utf-8-sig", newline="") as file:
        heads, first, second = csv.reader(file)
    points, why, marker, reason = told
    whose = ["later", "'=1+1", EXERCISE, "why"]
    assert dict(zip(heads, first, strict=True)) == dict(
        zip(log.COLUMNS, [*whose, "0.0", points, "2.0", why, marker, reason], strict=True)
    )
    assert second[4:6] == [points, "0.0"]


def test_the_log_says_what_lateness_costs(tmp_path):
    ((_, _, _, question, before, after, _, why, *_),) = log.changed([stood(), stood(lost=0.5)])
    assert (question, before, after, why) == ("", 0, -0.5, "late")


def test_a_mark_that_is_taken_back_is_told():
    ((*_, why, _, _),) = log.changed([stood(points=1.0, machine="failed"), stood()])
    assert why == "mark_taken_back"
