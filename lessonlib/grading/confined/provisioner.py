"""Jupyter's way to start a kernel, leading into the sandbox: a *provisioner*.

``kernels/lessonlib-sandbox/kernel.json`` names it, so nbval and nbclient need not know.
"""

import os
import time
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory

from lessonlib.grading.confined.sandbox import MEGABYTE, Limits
from lessonlib.grading.confined.starter import PORTS, SOCKETS, Running, Starter
from lessonlib.grading.paper.words import WORDS

NAME = "lessonlib-sandbox"
# What a flood can cost the grader is the largest message, times the most that wait.
BOUNDS = {zmq.MAXMSGSIZE: 4 * MEGABYTE, zmq.RCVHWM: 100, zmq.LINGER: 0, zmq.RECONNECT_IVL: 10}


class ReadyClient(BlockingKernelClient):
    """A client that is ready once the kernel has answered, and takes in only so much.

    The stock client then waits 0.2 s more for output that nobody sent.
    """

    context = zmq.Context()
    for option, value in BOUNDS.items():
        context.setsockopt(option, value)

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
        self.parent.context = ReadyClient.context
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

    def memory(self) -> int:
        """Bytes of memory that the kernel and all it started hold together."""
        family = _family(self.running.first)
        held = sum(_memory(process, "status", "RssAnon:", "RssShmem:") for process in family)
        if held > Limits.memory:  # forks share pages, and then the exact count is worth its time
            held = sum(_memory(process, "smaps_rollup", "Pss:") for process in family)
        return held

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
        """Do nothing: the kernel is interrupted by a message and ended by `kill`."""

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
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                family += map(int, children.read_text().split())
    return family


def _memory(process: int, file: str, *fields: str) -> int:
    lines = _told(process, file).splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(fields))


def _told(process: int, file: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/{file}").read_text()
    return ""
