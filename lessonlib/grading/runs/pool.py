"""Grade many submissions at once, on this machine; a lost worker loses no grade."""

import base64
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from typing import TypeVar

from lessonlib.grading.books.journal import Record, undecided
from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.intake.reading import UnreadableError
from lessonlib.grading.paper.terms import Terms
from lessonlib.grading.paper.typed import from_json
from lessonlib.grading.paper.words import WORDS
from lessonlib.words import SETTING

TRIES = 3  # as many workers may be lost over one submission before a person has to look
RENEWED = 250  # submissions after which a worker is replaced, so that nothing can pile up in it

# Settings of whoever grades that would change pytest inside the worker.
_STEERING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")

Job = TypeVar("Job")
HandedIn = bytes | UnreadableError  # what was handed in, or why it cannot be read


class LostWorkerError(RuntimeError):
    """The worker has died or does not answer any more."""


class Worker:
    """The near end of a worker process.

    Raises
    ------
    NoSandboxError
        If submissions could break out of the kernels that this worker starts.
    """

    def __init__(self, terms: Terms, course: Course) -> None:
        parts = max((len(each.parts) for each in course.assignments.values()), default=1)
        self.patience = 60 + 8 * terms.budget.wall * parts
        told, complaints = os.pipe()
        self.process = subprocess.Popen(
            # -P: nothing is imported from where the grader was started
            [sys.executable, "-P", "-m", "lessonlib.grading.runs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={name: value for name, value in os.environ.items() if name not in _STEERING}
            | {SETTING: terms.language},
            text=True,
        )
        os.close(complaints)
        lines = os.fdopen(told, errors="replace")
        self.complaints: deque[str] = deque(maxlen=3)  # the last lines
        self.listener = threading.Thread(target=self.complaints.extend, args=[lines], daemon=True)
        self.listener.start()
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            self._send(f"{json.dumps(asdict(terms))}\n{course.to_json()}")
        answer = self.process.stdout.readline()
        refusal = json.loads(answer) if answer else ""
        if refusal or not answer:
            self.close()
            raise NoSandboxError(refusal or self._last_words())

    def grade(self, exercise: str, data: HandedIn) -> Record:
        """Grade one submission.

        Raises
        ------
        LostWorkerError
            If the worker did not survive it, or took far longer than the budgets allow.
        """
        job: dict[str, object] = {"exercise": exercise}
        if isinstance(data, UnreadableError):
            job["unreadable"] = [data.cause, data.slots]
        else:
            job["data"] = base64.b64encode(data).decode()
        alarm = threading.Timer(self.patience, self.process.kill)
        alarm.start()
        try:
            self._send(json.dumps(job))
            return from_json(Record, self.process.stdout.readline())
        except (OSError, ValueError):
            self.process.kill()
            self.close()
            raise LostWorkerError(exercise) from None
        except BaseException:
            self.process.terminate()  # it is in the middle of something, and will tidy up
            raise
        finally:
            alarm.cancel()

    def close(self) -> None:
        """Let the process tidy up and end; end it, and the kernels it has, if it does not."""
        try:
            self.process.communicate(timeout=10)
        except (subprocess.TimeoutExpired, OSError, ValueError):
            self.process.kill()
            self.process.wait()

    def _last_words(self) -> str:
        """Return the end of what the process, which is gone, complained of."""
        self.listener.join(timeout=1)
        said = "".join(self.complaints).strip() or WORDS("run.nothing_said")
        return WORDS("run.worker_did_not_start", said=said)

    def _send(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


@dataclass
class Grader:
    """A worker that is replaced when it is lost. For one thread at a time."""

    terms: Terms
    course: Course
    worker: Worker | None = None
    graded: int = 0

    def grade(self, exercise: str, data: HandedIn) -> Record:
        """Grade one submission; its record says so if it could not be done in several tries."""
        for _ in range(TRIES):
            if self.worker is None or self.graded >= RENEWED:
                self.close()
                self.worker, self.graded = Worker(self.terms, self.course), 0
            try:
                self.graded += 1
                return self.worker.grade(exercise, data)
            except LostWorkerError:
                self.worker = None
        return undecided(self.course.assignments[exercise], self.terms, "error", "grader_lost")

    def close(self) -> None:
        """End the worker."""
        if self.worker is not None:
            self.worker.close()
            self.worker = None


def grade_here(
    terms: Terms,
    course: Course,
    jobs: Iterable[Job],
    fetch: Callable[[Job], tuple[str, HandedIn]],
    workers: int,
) -> Iterator[tuple[Job, Record]]:
    """Grade jobs on this machine, and yield each one as soon as it is done.

    The jobs are taken one by one, so there may be any number. Fetching one gives its exercise and
    what was handed in.
    """
    free = [Grader(terms, course) for _ in range(workers)]
    every = list(free)

    def one(job: Job) -> tuple[Job, Record]:
        grader = free.pop()
        try:
            return job, grader.grade(*fetch(job))
        finally:
            free.append(grader)

    running: set[Future] = set()
    try:
        with ThreadPoolExecutor(workers) as threads:
            for job in jobs:
                running.add(threads.submit(one, job))
                if len(running) == workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
    finally:
        for grader in every:
            grader.close()
