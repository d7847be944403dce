"""Jupyter's way to start a kernel, leading into the sandbox: a *provisioner*.

``kernels/lessonlib-sandbox/kernel.json`` names it, so nbval and nbclient need not know.
"""

import os
import re
import time
from contextlib import suppress
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory

from lessonlib.grading.confined.sandbox import Limits
from lessonlib.grading.confined.starter import PORTS, SOCKETS, Running, Starter
from lessonlib.grading.confined.wire import Wire
from lessonlib.grading.paper.words import WORDS

NAME = "lessonlib-sandbox"
WRITABLE = ("/tmp", "/run", "/dev/shm")


class ReadyClient(BlockingKernelClient):
    """A client that is ready once the kernel has answered, over bounded connections.

    The stock client then waits 0.2 s more for output that nobody sent.
    """

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> Wire:
        port = getattr(self, f"{channel}_port")
        return Wire(f"{self.ip}-{port}", channel)

    def start_channels(self, *_: bool, **__: bool) -> None:
        """Connect now, and never again, since no learner's code has run."""
        self.session.digest_history_size = 0
        self.shell_channel.start()
        self.iopub_channel.start()

    def stop_channels(self) -> None:
        """Close what was connected."""
        self.shell_channel.stop()
        self.iopub_channel.stop()

    def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and its output arrives."""
        until = time.monotonic() + (60 if timeout is None else timeout)
        while time.monotonic() < until:
            asked = self.kernel_info()
            try:
                while self.get_shell_msg(timeout=1)["parent_header"].get("msg_id") != asked:
                    continue
                self.get_iopub_msg(timeout=0.2)
                return
            except Empty:
                if not self.parent.is_alive():
                    break
        raise RuntimeError(WORDS("sandbox.silent_kernel"))


class SandboxProvisioner(KernelProvisionerBase):
    """Start each kernel in a sandbox of its own."""

    start: Starter  # set by `register` for the whole process
    running: Running | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet waited for."""
        return self.running is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Settle how to talk to the kernel: over sockets in its own file system."""
        self.parent.transport = "ipc"
        self.parent.client_factory = ReadyClient
        self.parent._connect_control_socket = lambda: None  # for nothing, and again and again
        self.parent.context = zmq.Context.instance()  # nobody uses it, and an own one takes time
        self.parent.cache_ports = False
        for channel, port in PORTS.items():
            setattr(self.parent, channel, port)
        return await super().pre_launch(**kwargs) | {"cmd": self.kernel_spec.argv}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Start the kernel in the sandbox, and return how to reach it from outside."""
        self.running = type(self).start()
        self.parent.session.key = self.running.key
        self.parent.ip = f"/proc/{self.running.first}/root{SOCKETS}"
        self.connection_info = self.parent.get_connection_info()
        return self.connection_info

    def cpu_seconds(self) -> float:
        """Processor time that the kernel and all it started have used."""
        stats = (_told(each, "stat").rpartition(")")[2] for each in _family(self.running.first))
        ticks = (int(field) for stat in stats for field in stat.split()[11:15])
        return sum(ticks) / os.sysconf("SC_CLK_TCK")

    def held(self) -> tuple[str, dict[str, Any]]:
        """Return the cause, and the slots of its words, if all that it started holds too much."""
        first = self.running.first
        family, files = _family(first), sum(map(partial(_in_files, first), WRITABLE))
        held = sum(_memory(process, "status", "RssAnon:", "RssShmem:") for process in family)
        if held + files > Limits.memory:  # forks share pages: worth the time of the exact count
            held = sum(_memory(process, "smaps_rollup", "Pss:") for process in family)
        if held + files > Limits.memory:
            return "too_much_memory", {"most": Limits.memory / 1e9}
        used = re.search(r"used (\d+)", _told(first, "net/sockstat"))
        if used and int(used[1]) > Limits.sockets:
            return "too_many_sockets", {"count": Limits.sockets}
        return "", {}

    def stop_it(self) -> None:
        """Kill the kernel and all it started, from any thread."""
        self.running.kill()

    async def poll(self) -> int | None:
        """Return None while the kernel lives, else a number."""
        return None if self.running and self.running.alive() else 0

    async def wait(self) -> int | None:
        """Let go of the kernel, which Jupyter waits for once it has been killed."""
        if self.running:
            self.running.close()
        self.running = None
        return 0

    async def send_signal(self, signum: int) -> None:
        """Do nothing: a kernel is never interrupted, only ended, perhaps after it has died."""

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and all it started."""
        if self.running:
            self.running.kill()

    terminate = kill  # there is nothing in it to be saved

    async def cleanup(self, restart: bool = False) -> None:
        """Do nothing: all that the kernel wrote went with its sandbox."""


def register(starter: Starter) -> str:
    """Make kernels that this starts known to Jupyter in this process, and return their name."""
    SandboxProvisioner.start = starter
    entry = EntryPoint(NAME, f"{__name__}:SandboxProvisioner", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.provisioners[NAME] = entry
    ways = [str(Path(__file__).parent), *os.environ.get("JUPYTER_PATH", "").split(os.pathsep)]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(dict.fromkeys(filter(None, ways)))
    return NAME


def _family(first: int) -> list[int]:
    family = [first]
    for process in family:
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{process}/task"):
                family += map(int, _told(process, f"task/{thread}/children").split())
    return family


def _in_files(process: int, folder: str) -> int:
    """Return the bytes of memory that a folder's files take, which lies in memory."""
    with suppress(OSError):
        there = os.statvfs(f"/proc/{process}/root{folder}")
        return (there.f_blocks - there.f_bfree) * there.f_frsize
    return 0


def _memory(process: int, file: str, *fields: str) -> int:
    lines = _told(process, file).splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(fields))


def _told(process: int, file: str) -> str:
    with suppress(OSError), open(f"/proc/{process}/{file}", encoding="utf-8") as told:
        return told.read()
    return ""
