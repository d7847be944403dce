"""How far models are that train at the same time, and how long the rest takes."""

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TextIO

from lessonlib.exams.exam import EXAM
from lessonlib.exams.running import PROCESSES, Report, in_a_browser
from lessonlib.words import Words

WORDS = Words("exams")

WAITING, DONE = "waiting", "done"
TRAINING_SHARE = 0.8  # of the time that one model takes; the rest is its exam


@dataclass
class ModelProgress:
    """How far one model has come."""

    name: str
    objective: str = ""  # what it practises, if that is one of the course's objectives
    stage: str = WAITING
    done: int = 0  # of this stage, of so many steps or parts
    of: int = 1
    began: float = 0.0  # when it was first heard of, in seconds of a clock that only runs forward
    losses: list[tuple[float, float]] = field(default_factory=list)  # share done, smoothed loss
    is_trained: bool = False  # and not only examined

    @property
    def share(self) -> float:
        """How much of all that it has to do is done, from 0 to 1."""
        if self.stage in (WAITING, DONE):
            return float(self.stage == DONE)
        trained = 1 if self.stage == EXAM else self.done / self.of
        examined = self.done / self.of if self.stage == EXAM else 0
        if self.stage == EXAM and not self.is_trained:
            return examined
        return TRAINING_SHARE * trained + (1 - TRAINING_SHARE) * examined

    def hear(self, report: Report, now: float) -> None:
        """Take in a report."""
        if self.stage == WAITING:
            self.began = now
        self.stage, self.done, self.of = report.stage or DONE, report.done, report.of
        self.is_trained = self.is_trained or self.stage not in (EXAM, DONE)
        if isinstance(report.found, float):
            before = self.losses[-1][1] if self.losses else report.found
            self.losses.append((report.done / report.of, 0.6 * before + 0.4 * report.found))

    def in_words(self, losses: bool = True) -> str:
        """Say what it is doing, with or without its loss."""
        known = losses and self.losses and self.stage not in (WAITING, DONE, EXAM)
        loss = self.losses[-1][1] if known else 0.0
        key = f"progress.{self.stage}{'_with_loss' if known else ''}"
        return WORDS(key, done=self.done, of=self.of, loss=loss)


def seconds_left(
    models: Sequence[ModelProgress], now: float, at_once: int = PROCESSES
) -> float | None:
    """Estimate how long the rest takes; None while nothing tells.

    Those that run go on as they did; those that wait take as long as the others, and begin
    whenever a place is free.
    """
    running = [c for c in models if 0.03 < c.share < 1]
    whole = [(now - c.began) / c.share for c in running]
    if not whole:
        return None
    free = sorted(each * (1 - c.share) for each, c in zip(whole, running, strict=True))
    free = [0.0] * (at_once - len(free)) + free
    for _ in range(sum(c.share <= 0.03 for c in models)):
        free = sorted([free[0] + sum(whole) / len(whole), *free[1:]])
    return free[-1]


def how_far(models: Sequence[ModelProgress], now: float) -> str:
    """Say how many models are done, and how long the others take if something tells it."""
    at_work = sum(model.stage not in (WAITING, DONE) for model in models)
    at_once = 1 if in_a_browser() else max(at_work, PROCESSES)
    left = seconds_left(models, now, at_once)
    seconds = None if left is None else max(1, round(left))
    key = "progress.models_done" if left is None else "progress.models_done_and_left"
    done = sum(model.stage == DONE for model in models)
    return WORDS(key, done=done, of=len(models), seconds=seconds)


class Line:
    """One line of a terminal that says what is being trained; call it with every report.

    In a file, a line is written whenever a model begins something else.
    """

    def __init__(self, names: Sequence[str], out: TextIO | None = None) -> None:
        self.models = [ModelProgress(name) for name in names]
        self.out = out or sys.stdout

    def __call__(self, report: Report) -> None:
        """Take in a report, and say it."""
        now, model = time.monotonic(), self.models[report.job]
        before = model.stage
        model.hear(report, now)
        at_work = (one for one in self.models if one.stage not in (WAITING, DONE))
        told = [how_far(self.models, now), *(f"{one.name}: {one.in_words()}" for one in at_work)]
        if self.out.isatty():
            room = shutil.get_terminal_size().columns - 1
            print("\r" + " · ".join(told)[:room].ljust(room), end="", file=self.out, flush=True)
        elif model.stage != before:
            print(" · ".join(told), file=self.out, flush=True)

    def end(self) -> None:
        """Leave the line, and say so if not everything was done."""
        if self.out.isatty():
            print(file=self.out)
        if any(model.stage != DONE for model in self.models):
            print(WORDS("progress.stopped"), file=self.out)
