"""A file is there whole or not at all."""

import os
import stat

import pytest

from lessonlib.files import written_whole


def test_what_is_written_takes_the_place_of_the_old_at_once(tmp_path):
    path = tmp_path / "ä.csv"
    path.write_text("old")
    with written_whole(path, encoding="utf-8-sig", newline="") as file:
        file.write("new\n")
        assert path.read_text() == "old"
    assert path.read_bytes() == b"\xef\xbb\xbfnew\n"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("where", ["in the text", "in its place"])
def test_an_error_leaves_the_old_one(tmp_path, monkeypatch, where):
    path = tmp_path / "x.json"
    path.write_text("old")

    def write():
        with written_whole(path) as file:
            file.write("ne")
            if where == "in the text":
                raise KeyboardInterrupt

    def refuse(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(KeyboardInterrupt):
        write()
    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_a_link_stays_one_and_a_new_file_is_for_whom_it_is_meant(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "own")
    with written_whole(tmp_path / "link", mode=0o600) as file:
        file.write("private")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "own").read_text() == "private"
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o600
