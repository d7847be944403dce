"""What is said on the terminal never stops the grader."""

import os
import subprocess
import sys

import pytest

SAY = """
from lessonlib.grading.paper.text import tell
tell("schön\\udcfc" * 3)
tell("ü", error=True)
"""


def say(**streams):
    return subprocess.run(
        [sys.executable, "-c", SAY],
        env=os.environ | {"PYTHONIOENCODING": streams.pop("encoding", "utf-8")},
        timeout=60,
        check=False,
        **streams,
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "koi8_r", "utf-16"])
def test_letters_that_a_terminal_has_not_are_escaped(encoding):
    done = say(encoding=encoding, capture_output=True)
    assert done.returncode == 0
    said = done.stdout.decode(encoding)
    assert said.startswith(("schön", "sch\\xf6n"))
    assert b"Traceback" not in done.stderr


def test_nobody_needs_to_read_it():
    reader, writer = os.pipe()
    os.close(reader)
    for stream in ("stdout", "stderr"):
        assert say(**{stream: writer}).returncode == 0
    os.close(writer)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_full_disk_behind_it_is_no_failure():
    with open("/dev/full", "wb") as full:
        done = say(stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "ü\n".encode())


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_it_may_be_closed():
    words = f'"{sys.executable}" -c "$0" >&- 2>&-'
    done = subprocess.run(["sh", "-c", words, SAY], timeout=60, check=False)
    assert done.returncode == 0
