"""The command says what to install where its extras are missing, and works where they are not."""

import subprocess
import sys
from pathlib import Path

import pytest

from lessonlib.cli import VERBS
from tests.test_setup import asked_for

ROOT = Path(__file__).parents[1]
PROGRAM = """
import sys
from tests.learners_kernel import Refusal
sys.meta_path.insert(0, Refusal({more!r}))
from lessonlib.cli import main
sys.exit(main({argv!r}))
"""


def run(*argv, extra=None):
    """Run the command where only one extra is installed, or none."""
    more = [str(line) for line in asked_for(extra)] if extra else []
    code = PROGRAM.format(more=more, argv=[*map(str, argv)])
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("argv", "extra"), [(["build", "--check"], "author"), (["grade", "submissions"], "grade")]
)
def test_a_missing_extra_is_named_in_one_sentence(argv, extra):
    done = run(*argv)
    (line,) = done.stderr.splitlines()
    assert f"lessonlib[{extra}]" in line
    assert argv[0] in line
    assert (done.returncode, done.stdout) == (2, "")


def test_a_cluster_has_an_extra_of_its_own(tmp_path):
    page = ROOT / "exercises" / "01_your_own_sentence.ipynb"
    (tmp_path / page.name).write_bytes(page.read_bytes())
    place = ("--scheduler", "tcp://127.0.0.1:1", "--out", tmp_path / "out")
    done = run("grade", tmp_path, *place, extra="grade")
    assert "lessonlib[cluster]" in done.stderr.splitlines()[-1]


def test_what_needs_no_extra_works_without(tmp_path):
    assert run("bundle", "--out", tmp_path / "course.zip").returncode == 0
    told = run("--help").stdout
    assert all(verb in told for verb in VERBS)


def test_an_extra_is_enough(tmp_path):
    page = ROOT / "notebooks" / "text" / "00_start_here.md"
    (tmp_path / "notebooks" / "text").mkdir(parents=True)
    head = "---".join(page.read_text("utf-8").split("---")[:2])
    (tmp_path / "notebooks" / "text" / "00_a.md").write_text(f"{head}---\n\n# A title\n")
    built = run("build", "--course", tmp_path, extra="author")
    assert built.returncode == 0, built.stderr
    graded = run("grade", tmp_path, "--out", tmp_path / "gradebook", extra="grade")
    assert "Traceback" not in graded.stderr
