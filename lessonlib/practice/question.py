"""What a coding question is: its inputs, its right answer, and the wrong ones we know."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from lessonlib.samples import Sample

Arguments = tuple[Any, ...]


@dataclass(frozen=True)
class Cause:
    """A known way to get a question wrong.

    A cause is a guess about the code, and one wrong value can have many causes. So it is named
    only if it fits all that the function returned, where it was right as well: whoever stops after
    the first position cannot be right where there are two.

    Attributes
    ----------
    name : str
        The cause's stable short name.
    fits : callable
        ``fits(*arguments, *parts)`` tells whether an answer with this mistake returns these parts.
        Where the mistake makes no difference it fits the right parts, too. It may expect parts of
        the right type: one that fails on them does not fit.
    explanation : str or callable
        The misconception in a sentence or two, said to the learner; or a function of what `fits`
        gets that says it with the case's own words and numbers.
    whole : bool
        Whether ``fits`` takes what was returned as a whole, however many parts it has.
    about_python : bool
        Whether it is a slip in Python, which the lesson does not explain.
    seen : bool
        Whether the explanation says no more than what can be seen in one returned value, so that
        it is true whatever the function returns elsewhere.
    may_be_right : bool
        Whether right parts fit as well, whatever was asked: who looks for a word often finds the
        right one.
    """

    name: str
    fits: Callable[..., bool]
    explanation: str | Callable[..., str]
    whole: bool = False
    about_python: bool = False
    seen: bool = False
    may_be_right: bool = False

    def explains(self, *values: Any) -> bool:
        """Tell whether the cause fits.

        Parameters
        ----------
        *values : object
            The arguments and what was returned.

        Returns
        -------
        bool
            False also where the values are none that the cause could have made.
        """
        try:
            return bool(self.fits(*values))
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            return False

    def said_of(self, *values: Any) -> str:
        """Explain the cause if it fits.

        Parameters
        ----------
        *values : object
            The arguments and what was returned.

        Returns
        -------
        str
            The explanation; empty if the cause does not fit.
        """
        if not self.explains(*values):
            return ""
        return self.explanation if isinstance(self.explanation, str) else self.explanation(*values)


@dataclass(frozen=True)
class Question:
    """A coding question, for the notebook's check and for the grader alike.

    Attributes
    ----------
    name : str
        The question's name, which is that of the function to write.
    parameters : tuple of str
        The names of the function's parameters.
    parts : tuple of str
        The names of what it returns: one name for one value, several for a tuple.
    reference : callable
        A right answer.
    draw : callable
        ``draw(rng)`` gives a telling list of arguments: plain data, without dictionaries.
    edges : callable
        ``edges(rng)`` gives the arguments that are special in some way.
    causes : tuple of Cause
        The known ways to get it wrong, the more specific before the more general.
    read_again : str
        Where the lesson explains it.
    as_sample : callable or None
        ``as_sample(*arguments, *parts)`` makes a sample to draw from what a learner returned, or
        fails where it cannot be drawn.
    """

    name: str
    parameters: tuple[str, ...]
    parts: tuple[str, ...]
    reference: Callable[..., Any]
    draw: Callable[[Random], Arguments]
    edges: Callable[[Random], list[Arguments]]
    causes: tuple[Cause, ...]
    read_again: str
    as_sample: Callable[..., Sample] | None = None


def cases(question: Question, rng: Random, telling: int = 4) -> list[Arguments]:
    """Draw the inputs that an answer is tried on.

    Parameters
    ----------
    question : Question
        The question.
    rng : random.Random
        Where the choices come from: the same seed gives the same inputs.
    telling : int
        How many telling inputs come before the special ones.

    Returns
    -------
    list of tuple
        Positional arguments, the most telling first.
    """
    return [question.draw(rng) for _ in range(telling)] + question.edges(rng)
