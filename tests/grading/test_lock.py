"""One run at a time in a folder, whatever becomes of the first."""

import errno
import os
import subprocess
import sys

import pytest

from lessonlib.grading.books.journal import Journal, Question, Record
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.words import RefusedError
from lessonlib.grading.runs import lock
from lessonlib.grading.runs.lock import only_one
from tests.grading.handouts import CAUSAL, EXERCISE

HOLDER = """
import sys, time
from pathlib import Path
from lessonlib.grading.runs.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the folder."""
    words = [sys.executable, "-c", HOLDER, tmp_path]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_told_who_holds_the_folder_and_since_when(tmp_path, holder):
    with pytest.raises(RefusedError) as refusal, only_one(tmp_path):
        pass
    assert f"process {holder.pid}, since 20" in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_a_killed_run_holds_nothing(tmp_path, holder):
    holder.kill()
    holder.wait()
    with only_one(tmp_path):
        assert f"process {os.getpid()}," in (tmp_path / lock.NAME).read_text()


def test_a_run_that_ended_holds_nothing_also_after_a_mistake(tmp_path):
    for _ in range(2):
        with pytest.raises(KeyError), only_one(tmp_path):
            raise KeyError
    with only_one(tmp_path), pytest.raises(RefusedError), only_one(tmp_path):
        pass


def test_a_folder_is_left_behind_only_if_something_came_into_it(tmp_path):
    with only_one(tmp_path / "empty"):
        pass
    with only_one(tmp_path / "full"):
        (tmp_path / "full" / "file").touch()
    (tmp_path / "old").mkdir()
    with only_one(tmp_path / "old"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "old"]


def test_where_no_lock_can_be_had_it_is_said_and_work_goes_on(tmp_path, monkeypatch, capsys):
    def refuse(file):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_take", refuse)
    with only_one(tmp_path):
        pass
    assert "cannot be locked" in capsys.readouterr().err


def graded(learner):
    question = Question(CAUSAL, "passed", "right", points=2, max_points=2)
    return Record(learner, EXERCISE, Terms(1), (question,), digest="digest")


def test_a_journal_that_another_run_writes_to_as_well_loses_nobody(tmp_path):
    first = Journal(tmp_path)
    for learner in ("ann", "bob"):
        first.add(graded(learner))
    second = Journal(tmp_path)
    first.add(graded("cem"))
    second.keep(set(second.entries), [])
    first.add(graded("dot"))
    second.add(graded("eva"))
    for journal in (first, second, Journal(tmp_path)):
        assert [each.learner for each in journal] == ["ann", "bob", "cem", "dot", "eva"]
