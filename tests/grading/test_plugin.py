import json
import os
import re
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lessonlib.grading.plugin import _refuse
from tests.grading.handouts import (
    CAUSAL,
    EXERCISE,
    MASKED,
    RIGHT,
    SPAN,
    WRITTEN,
    WRONG_CAUSAL,
    dumped,
    hand_in,
    handout,
    write,
)

WRONG = handout(RIGHT | {CAUSAL: WRONG_CAUSAL})
SLOW = handout(RIGHT | {CAUSAL: "import time\ntime.sleep(50)"})
EVIL = "open({marker!r}, 'w').write('was here')"


def test_the_literal_command_grades_against_the_reference(sandbox, small_course, run_python):
    submissions = small_course / "submissions"
    hand_in(submissions, "test_right")
    hand_in(submissions, "wrong", WRONG)
    (submissions / "right_again").mkdir()
    write(new_notebook(), submissions / "right_again" / "final.ipynb")
    write("", submissions / "right_again" / "rest.zip")
    marker = small_course / "marker"
    for learner in (".", "test_right", "wrong"):
        write(EVIL.format(marker=str(marker)), submissions / learner / "conftest.py")
        write(EVIL.format(marker=str(marker)), submissions / learner / "test_mine.py")
        if learner != ".":
            write("[pytest]\naddopts = --collect-only\n", submissions / learner / "pytest.ini")
    done = run_python("-m", "pytest", "--nbval", "submissions/", cwd=small_course)
    assert re.search(r"1 failed, 5 passed, 2 skipped", done.stdout), done.stdout + done.stderr
    assert "shifted_the_wrong_way" in done.stdout
    assert "Your labels are shifted the wrong way" in done.stdout
    assert f"wrong/{EXERCISE}.ipynb::{CAUSAL}" in done.stdout
    assert re.search(r"grading: seed \d+, sandbox: bubblewrap", done.stdout)
    assert re.search(r"grading: not recognised, so not graded: .*final\.ipynb", done.stdout)
    assert re.search(r"grading: could not be read: .*rest\.zip: The archive is", done.stdout)
    assert not marker.exists()


def test_it_knows_people_as_the_other_command_does(sandbox, small_course, run_python):
    told = ["path,learner,decided by"]
    for number, learner in ((1, "Cem"), (2, "C/em"), (3, "C-em")):
        notebook = hand_in(small_course / "submissions" / f"week {number}", "Ann_7_x")
        told.append(f"{notebook.relative_to(small_course / 'submissions')},{learner},you")
    ask = ("-m", "pytest", "--nbval", "--collect-only", "-q")
    done = run_python(*ask, "submissions", cwd=small_course)
    assert "cannot be told from their names" in done.stderr, done.stdout + done.stderr
    hand_in(small_course / "submissions", "build")
    done = run_python(*ask, "submissions", cwd=small_course)
    assert done.stdout.count("not graded, a copy or nobody's yet") == 3
    table = write(
        "\n".join([*told, "gone/x.ipynb,Dot,you"]), small_course / "gradebook" / "who.csv"
    )
    done = run_python(*ask, "submissions", cwd=small_course)
    assert re.search(r"said in .*who\.csv, but not there: gone/x\.ipynb: Dot", done.stdout)
    for called in ("Cem", "C-em", "C-em/another", "build"):
        assert f"{called}/{EXERCISE}.ipynb::{CAUSAL}" in done.stdout
    one = f"submissions/week 1/Ann_7_x/{EXERCISE}.ipynb::{CAUSAL}"
    table = table.rename(small_course / "w.csv")
    done = run_python(*ask[:-1], "--who", table, one, cwd=small_course)
    assert "w.csv says whose notebooks are" in done.stdout
    assert "Cem" in done.stdout
    write("way,name\n", small_course / "gradebook" / "who.csv")
    done = run_python(*ask, "submissions", cwd=small_course)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no column" in done.stderr


def test_a_person_has_the_last_word_here_too(sandbox, small_course, run_python):
    hand_in(small_course / "submissions", "ada", WRONG)
    said = {CAUSAL: "1.5", MASKED: "0", SPAN: "7", WRITTEN: "excused"}
    lines = (f"ada,{EXERCISE},{question},,{points}" for question, points in said.items())
    table = "\n".join(["learner,exercise,question,version,points", *lines])
    write(table, small_course / "gradebook" / "marks.csv")
    done = run_python("-m", "pytest", "--nbval", "-rA", "submissions", cwd=small_course)
    ended = {
        question: re.search(f"^([A-Z]+).*{question}", done.stdout, re.MULTILINE)[1]
        for question in (CAUSAL, MASKED, SPAN)
    }
    assert ended == {CAUSAL: "PASSED", MASKED: "FAILED", SPAN: "PASSED"}, done.stdout + done.stderr
    assert "marked_by_a_person" in done.stdout
    assert re.search("a mark does not count: .*: 7 is not between 0 and 2", done.stdout)
    assert re.search("1 failed, 2 passed, 1 skipped", done.stdout)


STORED = handout(RIGHT)
for cell in STORED.cells:
    if cell.cell_type == "code":
        cell.source = EVIL.format(marker="marker")
