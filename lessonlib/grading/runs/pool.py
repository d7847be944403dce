"""Grade many submissions at once, on this machine; a lost worker loses no grade."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import asdict, dataclass
from pathlib import Path

from lessonlib.grading.books.journal import Record, undecided
from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.intake.assignment import Course
from lessonlib.grading.intake.submission import Submission, fetch
from lessonlib.grading.paper.terms import Terms, from_json
from lessonlib.grading.paper.words import WORDS
from lessonlib.start import safe_path
from lessonlib.words import SETTING

TRIES = 3  # as many workers may be lost over one submission before a person has to look
RENEWED = 250  # submissions after which a worker is replaced, so that nothing can pile up in it

# Settings of whoever grades that would change pytest inside the worker.
_STEERING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
_SERVE = Path(__file__).with_name("worker.py")


class LostWorkerError(RuntimeError):
    """The worker has died or does not answer any more."""


class Worker:
    """The near end of a worker process; NoSandboxError if one could break out of its kernels."""

    def __init__(self, terms: Terms, course: Course) -> None:
        parts = max((len(each.parts) for each in course.assignments.values()), default=1)
        self.patience = 60 + 8 * terms.budget.wall * parts
        told, complaints = os.pipe()
        self.process = subprocess.Popen(
            # -I: by this path alone, and not by settings of the place where the grader was started
            [sys.executable, "-I", _SERVE, *safe_path()],
            cwd=os.path.abspath(os.sep),
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
        try:
            with contextlib.suppress(BrokenPipeError):  # then there is no answer either
                self._send(f"{json.dumps(asdict(terms))}\n{course.to_json()}")
            answer = self.process.stdout.readline()
        except BaseException:  # who is stopped here has nobody yet who would close this
            self.close()
            raise
        refusal = json.loads(answer) if answer else ""
        if refusal or not answer:
            self.close()
            self.listener.join(timeout=1)
            said = "".join(self.complaints).strip() or WORDS("run.nothing_said")
            raise NoSandboxError(refusal or WORDS("run.worker_did_not_start", said=said))

    def grade(self, job: str) -> Record:
        """Grade one submission; LostWorkerError if that takes far longer than the budgets allow.

        The job is as `fetch` makes it.
        """
        alarm = threading.Timer(self.patience, self.process.kill)
        alarm.start()
        try:
            self._send(job)
            return from_json(Record, self.process.stdout.readline())
        except (OSError, ValueError):
            self.process.kill()
            self.close()
            raise LostWorkerError from None
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

    def _send(self, line: str) -> None:
        print(line, file=self.process.stdin, flush=True)


@dataclass
class Grader:
    """A worker that is replaced when it is lost. For one thread at a time."""

    terms: Terms
    course: Course
    worker: Worker | None = None
    graded: int = 0

    def grade(self, job: str) -> Record:
        """Grade one submission; its record says so if it could not be done in several tries."""
        for _ in range(TRIES):
            if self.worker is None or self.graded >= RENEWED:
                self.close()
                self.worker, self.graded = Worker(self.terms, self.course), 0
            try:
                self.graded += 1
                return self.worker.grade(job)
            except LostWorkerError:
                self.worker = None
        assignment = self.course.assignments[json.loads(job)["exercise"]]
        return undecided(assignment, self.terms, "error", "grader_lost")

    def close(self) -> None:
        """End the worker."""
        if self.worker is not None:
            self.worker.close()
            self.worker = None


def grade_here(
    terms: Terms, course: Course, submissions: Iterable[Submission], workers: int
) -> Iterator[tuple[Submission, Record]]:
    """Grade on this machine, one by one; yield each submission as soon as it is done."""
    graders = [Grader(terms, course) for _ in range(workers)]
    free = graders[:]

    def one(submission: Submission) -> tuple[Submission, Record]:
        grader = free.pop()
        try:
            return submission, grader.grade(fetch(submission))
        finally:
            free.append(grader)

    running: set[Future] = set()
    threads = ThreadPoolExecutor(workers)
    try:
        for each in submissions:
            running.add(threads.submit(one, each))
            if len(running) > workers:  # one is ahead, so that no worker waits while it is written
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        yield from (future.result() for future in as_completed(running))
    finally:
        threads.shutdown(cancel_futures=True)
        with ThreadPoolExecutor(workers) as ends:
            list(ends.map(Grader.close, graders))
