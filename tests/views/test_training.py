"""Watching a training: what the picture says, and what a stop leaves."""

import re

import pytest
from jupyter_client.manager import start_new_kernel

from lessonlib.exams.exam import Plan
from lessonlib.exams.results import Results
from lessonlib.exams.running import Report
from lessonlib.exams.sentences.subject import SENTENCES
from lessonlib.views import matrix_picture, training
from lessonlib.views.live import Live
from lessonlib.views.training import (
    DONE,
    ModelProgress,
    TrainingView,
    best_native,
    drawn,
    listed,
    watch_tuning,
)

A_MINUTE = 60  # a limit against hanging, not a measurement


def test_a_model_in_training_is_drawn_with_its_loss_and_its_words():
    progress = ModelProgress("Masked LM")
    for step, loss in ((1, 4.0), (500, 2.0)):
        progress.hear(Report(0, "training", step, 1000, loss), 0.0)
    html = drawn([progress], "One model.")
    assert "step 500 of 1,000" in html
    assert "Masked LM" in html
    points = re.search(r'd="M([\d, ]+)"', html)[1].split()
    (_, first), (_, second) = (map(float, point.split(",")) for point in points)
    assert len(points) == 2
    assert first < second  # a smaller loss is drawn lower down


def test_a_loss_that_is_to_be_predicted_is_not_shown():
    progress = ModelProgress("Wrong pairing")
    progress.hear(Report(0, "training", 1, 1000, 4.25), 0.0)
    assert "4.25" in drawn([progress], "One model.")
    assert "4.25" not in listed([progress], "One model.")
    assert "step 1 of 1,000" in listed([progress], "One model.")


def test_something_moves_from_the_first_moment_and_no_longer_than_until_there_is_news():
    view = TrainingView({"Causal LM": "causal"}, listed)
    without_a_value = "<progress aria"
    assert without_a_value in view.view.value
    view(Report(0, "training", 1, 2))
    assert without_a_value not in view.view.value.replace("<progress value", "")


def test_the_last_drawing_says_what_was_said_last():
    view = TrainingView({"Causal LM": "causal"})
    view(Report(0, "", 1, 1))
    view.end("All is done.")
    assert "All is done." in view.view.value
    assert view.models[0].stage == DONE


def test_what_is_stored_does_not_depend_on_how_far_it_was():
    view = TrainingView({"Causal LM": "causal", "Masked LM": "masked"})
    before = repr(view)
    view(Report(0, "training", 1, 2, 3.0))
    assert repr(view) == before


def test_on_the_next_day_it_says_what_to_do_and_before_it_what_will_be_there():
    view = TrainingView({"Causal LM": "causal"}, note="It takes a while.")
    assert isinstance(view, Live)  # no red marks in the place of a kernel
    assert "begins anew" in view.children[1].value
    assert view.reading_form() == f"<p>{view!r}</p>"
    assert "Run this cell" in view._repr_mimebundle_()["text/html"]


def test_nobody_is_best_before_everybody_was_examined():
    recipes = SENTENCES.recipes["causal"], SENTENCES.recipes["masked"]
    plan = Plan(SENTENCES, recipes, (0,), 1, {"blank": 1})
    row = {"ability": "blank", "answer": "native", "metric": "m", "seed": 0, "raw": 0}
    row |= {"forward_passes": 1}
    rows = [
        row | {"objective": "causal", "score": 0.2},
        row | {"objective": "masked", "score": 0.9},
    ]
    whole, half, none = (Results(rows[:count]) for count in (2, 1, 0))
    assert best_native(whole, ["blank"], plan) == {"blank": "Masked LM"}
    assert best_native(half, ["blank"], plan) == {"blank": None}
    assert best_native(none, ["blank"], plan) == {"blank": None}
    assert "Nothing" in matrix_picture(none.matrix(), alt="Nothing was measured here.").alt


@pytest.mark.parametrize("call", ["watch_exam()", "watch_pairings()"])
def test_an_interrupt_ends_a_training_in_a_kernel_with_one_sentence_and_no_traceback(call):
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute(f"from lessonlib.views.training import watch_exam, watch_pairings\n{call}")
        drawings = 0
        while drawings < 3:
            message = client.get_iopub_msg(timeout=A_MINUTE)
            drawings += "lesson-training" in str(message["content"].get("data"))
        manager.interrupt_kernel()
        said = []
        while True:
            message = client.get_iopub_msg(timeout=A_MINUTE)
            said.append(message)
            if message["content"].get("execution_state") == "idle":
                break
        errors = [m["content"] for m in said if m["msg_type"] == "error"]
        lines = "\n".join(line for error in errors for line in error["traceback"]).splitlines()
        assert len(lines) <= 1
        assert not [m for m in said if m["msg_type"] == "stream"]
        assert any("Stopped" in str(m["content"].get("data")) for m in said)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_tuning_in_view_compares_with_a_model_that_has_no_past(monkeypatch):
    asked = []

    def run_all(jobs, watch):
        for number, (_, *about) in enumerate(jobs):
            asked.append(about)
            watch(Report(number, "", 1, 1))
        return [{"raw": 0.9, "chance": 0.3}, {"raw": 0.456, "chance": 0.3}]

    monkeypatch.setattr(training, "run_all", run_all)
    table = watch_tuning("masked", "extraction", 32)
    assert table.rows == [
        ["Masked LM, pretrained", "90%", "30%"],
        ["Masked LM, never pretrained", "46%", "30%"],
    ]
    assert table.headings[0] == "mark the giver, after 32 examples"
    assert [start for _, start, *_ in asked] == ["pretrained", "never pretrained"]


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (("ul2", "extraction", 32), "objective"),
        (("causal", "blank", 32), "task"),
        (("causal", "extraction", 1000), "examples"),
        (("causal", "extraction", "many"), "examples"),
    ],
)
def test_a_tuning_that_there_is_not_is_refused_by_name(bad, named):
    with pytest.raises((ValueError, TypeError), match=named):
        watch_tuning(*bad)
