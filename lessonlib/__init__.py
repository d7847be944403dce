"""A course that measures why the pretraining objective decides the model.

The names below are what the notebooks use most. Each is loaded from its module when it is first
used, so that ``import lessonlib`` stays instant and needs nothing but Python.
"""

import sys

__version__ = "0.1.0"

HOME_OF = {
    "EvidenceCard": "practice.evidence",
    "Sample": "samples",
    "build_causal_example": "samples",
    "build_masked_example": "samples",
    "build_span_corruption": "samples",
    "calibration": "practice.calibration",
    "check": "practice.checking",
    "covered": "practice.covering",
    "evidence_card": "practice.evidence",
    "explore": "views",
    "finish": "practice.handing_in",
    "for_my_class": "practice.for_class",
    "glossary": "practice.terms",
    "hand_in": "practice.handing_in",
    "inventory": "practice.forms",
    "inventory_change": "practice.concepts",
    "mark_done": "practice.course",
    "neighbours_table": "practice.own_row",
    "predict": "practice.forms",
    "prediction_summary": "practice.predictions",
    "progress": "practice.course",
    "recall": "practice.forms",
    "reveal": "practice.predictions",
    "show": "views",
    "term": "practice.terms",
    "train_own": "practice.own_row",
    "try_it": "practice.trying",
}

__all__ = [*HOME_OF, "__version__"]


def __getattr__(name: str) -> object:
    if name not in HOME_OF:
        raise AttributeError(f"module 'lessonlib' has no attribute {name!r}")
    from importlib import import_module  # a command has left the folder it was started in by now

    value = getattr(import_module(f"lessonlib.{HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *HOME_OF})


def _watch_the_notebook() -> None:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        from lessonlib.notebook import watch

        watch(shell)


_watch_the_notebook()
