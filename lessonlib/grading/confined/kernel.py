"""nbval's kernel, watched: it notices a death, a spent budget and a flood of output."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

import nbval.kernel
import zmq
from jupyter_client.manager import KernelManager
from jupyter_core.utils import run_sync
from nbval.kernel import RunningKernel

from lessonlib.grading.confined.sandbox import NoSandboxError, try_to_escape
from lessonlib.grading.confined.starter import PREPARE
from lessonlib.grading.paper.terms import Budget
from lessonlib.grading.paper.words import WORDS

# What is read of a message, by its type; one that lacks it was made up.
_FIELDS = {
    "status": {"execution_state": str},
    "stream": {"text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict},
    "execute_reply": {"status": str},
}

ANSWERS = 2  # of a probe that are kept; there is one, and a second would be made up
KEPT = 4_000  # characters of a cell's output that the report shows
PATIENCE = 2.0  # seconds without a word between a cell's end and the last of its output
_LOOK = 0.1  # seconds between two looks at whether the kernel is alive


class StoppedError(Exception):
    """The kernel cannot go on; verdict, cause and message say why."""

    def __init__(self, verdict: str, cause: str, **slots: Any) -> None:
        self.verdict = verdict
        self.cause = cause
        self.message = WORDS(f"causes.{cause}", **slots)
        super().__init__(self.message)


@dataclass
class Said:
    """What a cell put out, cut to what a report shows."""

    output: str = ""
    error: str = ""

    def add(self, message: dict[str, Any]) -> None:
        """Take in one message of the kernel."""
        content, text = message["content"], ""
        if message["msg_type"] == "stream":
            text = content["text"]
        elif message["msg_type"] in ("display_data", "execute_result"):
            shown = content["data"].get("text/plain", "")
            text = f"{shown}\n" if isinstance(shown, str) else "\n"
        elif message["msg_type"] == "error":
            self.error = f"{content.get('ename')}: {content.get('evalue')}"[:KEPT]
        self.output += text[: KEPT - len(self.output)]

    @property
    def all(self) -> str:
        """What was printed, and the error at the end of it."""
        return self.output + self.error


class _Manager(KernelManager):
    """Jupyter's, without the pause after each start and each end that its own tests need."""

    start_kernel, shutdown_kernel = (
        run_sync(getattr(each, "__wrapped__", each))
        for each in (KernelManager._async_start_kernel, KernelManager._async_shutdown_kernel)
    )


nbval.kernel.KernelManager = _Manager


