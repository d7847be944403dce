"""Why the surprises: give a model the practice it lacked, and see what that costs elsewhere.

Masked LM continues badly, half of the time even when it is told the length: it has never seen a
sentence of which most is hidden. Trained at every rate it has. Span corruption cannot continue,
because no gap it has seen was as long as the rest of a sentence; with such gaps mixed in it has.
"""

from dataclasses import replace
from pathlib import Path

from lessonlib.exams.exam import Recipe, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.writers import EncoderDecoder
from lessonlib.exams.sentences.recipes import RECIPES, masked_at_every_rate, spans_and_endings
from lessonlib.exams.sentences.subject import SENTENCES

VARIANTS = {
    recipe.objective: recipe
    for recipe in (
        RECIPES["masked"],
        Recipe("masked at every rate", "encoder-only", EncoderOnly, masked_at_every_rate),
        RECIPES["span_corruption"],
        Recipe("spans and endings", "encoder-decoder", EncoderDecoder, spans_and_endings),
    )
}
QUESTIONS = {"continuation": 1000, "blank": 2000, "missing_span": 1000}
DRAW = 40  # the questions are others than those of the matrix


def jobs(size: Size) -> list[tuple]:
    """One job for each variant and seed."""
    return size.jobs(measure, VARIANTS)


def measure(variant: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train one variant and measure what it has practised and what it has not.

    Rows as in the matrix, with "variant" instead of the objective.
    """
    candidate = trained(VARIANTS[variant], SENTENCES, seed, steps, kept)
    return [
        {"variant": variant} | row
        for ability, count in QUESTIONS.items()
        for row in replace(SENTENCES.papers[ability], draw=DRAW).rows(candidate, count, seed)
    ]
