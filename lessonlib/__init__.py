"""A course that measures why the pretraining objective decides the model.

The names below are what the notebooks use most. Each is loaded from its module when it is first
used, so that ``import lessonlib`` stays instant and needs nothing but Python.
"""

import sys

from lessonlib.lazy import lazy

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

__getattr__, __dir__ = lazy(__name__, HOME_OF)


def _watch_the_notebook() -> None:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        from lessonlib.notebook import watch

        watch(shell)


_watch_the_notebook()
