"""Causes of wrong numbers: formulas that somebody could take for the right one."""

from collections.abc import Callable
from typing import Any

from lessonlib.practice.question import Cause


def close(one: object, other: float, tolerance: float = 1e-6) -> bool:
    """Tell whether something is a number near another one."""
    return isinstance(one, (int, float)) and abs(one - other) < tolerance


def gives(formula: Callable[..., float]) -> Callable[..., bool]:
    """Fit where the returned number is what a formula makes of the arguments."""

    def fits(*values: Any) -> bool:
        *arguments, number = values
        try:
            return close(number, formula(*arguments))
        except ArithmeticError:  # here the answer must do something else, whatever its formula
            return True

    return fits


def wrong_formula(name: str, formula: Callable[..., float], explanation: str) -> Cause:
    """Make a cause of a wrong formula."""
    return Cause(name, gives(formula), explanation)
