"""Does it hold in a harder world? The same objectives and questions in the sister village.

What is given depends on who gives *and* who gets there, so a model has to look at both at once.
Training is as long as in the matrix.
"""

from dataclasses import replace
from pathlib import Path

from lessonlib.exams.exam import FULL, QUICK, UNTRAINED, measure_model
from lessonlib.worlds.sentences import harder_world

WHOLE = replace(
    FULL,
    objectives=(*QUICK.objectives, UNTRAINED),
    seeds=(0, 1, 2),
    questions={name: FULL.questions[name] for name in QUICK.questions},
)
"""Three objectives and the control; rewriting is left out, for it needs training of its own."""


def jobs(quick: bool, kept: Path | None) -> list[tuple]:
    """One job for each objective and seed; each gives rows such as those of the matrix."""
    plan = replace(QUICK, steps=QUICK.steps // 4) if quick else WHOLE
    folder = kept / "harder_world" if kept else None
    return [
        (measure_model, objective, seed, plan, folder, harder_world)
        for seed in plan.seeds
        for objective in plan.objectives
    ]
