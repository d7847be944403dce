"""What a submission can cause stays within its bounds, also while its outcome is judged."""

import subprocess
import sys
import time
from dataclasses import dataclass

import pytest

from lessonlib.grading.confined.provisioner import _family, _memory, _told
from tests.grading.conftest import rows
from tests.grading.handouts import (
    CAUSAL,
    MASKED,
    RIGHT,
    SPAN,
    WRONG_CAUSAL,
    course,
    hand_in,
    handout,
)

pytestmark = pytest.mark.sandbox

MOST = 300  # MB that a trusted process may take at any time

# A message, past all that the grader has put in its way.
SEND = """
from IPython.core.getipython import get_ipython
from jupyter_client.session import Session

def send(data, buffers=(), times=1):
    shell = get_ipython()
    content = {"data": data, "metadata": {}, "transient": {}}
    for _ in range(times):
        Session.send(
            shell.kernel.session, shell.kernel.iopub_socket, "display_data", content,
            parent=shell.parent_header, ident=b"display_data", buffers=list(buffers),
        )
"""

# The function answers right, but something else comes out of the probe.
FORGE = (
    SEND
    + """
import json

def outcome(value):
    named = dict(value=value, failure=None, timed_out=False, changed=[], afterwards=[], printed="")
    return named | dict(one_row=False, unread=[], borrowed=[], dots=[])

def build_causal_example(tokens):
    publisher = get_ipython().display_pub

    def publish(data, *given, **named):
        (channel,) = data
        instead(channel, json.loads(data[channel]))

    publisher.publish = publish
    return tokens[:-1], tokens[1:]

def give(channel, answer, **more):
    send({channel: json.dumps(answer)}, **more)

def said(channel, value, **more):
    give(channel, {"defined": True, "outcomes": [outcome(value)]}, **more)
"""
)

CHILDREN = """
import os, time
from mmap import MAP_ANONYMOUS, MAP_POPULATE, MAP_PRIVATE, mmap
for _ in range(4):
    if os.fork() == 0:
        held = mmap(-1, 900 << 20, flags=MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE)
        time.sleep(60)
        os._exit(0)
time.sleep(20)
"""

SHARED = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
size = 300 << 20
zero = os.open("/dev/zero", os.O_RDWR)
for _ in range(4):
    place = libc.mmap(None, size, 3, *how, 0)
    if place in (None, 2**64 - 1):
        raise OSError("refused")
    ctypes.memset(place, 1, size)
    libc.munmap(place + 4096, size - 4096)
"""

SOCKETS = """
import os, socket, time
for _ in range(8):
    if os.fork() == 0:
        kept = [socket.socketpair() for _ in range(60)]
        time.sleep(60)
        os._exit(0)
time.sleep(20)
"""

FULL_SOCKETS = """
import contextlib, socket, time
kept = []
for _ in range(110):
    kept += socket.socketpair()
    kept[-1].setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            kept[-1].send(bytes(65536))
time.sleep(20)
"""

THREADS = """
import threading, time
while True:
    threading.Thread(target=time.sleep, args=[60]).start()
"""

LONG = "def build_causal_example(tokens):\n    return [['x' * 2000] * 2000] * 2"


@dataclass
class Attack:
    """An answer that wants too much, and what is said of it; it is right where it does no harm."""

    name: str
    source: str
    cause: str = "right"


def _harmless(name, source):
    return Attack(name, f"{SEND}\n{source}\n{RIGHT[CAUSAL]}")


def _stopped(name, cause, source):
    return Attack(name, f"{source}\n{WRONG_CAUSAL}", cause)  # not to be right by itself


def _raises(name, source):
    return _stopped(name, "not_defined", source)


def _forged(name, cause, *instead):
    body = "\n".join(f"    {line}" for line in instead)
    return Attack(name, f"{FORGE}\ndef instead(channel, answer):\n{body}", cause)


UNLIKE = "wrong_number_of_values"
ATTACKS = [
    _harmless("many_buffers", "send({}, [bytes(100_000)] * 3000)"),
    _harmless("many_frames", "send({}, [b''] * 1_000_000)"),
    _harmless("one_buffer", "send({}, [bytes(300_000_000)])"),
    _harmless("lists", "send({'a': [[]] * 480_000}, times=40)"),
    _forged("buffers", "answer_too_large", "said(channel, 1, buffers=[bytes(9**5)] * 5000)"),
    _forged("answers", "broken_messages", "for _ in range(400): said(channel, ['x' * 290_000])"),
    _forged("cut_answer", "no_answer", "said(channel, [0] * 600_000)"),
    _forged("text", UNLIKE, "said(channel, ['x' * 299_000])"),
    _forged("numbers", UNLIKE, "said(channel, [0] * 99_000)"),
    _forged("deep", UNLIKE, "v = [0] * 90_000", "for _ in range(400): v = [v]", "said(channel, v)"),
    _forged("deepest", "no_answer", "send({channel: '[' * 250_000})"),
    _forged("keys", UNLIKE, "said(channel, {'dict': [[n, n] for n in range(20_000)]})"),
    _forged("outcomes", UNLIKE, "answer['outcomes'] = [outcome(0)] * 999", "give(channel, answer)"),
    Attack("long_result", LONG, "answer_too_large"),
    _stopped("children", "too_much_memory", CHILDREN),
    _raises("empty_files", "for n in range(99_999): open(f'/tmp/{n}', 'w').close()"),
    _raises("empty_folders", "import os\nfor n in range(9_999): os.mkdir(f'/dev/shm/{n}')"),
    _raises("files", "for n in range(9): open(f'/tmp/{n}', 'wb').write(bytes(32 << 20))"),
    _raises("shared_pages", f"how = 0x21, -1\n{SHARED}"),
    _raises("shared_zeros", f"{SHARED.replace('*how', '1, zero')}"),
    _raises("terminals", "import os\nkept = [os.openpty() for _ in range(90)]"),
    _raises("threads", THREADS),
    _stopped("sockets", "too_many_sockets", SOCKETS),
    _stopped("full_sockets", "too_many_sockets", FULL_SOCKETS),
    _stopped("flood", "too_much_computing", "while True: print('x' * 10_000)"),
    _stopped("displays", "too_much_computing", "while True: display('x' * 100_000)"),
]


@dataclass
class Watched:
    """A course whose submissions were graded, and what the grader and its workers took."""

    rows: dict
    most: dict[int, int]


@pytest.fixture(scope="module")
def graded(sandbox, tmp_path_factory):
    place = course(tmp_path_factory.mktemp("bounds"))
    hand_in(place / "submissions", "honest")
    for attack in ATTACKS:
        hand_in(place / "submissions", attack.name, handout(RIGHT | {CAUSAL: attack.source}))
    words = ["grade", "submissions", "--course", ".", "--out", "gradebook", "--jobs", "1"]
    limits = ["--cpu-seconds", "6", "--wall-seconds", "30"]
    grader = subprocess.Popen(
        [sys.executable, "-c", "from lessonlib.cli import main\nmain()", *words, *limits], cwd=place
    )
    most: dict[int, int] = {}
    while grader.poll() is None:
        for each in (grader.pid, *_workers(grader.pid)):
            most[each] = max(_memory(each, "status", "VmHWM:") >> 20, most.get(each, 0))
        time.sleep(0.02)
    assert grader.returncode == 0
    return Watched(rows(place), most)


def _workers(process):
    return [each for each in _family(process) if "worker" in _told(each, "cmdline")]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_what_goes_past_is_said(graded, attack):
    found = graded.rows[attack.name, CAUSAL]
    assert found["cause"] == attack.cause
    assert (found["verdict"] == "passed") == (attack.cause == "right")


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_other_answers_have_their_points(graded, attack):
    assert graded.rows[attack.name, MASKED]["verdict"] == "passed"
    assert graded.rows[attack.name, SPAN]["verdict"] == "passed"


def test_who_is_honest_has_all_points(graded):
    verdicts = [graded.rows["honest", question]["verdict"] for question in (CAUSAL, MASKED, SPAN)]
    assert verdicts == ["passed"] * 3


def test_no_trusted_process_takes_much_memory(graded):
    assert len(graded.most) >= 2
    assert max(graded.most.values()) <= MOST
