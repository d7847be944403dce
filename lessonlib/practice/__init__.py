"""Practice: predictions, the concept inventory, checks that name the cause, and evidence."""

from importlib import import_module
from typing import TYPE_CHECKING

from lessonlib.practice.checking import check
from lessonlib.practice.judging import Verdict

if TYPE_CHECKING:
    from lessonlib.practice.concepts import inventory as inventory
    from lessonlib.practice.concepts import inventory_change as inventory_change
    from lessonlib.practice.concepts import recall as recall
    from lessonlib.practice.course import finish as finish
    from lessonlib.practice.course import mark_done as mark_done
    from lessonlib.practice.course import progress as progress
    from lessonlib.practice.covering import covered as covered
    from lessonlib.practice.evidence import EvidenceCard as EvidenceCard
    from lessonlib.practice.evidence import evidence_card as evidence_card
    from lessonlib.practice.handing_in import hand_in as hand_in
    from lessonlib.practice.predictions import predict as predict
    from lessonlib.practice.predictions import prediction_summary as prediction_summary
    from lessonlib.practice.predictions import reveal as reveal
    from lessonlib.practice.terms import glossary as glossary
    from lessonlib.practice.terms import term as term
    from lessonlib.practice.trying import try_it as try_it

# Loaded when first used: a grader's sandbox needs the checks and has none of what these need.
_HOME_OF = {
    "EvidenceCard": "lessonlib.practice.evidence",
    "covered": "lessonlib.practice.covering",
    "evidence_card": "lessonlib.practice.evidence",
    "finish": "lessonlib.practice.course",
    "glossary": "lessonlib.practice.terms",
    "hand_in": "lessonlib.practice.handing_in",
    "inventory": "lessonlib.practice.concepts",
    "inventory_change": "lessonlib.practice.concepts",
    "mark_done": "lessonlib.practice.course",
    "predict": "lessonlib.practice.predictions",
    "prediction_summary": "lessonlib.practice.predictions",
    "progress": "lessonlib.practice.course",
    "recall": "lessonlib.practice.concepts",
    "reveal": "lessonlib.practice.predictions",
    "term": "lessonlib.practice.terms",
    "try_it": "lessonlib.practice.trying",
}

__all__ = [*_HOME_OF, "Verdict", "check"]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
