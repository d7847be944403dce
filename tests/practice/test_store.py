"""The progress file: nothing that may be wrong with it stops a lesson or loses what was done."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lessonlib.practice import course, store

ROOT = Path(__file__).parents[2]


def test_where_it_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("LESSONLIB_PROGRESS", str(tmp_path / "mine.json"))
    assert store.location() is None  # pytest begins afresh, whatever the environment says
    monkeypatch.delenv("PYTEST_VERSION")
    assert store.location() == tmp_path / "mine.json"
    monkeypatch.setenv("LESSONLIB_PROGRESS", "")
    assert store.location() is None
    monkeypatch.delenv("LESSONLIB_PROGRESS")
    assert store.location() == Path.home() / ".lessonlib" / "progress.json"


def test_in_a_browser_it_is_kept_where_the_pages_lie(monkeypatch, tmp_path):
    monkeypatch.delenv("PYTEST_VERSION")
    monkeypatch.delenv("LESSONLIB_PROGRESS", raising=False)
    monkeypatch.setattr(store, "sys", SimpleNamespace(platform="emscripten"))
    assert store.location() == Path.home() / ".lessonlib" / "progress.json"  # there is no drive
    monkeypatch.setattr(store, "IN_A_BROWSER", tmp_path / ".progress.json")
    assert store.location() == tmp_path / ".progress.json"
    monkeypatch.setattr(store, "sys", SimpleNamespace(platform="linux"))
    assert store.location() == Path.home() / ".lessonlib" / "progress.json"


def test_without_locks_it_is_kept_all_the_same(progress_file, monkeypatch, another_notebook):
    monkeypatch.setattr(store, "flock", None)
    store.keep("done", {"a": "step"})
    another_notebook()
    assert store.kept("done") == {"a": "step"}
    assert not store.trouble()


def test_what_is_kept_is_there_in_the_next_notebook(progress_file, another_notebook):
    store.keep("done", {"00_start_here": "step"})
    another_notebook()
    store.keep("predictions", {"ä": "“ja”"})
    another_notebook()
    assert store.kept("done") == {"00_start_here": "step"}
    assert store.kept("predictions") == {"ä": "“ja”"}
    assert [path.name for path in progress_file.parent.iterdir()] == ["progress.json"]


def test_two_open_notebooks_keep_what_the_other_has_done(tmp_path):
    one, two = (store.Store(tmp_path / "progress.json") for _ in range(2))
    one.keep("done", {"a": "step"})
    two.keep("done", {"b": "step"})
    assert one.section("done") == two.section("done") == {"a": "step", "b": "step"}


def test_all_that_shows_what_is_done_takes_one_look(progress_file, monkeypatch, another_notebook):
    store.keep("done", {"a": "step"})
    looks, look = [], store._bytes
    monkeypatch.setattr(store, "_bytes", lambda path: looks.append(path) or look(path))
    shown = course.progress()
    for show in (shown.__repr__, shown._repr_html_, shown._bundle):
        looks.clear()
        show()
        assert len(looks) == 1
    with store.read_once():
        looks.clear()
        assert [store.kept("done") for _ in range(3)] == [{"a": "step"}] * 3
        assert not looks
        store.keep("done", {"b": "step"})
        assert store.kept("done") == {"a": "step", "b": "step"}
    another_notebook()
    store.keep("done", {"c": "step"})
    with store.read_once():
        assert {*store.kept("done")} == {"a", "b", "c"}


def test_what_another_notebook_keeps_meanwhile_is_not_written_over(progress_file):
    another = store.Store(progress_file)
    with store.read_once():
        another.keep("done", {"a": "step"})
        assert store.kept("done") == {}  # the file was looked at before
        store.keep("done", {"b": "step"})
        assert store.kept("done") == {"a": "step", "b": "step"}
    another.keep("done", {"c": "step"})
    assert {*store.kept("done")} == {*another.section("done")} == {"a", "b", "c"}


def test_deleting_the_file_begins_again(progress_file):
    store.keep("done", {"a": "step"})
    progress_file.unlink()
    assert store.kept("done") == {}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"[1]", b'{"done": 3}', b'{"done": {"a": 1}}', b"null"]
)
def test_a_damaged_file_is_set_aside_and_no_work_is_lost(progress_file, damage):
    store.keep("done", {"a": "step"})
    for count in (1, 2, 3):  # it may happen again: the same damage a second time, then another
        damaged = damage + b"x" * (count // 3)
        progress_file.write_bytes(damaged)
        store.keep("done", {f"b{count}": "step"})
        asides = sorted(progress_file.parent.glob("*damaged*"))
        assert len(asides) == max(1, count - 1)
        assert asides[-1].read_bytes() == damaged
    assert "damaged" in store.trouble()
    assert store.Store(progress_file).section("done") == dict.fromkeys(
        ("a", "b1", "b2", "b3"), "step"
    )


def test_a_crash_while_writing_leaves_the_old_file(progress_file, monkeypatch):
    store.keep("done", {"a": "step"})
    before = progress_file.read_bytes()
    monkeypatch.setattr(os, "replace", _fail)
    store.keep("done", {"b": "step"})
    assert progress_file.read_bytes() == before
    assert [path.name for path in progress_file.parent.iterdir()] == ["progress.json"]
    assert store.kept("done") == {"a": "step", "b": "step"}


def in_the_way(path):
    """Make something odd at the place of the progress file."""
    path.parent.mkdir()
    match path.name:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)  # to read it would wait forever
        case "loop":
            path.symlink_to(path)
        case "under a file":
            path.rmdir() if path.exists() else path.write_text("a text")
            return path / "progress.json"
    return path


ODD = [
    *("folder", "pipe", "loop", "under a file", "ümläut", "x" * 300, "nul\0byte"),
    *("/dev/full", "/dev/zero", "/dev/null", "/proc/1/mem", "~nosuchuser/progress.json", "~", "."),
    *("\udcff.json", "", "/"),
]


@pytest.mark.parametrize("name", ODD, ids=lambda name: ascii(name)[:30])
def test_no_place_for_the_file_stops_a_lesson(name, tmp_path, monkeypatch):
    odd = in_the_way(tmp_path / "own" / name) if name in ODD[:4] else name
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTEST_VERSION")
    # The environment refuses a null byte; a program may set anything.
    monkeypatch.setattr(os, "environ", {**os.environ, "LESSONLIB_PROGRESS": str(odd)})
    store.keep("done", {"a": "step"})
    store.keep("done", {"b": "step"})
    assert store.kept("done") == {"a": "step", "b": "step"}
    store.trouble().encode()  # whatever bytes the path holds, what is said of it can be shown
    works = name in ("ümläut", "\udcff.json")
    assert bool(store.trouble()) is not (works or name == "")


@pytest.mark.parametrize("home", [None, "/nonexistent", "relative", "\0"])
def test_a_user_without_a_home_goes_on_and_is_told(home, monkeypatch, tmp_path):
    def nowhere(path):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTEST_VERSION")
    monkeypatch.delenv("LESSONLIB_PROGRESS", raising=False)
    if home is None:
        monkeypatch.setattr(Path, "expanduser", nowhere)
    else:
        monkeypatch.setattr(Path, "expanduser", lambda path: Path(home, *path.parts[1:]))
        monkeypatch.setattr(Path, "mkdir", _fail)
    store.keep("done", {"a": "step"})
    assert store.kept("done") == {"a": "step"}
    assert "cannot be kept" in store.trouble()


@pytest.mark.parametrize(
    "blocked", ["os.replace", "lessonlib.practice.store.written_whole", "pathlib.Path.read_bytes"]
)
def test_what_could_not_be_written_is_written_as_soon_as_it_can(progress_file, blocked):
    store.keep("done", {"a": "step"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocked, _fail)
        store.keep("done", {"b": "step"})
        assert "cannot be kept" in store.trouble()
        assert store.kept("done") == {"a": "step", "b": "step"}
    store.keep("done", {"c": "step"})
    assert store.trouble() == ""
    assert store.Store(progress_file).section("done") == dict.fromkeys("abc", "step")


def test_a_file_that_cannot_be_read_is_not_written_over(progress_file):
    store.keep("done", {"a": "step"})
    before = progress_file.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_bytes", _fail)
        store.keep("done", {"b": "step"})
    assert progress_file.read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_whatever_editor_saved_the_file_it_is_read(progress_file, encoding):
    progress_file.parent.mkdir()
    progress_file.write_text('{"done": {"mean_loss": "check", "ä": "“"}}', encoding)
    assert store.kept("done") == {"mean_loss": "check", "ä": "“"}
    store.keep("done", {"b": "step"})
    assert store.kept("done") == {"mean_loss": "check", "ä": "“", "b": "step"}
    assert store.trouble() == ""


@pytest.mark.parametrize("damage", [b"[" * 100_000, b"1" * 5_000, b" " * 5_000_000])
def test_no_contents_stop_a_lesson(progress_file, damage):
    progress_file.parent.mkdir()
    progress_file.write_bytes(damage)
    assert store.kept("done") == {}
    store.keep("done", {"a": "\udcff"})  # half a character
    assert store.kept("done") == {"a": "\udcff"}
    assert [path.stat().st_size for path in progress_file.parent.glob("*damaged*")] == [len(damage)]


def test_a_link_to_the_file_stays_one(tmp_path):
    own, linked = tmp_path / "own.json", tmp_path / "linked.json"
    linked.symlink_to(own)
    store.Store(linked).keep("done", {"a": "step"})
    assert linked.is_symlink()
    assert store.Store(own).section("done") == {"a": "step"}


KEEPS_MANY = """
import sys
from lessonlib.practice import course, store
for number in range(40):
    store.keep("done", {f"{sys.argv[1]}{number}": "step"})
"""


@pytest.mark.parametrize("begins", [b"", b"damaged"])
def test_notebooks_that_write_at_once_lose_nothing(progress_file, begins):
    if begins:
        progress_file.parent.mkdir()
        progress_file.write_bytes(begins)
    writing = [
        subprocess.Popen([sys.executable, "-c", KEEPS_MANY, name], cwd=ROOT) for name in "abc"
    ]
    assert [process.wait() for process in writing] == [0, 0, 0]
    assert set(store.kept("done")) == {f"{name}{number}" for name in "abc" for number in range(40)}
    assert len(list(progress_file.parent.glob("*damaged*"))) == bool(begins)


def _fail(*_, **__):
    raise PermissionError(13, "Permission denied")