V3 = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {},
    "worksheets": [{"cells": [json.loads(dumped(cell)) for cell in STORED.cells]}],
}


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (".", ["--nbval", "nb"]),
        ("nb", ["--nbval"]),
        (".", ["--nbval-lax", f"nb/evil/{EXERCISE}.ipynb::Cell 1"]),
    ],
)
def test_submissions_are_never_left_to_nbval_alone(tmp_path, run_python, where, words):
    marker = tmp_path / "marker"
    hand_in(tmp_path / "nb", "evil", STORED)
    write(EVIL.format(marker=str(marker)), tmp_path / "nb" / "evil" / "conftest.py")
    done = run_python("-m", "pytest", *words, cwd=tmp_path / where)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout
    assert "looks like a submission" in done.stderr
    assert not list(tmp_path.rglob("marker"))


@pytest.mark.parametrize(
    ("name", "notebook"),
    [
        (f"Copy of {EXERCISE}.ipynb", new_notebook()),
        ("01 your own-sentence final.ipynb", new_notebook()),
        ("mine.ipynb", STORED),
        ("old.ipynb", json.dumps(V3)),
    ],
)
def test_a_submission_is_known_by_its_name_or_its_cells(tmp_path, name, notebook):
    with pytest.raises(pytest.UsageError, match="looks like a submission"):
        _refuse(write(notebook, tmp_path / name), course=tmp_path)


def test_notebooks_of_another_project_are_left_to_nbval(tmp_path):
    cell = new_code_cell("import lessonlib", metadata={"lessonlib": {"lesson": ["Introduction"]}})
    for notebook in (new_notebook(cells=[cell]), "{", "[1]", ""):
        _refuse(write(notebook, tmp_path / "docs" / "tutorial.ipynb"), course=tmp_path)


def test_from_among_the_submissions_the_course_can_be_named(sandbox, small_course, run_python):
    hand_in(small_course / "submissions", "right")
    done = run_python(
        *("-m", "pytest", "--nbval", "--course", small_course), cwd=small_course / "submissions"
    )
    assert re.search(r"3 passed, 1 skipped", done.stdout), done.stdout + done.stderr


def test_a_link_among_the_courses_notebooks_does_not_lead_to_a_submission(
    small_course, tmp_path, run_python
):
    evil = hand_in(tmp_path / "nb", "evil", STORED)
    (small_course / "exercises" / "link.ipynb").symlink_to(evil)
    done = run_python("-m", "pytest", "--nbval", "exercises", cwd=small_course)
    assert "looks like a submission" in done.stdout + done.stderr
    assert not list(small_course.rglob("marker"))


def test_a_terminated_run_leaves_no_folder(sandbox, small_course, tmp_path):
    hand_in(small_course / "submissions", "slow", SLOW)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--nbval", "submissions"],
        cwd=small_course,
        env=os.environ | {"TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 240
    while not list(temporary.glob("lessonlib-*")) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    run.terminate()
    said, _ = run.communicate(timeout=240)
    assert run.returncode == pytest.ExitCode.INTERRUPTED, said
    assert not list(temporary.glob("lessonlib-*"))


def test_one_question_can_be_asked_for_and_cannot_steer_the_terminal(
    sandbox, small_course, run_python
):
    escaped = "def build_causal_example(tokens):\n    raise ValueError('\\x1b]0;owned\\x07')"
    hand_in(small_course / "submissions", "esc", handout(RIGHT | {CAUSAL: escaped}))
    question = f"submissions/esc/{EXERCISE}.ipynb::{CAUSAL}"
    done = run_python("-m", "pytest", "--nbval", "-rA", question, cwd=small_course)
    assert re.search(r"1 failed in", done.stdout), done.stdout + done.stderr
    assert "owned" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_settings_among_the_submissions_cannot_steer_their_grading(small_course, run_python):
    hand_in(small_course / "submissions", "ada")
    write("[pytest]\naddopts = -q\n", small_course / "submissions" / "ada" / "pytest.ini")
    done = run_python("-m", "pytest", "--nbval", "submissions/ada", cwd=small_course)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "would steer their grading" in done.stderr


def test_the_courses_own_notebooks_are_left_to_nbval(small_course, run_python):
    done = run_python(
        "-m", "pytest", "--nbval", "solutions", "--collect-only", "-q", cwd=small_course
    )
    assert f"solutions/{EXERCISE}.ipynb::Cell 0" in done.stdout


def test_without_nbval_nothing_is_graded(small_course, run_python):
    hand_in(small_course / "submissions", "ada")
    done = run_python("-m", "pytest", "submissions", "-q", cwd=small_course)
    assert "no tests ran" in done.stdout


def test_every_pytest_run_imports_the_plugin_so_it_is_light(run_python, tmp_path):
    program = (
        "import sys, pytest; before = set(sys.modules); import lessonlib.grading.plugin; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = run_python("-c", program, cwd=tmp_path)
    itself = {"lessonlib", "lessonlib.lazy", "lessonlib.start"}
    light = itself | {"lessonlib.grading", "lessonlib.grading.plugin"}
    assert set(eval(done.stdout)) <= light
