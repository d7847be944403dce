"""Running a plan: one process per model, two at once, and nothing is ever measured twice.

Where there are no processes, as in a browser, one model is made after the other.
"""

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from queue import Empty
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
    """How far one job has come.

    `job` is its place among the jobs, `stage` what it is doing (empty once it has ended), of which
    so much is `done`. `found` is what there is to show: a loss, rows, or what the job returned.
    """

    job: int
    stage: str
    done: int
    of: int
    found: Any = None


Watch = Callable[[Report], None]

_tell: Callable[[str, int, int, Any], None] | None = None  # set while somebody watches a job
_told = ("", 0.0)


def report(stage: str, done: int, of: int, found: Any = None, *, always: bool = False) -> None:
    """Tell whoever watches this job how far it is; cheap enough for every step of a training.

    What comes soon after the report before is left out, unless it must `always` be told.
    """
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
    """Run independent jobs in fresh processes, or one after the other where there are none.

    A job is a function at the top of a module, and its arguments; what the jobs return comes in
    their order. With 0 `processes` they run here. Who watches is called with each :class:`Report`
    and sees no progress bar. An interrupt ends all jobs at once; a process that ends before its job
    is done is a RuntimeError.
    """
    jobs, returned = list(jobs), {}
    bar = None if watch else _progress_bar(len(jobs), label)

    def see(seen: Report) -> None:
        if not seen.stage:
            returned[seen.job] = seen.found
            if bar is not None:
                bar.update()
        if watch is not None:
            watch(seen)

    try:
        if processes and _there_are_processes():
            _run_there(jobs, processes, see)
        else:
            for number, job in enumerate(jobs):
                _run_one(number, job, see)
    finally:
        if bar is not None:
            bar.close()
    return [returned[number] for number in range(len(jobs))]


def _progress_bar(total: int, label: str) -> Any:
    from tqdm import tqdm  # here, because who watches needs no bar

    class Bar(tqdm):
        monitor_interval = 0  # no thread: a browser has none

    return Bar(total=total, desc=label, file=sys.stdout)


def _there_are_processes() -> bool:
    try:
        import _multiprocessing  # noqa: F401 - a browser has none
    except ImportError:
        return False
    return sys.platform != "emscripten"


def _run_there(jobs: Sequence[tuple], processes: int, see: Watch) -> None:
    from multiprocessing import get_context  # here, where there is one

    context = get_context("spawn")
    todo, said = context.Queue(), context.Queue()
    for item in [*enumerate(jobs), *[None] * processes]:
        todo.put(item)
    workers = [
        context.Process(target=_work, args=(todo, said), daemon=True)
        for _ in range(min(processes, len(jobs)))
    ]
    try:
        with _starting_processes():
            for worker in workers:
                worker.start()
        ended = 0
        while ended < len(jobs):
            try:
                seen = said.get(timeout=1)
            except Empty:
                lost = [worker for worker in workers if worker.exitcode]
                if lost:
                    raise RuntimeError(WORDS("process_lost", code=lost[0].exitcode)) from None
                continue
            if isinstance(seen, Exception):
                raise seen
            see(seen)
            ended += not seen.stage
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
        for queue in (todo, said):
            queue.cancel_join_thread()
            queue.close()


def _work(todo: Any, said: Any) -> None:
    while (item := todo.get()) is not None:
        try:
            _run_one(*item, said.put)
        except Exception as problem:
            said.put(problem)
            return


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
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)  # read by the children when they import numpy
    restore = []
    with suppress(ValueError):  # only the main thread may do it, and only that one gets interrupts
        restore = [signal.signal(signal.SIGINT, signal.SIG_IGN)]  # inherited by what starts now
    try:
        yield
    finally:
        for handler in restore:
            signal.signal(signal.SIGINT, handler)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


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
    return {
        "command": command,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "lessonlib")},
        },
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
        "seconds": round(time.time() - started, 1),
        "finished": time.strftime("%Y-%m-%d"),
    }
