"""Grade many submissions at once, on this machine; a lost worker loses no grade."""

from __future__ import annotations

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
from typing import Any, TypeVar

from lessonlib.grading.confined.sandbox import NoSandboxError
from lessonlib.grading.intake.submission import UnreadableError
from lessonlib.grading.runs.terms import Setting

TRIES = 3  # as many workers may be lost over one submission before a person has to look
RENEWED = 250  # submissions after which a worker is replaced, so that nothing can pile up in it

Job = TypeVar("Job")
Graded = dict[str, Any]


class LostWorkerError(RuntimeError):
    """The worker has died or does not answer any more."""


class Worker:
    """The near end of a worker process.

    Raises
    ------
    NoSandboxError
        If submissions could break out of the kernels that this worker starts.
    """

    def __init__(self, setting: Setting) -> None:
        self.patience = 60 + 8 * setting.budget.wall * _most_parts(setting)
        told, complaints = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lessonlib.grading.runs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={name: value for name, value in os.environ.items() if name not in _STEERING},
            text=True,
        )
        os.close(complaints)
        lines = os.fdopen(told, errors="replace")
        self.complaints: deque[str] = deque(maxlen=3)  # the last lines
        self.listener = threading.Thread(target=self.complaints.extend, args=[lines], daemon=True)
        self.listener.start()
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            self._send(setting.to_json())
        answer = self.process.stdout.readline()
        refusal = json.loads(answer) if answer else "the worker did not start"
        if refusal:
            self.close()
            raise NoSandboxError(refusal if answer else f"{refusal}: {self._last_words()}")

    def grade(self, exercise: str, data: bytes | UnreadableError) -> dict[str, Any]:
        """Grade one submission.

        Parameters
        ----------
        exercise
            The exercise's name.
        data
            What was handed in, or why it cannot be read.

        Returns
        -------
        dict
            ``rulings``, ``answers`` and ``findings``, as JSON.

        Raises
        ------
        LostWorkerError
            If the worker did not survive it, or took far longer than the budgets allow.
        """
        job: dict[str, Any] = {"exercise": exercise}
        if isinstance(data, UnreadableError):
            job["unreadable"] = [data.cause, data.message]
        else:
            job["data"] = base64.b64encode(data).decode()
        alarm = threading.Timer(self.patience, self.process.kill)
        alarm.start()
        try:
            self._send(json.dumps(job))
            return json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            self.process.kill()
            self.close()
            raise LostWorkerError(f"the worker for {exercise} was lost") from None
        finally:
            alarm.cancel()

    def close(self) -> None:
        """Let the process tidy up and end; end it, and the kernels it has, if it does not."""
        try:
            self.process.communicate(timeout=10)
        except (subprocess.TimeoutExpired, OSError):
            self.process.kill()
            self.process.wait()

    def _last_words(self) -> str:
        """Return the end of what the process, which is gone, complained of."""
        self.listener.join(timeout=1)
        return "".join(self.complaints).strip() or "it said nothing"

    def _send(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


# Settings of whoever grades that would change pytest inside the worker.
_STEERING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")


def _most_parts(setting: Setting) -> int:
    return max((len(assignment.parts) for assignment in setting.assignments), default=1)


class Grader:
    """A worker that is replaced when it is lost. For one thread at a time."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.worker: Worker | None = None
        self.graded = 0

    def grade(self, exercise: str, data: bytes | UnreadableError) -> Graded | None:
        """Grade one submission; None if it could not be done in several tries."""
        for _ in range(TRIES):
            if self.worker is None or self.graded >= RENEWED:
                self.close()
                self.worker, self.graded = Worker(self.setting), 0
            try:
                self.graded += 1
                return self.worker.grade(exercise, data)
            except LostWorkerError:
                self.worker = None
        return None

    def close(self) -> None:
        """End the worker."""
        if self.worker is not None:
            self.worker.close()
            self.worker = None


def grade_here(
    setting: Setting,
    jobs: Iterable[Job],
    fetch: Callable[[Job], tuple[str, bytes | UnreadableError]],
    workers: int,
) -> Iterator[tuple[Job, Graded | None]]:
    """Grade jobs on this machine, and yield each one as soon as it is done.

    Parameters
    ----------
    setting
        How to grade.
    jobs
        What to grade; taken one by one, so there may be any number.
    fetch
        Gives a job's exercise and what was handed in.
    workers
        How many to grade at once.
    """
    free = [Grader(setting) for _ in range(workers)]
    every = list(free)
    lock = threading.Lock()

    def one(job: Job) -> tuple[Job, Graded | None]:
        with lock:
            grader = free.pop()
        try:
            return job, grader.grade(*fetch(job))
        finally:
            with lock:
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
