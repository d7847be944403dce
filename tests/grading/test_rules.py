"""What a grade depends on, and what may change without grading a class anew."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lessonlib
from lessonlib.grading.verdicts import rules
from lessonlib.grading.verdicts.rules import ROOTS, RUN_INSIDE, code_that_grades
from tests.grading.conftest import ROOT
from tests.grading.handouts import write

PACKAGE = Path(lessonlib.__file__).parent


def found(package=PACKAGE):
    return {path.relative_to(package).as_posix() for path in code_that_grades(package)}


def test_all_that_python_imports_for_a_verdict_counts():
    program = (
        "import importlib, json, sys\n"
        f"for name in {[*ROOTS, *RUN_INSIDE]!r}: importlib.import_module(name)\n"
        "files = [getattr(m, '__file__', None) for n, m in sys.modules.items()"
        " if n.partition('.')[0] == 'lessonlib']\n"
        "print(json.dumps(files))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True
    )
    loaded = {Path(file).relative_to(PACKAGE).as_posix() for file in json.loads(done.stdout)}
    assert loaded <= found()


def test_questions_judge_and_sandbox_count_and_other_rooms_do_not():
    files = found()
    assert {
        path.relative_to(PACKAGE).as_posix()
        for path in (PACKAGE / "practice" / "questions").glob("*.py")
    } <= files
    assert {
        "practice/judging.py",
        "grading/verdicts/canonical.py",
        "grading/confined/sandbox.py",
        "grading/confined/inside/zygote.py",
        "grading/intake/merge.py",
    } <= files
    for room in ("views", "exams", "models", "grading/books", "grading/runs", "cli.py"):
        assert not [file for file in files if file.startswith(room)], room


def test_the_rules_change_with_what_is_imported_and_with_nothing_else(tmp_path, monkeypatch):
    write("from lessonlib.samples import denoising", tmp_path / "practice/questions/__init__.py")
    for name in ("__init__.py", "samples/__init__.py", "samples/denoising.py", "views/poster.py"):
        write(f"# {name}", tmp_path / name)
    monkeypatch.setattr(rules.lessonlib, "__file__", str(tmp_path / "__init__.py"))
    seen = [rules.rules.__wrapped__()]
    for name in ("samples/denoising.py", "views/poster.py", "practice/questions/__init__.py"):
        write("# corrected", tmp_path / name)
        seen.append(rules.rules.__wrapped__())
    first, spans, poster, question = seen
    assert first != spans == poster != question


@pytest.mark.sandbox
def test_a_worker_imports_nothing_from_where_it_was_started(sandbox, tmp_path, monkeypatch):
    from lessonlib.grading.intake.assignment import Course
    from lessonlib.grading.paper.terms import Terms
    from lessonlib.grading.runs.pool import Worker

    names = {name.partition(".")[0] for name in sys.modules if not name.startswith("_")}
    for name in names | {"json", "nbval", "nbformat", "zmq", "tqdm", "lessonlib"}:
        write(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})", tmp_path / f"{name}.py")
    monkeypatch.chdir(tmp_path)
    Worker(Terms(1), Course({})).close()
    assert not (tmp_path / "ran").exists(), os.listdir(tmp_path)