class WatchedKernel(RunningKernel):
    """A kernel that is stopped once a question has used up its budget; nbval alone would wait."""

    channel = ""  # the media type of the probe that is running
    _published = 0  # under it

    def __init__(self, kernel_name: str, cwd: str, budget: Budget) -> None:
        self.begin(budget)
        self.past: StoppedError | None = None
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._watch_over, daemon=True)
        super().__init__(kernel_name, cwd=cwd)
        self.begin(budget)
        self._watch.start()
        if not self._is_confined:  # nobody waits: the next cell comes after it
            self.kc.execute(PREPARE, silent=True)

    def _ensure_iopub_up(self) -> None:
        """Do nothing: a client of the sandbox is ready once its output arrives."""
        if not self._is_confined:
            super()._ensure_iopub_up()

    @property
    def _is_confined(self) -> bool:
        return hasattr(self.km.provisioner, "held")

    def begin(self, budget: Budget) -> None:
        """Start anew with a budget."""
        self.budget = budget
        self._looked = self._began = time.monotonic()
        self._cpu_before = self.cpu_seconds

    @property
    def cpu_seconds(self) -> float:
        """Processor time that the kernel and all it started have used; 0 where unknown."""
        provisioner = getattr(getattr(self, "km", None), "provisioner", None)
        return getattr(provisioner, "cpu_seconds", float)()

    def run(self, source: str) -> Said:
        """Run a cell, and return the beginning of its output; StoppedError if it is stopped."""
        identifier = self.execute_cell_input(source, allow_stdin=False)
        said, replied, idle = Said(), None, False
        while not (replied and idle):
            for stream, message in self._arrived():
                if message is None or message["parent_header"].get("msg_id") != identifier:
                    continue
                if stream == "shell":
                    replied = time.monotonic()
                else:
                    idle = idle or message["content"].get("execution_state") == "idle"
                    said.add(message)
            if replied and self._is_over(replied):
                break  # the end of the output got lost in a flood of it
            self._glance()
        return said

    def _is_over(self, replied: float) -> bool:
        """Whether no more of a cell's output is on the way, or too much of it."""
        heard = getattr(self.kc.iopub_channel.socket, "heard", replied)
        now = time.monotonic()
        return now - max(heard, replied) > PATIENCE or now - replied > 5 * PATIENCE

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Send code to be run; StoppedError if nobody takes it."""
        self._published = 0
        with self._whatever_comes():
            return super().execute_cell_input(cell_input, allow_stdin)

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message, as nbval asks for it, watching the kernel meanwhile."""
        until = time.monotonic() + (PATIENCE if timeout is None else timeout)
        while True:
            self._glance()
            try:
                message = self._read(stream, _LOOK)
            except Empty:
                if time.monotonic() > until:
                    raise
                continue
            # A flood of what nbval does not need would be kept by it.
            kind = message and message["msg_type"]
            concerns = kind == "display_data" and self.channel in message["content"]["data"]
            self._published += bool(concerns)
            if self._published > ANSWERS:
                raise StoppedError("failed", "broken_messages")
            if message and (stream != "iopub" or kind == "status" or concerns):
                return message

    @property
    def dropped(self) -> int:
        """How many messages were too long to be taken in."""
        return getattr(self.kc.iopub_channel.socket, "dropped", 0)

    def _arrived(self) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """Yield at most one message of each stream; wait a little if there is none."""
        streams = {getattr(self.kc, f"{name}_channel").socket: name for name in ("shell", "iopub")}
        with self._whatever_comes():
            if not any(each.poll(0) for each in streams):
                zmq.select([*streams], [], [], _LOOK)
        for stream in streams.values():
            with suppress(Empty):
                yield stream, self._read(stream, 0)

    def _read(self, stream: str, timeout: float) -> dict[str, Any] | None:
        """Read a message, which an answer can have made up; None for one that says nothing."""
        with self._whatever_comes():
            message = getattr(self.kc, f"{stream}_channel").get_msg(timeout=timeout)
            return message if _is_whole(message) else None

    @contextmanager
    def _whatever_comes(self) -> Iterator[None]:
        """Stop the kernel over what a made-up message does to its reader."""
        try:
            yield
        except (Empty, StoppedError):
            raise
        except Exception as problem:
            until = time.monotonic() + 1  # a death is seen here before it is over
            while isinstance(problem, OSError) and self.is_alive() and time.monotonic() < until:
                time.sleep(0.01)
            self.look()
            raise StoppedError("failed", "broken_messages") from None

    def _watch_over(self) -> None:
        """Kill the kernel once it goes past its budget, whatever this process does meanwhile."""
        while not self._ended.wait(_LOOK):
            if past := self._goes_past():
                self.past = past
                getattr(self.km.provisioner, "stop_it", int)()
                return

    def _goes_past(self) -> StoppedError | None:
        """Return what is to be said once the kernel, and all it started, hold or use too much."""
        cause, slots = getattr(self.km.provisioner, "held", lambda: ("", {}))()
        if cause:
            return StoppedError("failed", cause, **slots)
        if self.cpu_seconds - self._cpu_before > self.budget.cpu:
            return StoppedError("timeout", "too_much_computing", count=self.budget.cpu)
        if time.monotonic() - self._began > self.budget.wall:
            return StoppedError("timeout", "too_long_a_wait", count=self.budget.wall)
        return None

    def look(self) -> None:
        """Raise StoppedError if the kernel went past its budget, or is dead."""
        dead = not self.is_alive()  # first, since what is past is said before it is killed
        if self.past:
            raise self.past
        if dead:
            raise StoppedError("failed", "kernel_died")

    def _glance(self) -> None:
        if self.past or time.monotonic() - self._looked > _LOOK:
            self._looked = time.monotonic()
            self.look()

    def stop(self) -> None:
        """End the kernel, if that was not done yet, and nobody watches any more."""
        self._ended.set()
        if self._watch.ident is not None:
            self._watch.join()
        if hasattr(self, "km"):
            super().stop()


def withstand(kernel_name: str, folder: str, private: Iterable[Path]) -> None:
    """Start a kernel such as submissions get, and try to break out; NoSandboxError if one can."""
    try:
        kernel = WatchedKernel(kernel_name, folder, Budget())
        try:
            try_to_escape(private, lambda program: kernel.run(program).all)
        finally:
            kernel.stop()
    except (StoppedError, RuntimeError, OSError) as problem:
        raise NoSandboxError(str(problem)) from None


def _is_whole(message: dict[str, Any]) -> bool:
    content, kind, above = message["content"], message["msg_type"], message["parent_header"]
    if not (isinstance(above, dict) and isinstance(content, dict) and isinstance(kind, str)):
        return False
    return all(isinstance(content.get(name), each) for name, each in _FIELDS.get(kind, {}).items())
