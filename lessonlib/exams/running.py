"""Running a plan: two processes, or none where there are none; nothing is measured twice."""

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lessonlib.files import written_whole
from lessonlib.words import Words

WORDS = Words("exams")

PROCESSES = 2

# Models are small: one thread each and several processes beat several threads.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

BETWEEN_REPORTS = 0.15  # seconds; often enough for a line to grow before one's eyes


@dataclass(frozen=True)
class Report:
    """How far one job has come."""

    job: int  # its place among the jobs
    stage: str  # what it is doing; empty once it has ended
    done: int  # so much of it
    of: int
    found: Any = None  # what there is to show: a loss, rows, or what the job returned


Watch = Callable[[Report], None]

_tell: Callable[[str, int, int, Any], None] | None = None  # set while somebody watches a job
_told = ("", 0.0)  # the last stage that was reported, and when


def report(stage: str, done: int, of: int, found: Any = None, *, always: bool = False) -> None:
    """Tell whoever watches this job how far it is: not too often, unless it must be `always`."""
    global _told
    if _tell is None:
        return
    now = time.monotonic()
    before, at = _told
    if always or stage != before or done == of or now - at >= BETWEEN_REPORTS:
        _told = (stage, now)
        _tell(stage, done, of, found)


def run_all(
    jobs: Iterable[tuple],
    processes: int = PROCESSES,
    label: str = "models",
    watch: Watch | None = None,
) -> list:
    """Run jobs in fresh processes, or one after the other here, and list what they return.

    A job is a function at the top of a module, and its arguments; with 0 `processes` it runs here.
    Who watches is called with each :class:`Report` and sees no progress bar. An interrupt ends all
    jobs at once; a process that ends before its job is done is a RuntimeError.
    """
    jobs, returned = list(jobs), {}

    def see(seen: Report) -> None:
        if not seen.stage:
            returned[seen.job] = seen.found
        watch(seen)

    with nullcontext() if watch else _progress_bar(len(jobs), label) as bar:
        watch = watch or (lambda seen: bar.update(not seen.stage))
        if processes and _there_are_processes():
            _run_there(jobs, processes, see)
        else:
            for number, job in enumerate(jobs):
                _run_one(number, job, see)
    return [returned[number] for number in range(len(jobs))]


def _progress_bar(total: int, label: str) -> Any:
    from tqdm import tqdm  # here, because who watches needs no bar

    class Bar(tqdm):
        monitor_interval = 0  # no thread: a browser has none

    return Bar(total=total, desc=label, file=sys.stdout)


def in_a_browser() -> bool:
    """Tell whether this Python runs in a browser: with no processes, and a slow arithmetic."""
    return sys.platform == "emscripten"


def _there_are_processes() -> bool:
    try:
        import _multiprocessing  # noqa: F401 - a browser has none
    except ImportError:
        return False
    return not in_a_browser()


def _run_there(jobs: Sequence[tuple], processes: int, see: Watch) -> None:
    from multiprocessing import connection, get_context  # here, where there is one

    context = get_context("spawn")
    todo = [*enumerate(jobs)][::-1]
    workers = {}
    try:
        with _starting_processes():
            for _ in range(min(processes, len(jobs))):
                here, there = context.Pipe()
                workers[here] = context.Process(target=_work, args=(there,), daemon=True)
                workers[here].start()
                there.close()  # so that it ends with the process
                here.send(todo.pop())
        busy = set(workers)
        while busy:
            for pipe in connection.wait(busy):
                try:
                    seen = pipe.recv()
                except (EOFError, ConnectionResetError):
                    workers[pipe].join()
                    code = workers[pipe].exitcode
                    raise RuntimeError(WORDS("process_lost", code=code)) from None
                if isinstance(seen, Exception):
                    raise seen
                see(seen)
                if not seen.stage and todo:
                    pipe.send(todo.pop())
                elif not seen.stage:
                    busy.remove(pipe)
    finally:
        for pipe, worker in workers.items():
            worker.kill()
            worker.join()
            pipe.close()


def _work(pipe: Any) -> None:
    while True:
        try:
            _run_one(*pipe.recv(), pipe.send)
        except Exception as problem:
            pipe.send(problem)


def _run_one(number: int, job: tuple, see: Watch) -> None:
    global _tell
    function, *arguments = job
    _tell = lambda *news: see(Report(number, *news))  # noqa: E731 - one line says it
    try:
        returned = function(*arguments)
    finally:
        _tell = None
    see(Report(number, "", 1, 1, returned))


@contextmanager
def _starting_processes() -> Iterator[None]:
    """Have them use one thread each, and ignore interrupts, which reach the whole group of them."""
    before, handler = dict(os.environ), None
    os.environ.update(ONE_THREAD)  # read by the children when they import numpy
    with suppress(ValueError):  # only the main thread may do it, and only that one gets interrupts
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited by what starts now
    try:
        yield
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
        for name in ONE_THREAD:
            del os.environ[name]
        os.environ.update(before)


def kept_or_made(path: Path | None, make: Any, *arguments: Any) -> Any:
    """Return what is stored at `path`, or make it and store it there, all or nothing."""
    if path is None:
        return make(*arguments)
    if path.exists():
        return json.loads(path.read_text())
    value = make(*arguments)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        json.dump(value, file)
    return value


def circumstances(command: str, started: float) -> dict[str, Any]:
    """Return what a reader needs in order to repeat a run: command, versions, kind of machine."""
    machine = {"system": platform.system(), "processor": platform.machine()}
    versions = {name: version(name) for name in ("numpy", "lessonlib")}
    return {
        "command": command,
        "versions": {"python": platform.python_version()} | versions,
        "machine": machine | {"cores": os.cpu_count()},
        "seconds": round(time.time() - started, 1),
        "finished": time.strftime("%Y-%m-%d"),
    }
