"""Progress: what is done, what is next, and where it is kept."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from lessonlib.authoring.execution import execute
from lessonlib.practice import inventory, mark_done, progress
from lessonlib.practice.course import STEPS, is_done
from lessonlib.practice.predictions import commit, predictions
from lessonlib.practice.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("notebooks/text/*.md"), *ROOT.glob("solutions/text/*.md")]

FOLDER_OF = {"notebooks": "notebooks", "solutions": "exercises"}


def state(name):
    """Return what is said about a step."""
    return next(row for row in repr(progress()).splitlines() if name in row).split("  ")[-1].strip()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_notebook_and_exercise_is_a_step(source):
    text = source.read_text("utf-8")
    step = next((step for step in STEPS if step.name == source.stem), None)
    assert step, f"{source.stem} is missing in STEPS"
    assert step.folder == FOLDER_OF[source.parent.parent.name]
    assert set(step.checks) == set(re.findall(r'\bcheck\("(\w+)"', text))
    assert set(re.findall(r'\binventory\("(\w+)"', text)) <= {step.inventory}
    follows = re.search(r"^  follows: (\w+)$", text, re.M)
    if follows:
        before = STEPS[: STEPS.index(step)]
        assert [s.name for s in before if s.folder == "notebooks"][-1] == follows[1]


def test_checks_and_phases_exist_and_belong_to_one_step():
    checks = [name for step in STEPS for name in step.checks]
    assert len(set(checks)) == len(checks)
    assert set(checks) <= set(QUESTIONS)
    assert [step.inventory for step in STEPS if step.inventory] == ["before", "after"]
    assert {p.notebook for p in predictions().values()} <= {step.name[:2] for step in STEPS}


def test_nothing_is_done_at_first():
    text = repr(progress())
    assert not any(is_done(step) for step in STEPS)
    assert "✓" not in text
    assert f"Next: {STEPS[0].title}" in text


def test_an_exercise_is_done_when_all_its_checks_have_passed():
    exercise = next(step for step in STEPS if step.checks)
    for name in exercise.checks:
        assert not is_done(exercise)
        mark_done("check", name)
    assert state(exercise.name) == "✓ done"


def test_a_notebook_is_done_when_its_predictions_are_made_and_its_inventory_is_taken():
    first = STEPS[0]
    for prediction in predictions().values():
        if prediction.notebook == "00":
            commit(prediction, prediction.options[0])
            assert state(first.name) == "… begun"
    form = inventory("before")
    form.button.click()
    form.button.click()
    assert state(first.name) == "✓ done"
    assert f"Next: {STEPS[1].title}" in repr(progress())


def test_a_step_can_be_marked_by_hand_and_at_last_nothing_is_next():
    for step in STEPS:
        mark_done("step", step.name)
    assert all(is_done(step) for step in STEPS)
    assert "Next:" not in repr(progress())


@pytest.mark.parametrize(
    ("kind", "name"), [("check", "03_three_samples"), ("step", "nowhere"), ("dance", "x")]
)
def test_what_does_not_exist_cannot_be_done(kind, name):
    with pytest.raises(ValueError, match="must be one of"):
        mark_done(kind, name)


BEGINS_AFRESH = "from lessonlib.practice import store\nassert store.location() is None"


def test_a_build_begins_afresh(monkeypatch, tmp_path):
    monkeypatch.delenv("PYTEST_VERSION")
    monkeypatch.setenv("LESSONLIB_PROGRESS", str(tmp_path / "mine.json"))
    cell = nbformat.v4.new_code_cell(BEGINS_AFRESH)
    execute(nbformat.v4.new_notebook(cells=[cell]), tmp_path)  # raises if the cell does


def test_nbval_begins_afresh(monkeypatch, tmp_path):
    monkeypatch.delenv("PYTEST_VERSION")  # the new pytest sets it by itself
    monkeypatch.setenv("LESSONLIB_PROGRESS", str(tmp_path / "mine.json"))
    cell = nbformat.v4.new_code_cell(BEGINS_AFRESH)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "unattended.ipynb")
    options = "-q -p nbval.plugin -p no:cacheprovider -o addopts= --nbval --nbval-current-env"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options.split(), f"--rootdir={tmp_path}", str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout
