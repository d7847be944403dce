import sys
import threading
import time
from pathlib import Path

import pytest

from lessonlib.grading.confined import sandbox as sandboxing
from lessonlib.grading.confined.kernel import StoppedError, WatchedKernel, withstand
from lessonlib.grading.confined.provisioner import _family, register
from lessonlib.grading.confined.sandbox import NoSandboxError, try_to_escape
from lessonlib.grading.confined.starter import Starter
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.paper.terms import Budget, Terms
from lessonlib.grading.runs.pool import Worker

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def kernel_name(sandbox, tmp_path_factory):
    secret = tmp_path_factory.mktemp("secret")
    (secret / "answers").write_text("42")
    return register(Starter([secret])), secret


@pytest.fixture
def kernel(kernel_name, tmp_path):
    running = WatchedKernel(kernel_name[0], str(tmp_path), Budget())
    yield running
    if running.is_alive():
        running.stop()


def test_the_try_to_break_out_fails(kernel_name, tmp_path):
    withstand(kernel_name[0], str(tmp_path), [kernel_name[1]])


def test_what_is_private_is_not_there(kernel, kernel_name):
    said = kernel.run(f"import os; print(os.path.exists({str(kernel_name[1])!r}))")
    assert said.output == "False\n"


def test_the_package_is_there_without_the_grader(kernel):
    said = kernel.run(
        "import lessonlib.practice\n"
        "try:\n    import lessonlib.grading.verdicts.ruling\n"
        "except ImportError:\n    print('no grader')"
    )
    assert said.output == "no grader\n", said


def test_a_kernel_has_no_power(kernel):
    said = kernel.run(
        "status = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
        "print(*(int(status[name], 16) for name in ('CapEff', 'CapPrm', 'CapBnd')))\n"
        "print(status['NoNewPrivs'].strip(), status['Uid'].split()[0])"
    )
    assert said.output == "0 0 0\n1 65534\n"


def test_a_kernel_cannot_make_namespaces(kernel):
    said = kernel.run("import ctypes\nprint(ctypes.CDLL(None, use_errno=True).unshare(0x10000000))")
    assert said.output == "-1\n"


def test_nothing_passes_from_one_kernel_to_the_next(kernel_name, tmp_path):
    leave = "open('/tmp/left', 'w').write('x'); import lessonlib; lessonlib.left = 1"
    look = "import os, lessonlib; print(os.path.exists('/tmp/left'), hasattr(lessonlib, 'left'))"
    for source, expected in ((leave, ""), (look, "False False\n")):
        running = WatchedKernel(kernel_name[0], str(tmp_path), Budget())
        assert running.run(source).output == expected
        running.stop()


def test_two_kernels_draw_different_random_numbers(kernel_name, tmp_path):
    drawn = []
    for _ in range(2):
        running = WatchedKernel(kernel_name[0], str(tmp_path), Budget())
        said = running.run("import random, numpy; print(random.random(), numpy.random.rand())")
        drawn += said.output.split()
        running.stop()
    assert len(set(drawn)) == 4


def test_figures_come_out(kernel):
    kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])")
    identifier = kernel.execute_cell_input("plt.plot([1, 2]); plt.show()")
    kernel.await_reply(identifier, timeout=30)
    kinds = set()
    while not kinds & {"image/png", "idle"}:
        message = kernel.kc.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") == identifier:
            kinds |= set(message["content"].get("data", {}))
            kinds.add(message["content"].get("execution_state"))
    assert "image/png" in kinds


def test_a_stopped_kernel_takes_all_its_processes_along(kernel):
    kernel.run("import subprocess; subprocess.Popen(['sleep', '1000'])")
    first = kernel.km.provisioner.running.first
    family = _family(first)
    assert len(family) > 2
    kernel.stop()
    deadline = time.monotonic() + 10
    while any(_alive(process) for process in family) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(_alive(process) for process in family)


def _alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_death_is_noticed_at_once(kernel):
    began = time.monotonic()
    with pytest.raises(StoppedError) as stop:
        kernel.run("import os; os._exit(3)")
    assert stop.value.cause == "kernel_died"
    assert time.monotonic() - began < 30


def test_computing_and_waiting_have_their_own_budgets(kernel_name, tmp_path):
    for source, cause in (
        ("while True: pass", "too_much_computing"),
        ("import time; time.sleep(100)", "too_long_a_wait"),
    ):
        running = WatchedKernel(kernel_name[0], str(tmp_path), Budget())
        running.begin(Budget(cpu=0.3, wall=1.5 if "sleep" in source else 60))
        with pytest.raises(StoppedError) as stop:
            running.run(source)
        running.stop()
        assert (stop.value.verdict, stop.value.cause) == ("timeout", cause)


def test_processes_share_one_limit_on_memory(kernel):
    with pytest.raises(StoppedError) as stop:
        kernel.run(
            "import os, time\n"
            "for _ in range(4):\n"
            "    if os.fork() == 0:\n"
            "        held = bytearray(b'x') * 1_000_000_000\n"
            "        time.sleep(60)\n"
            "        os._exit(0)\n"
            "time.sleep(60)"
        )
    assert stop.value.cause == "too_much_memory"


def test_somebody_watches_while_nobody_reads(kernel):
    kernel.run(
        "import os, time\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(1)\n"
        "        held = bytearray(b'x') * 1_000_000_000\n"
        "        time.sleep(60)\n"
        "        os._exit(0)"
    )
    first = kernel.km.provisioner.running.first
    until = time.monotonic() + 60
    while _alive(first) and time.monotonic() < until:
        time.sleep(0.01)  # as if an outcome was judged
    with pytest.raises(StoppedError) as stop:
        kernel.look()
    assert stop.value.cause == "too_much_memory"


@pytest.mark.parametrize(
    "program",
    [
        "import ctypes\nif ctypes.CDLL(None).shmget(0, 4096, 0o1600) < 0: raise OSError",
        "import ctypes\nif ctypes.CDLL(None).vmsplice(1, 0, 0, 0) < 0: raise OSError",
        "import os\nos.memfd_create('x')",
        "import mmap\nmmap.mmap(-1, 4096)",
        "import mmap, os\nmmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
        "import os\nkept = [os.openpty() for _ in range(50)]",
    ],
)
def test_memory_that_counts_for_nobody_is_refused(kernel, program):
    assert "Error" in kernel.run(program).error


def test_the_end_of_the_output_arrives_behind_a_very_large_message(kernel):
    said = kernel.run(
        "from jupyter_client.session import Session\n"
        "shell = get_ipython()\n"
        "content = {'data': {}, 'metadata': {}}\n"
        "where = shell.kernel.session, shell.kernel.iopub_socket, 'display_data', content\n"
        "Session.send(*where, parent=shell.parent_header, buffers=[bytes(100_000)] * 300)\n"
        "print('still here')"
    )
    assert said.output == "still here\n"
    assert kernel.run("print('and on')").output == "and on\n"


def test_nobody_connects_to_what_a_learner_puts_in_the_sockets_place(kernel):
    with pytest.raises(StoppedError) as stop:
        kernel.run(
            "import contextlib, os, socket, time\n"
            "links = [each for each in map(int, os.listdir('/proc/self/fd')) if each > 2]\n"
            "door = socket.socket(socket.AF_UNIX)\n"
            "door.bind('/tmp/door')\n"
            "door.listen(100)\n"
            "if os.fork() == 0:\n"
            "    count = 0\n"
            "    while True:\n"
            "        open('/tmp/count', 'w').write(str(count))\n"
            "        link, _ = door.accept()\n"
            "        who = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 4)\n"
            "        count += not any(who)  # a process of the sandbox has a number\n"
            "for name in [each for each in os.listdir('/run') if each.startswith('kernel-')]:\n"
            "    os.unlink(f'/run/{name}')\n"
            "    os.symlink('../tmp/door', f'/run/{name}')\n"
            "time.sleep(0.5)\n"
            "for link in links:\n"
            "    with contextlib.suppress(OSError):\n"
            "        link = socket.socket(fileno=os.dup(link))\n"
            "        link.getpeername()  # which one that listens does not have\n"
            "        if str(link.getsockname()).startswith('/run'):\n"
            "            link.shutdown(socket.SHUT_RDWR)\n"
            "time.sleep(20)"
        )
    assert stop.value.cause == "broken_messages"
    place = Path(f"/proc/{kernel.km.provisioner.running.first}/root")
    assert (place / "tmp/count").read_text() == "0"
    assert (place / "run/kernel-1").is_symlink()
    kernel.stop()
    assert stop.value.verdict == "failed"


