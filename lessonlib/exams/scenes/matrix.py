"""Picture objectives x abilities: train, ask, and collect the rows of the results."""

import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lessonlib.exams.results import FOLDER, Cell, Results
from lessonlib.exams.running import circumstances, kept_or_made, run_all
from lessonlib.exams.scenes.candidates import STUDENTS, Student
from lessonlib.exams.scenes.papers import ABILITIES, measure, measure_without_seeing
from lessonlib.exams.scenes.recipes import RECIPES, STEPS, new_model, pretrain

STORED = FOLDER / "scenes.json"
UNTRAINED = "untrained"
PRIMARY = {"writing": "true"}


@dataclass(frozen=True)
class Plan:
    """How large a run is.

    Attributes
    ----------
    seeds : tuple of int
    steps : int
        Training steps of 64 pictures.
    questions : int
        How many each ability asks.
    """

    seeds: tuple[int, ...]
    steps: int
    questions: int

    @property
    def sizes(self) -> dict[str, int]:
        """Questions of each ability."""
        return dict.fromkeys(ABILITIES, self.questions)


FULL = Plan(seeds=(0, 1, 2), steps=STEPS, questions=800)
QUICK = Plan(seeds=(0,), steps=700, questions=200)


def student_for(objective: str, seed: int, steps: int) -> tuple[Student, float]:
    """Train the model of one objective.

    Parameters
    ----------
    objective : str
        A key of `STUDENTS`; the untrained control answers like a captioner.
    seed : int
    steps : int

    Returns
    -------
    student : Student
    seconds : float
        Of one core, for its training.
    """
    if objective == UNTRAINED:
        return STUDENTS[objective](new_model(seed)), 0.0
    before = time.process_time()  # of one core, however busy the machine is
    model, _ = pretrain(RECIPES[objective], seed, steps)
    return STUDENTS[objective](model), time.process_time() - before


def measure_model(objective: str, seed: int, plan: Plan, kept: Path | None) -> dict[str, list]:
    """Train one model and measure it, or read what was measured before.

    Returns
    -------
    dict
        "rows" and "baselines" of the results.
    """
    make = partial(_measure_model, objective, seed, plan)
    if kept is None:
        return make()
    name = f"{objective}-{seed}-{plan.steps}-{plan.questions}.json"
    return kept_or_made(kept / name, make)


def run(plan: Plan, kept: Path | None, command: str) -> Results:
    """Carry out a plan and return its results."""
    started = time.time()
    jobs = [(measure_model, name, seed, plan, kept) for seed in plan.seeds for name in STUDENTS]
    found = run_all(jobs)
    return Results(
        rows=[row for one in found for row in one["rows"]],
        baselines=[row for one in found for row in one["baselines"]],
        primary=PRIMARY,
        **circumstances(command, started),
    )


def stored_cells(*abilities: str) -> dict[tuple[str, str, str], Cell]:
    """Return the stored cells of some abilities, or of all, by (objective, ability, answer)."""
    cells = Results.stored("scenes").matrix()
    return {key: cell for key, cell in cells.items() if not abilities or key[1] in abilities}


def without_seeing(objective: str) -> dict[str, float]:
    """Return the stored share of right answers when the picture was exchanged, by ability."""
    found: dict[str, list[float]] = {}
    for row in Results.stored("scenes").baselines:
        if row["objective"] == objective:
            found.setdefault(row["ability"], []).append(row["raw"])
    return {ability: sum(shares) / len(shares) for ability, shares in found.items()}


def _measure_model(objective: str, seed: int, plan: Plan) -> dict[str, list[dict[str, Any]]]:
    student, seconds = student_for(objective, seed, plan.steps)
    rows = [
        {
            "objective": objective,
            "ability": ability,
            "seed": seed,
            **asdict(found),
            "score": found.score,
            "train_seconds": round(seconds, 1),
        }
        for ability, found in measure(student, plan.sizes, seed)
    ]
    baselines = [
        {
            "objective": objective,
            "ability": ability,
            "baseline": "another picture",
            "metric": "accuracy",
            "seed": seed,
            "raw": raw,
        }
        for ability, raw in measure_without_seeing(student, plan.sizes, seed)
    ]
    return {"rows": rows, "baselines": baselines}
