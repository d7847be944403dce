"""Practice: predictions, the concept inventory, checks that name the cause, and evidence.

What ``lessonlib`` itself offers of this room is here as well, loaded when it is first used: a
grader's sandbox needs the checks and has none of what the rest needs.
"""

import lessonlib
from lessonlib.practice.checking import check
from lessonlib.practice.judging import Verdict

_LAZY = {name for name, home in lessonlib.HOME_OF.items() if home.startswith("practice.")}

__all__ = ["Verdict", "check", *sorted(_LAZY - {"check"})]


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"{__name__}.{name}")
    return getattr(lessonlib, name)