def test_a_leak_is_found(sandbox, tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    (tmp_path / "answers").write_text("42")
    seen = Path("/srv/answers")
    places = sandboxing._places() | {seen: tmp_path}
    monkeypatch.setattr(sandboxing, "_places", lambda: places)
    monkeypatch.setattr(sandboxing, "_hidden", lambda private: [])
    with pytest.raises(NoSandboxError, match="escaped: read /srv/answers"):
        try_to_escape([seen])


def test_an_open_network_is_found(sandbox, monkeypatch):
    real = sandboxing.command
    monkeypatch.setattr(
        sandboxing,
        "command",
        lambda *a, **k: [
            word
            for each in real(*a, **k)
            for word in ((each, "--share-net") if each == "--unshare-all" else (each,))
        ],
    )
    with pytest.raises(NoSandboxError, match="reached the network"):
        try_to_escape()


def test_no_limits_are_found(sandbox, monkeypatch):
    monkeypatch.setattr(sandboxing.Limits, "command", lambda self: ["env"])
    with pytest.raises(NoSandboxError, match="more than"):
        try_to_escape()


def test_elsewhere_than_on_linux_it_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoSandboxError, match="--unsafe"):
        try_to_escape()


def test_without_bubblewrap_it_is_refused(monkeypatch):
    monkeypatch.setattr(sandboxing, "HOST_ENVIRONMENT", {"PATH": "/nowhere"})
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(NoSandboxError, match="not installed"):
        try_to_escape()


def test_kernels_start_from_any_thread(kernel_name, tmp_path):
    said = []

    def use():
        running = WatchedKernel(kernel_name[0], str(tmp_path), Budget())
        said.append(running.run("print(1)").output)
        running.stop()

    thread = threading.Thread(target=use)
    thread.start()
    thread.join(60)
    assert said == ["1\n"]


def test_nobody_is_asked_and_the_kernel_goes_on(kernel):
    said = kernel.run("import getpass\nprint([input('name? '), getpass.getpass()])")
    assert said.output == "['', '']\n"


@pytest.mark.parametrize("stream", ["None", "open('/dev/null', 'w')", "type('Tee', (), {})()"])
def test_a_cell_cannot_silence_the_next(kernel, stream):
    kernel.run(f"import sys\nsys.stdout = sys.stderr = {stream}")
    assert kernel.run("print('still here')").output == "still here\n"


def test_a_worker_that_does_not_start_says_why(tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho the environment is broken >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(NoSandboxError, match="did not start: the environment is broken"):
        Worker(Terms(1), Course({}))


def test_a_terminated_worker_leaves_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    worker = Worker(Terms(1), Course({}))
    assert list(tmp_path.glob("lessonlib-*"))
    worker.process.terminate()
    worker.process.wait(timeout=30)
    assert not list(tmp_path.glob("lessonlib-*"))


def test_every_link_on_the_way_to_python_is_shown(sandbox, tmp_path, monkeypatch):
    (tmp_path / "way").symlink_to(Path(sys.executable).parent.resolve())
    (tmp_path / "bin").symlink_to("way")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / Path(sys.executable).name))
    assert {tmp_path / "way", tmp_path / "bin"} <= set(sandboxing.environment_places())
    try_to_escape()


def test_a_python_that_does_not_start_is_not_called_a_missing_sandbox(
    sandbox, tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(NoSandboxError, match="bubblewrap works here") as refusal:
        try_to_escape()
    assert "--unsafe" not in str(refusal.value)
