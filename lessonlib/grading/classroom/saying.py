"""How a class is spoken of: counts next to shares, shares with intervals, causes by a title."""

import re

from lessonlib.grading.classroom.figures import Interval
from lessonlib.grading.paper.words import WORDS
from lessonlib.words import Words

TITLES = Words("titles")
_WITH_A_NAME = {
    "raised": re.compile(r"raised_(\w+)"),
    "of_wrong_type": re.compile(r"(\w+)_of_wrong_type"),
    "of_wrong_length": re.compile(r"(\w+)_of_wrong_length"),
    "wrong": re.compile(r"(\w+)_wrong"),
}


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


def called(question: str, cause: str) -> str:
    """Say a cause in a teacher's words; one that nobody has given words is called by its name."""
    for table in (question, "any"):
        if cause in (titles := TITLES.texts.get(table, {})):
            return titles[cause]
    for key, pattern in _WITH_A_NAME.items():
        if found := pattern.fullmatch(cause):
            return TITLES(f"named.{key}", name=found[1])
    return cause
