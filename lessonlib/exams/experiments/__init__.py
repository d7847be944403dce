"""All that is measured: plans, and one module here for each other experiment.

A module has ``jobs(size)``: independent calls, each of which returns rows. To add an experiment,
write its module and name it here; ``python -m lessonlib.exams NAME`` runs it and stores its rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from lessonlib.exams.measurement import Row
from lessonlib.exams.scenes import subject as scenes
from lessonlib.exams.sentences import subject as sentences

#: Names of stored results that carry out a plan, the full one or a quick one.
PLANS = {
    "sentences": (sentences.FULL, sentences.QUICK),
    "scenes": (scenes.FULL, scenes.QUICK),
    "harder_world": (sentences.HARDER, sentences.HARDER_QUICK),
}
#: Names of all stored results; those without a plan are modules of this package.
NAMES = (
    *PLANS,
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

    def steps(self, usual: int = sentences.STEPS) -> int:
        """Return how long a model trains."""
        return usual // 4 if self.quick else usual

    def jobs(self, measure: Callable[..., list[Row]], about: Iterable) -> list[tuple]:
        """Call ``measure(one, seed, steps, kept)`` for each of the things, with each seed."""
        return [
            (measure, one, seed, self.steps(), self.kept) for seed in self.seeds() for one in about
        ]


def jobs(name: str, size: Size) -> list[tuple]:
    """Return what must be called for one experiment."""
    if name not in PLANS:
        return import_module(f"{__name__}.{name}").jobs(size)
    plan = PLANS[name][size.quick]
    return replace(plan, seeds=size.seeds(len(plan.seeds))).jobs(size.kept)
