"""Nothing that the grader starts imports from where it was started, or from submissions."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.grading.conftest import ROOT
from tests.grading.handouts import hand_in, write

pytestmark = pytest.mark.sandbox

SCRIPTS = Path(sysconfig.get_path("scripts"))
# What may be read beside Python modules.
STEERING = ("conftest", "sitecustomize", "usercustomize", "ipython_config", "jupyter_config")
NAMES = """
import sys, pytest, nbval.plugin, lessonlib.grading.runs.command, lessonlib.grading.runs.worker
import lessonlib.grading.runs.loop, lessonlib.grading.runs.grading, lessonlib.grading.plugin
import ipykernel.kernelapp, distributed
print(*{name.partition(".")[0] for name in sys.modules} | sys.stdlib_module_names)
"""


@pytest.fixture(scope="module")
def names():
    command = [sys.executable, "-P", "-c", NAMES]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found = {name for name in done.stdout.split() if name.isidentifier() and name != "__main__"}
    assert {"json", "lessonlib", "nbval", "pytest", "tomllib", "zmq"} <= found
    return found | {*STEERING}


@pytest.fixture
def hostile(names, small_course):
    """Return a folder of submissions with a module of every name, which says so when imported."""
    folder = small_course / "submissions"
    hand_in(folder, "ann")
    for name in names:
        trace = f"open({str(folder.parent / 'imported')!r}, 'a').write({name + chr(10)!r})\n"
        for place in (folder, *([folder / "ann"] if name in STEERING else [])):
            write(trace, place / f"{name}.py")
    return folder


def start(words, folder, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*map(str, words)],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def imported(folder):
    trace = folder.parent / "imported"
    return set(trace.read_text().split()) if trace.exists() else set()


GRADE = ("grade", ".", "--course", "..", "--out", "../out")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("lessonlib", [SCRIPTS / "lessonlib", *GRADE]),
        ("python -m lessonlib", [sys.executable, "-m", "lessonlib", *GRADE]),
        ("pytest", [SCRIPTS / "pytest", "--nbval", "--course", "..", ".", "-q"]),
        ("pytest, a learner", [SCRIPTS / "pytest", "--nbval", "--course", "..", "ann", "-q"]),
    ],
)
def test_it_grades_in_a_hostile_folder_and_imports_nothing_there(hostile, form, words):
    if "-m" in words:  # Python itself imports these before it begins with what is named
        write("import sys; print(*sys.modules)", hostile.parent / "empty.py")
        first = start([sys.executable, "-m", "empty"], hostile.parent).stdout.split()
        assert "json" not in first
        for name in {*first, "lessonlib"} & {path.stem for path in hostile.glob("*.py")}:
            (hostile / f"{name}.py").unlink()
    done = start(words, hostile)
    assert not imported(hostile), done.stderr[-2000:]
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [".", f"{os.pathsep}/nowhere"])
def test_an_empty_word_in_pythons_path_is_not_followed_either(small_course, path):
    folder = small_course / "submissions"
    hand_in(folder, "ann")
    for name in ("argparse", "csv", "json", "nbformat", "secrets", "tomllib", "tqdm"):
        write("open('../imported', 'a').write(__name__)", folder / f"{name}.py")
    done = start([SCRIPTS / "lessonlib", *GRADE], folder, PYTHONPATH=path)
    assert not imported(folder), done.stderr[-2000:]
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words", [["lessonlib", *GRADE], ["pytest", "--nbval", "--course", "..", "."]]
)
def test_it_refuses_once_something_was_imported_there(small_course, words):
    folder = small_course / "submissions"
    hand_in(folder, "ann")
    write("", folder / "sitecustomize.py")
    done = start([sys.executable, "-m", *words], folder, PYTHONPATH=".")
    assert done.returncode not in (0, 1), done.stdout
    assert "sitecustomize.py was loaded in the place of" in done.stderr


@pytest.mark.parametrize("file", ["pytest.ini", "tox.ini", "setup.cfg"])
def test_settings_of_a_learner_steer_nothing(small_course, file):
    folder = small_course / "submissions"
    hand_in(folder, "ann")
    head = "[tool:pytest]" if file == "setup.cfg" else "[pytest]"
    settings = f"{head}\npythonpath = .\naddopts = --collect-only\n"
    write(settings, folder / "ann" / file)
    done = start([SCRIPTS / "pytest", "--nbval", "submissions", "-q"], small_course)
    assert "3 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    write(settings, folder / file)
    refused = start([SCRIPTS / "pytest", "--nbval", "--course", "..", ".", "-q"], folder)
    assert "would steer their grading" in refused.stderr
