"""How numbers of a class are said: counts next to shares, shares with their intervals."""

from lessonlib.grading.classroom.figures import Interval
from lessonlib.grading.paper.words import WORDS


def said(key: str, **slots: object) -> str:
    """Say one of the texts about a class."""
    return WORDS(f"class.{key}", **slots)


def percent(share: float) -> str:
    """Return a share in whole percents."""
    return f"{100 * share:.0f}"


def percents(interval: Interval) -> dict[str, str]:
    """Return a share and its bounds in percents, as texts have slots for them."""
    bounds = {"share": interval.value, "low": interval.low, "high": interval.high}
    return {name: percent(value) for name, value in bounds.items()}


def some(count: int, whole: int) -> str:
    """Say how many of how many, also as a share."""
    if not whole:
        return f"{count}"
    return said("some", count=count, share=percent(count / whole))
