"""Grade on a Dask cluster: the same function as on one machine, and the same results.

Needs the extra ``cluster``. Each of the cluster's machines needs lessonlib and bubblewrap; what
was handed in and the references travel to them, and nothing is written there.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lessonlib.grading.confined import sandbox
from lessonlib.grading.intake.submission import UnreadableError
from lessonlib.grading.runs.pool import Graded, Grader, Job
from lessonlib.grading.runs.terms import Setting

_GRADERS: dict[tuple[str, int], Grader] = {}
AHEAD = 4  # jobs on the way to each thread of the cluster, so that none waits


def grade_one(setting: str, exercise: str, data: bytes | tuple[str, str]) -> Graded | None:
    """Grade one submission on whatever machine this is called."""
    key = (setting, threading.get_ident())
    if key not in _GRADERS:
        settings = Setting.from_json(setting)
        if settings.sandbox:
            sandbox.try_to_escape()
        _GRADERS[key] = Grader(settings)
        atexit.register(_GRADERS[key].close)
    handed_in = data if isinstance(data, bytes) else UnreadableError(*data)
    return _GRADERS[key].grade(exercise, handed_in)


def grade_there(
    scheduler: str,
    setting: Setting,
    jobs: Iterable[Job],
    fetch: Callable[[Job], tuple[str, bytes | UnreadableError]],
) -> Iterator[tuple[Job, Graded | None]]:
    """Grade jobs on a cluster, and yield each one as soon as it is done.

    Parameters
    ----------
    scheduler
        Where the cluster's scheduler listens, such as ``tcp://host:8786``.
    setting, jobs, fetch
        As for one machine.
    """
    from distributed import Client, as_completed

    line = setting.to_json()
    waiting = iter(jobs)
    on_the_way: dict[str, Any] = {}
    with Client(scheduler) as client:
        ahead = AHEAD * max(1, sum(client.nthreads().values()))
        done = as_completed()

        def send() -> bool:
            job = next(waiting, None)
            if job is None:
                return False
            exercise, data = fetch(job)
            sent = (data.cause, data.message) if isinstance(data, UnreadableError) else data
            future = client.submit(grade_one, line, exercise, sent, pure=False, retries=2)
            on_the_way[future.key] = job
            done.add(future)
            return True

        while len(on_the_way) < ahead and send():
            continue
        for future in done:
            yield on_the_way.pop(future.key), future.result()
            send()
