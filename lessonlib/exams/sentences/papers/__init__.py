"""The six abilities, one module each: the questions, who is asked what, and the scores.

Every module has ``measure(student, language, size, rng)``. It puts the same questions to every
student whose `ways` know the task, and returns one `Measurement` for each answer and metric; the
first metric is the primary one.
"""

from lessonlib.exams.sentences.papers import (
    blank,
    classification,
    continuation,
    matching,
    missing_span,
    rewriting,
)

ABILITIES = {
    "continuation": continuation,
    "blank": blank,
    "missing_span": missing_span,
    "matching": matching,
    "classification": classification,
    "rewriting": rewriting,
}
"""Name in the results -> module."""

PRIMARY = {ability: module.PRIMARY for ability, module in ABILITIES.items()}
"""The metric that stands in the matrix."""
