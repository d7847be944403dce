"""Progress: what is done, what is next, and that everything can be done."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest

from lessonlib.authoring.cells import mark, marked
from lessonlib.authoring.execution import execute
from lessonlib.authoring.sources import read_source
from lessonlib.practice import check, finish, hand_in, inventory, mark_done, progress, store
from lessonlib.practice.concepts import do_not_know
from lessonlib.practice.course import STEPS, is_done, next_step
from lessonlib.practice.predictions import commit, predictions
from lessonlib.practice.questions import QUESTIONS
from lessonlib.words import Words

ALL_DONE, DONE = (Words("practice")(f"course.{key}") for key in ("all_done", "done"))
NOTHING_ELSE = "nothing else is open"
ROOT = Path(__file__).parents[2]
SOURCES = [*ROOT.glob("notebooks/text/*.md"), *ROOT.glob("solutions/text/*.md")]

FOLDER_OF = {"notebooks": "notebooks", "solutions": "exercises"}
FOLDER_OF_SOURCE = {folder: source for source, folder in FOLDER_OF.items()}


def state(step):
    """Return what is said about a step in the whole table."""
    row = next(row for row in repr(progress()).splitlines() if row.startswith(step.title))
    return row.split("  ")[-1].strip()


def source_of(step):
    """Read the text source of a step's page."""
    return (ROOT / FOLDER_OF_SOURCE[step.folder] / "text" / f"{step.name}.md").read_text("utf-8")


def work_through(step, folder):
    """Do what a page asks for, as its own cells ask for it."""
    text = source_of(step)
    for name in re.findall(r'^predict\("(\w+)"\)', text, re.M):
        commit(predictions()[name], predictions()[name].options[0])
    for phase in re.findall(r'^inventory\("(\w+)"\)', text, re.M):
        for control in inventory(phase).choices.values():
            control.value = do_not_know()
    for name in re.findall(r'^check\("(\w+)", \1\)', text, re.M):
        assert check(name, QUESTIONS[name].reference).passed
    for page in re.findall(r'^hand_in\("(.*)"\)', text, re.M):
        solved = ROOT / "solutions" / f"{step.name}.ipynb"
        saved = Path(shutil.copy(solved, folder / f"my {step.name}.ipynb"))
        hand_in(page, saved).look(saved.name, unsaved=False)
    for page in re.findall(r'^finish\("(.*)"\)', text, re.M):
        button = finish(page).button
        assert button.disabled == is_done(step)
        if not button.disabled:
            button.click()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_every_notebook_and_exercise_is_a_step(source):
    text = source.read_text("utf-8")
    step = next((step for step in STEPS if step.name == source.stem), None)
    assert step, f"{source.stem} is missing in STEPS"
    assert step.folder == FOLDER_OF[source.parent.parent.name]
    assert set(step.checks) == set(re.findall(r'\bcheck\("(\w+)"', text))
    assert set(re.findall(r'\binventory\("(\w+)"', text)) <= {step.inventory}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.page)
def test_a_step_is_called_what_its_page_is_called(step):
    heading = re.search(r"^# (.+)$", source_of(step), re.M)[1]
    assert step.title == (heading if "Exercise" in heading else f"{step.number} · {heading}")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.page)
def test_every_page_begins_with_its_progress_and_ends_with_a_way_to_be_done(step):
    notebook = read_source(ROOT / FOLDER_OF_SOURCE[step.folder] / "text" / f"{step.name}.md")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    begins_with_a_strip = step is STEPS[0]  # something to touch within the first minute
    first, last = code[int(begins_with_a_strip)], code[-1]
    assert notebook.cells.index(first) == 1 + 2 * begins_with_a_strip
    assert first.source.endswith(f'\nprogress("{step.page}")')
    end = "finish" if step.folder == "notebooks" else "hand_in"
    assert last.source.endswith(f'\n{end}("{step.page}")')
    assert {mark(cell).role for cell in (first, last)} == {"page"}
    if step.folder == "exercises":
        written = [q for q, c in marked(notebook, "answer").items() if c.cell_type == "markdown"]
        assert list(step.written) == written
        prose = next(c.source for c in notebook.cells if c.source.startswith("## Hand in\n"))
        assert f"`{step.name}.ipynb`" in prose


def test_checks_and_phases_exist_and_belong_to_one_step():
    checks = [name for step in STEPS for name in step.checks]
    assert len(set(checks)) == len(checks)
    assert set(checks) <= set(QUESTIONS)
    assert [step.inventory for step in STEPS if step.inventory] == ["before", "after"]
    assert {p.notebook for p in predictions().values()} <= {step.number for step in STEPS}


def test_what_is_optional_may_be_left_out_and_may_be_done():
    (optional, *_) = [step for step in STEPS if step.optional]
    for step in STEPS:
        assert next_step() != optional
        if not step.optional:
            mark_done("step", step.name)
    assert repr(progress()).endswith(ALL_DONE)
    assert state(optional) == "optional"
    mark_done("step", optional.name)
    assert state(optional) == DONE


def test_nothing_is_done_at_first():
    text = repr(progress())
    assert not any(is_done(step) for step in STEPS)
    assert "✓" not in text
    assert f"Next: {STEPS[0].title}" in text


@pytest.mark.parametrize("order", ["as planned", "backwards"])
def test_who_does_what_the_pages_ask_for_is_done_with_everything(order, progress_file, tmp_path):
    steps = STEPS if order == "as planned" else STEPS[::-1]
    for number, step in enumerate(steps):
        assert not is_done(step)
        left = [step for step in STEPS if step in steps[number:] and not step.optional]
        assert next_step() == next(iter(left), None)
        work_through(step, tmp_path)
        assert is_done(step), step.name
        assert state(step) == DONE
        for place in STEPS:
            following = next_step(place)
            assert following is None or not is_done(following)
    assert repr(progress()).endswith(ALL_DONE)
    assert {repr(progress(step.page)) for step in STEPS} == {ALL_DONE}


