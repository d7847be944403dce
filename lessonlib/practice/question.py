"""What a question is: its inputs, its right answer, and the wrong ones we know."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from lessonlib.samples import Sample
from lessonlib.words import Words

Arguments = tuple[Any, ...]

WORDS = Words("causes")
SHARED = "any_question"  # where a cause has the same text for every question
FLAGS = ("about_python", "seen", "may_be_right")  # each lists its texts there
# What a predicate may stumble over where a value has another form than the mistake could give it.
_OTHER_FORM = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


class Case:
    """What a function was called with and what it returned, each under its name.

    With a question's names ``case.tokens`` is an argument and ``case.labels`` a returned part. A
    part that did not come back is a LookupError; what the question does not have is a NameError,
    which nothing catches. `returned` lists the parts, and `names` what they are called; `calls`
    are the cases of all calls of the same function that returned, this one among them.
    """

    def __init__(self, question: "Question", arguments: Arguments, value: Any) -> None:
        parts = question.parts_of(value)
        self.arguments, self.value, self.names = arguments, value, question.parts
        self.calls = [self]
        vars(self).update(zip(question.parameters, arguments, strict=False))
        if parts is not None:
            vars(self).update(zip(question.parts, parts, strict=True), returned=parts)

    def __getattr__(self, name: str) -> Any:
        if name in ("returned", *vars(self).get("names", ())):
            raise LookupError(name)
        raise NameError(WORDS("no_such_name", name=name))


Fits = Callable[[Case], object]


@dataclass(frozen=True)
class Cause:
    """A known way to get a question wrong.

    A cause is a guess about the code, and one wrong value can have many causes. So it is named
    only if it fits all that the function returned, where it was right as well: whoever stops after
    the first position cannot be right where there are two.

    Attributes
    ----------
    text : str
        The key of its text in ``causes.toml``.
    fits : callable
        ``fits(case)`` is true, or is what the slots of the text hold, if an answer with this
        mistake returns what the case holds. Where the mistake makes no difference it fits right
        parts, too. It may expect parts of the right form: one that fails on them does not fit.
    about_python : bool
        Whether it is a slip in Python, which the lesson does not explain.
    seen : bool
        Whether the text says no more than what can be seen in one returned value.
    may_be_right : bool
        Whether right parts may fit: who looks for a word often finds the right one.
    """

    text: str
    fits: Fits
    about_python: bool = False
    seen: bool = False
    may_be_right: bool = False

    @property
    def name(self) -> str:
        """Its stable short name."""
        return self.text.partition(".")[0]

    def explains(self, case: Case) -> bool:
        """Tell whether the cause fits; it does not where it could never have made such values."""
        try:
            return bool(self.fits(case))
        except _OTHER_FORM:
            return False


@dataclass(frozen=True)
class Question:
    """A coding question, for the notebook's check and for the grader alike.

    Attributes
    ----------
    reference : callable
        A right answer. The question and its parameters are named as this one's.
    parts : tuple of str
        The names of what it returns: one name for one value, several for a tuple.
    draw : callable
        ``draw(rng)`` gives a telling list of arguments: plain data, without dictionaries.
    edges : callable
        ``edges(rng)`` gives the arguments that are special in some way.
    mistakes : dict of str to callable
        The known ways to get it wrong, the more specific before the more general: the key of a
        text in ``causes.toml`` with what a `Cause` fits. Of several, one has to fit all calls.
    accepts : callable or None
        Where many answers are right, ``accepts(case)`` tells whether one is; each rule that it
        asks for is a mistake to break. Without it only what the reference returns is right.
    as_sample : callable or None
        ``as_sample(case)`` makes a sample to draw from what a learner returned, or fails where it
        cannot be drawn.
    """

    reference: Callable[..., Any]
    parts: tuple[str, ...]
    draw: Callable[[Random], Arguments]
    edges: Callable[[Random], list[Arguments]]
    mistakes: Mapping[str, Fits | Sequence[Fits]]
    as_sample: Callable[[Case], Sample] | None = None
    accepts: Fits | None = None

    @cached_property
    def name(self) -> str:
        """Its name, which is that of the function to write."""
        return self.reference.__name__

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.reference).parameters)

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The known ways to get it wrong, with what ``causes.toml`` lists beside their texts."""
        return tuple(
            Cause(key, fits, **{flag: self._is_marked(key, flag) for flag in FLAGS})
            for key, several in self.mistakes.items()
            for fits in (several if isinstance(several, Sequence) else [several])
        )

    def _is_marked(self, key: str, flag: str) -> bool:
        tables = {self.name, self._table_of(key)}
        return any(key in WORDS.texts[table].get(f"_{flag}", ()) for table in tables)

    def _table_of(self, key: str) -> str:
        return self.name if key.partition(".")[0] in WORDS.texts[self.name] else SHARED

    @property
    def read_again(self) -> str:
        """Where the lesson explains it."""
        return WORDS(f"{self.name}.read_again", notebook=WORDS.texts[self.name]["_notebook"])

    def takes(self, case: Case) -> bool:
        """Tell whether a question with many right answers accepts this one."""
        try:
            return bool(self.accepts(case))
        except _OTHER_FORM:
            return False

    def unknown(self, arguments: Arguments) -> str:
        """Say what a function is called with that does not know this; empty if it may be much."""
        if "called_with" not in WORDS.texts[self.name]:
            return ""
        return WORDS(f"{self.name}.called_with", given=arguments[0])

    def parts_of(self, value: Any) -> list[Any] | None:
        """Split what was returned into parts; None if there are not as many."""
        if len(self.parts) == 1:
            return [value]
        right = isinstance(value, (list, tuple)) and len(value) == len(self.parts)
        return list(value) if right else None

    def says(self, cause: Cause, case: Case) -> str:
        """Explain a cause that fits a case; a slot called `form` chooses one of several texts."""
        fits = cause.fits(case)
        slots = dict(fits) if isinstance(fits, Mapping) else {}
        form = slots.pop("form", "")
        return WORDS(f"{self._table_of(cause.text)}.{cause.text}.{form}".rstrip("."), **slots)


def cases(question: Question, rng: Random, telling: int = 4) -> list[Arguments]:
    """Draw the inputs that an answer is tried on: so many telling ones, then the special ones.

    The same seed gives the same inputs.
    """
    return [question.draw(rng) for _ in range(telling)] + question.edges(rng)
