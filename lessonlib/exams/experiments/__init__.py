"""All that is measured, one module each.

Every module has ``jobs(size)``: independent calls, each of which returns rows. Some have a
``SUBJECT`` whose papers these rows come from. To add an experiment, write its module and name it
here; ``python -m lessonlib.exams NAME`` runs it and stores its rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lessonlib.exams.exam import Plan
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.recipes import STEPS

#: Modules of this package, and names of the stored results.
NAMES = (
    "sentences",
    "scenes",
    "harder_world",
    "fine_tuning",
    "surprises",
    "builder_bias",
    "feature_grid",
    "signal_density",
    "instructions",
    "real_english",
)


@dataclass(frozen=True)
class Size:
    """How large a run is."""

    quick: bool = False  # one seed and little of everything, for a look
    starts: int | None = None  # how many seeds, if not as many as usual
    # where trained models and measurements are kept, so that a run can be resumed
    kept: Path | None = None

    def seeds(self, usual: int = 3) -> tuple[int, ...]:
        """Return the random starts."""
        return tuple(range(1 if self.quick else self.starts or usual))

    def steps(self, usual: int = STEPS) -> int:
        """Return how long a model trains."""
        return usual // 4 if self.quick else usual

    def planned(self, full: Plan, quick: Plan) -> list[tuple]:
        """Carry out a plan."""
        plan = quick if self.quick else full
        return replace(plan, seeds=self.seeds(len(plan.seeds))).jobs(self.kept)

    def jobs(self, measure: Callable[..., list[Row]], about: Iterable) -> list[tuple]:
        """Call ``measure(one, seed, steps, kept)`` for each of the things, with each seed."""
        return [
            (measure, one, seed, self.steps(), self.kept) for seed in self.seeds() for one in about
        ]
