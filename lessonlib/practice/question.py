"""What a question is: its inputs, its right answer, and the wrong ones we know."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from lessonlib.samples import Sample
from lessonlib.words import Words

Arguments = tuple[Any, ...]

WORDS = Words("causes")
SHARED = "any_question"  # where a cause has the same text for every question
# What a predicate may stumble over where a value has another form than the mistake could give it.
_OTHER_FORM = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


class Case:
    """What a function was called with and what it returned, each under its name.

    With a question's names ``case.tokens`` is an argument and ``case.labels`` a returned part. A
    part that did not come back is a LookupError; what the question does not have is a NameError,
    which nothing catches. `returned` lists the parts, or the value alone if it has not as many as
    were asked for; `names` is what they are called.
    """

    def __init__(self, question: "Question", arguments: Arguments, value: Any) -> None:
        parts = question.parts_of(value)
        self.arguments, self.value = arguments, value
        self.returned = [value] if parts is None else parts
        self.names = question.parts
        vars(self).update(zip(question.parameters, arguments, strict=False))
        vars(self).update(zip(question.parts, parts or (), strict=False))

    def __getattr__(self, name: str) -> Any:
        if name in vars(self).get("names", ()):
            raise LookupError(name)
        raise NameError(WORDS("no_such_name", name=name))


@dataclass(frozen=True)
class Cause:
    """A known way to get a question wrong.

    A cause is a guess about the code, and one wrong value can have many causes. So it is named
    only if it fits all that the function returned, where it was right as well: whoever stops after
    the first position cannot be right where there are two.

    Attributes
    ----------
    name : str
        Its stable short name.
    fits : callable
        ``fits(case)`` tells whether an answer with this mistake returns what the case holds. Where
        the mistake makes no difference it fits right parts, too. It may expect parts of the right
        form: one that fails on them does not fit.
    text : str
        The key of its text in ``causes.toml``, below the question's name; its own name if empty.
    slots : callable, optional
        ``slots(case)`` fills the slots of the text. A slot called `form` chooses one of several.
    whole : bool
        Whether it is about what was returned as a whole, however many parts that has.
    about_python : bool
        Whether it is a slip in Python, which the lesson does not explain.
    seen : bool
        Whether the text says no more than what can be seen in one returned value, so that it is
        true whatever the function returns elsewhere.
    may_be_right : bool
        Whether right parts fit as well, whatever was asked: who looks for a word often finds the
        right one.
    """

    name: str
    fits: Callable[[Case], object]
    text: str = ""
    slots: Callable[[Case], Mapping[str, Any]] | None = None
    whole: bool = False
    about_python: bool = False
    seen: bool = False
    may_be_right: bool = False

    def explains(self, case: Case) -> bool:
        """Tell whether the cause fits; it does not where it could never have made such values."""
        try:
            return bool(self.fits(case))
        except _OTHER_FORM:
            return False


def seen(name: str, fits: Callable[[Case], object], **more: Any) -> Cause:
    """Make a cause whose text says no more than what can be seen in one returned value."""
    return Cause(name, fits, seen=True, **more)


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
    causes : tuple of Cause
        The known ways to get it wrong, the more specific before the more general.
    as_sample : callable or None
        ``as_sample(case)`` makes a sample to draw from what a learner returned, or fails where it
        cannot be drawn.
    """

    reference: Callable[..., Any]
    parts: tuple[str, ...]
    draw: Callable[[Random], Arguments]
    edges: Callable[[Random], list[Arguments]]
    causes: tuple[Cause, ...]
    as_sample: Callable[[Case], Sample] | None = None

    @cached_property
    def name(self) -> str:
        """Its name, which is that of the function to write."""
        return self.reference.__name__

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def read_again(self) -> str:
        """Where the lesson explains it."""
        return WORDS(f"{self.name}.read_again", notebook=WORDS.texts[self.name]["_notebook"])

    def parts_of(self, value: Any) -> list[Any] | None:
        """Split what was returned into parts; None if there are not as many."""
        if len(self.parts) == 1:
            return [value]
        right = isinstance(value, (list, tuple)) and len(value) == len(self.parts)
        return list(value) if right else None

    def says(self, cause: Cause, case: Case) -> str:
        """Explain a cause that fits a case."""
        slots = dict(cause.slots(case)) if cause.slots else {}
        text = cause.text or cause.name
        table = self.name if text in WORDS.texts[self.name] else SHARED
        return WORDS(".".join(filter(None, [table, text, slots.pop("form", "")])), **slots)


def cases(question: Question, rng: Random, telling: int = 4) -> list[Arguments]:
    """Draw the inputs that an answer is tried on: so many telling ones, then the special ones.

    The same seed gives the same inputs.
    """
    return [question.draw(rng) for _ in range(telling)] + question.edges(rng)
