"""An exercise is its solution without the answers: it runs, scores 0 and gives nothing away."""

import copy
import json
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from lessonlib.authoring.cells import mark, marked, points
from lessonlib.authoring.sources import write_here
from lessonlib.practice.course import STEPS, step_named
from lessonlib.practice.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "solutions" / "text").glob("*.md"))


def notebook(folder, name):
    return nbformat.read(ROOT / folder / f"{name}.ipynb", as_version=4)


def shown(cell):
    """Join what a cell shows as text."""
    return "".join(output.get("text") or output.data["text/plain"] for output in cell.outputs)


def worked_lines(name):
    """List the lines of code and prose that a learner has to find."""
    answers = marked(notebook("solutions", name), "answer").values()
    left = marked(notebook("exercises", name), "answer").values()
    for worked, blank in zip(answers, left, strict=True):
        kept = {line.strip() for line in blank.source.splitlines()}
        lines = {line.split("  # SOLUTION")[0].strip() for line in worked.source.splitlines()}
        yield from (line for line in lines - kept if len(line) > 12 and "SOLUTION" not in line)


def test_there_are_exercises():
    assert NAMES


@pytest.mark.parametrize("name", NAMES)
def test_only_the_answers_differ_from_the_solution(name):
    solution, exercise = notebook("solutions", name), notebook("exercises", name)
    assert [cell.id for cell in solution.cells] == [cell.id for cell in exercise.cells]
    for worked, blank in zip(solution.cells, exercise.cells, strict=True):
        role = getattr(mark(worked), "role", None)
        assert (worked.source == blank.source) is (role != "answer"), blank.source
        without_rubric = copy.deepcopy(worked.metadata)
        without_rubric.get("lessonlib", {}).pop("rubric", None)
        assert without_rubric == blank.metadata


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_answers_is_left(name):
    exercise = notebook("exercises", name)
    text = json.dumps(exercise, ensure_ascii=False)
    leaked = [
        line for line in worked_lines(name) if json.dumps(line, ensure_ascii=False)[1:-1] in text
    ]
    assert leaked == []
    assert "widgets" not in exercise.metadata
    for cell in exercise.cells:
        assert "rubric" not in cell.metadata.get("lessonlib", {})
        assert "SOLUTION" not in cell.source
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("name", NAMES)
def test_placeholders_are_friendly(name):
    for blank in marked(notebook("exercises", name), "answer").values():
        assert blank.source == write_here() or "..." in blank.source


@pytest.mark.parametrize("name", NAMES)
def test_the_untouched_exercise_runs_and_scores_nothing(name, monkeypatch, capsys):
    monkeypatch.chdir(ROOT / "exercises")
    shell = InteractiveShell()
    for cell in notebook("exercises", name).cells:
        if cell.cell_type != "code":
            continue
        done = shell.run_cell(cell.source)
        assert done.success, cell.source
        if getattr(mark(cell), "role", None) == "check":
            assert repr(done.result).startswith("Not answered yet.")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_scores_full_marks(name):
    solution = notebook("solutions", name)
    checks = marked(solution, "check")
    right = [question for question, cell in checks.items() if shown(cell).startswith("Right.")]
    coding = {
        question: worth
        for question, worth in points(solution).items()
        if marked(solution, "answer")[question].cell_type == "code"
    }
    assert right == list(coding)
    assert all(worth > 0 for worth in points(solution).values())


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_opens_with_what_it_takes(name):
    exercise = notebook("exercises", name)
    about, opening = exercise.metadata.lessonlib, exercise.cells[0].source
    assert f"about {about.minutes} minutes" in opening
    assert "●" * about.difficulty + "○" * (3 - about.difficulty) in opening
    before = STEPS[: STEPS.index(step_named(name))]
    follows = [step.name for step in before if step.folder == "notebooks"][-1]
    assert f"../notebooks/{follows}.ipynb" in opening
    assert "**You practise**" in opening


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_hints_in_steps(name):
    prose = "\n".join(
        c.source for c in notebook("exercises", name).cells if c.cell_type == "markdown"
    )
    for step in ("<b>Hint</b>", "<b>Where to look in the notebook</b>"):
        assert prose.count(step) == len(points(notebook("exercises", name)))
    checks = marked(notebook("exercises", name), "check")
    assert prose.count("<b>Help with what the check says</b>") == len(checks)


def test_questions_are_asked_once_and_all_of_them():
    asked = [
        question for name in NAMES for question in marked(notebook("solutions", name), "check")
    ]
    assert sorted(asked) == sorted(QUESTIONS)
