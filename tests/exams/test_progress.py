"""How far a run is, how the time left is told, and what a terminal shows of it."""

import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.exams.exam import EXAM
from lessonlib.exams.progress import Line, ModelProgress, seconds_left
from lessonlib.exams.running import Report


def model(share, began=0.0, name="a model"):
    made = ModelProgress(name)
    if share >= 1:
        made.hear(Report(0, "", 1, 1), began)
    elif share > 0:
        made.hear(Report(0, EXAM, 0, 1), began)
        made.stage, made.done, made.of = "training", share, 1
    return made


def test_the_share_never_falls_while_a_model_trains_and_is_examined():
    progress = ModelProgress("a model")
    shares = [progress.share]
    reports = [Report(0, "training", step, 4, 1.0) for step in range(1, 5)]
    reports += [Report(0, EXAM, part, 3, []) for part in range(1, 4)] + [Report(0, "", 1, 1)]
    for report in reports:
        progress.hear(report, 0.0)
        shares.append(progress.share)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_a_model_that_comes_trained_is_as_far_as_its_exam():
    progress = ModelProgress("a model")
    shares = []
    for part in range(5):
        progress.hear(Report(0, EXAM, part, 4, []), 0.0)
        shares.append(progress.share)
    assert shares == [0, 0.25, 0.5, 0.75, 1]


@given(st.floats(0.05, 0.99), st.floats(1, 100))
def test_one_model_alone_takes_as_long_again_as_its_pace_says(share, seconds):
    running = model(share)
    expected = seconds / running.share * (1 - running.share)
    assert math.isclose(seconds_left([running], seconds, 1), expected)


def test_models_that_wait_begin_when_a_place_is_free():
    half = model(0.5)
    alone = seconds_left([half], 10.0, 2)
    whole = 10.0 / half.share
    assert math.isclose(seconds_left([half, model(0)], 10.0, 2), whole)
    assert math.isclose(seconds_left([half, model(0)], 10.0, 1), alone + whole)
    assert seconds_left([model(0), model(0)], 10.0) is None


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self):
        return True


@pytest.fixture(params=[Terminal, io.StringIO])
def line(request):
    return Line(["causal", "masked"], request.param())


def test_whoever_waits_reads_what_is_trained_how_far_it_is_and_how_long_is_left(line):
    line(Report(0, "training", 1, 100, 3.5))
    line.models[0].began -= 10  # seconds ago
    for step in (50, 100):
        line(Report(0, "training", step, 100, 1.5))
    line(Report(0, EXAM, 1, 5, []))
    said = line.out.getvalue()
    assert "causal: training, step 1 of 100" in said
    assert "s left" in said
    assert "causal: exam, 1 of 5" in said
    assert "masked" not in said  # it waits


def test_a_terminal_shows_one_line_and_a_file_gets_one_for_each_beginning(line):
    for step in range(1, 5):
        line(Report(1, "training", step, 4, 1.0))
    said = line.out.getvalue()
    if line.out.isatty():
        assert "\n" not in said
        assert len({len(shown) for shown in said.split("\r")[1:]}) == 1  # nothing is left behind
    else:
        assert said.count("\n") == 1


@pytest.mark.parametrize("done", [1, 2])
def test_the_end_says_whether_anything_is_missing(line, done):
    for job in range(done):
        line(Report(job, "", 1, 1, []))
    line.end()
    assert ("Stopped" in line.out.getvalue()) == (done < 2)
