"""Kernels in a sandbox, each forked from a Python that has its imports done."""

import atexit
import contextlib
import json
import os
import secrets
import select
import signal
import socket
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from lessonlib.grading.confined import sandbox
from lessonlib.grading.confined.inside import calling, program
from lessonlib.grading.paper.words import WORDS

LARGEST = 1 << 20  # bytes of one message, below the bound; what is larger is cut where it is made
PREPARE = calling("prepare", most=LARGEST)
SOCKETS = "/run/kernel"
PORTS = {
    f"{channel}_port": number
    for number, channel in enumerate(("shell", "iopub", "stdin", "control", "hb"), start=1)
}
PATIENCE = 60.0  # seconds for a start; a busy machine needs a few


@dataclass
class Running:
    """A kernel that was started."""

    first: int  # of its own processes, as this machine numbers them
    key: bytes  # with which its messages are signed
    handle: int  # becomes readable when the first process ends, and all others with it
    killed: bool = False

    def alive(self) -> bool:
        """Whether the kernel's sandbox has processes that were not killed."""
        return not self.killed and not select.select([self.handle], [], [], 0)[0]

    def kill(self) -> None:
        """Kill everything in it; nobody waits until the system has cleared it away."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        self.killed = True

    def close(self) -> None:
        """Forget a kernel that was killed or is gone."""
        os.close(self.handle)


class Starter:
    """Starts one sandbox with a warm Python, and has it fork each kernel, the next one ahead."""

    def __init__(self, private: Iterable[Path | str] = ()) -> None:
        self.private = tuple(map(Path, private))
        self.zygote: subprocess.Popen | None = None
        self.orders: socket.socket | None = None
        self.ahead = ""  # the key of the kernel that was ordered and not yet used
        atexit.register(self.close)

    def prepare(self) -> None:
        """Start the warm Python, and order the first kernel of it."""
        self.close()
        self.orders, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.orders.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.orders.settimeout(PATIENCE)
        places = list(map(str, sandbox.environment_places()))
        limits = asdict(sandbox.Limits())
        told = map(json.dumps, (sandbox.SEEN["warm"], limits, places, PREPARE))
        quiet, says = sandbox.SEEN["course"]["quiet"], WORDS.texts["causes"]["not_there"]
        rooms = calling("course", folder=str(sandbox.COURSE), quiet=quiet, says=says)
        text = f"{rooms}\n{program('zygote')}"
        inner = [sandbox.python(), "-P", "-c", text, str(far.fileno()), *told]
        with far:
            left_open = (far.fileno(),)
            self.zygote = sandbox.start(inner, self.private, descriptors=left_open, nested=True)
        self.ahead = self._order()

    def __call__(self) -> Running:
        """Return the kernel that was ordered ahead, and order the next; OSError if that fails."""
        for _ in range(2):
            try:
                if self.zygote is None or self.zygote.poll() is not None:
                    self.prepare()
                key, self.ahead = self.ahead, ""
                first = self._number()
                running = Running(first, key.encode(), os.pidfd_open(first))
                self.ahead = self._order()
                return running
            except OSError:
                self.close()
        raise OSError(WORDS("sandbox.no_kernel"))

    def close(self) -> None:
        """End the warm Python and every kernel that it forked."""
        if self.zygote is not None:
            self.zygote.kill()
            self.zygote.wait()
            self.orders.close()
        self.zygote = self.orders = None

    def _order(self) -> str:
        connection = {"transport": "ipc", "ip": SOCKETS, "key": secrets.token_hex(16), **PORTS}
        connection |= {"signature_scheme": "hmac-sha256", "kernel_name": ""}
        self.orders.send(json.dumps(connection).encode())
        return connection["key"]

    def _number(self) -> int:
        """Return the first process of the kernel ordered, as the system vouches for it."""
        said, notes, _, _ = self.orders.recvmsg(64, socket.CMSG_SPACE(12))
        for level, kind, data in notes:
            if said and (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                return struct.unpack("3i", data)[0]
        raise OSError(WORDS("sandbox.silent"))