def test_a_page_sends_its_reader_on_even_if_earlier_pages_are_open():
    assert repr(progress("03")).endswith(f"after it: {STEPS[4].title}")
    mark_done("step", STEPS[3].name)
    assert repr(progress("03")).endswith(f"next: {STEPS[4].title}")
    for step in STEPS[:-2]:
        mark_done("step", step.name)
    assert repr(progress(STEPS[-1].page)).endswith(f"after it: {STEPS[-2].title}")
    mark_done("step", STEPS[-2].name)
    assert repr(progress(STEPS[-1].page)).endswith(NOTHING_ELSE)


@pytest.mark.parametrize("place", ["notebooks", "exercises", ".", "exercises/mine"])
@pytest.mark.parametrize("page", ["", "03", "exercise 3"])
def test_every_link_leads_to_its_page_from_wherever_it_stands(place, page, tmp_path, monkeypatch):
    for step in STEPS:
        (tmp_path / step.file).parent.mkdir(exist_ok=True)
        (tmp_path / step.file).touch()
    (tmp_path / place).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / place)
    links = re.findall(r'<a href="(.*?)">(.*?)</a>', progress(page)._repr_html_())
    assert {unescape(title) for _, title in links} == {step.title for step in STEPS}
    for target, title in links:
        file = next(step.file for step in STEPS if step.title == unescape(title))
        assert Path(target).resolve() == tmp_path / file
        assert not Path(target).is_absolute()


def test_progress_is_shown_where_there_is_no_folder_any_more(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "../notebooks/00_start_here.ipynb" in progress("03")._repr_html_()


def test_an_exercise_is_done_when_all_its_checks_have_passed():
    exercise = next(step for step in STEPS if step.checks)
    for name in exercise.checks:
        assert not is_done(exercise)
        mark_done("check", name)
    assert state(exercise) == DONE


def test_a_notebook_is_done_when_its_predictions_are_made_and_its_inventory_is_taken():
    first = STEPS[0]
    for prediction in predictions().values():
        if prediction.notebook == "00":
            commit(prediction, prediction.options[0])
            assert state(first) == "… begun"
    for control in inventory("before").choices.values():
        assert state(first) == "… begun"
        control.value = do_not_know()
    assert state(first) == DONE
    assert f"Next: {STEPS[1].title}" in repr(progress())


@pytest.mark.parametrize(
    ("kind", "name"),
    [("check", "03_three_samples"), ("step", "nowhere"), ("dance", "x"), ("written", "mean_loss")],
)
def test_what_does_not_exist_cannot_be_done(kind, name):
    with pytest.raises(ValueError, match="must be one of"):
        mark_done(kind, name)


@pytest.mark.parametrize("ask", [progress, finish, hand_in])
@pytest.mark.parametrize("page", ["77", "exercise 0", "Exercise"])
def test_a_page_that_does_not_exist_has_no_progress(ask, page):
    with pytest.raises(ValueError, match="exercise 11"):
        ask(page)


def test_what_is_shown_follows_what_is_done(progress_file):
    end = finish("03")
    assert not end.button.disabled
    for prediction in predictions().values():
        if prediction.notebook == "03":
            commit(prediction, prediction.options[0])
    assert end.button.disabled
    assert DONE in end.result.value


def test_what_is_stored_does_not_follow(capsys):
    """Where every run begins afresh, a later cell must not change what an earlier one stored."""
    changed = []
    store.watch("a test", lambda: changed.append(1))
    mark_done("step", "00_start_here")
    assert changed == []


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


@pytest.mark.parametrize(
    "step", [s for s in STEPS if s.folder == "exercises"], ids=lambda s: s.page
)
def test_an_exercise_refers_to_no_page_that_comes_later(step):
    read = {s.number for s in STEPS[: STEPS.index(step)] if s.folder == "notebooks"}
    text = (ROOT / "solutions" / "text" / f"{step.name}.md").read_text("utf-8")
    text = re.sub(r"^\*\*Next:\*\*.*$", "", text, flags=re.MULTILINE)
    text += "".join(QUESTIONS[name].read_again for name in step.checks)
    told = re.findall(r"\.\./notebooks/(\d\d[a-z]?)|(?<!later, in )notebooks? (\d\d[a-z]?)", text)
    assert told
    assert {number for both in told for number in both if number} <= read


@pytest.mark.parametrize("step", STEPS[:-1], ids=lambda s: s.page)
def test_a_page_ends_with_the_way_to_what_comes_after_it(step):
    """A notebook's own exercises are named above; what is optional may be passed by."""
    folder = "solutions" if step.folder == "exercises" else step.folder
    text = (ROOT / folder / "text" / f"{step.name}.md").read_text("utf-8")
    line = re.findall(r"^\*\*Next:\*\*.*$", text, flags=re.MULTILINE)[-1:]
    later = STEPS[STEPS.index(step) + 1 :]
    fitting = [one for one in later if step.folder == "exercises" or one.folder == "notebooks"]
    needed = next((one for one in fitting if not one.optional), None)
    allowed = fitting[: fitting.index(needed) + 1] if needed else []
    assert bool(line) == bool(allowed)
    for said in line:
        assert re.search(r"(\w+)\.ipynb", said)[1] in {one.name for one in allowed}
