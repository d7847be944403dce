"""A course that measures why the pretraining objective decides the model.

The names below are what the notebooks use most. Each is loaded from its module when it is first
used, so that ``import lessonlib`` stays instant and needs nothing but Python.
"""

import sys
from importlib import import_module

__version__ = "0.1.0"

_HOME_OF = {
    "EvidenceCard": "lessonlib.practice",
    "Sample": "lessonlib.samples",
    "build_causal_example": "lessonlib.samples",
    "build_masked_example": "lessonlib.samples",
    "build_span_corruption": "lessonlib.samples",
    "check": "lessonlib.practice",
    "covered": "lessonlib.practice",
    "evidence_card": "lessonlib.practice",
    "explore": "lessonlib.views",
    "finish": "lessonlib.practice",
    "glossary": "lessonlib.practice",
    "hand_in": "lessonlib.practice",
    "inventory": "lessonlib.practice",
    "inventory_change": "lessonlib.practice",
    "mark_done": "lessonlib.practice",
    "predict": "lessonlib.practice",
    "prediction_summary": "lessonlib.practice",
    "progress": "lessonlib.practice",
    "recall": "lessonlib.practice",
    "reveal": "lessonlib.practice",
    "show": "lessonlib.views",
    "term": "lessonlib.practice",
}

__all__ = [*_HOME_OF, "__version__"]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'lessonlib' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})


def _watch_the_notebook() -> None:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        from lessonlib.notebook import watch

        watch(shell)


_watch_the_notebook()
