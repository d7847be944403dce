"""Causes of wrong numbers: formulas that somebody could take for the right one."""

from collections.abc import Callable

from lessonlib.practice.question import Case, Cause


def close(one: object, other: float, tolerance: float = 1e-6) -> bool:
    """Tell whether something is a number near another one."""
    return isinstance(one, (int, float)) and abs(one - other) < tolerance


def wrong_formula(name: str, formula: Callable[[Case], float]) -> Cause:
    """Make the cause of a number that is what a formula makes of the arguments."""

    def fits(case: Case) -> bool:
        try:
            return close(case.value, formula(case))
        except ArithmeticError:  # here the answer must do something else, whatever its formula
            return True

    return Cause(name, fits)
