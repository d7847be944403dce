"""Grade on a Dask cluster, whose machines need lessonlib and bubblewrap and keep nothing."""

import atexit
import os
import threading
from collections.abc import Iterable, Iterator
from itertools import islice

from lessonlib.grading.books.journal import Record
from lessonlib.grading.confined import sandbox
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.intake.submission import Submission, fetch
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.runs.pool import Grader
from lessonlib.start import leave_start_folder
from lessonlib.words import SETTING, Words

_GRADERS: dict[tuple[Terms, str, int], Grader] = {}
AHEAD = 4  # jobs on the way to each thread of the cluster, so that none waits


def grade_one(terms: Terms, course: str, job: str) -> Record:
    """Grade one submission on whatever machine this is called."""
    if file := leave_start_folder():
        raise ImportError(Words("cli")("started_there", file=file))
    key = (terms, course, threading.get_ident())
    os.environ[SETTING] = terms.language
    if key not in _GRADERS:
        if terms.confined:
            sandbox.try_to_escape()
        _GRADERS[key] = Grader(terms, Course.from_json(course))
        atexit.register(_GRADERS[key].close)
    return _GRADERS[key].grade(job)


def grade_there(
    terms: Terms, course: Course, submissions: Iterable[Submission], scheduler: str
) -> Iterator[tuple[Submission, Record]]:
    """Grade as `grade_here` does, on a cluster whose scheduler listens at ``tcp://host:8786``."""
    from distributed import Client, as_completed

    line, waiting = course.to_json(), iter(submissions)
    on_the_way: dict[str, Submission] = {}
    with Client(scheduler) as client:
        done = as_completed()

        def send(most: int) -> None:
            for each in islice(waiting, most):
                future = client.submit(grade_one, terms, line, fetch(each), pure=False, retries=2)
                on_the_way[future.key] = each
                done.add(future)

        send(AHEAD * max(1, sum(client.nthreads().values())))
        for future in done:
            yield on_the_way.pop(future.key), future.result()
            send(1)
