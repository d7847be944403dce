"""All that is measured: plans, and one module here for each other experiment.

A module has ``jobs(size)``: independent calls, each of which returns rows. To add an experiment,
write its module and name it here; ``lessonlib measure NAME`` runs it and stores its rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from lessonlib.exams.exam import Plan
from lessonlib.exams.measurement import Row
from lessonlib.exams.running import kept_or_made
from lessonlib.exams.scenes import subject as scenes
from lessonlib.exams.sentences import subject as sentences

#: Experiments that carry out plans: the full ones, or a quick one.
PLANS: dict[str, tuple[tuple[Plan, ...], Plan]] = {
    "exam": (sentences.FULL, sentences.QUICK),
    "harder_world": ((sentences.HARDER,), sentences.HARDER_QUICK),
    "scenes": ((scenes.FULL,), scenes.QUICK),
}
#: Names of all experiments, in an order in which each finds what it needs of the others.
NAMES = (
    "search",
    "exam",
    "harder_world",
    "signal_density",
    "builder_bias",
    "surprises",
    "feature_grid",
    "contrastive",
    "fine_tuning_search",
    "fine_tuning",
    "fine_tuning_by_slots",
    "text_to_text",
    "instructions",
    "real_english",
    "scenes",
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

    def job(self, measure: Callable[..., list[Row]], *about: str | float) -> tuple:
        """Call ``measure(*about, kept)``, unless what it returns is kept already."""
        name = ", ".join([measure.__name__, *map(str, about)])
        room = measure.__module__.rpartition(".")[2]
        path = self.kept and self.kept / room / f"{name}.json"
        return kept_or_made, path, measure, *about, self.kept

    def jobs(
        self, measure: Callable[..., list[Row]], about: Iterable[str | float], usual: int = 3
    ) -> list[tuple]:
        """Call ``measure(one, seed, steps, kept)`` for each of the things, with each seed."""
        return [
            self.job(measure, one, seed, self.steps())
            for seed in self.seeds(usual)
            for one in about
        ]


def jobs(name: str, size: Size) -> list[tuple]:
    """Return what must be called for one experiment."""
    if name not in PLANS:
        return import_module(f"{__name__}.{name}").jobs(size)
    full, quick = PLANS[name]
    plans = (quick,) if size.quick else full
    return [
        job
        for plan in plans
        for job in replace(plan, seeds=size.seeds(len(plan.seeds))).jobs(size.kept)
    ]
