"""How a run grades: what travels to every worker, and what is stored beside every grade."""

from dataclasses import dataclass, field

from lessonlib.words import language

SANDBOX, NO_SANDBOX = "bubblewrap", "none"


@dataclass(frozen=True)
class Budget:
    """What one question may use, in seconds: computing, and on the clock.

    Computing passes no faster on a busy machine; the clock is for code that only waits.
    """

    cpu: float = 10.0
    wall: float = 60.0


@dataclass(frozen=True)
class Terms:
    """The seed that inputs are drawn from, where answers run, and what a question may use.

    The language is that of the verdicts' words, which are kept with the grades.
    """

    seed: int
    sandbox: str = SANDBOX
    budget: Budget = field(default_factory=Budget)
    language: str = field(default_factory=language)

    @property
    def confined(self) -> bool:
        """Whether answers run in a sandbox."""
        return self.sandbox != NO_SANDBOX
