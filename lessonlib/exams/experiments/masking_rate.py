"""The masking rate: how much a masked LM should hide.

BERT hides 15 % of the words, and nobody had to. More hidden words are more answers a text, with
less in view. Each rate is asked about one blank, which is nearest to what the lowest rates have
practised; about a stretch of one to five words; and, after tuning on 32 examples, who gives, where
nothing is hidden at all. The tuning has one learning rate for all. Source of the question: Wettig
et al. 2023, "Should You Mask 15% in Masked Language Modeling?".
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from lessonlib.exams.exam import Recipe, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.fine_tuning import RATES, tuned
from lessonlib.exams.experiments.search import best_rate
from lessonlib.exams.measurement import Row
from lessonlib.exams.sentences import hiding
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.cells import variant
from lessonlib.exams.sentences.subject import CROSSED, SEEDS

HIDDEN_RATES = (0.05, 0.15, 0.3, 0.4, 0.6, 0.8)
STEPS = 750
LEARNING_RATES = (2e-3, 4e-3)  # the best of 15 % and of all rates; each rate has the better one
QUESTIONS = {"blank": 500, "missing_span": 300}
EXAMPLES = 32  # of the tuning
TUNING_RATE = RATES[1]


def recipe_at(rate: float) -> Recipe:
    """Return masked LM that hides each word with this chance."""
    rule = partial(hiding.each_word, rate=rate)
    return variant("masked", partial(hiding.in_place, rule, bert=True), rate=rate)


def jobs(size: Size) -> list[tuple]:
    """One job for each rate and seed."""
    return [
        size.job(measure, rate, seed, size.steps(STEPS))
        for seed in size.seeds(len(SEEDS))
        for rate in HIDDEN_RATES
    ]


def measure(rate: float, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train at one rate and ask; rows have "rate", and "examples" after tuning."""
    recipe, subject = recipe_at(rate), replace(CROSSED, name=f"masked at {rate:g}")
    recipe = replace(recipe, learning_rate=best_rate(recipe, subject, steps, kept, LEARNING_RATES))
    candidate = trained(recipe, subject, seed, steps, kept)
    about = described(recipe, candidate) | {"rate": rate, "seed": seed}
    rows = [
        about | row
        for ability, count in QUESTIONS.items()
        for row in CROSSED.papers[ability].rows(candidate, count, seed)
    ]
    return rows + [about | row for row in who_gives(candidate, seed)]


def who_gives(candidate: TextCandidate, seed: int) -> Iterator[Row]:
    """Ask who gives, after tuning all weights on a few examples."""
    told = {"ability": "who_gives", "examples": EXAMPLES}
    for meanings, found in tuned(candidate.model, "classification", EXAMPLES, seed, TUNING_RATE):
        yield found.row(**told, meanings=meanings)
