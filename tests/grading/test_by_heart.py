"""What a returned report tells is of no use in the next run."""

import pytest

from lessonlib.grading.verdicts.probes import draw
from lessonlib.practice.questions import QUESTIONS
from tests.grading.conftest import grade, rows
from tests.grading.handouts import CAUSAL, EXERCISE, MASKED, RIGHT, WRONG_CAUSAL, hand_in, handout

pytestmark = pytest.mark.sandbox


def by_heart(question, seed):
    """Know each input of a run, and what was expected: more than any report tells."""
    right, drawn = QUESTIONS[question].reference, draw(question, EXERCISE, seed, "").drawn
    book = {repr(list(arguments)): right(*arguments) for arguments in drawn}
    return f"book = {book!r}\ndef {question}(*given):\n    return book[repr(list(given))]"


def test_answers_by_heart_fail_in_the_next_run(sandbox, small_course):
    folder = small_course / "submissions"
    hand_in(folder, "ada", handout(RIGHT | {CAUSAL: WRONG_CAUSAL}))
    hand_in(folder, "bo")
    assert grade(small_course) == 0
    seed = rows(small_course)["ada", CAUSAL]["seed"]
    told = {name: by_heart(name, seed) for name in (CAUSAL, MASKED)}
    report = next((small_course / "gradebook" / "reports").glob("ada*.html")).read_text()
    shown = [word for word in draw(CAUSAL, EXERCISE, seed, "").drawn[0][0] if word in report]
    assert shown  # so there is something to learn by heart
    hand_in(folder, "ada", handout(RIGHT | told))
    assert grade(small_course, "--seed", str(seed)) == 0
    after = rows(small_course)
    assert {after["ada", name]["verdict"] for name in told} == {"passed"}
    # Anything changed in the notebook, or a person who asks: new inputs.
    for more in (["--again", "ada"], ["--again", f"ada/{MASKED}"]):
        assert grade(small_course, *more) == 0
        assert {rows(small_course)["ada", name]["verdict"] for name in told} == {"failed"}
    hand_in(folder, "ada", handout(RIGHT | told | {CAUSAL: f"# mine\n{told[CAUSAL]}"}))
    assert grade(small_course) == 0
    after = rows(small_course)
    assert {after["ada", name]["verdict"] for name in told} == {"failed"}
    assert after["ada", CAUSAL]["seed"] != seed
    assert {after["bo", name]["verdict"] for name in told} == {"passed"}
