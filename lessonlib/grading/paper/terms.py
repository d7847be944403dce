"""How a run grades, and a verdict: what travels between workers, and what the books keep."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from lessonlib.grading.paper.words import WORDS
from lessonlib.words import language

SANDBOX, NO_SANDBOX = "bubblewrap", "none"
VERDICTS = ("passed", "failed", "missing", "unreadable", "timeout", "pending", "error")
BY_A_PERSON = ("partial", "excused")  # which no machine says

# How many submissions have which verdict, by exercise, question and verdict.
Tally = Counter[tuple[str, str, str]]
Made = TypeVar("Made")


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


@dataclass(frozen=True)
class Ruling:
    """The verdict on one question of one submission, and why.

    A ``pending`` one waits for a person; an ``error`` is the grader's own failure. The cause is a
    stable short name, the message what the learner reads, the output the beginning of what the
    answer's cell put out. `beside` is code from outside the answer that it may need.
    """

    question: str
    verdict: str
    cause: str = ""
    message: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    output: str = ""
    beside: str = ""

    def __post_init__(self) -> None:
        if self.verdict not in (*VERDICTS, *BY_A_PERSON):
            raise ValueError(f"verdict={self.verdict!r}")

    @classmethod
    def of(cls, question: str, verdict: str, cause: str, /, **slots: Any) -> "Ruling":
        """Rule in the words of the cause."""
        return cls(question, verdict, cause, WORDS(f"causes.{cause}", question=question, **slots))


def from_json(kind: type[Made], text: str | bytes) -> Made:
    """Make a dataclass of what ``json.dumps(asdict(...))`` wrote; ValueError of anything else."""
    try:
        return _maker(kind)(json.loads(text))
    except (TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise ValueError(f"{kind.__name__}: {problem}") from None


@cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """Return what makes something of a kind; found once, for a class has thousands of records."""
    if is_dataclass(kind):
        makers = {name: _maker(hint) for name, hint in get_type_hints(kind).items()}
        return lambda data: kind(**{name: makers[name](part) for name, part in data.items()})
    many = get_origin(kind) is tuple
    wanted = list if many else (int, float) if kind is float else kind
    item = _maker(get_args(kind)[0]) if many else None

    def make(data: Any) -> Any:
        if not isinstance(data, wanted):
            raise TypeError(f"{data!r:.80}: {kind}")
        return tuple(map(item, data)) if many else data

    return make
