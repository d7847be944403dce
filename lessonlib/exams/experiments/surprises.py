"""Why the surprises: give a model the practice it lacked, and see what that costs elsewhere.

Masked LM continues badly, half of the time even when it is told the length: it has never seen a
sentence of which most is hidden. Trained at every rate it has. Span corruption cannot continue,
because no gap it has seen was as long as the rest of a sentence; with such gaps mixed in it has.
"""

from pathlib import Path

from lessonlib.exams.exam import Plan, examine
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.cells import recipe
from lessonlib.exams.sentences.subject import QUESTIONS, SEEDS, SENTENCES

VARIANTS = ("masked", "masked_at_every_rate", "span_corruption", "spans_and_endings")
ABILITIES = ("continuation", "blank", "missing_span")


def jobs(size: Size) -> list[tuple]:
    """One job for each variant and seed."""
    return size.jobs(measure, VARIANTS, len(SEEDS))


def measure(variant: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train one variant and measure what it has practised and what it has not."""
    questions = {ability: QUESTIONS[ability] for ability in ABILITIES}
    plan = Plan(SENTENCES, (recipe(variant),), (seed,), steps, questions)
    return examine(recipe(variant), seed, plan, kept)
