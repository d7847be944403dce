"""Grade on a Dask cluster: the same function as on one machine, and the same results.

Needs the extra ``cluster``. Each of the cluster's machines needs lessonlib and bubblewrap; what
was handed in and the references travel to them, and nothing is written there.
"""

import atexit
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lessonlib.grading.books.journal import Record
from lessonlib.grading.confined import sandbox
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.intake.reading import UnreadableError
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.runs.pool import Grader, HandedIn, Job
from lessonlib.words import SETTING

_GRADERS: dict[tuple[Terms, str, int], Grader] = {}
AHEAD = 4  # jobs on the way to each thread of the cluster, so that none waits


def grade_one(terms: Terms, course: str, exercise: str, data: bytes | tuple[str, dict]) -> Record:
    """Grade one submission on whatever machine this is called."""
    key = (terms, course, threading.get_ident())
    os.environ[SETTING] = terms.language
    if key not in _GRADERS:
        if terms.confined:
            sandbox.try_to_escape()
        _GRADERS[key] = Grader(terms, Course.from_json(course))
        atexit.register(_GRADERS[key].close)
    handed_in = data if isinstance(data, bytes) else UnreadableError(data[0], **data[1])
    return _GRADERS[key].grade(exercise, handed_in)


def grade_there(
    scheduler: str,
    terms: Terms,
    course: Course,
    jobs: Iterable[Job],
    fetch: Callable[[Job], tuple[str, HandedIn]],
) -> Iterator[tuple[Job, Record]]:
    """Grade jobs on a cluster, whose scheduler listens at ``tcp://host:8786`` or the like.

    As `grade_here` does on this machine.
    """
    from distributed import Client, as_completed

    line = course.to_json()
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
            sent = (data.cause, data.slots) if isinstance(data, UnreadableError) else data
            future = client.submit(grade_one, terms, line, exercise, sent, pure=False, retries=2)
            on_the_way[future.key] = job
            done.add(future)
            return True

        while len(on_the_way) < ahead and send():
            continue
        for future in done:
            yield on_the_way.pop(future.key), future.result()
            send()
