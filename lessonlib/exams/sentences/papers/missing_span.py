"""A missing stretch of unknown length: write exactly the words that are missing.

Visible: both sides, and that one to five words are missing. Guessing says the commonest stretch.
"""

import numpy as np

from lessonlib.exams.measurement import Measurement, asked, share
from lessonlib.exams.sentences.candidates import TextCandidate
from lessonlib.exams.sentences.items import LONGEST_STRETCH, SHORTEST_STRETCH, Gap, stretches
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.papers.guessing import commonest_stretch


def measure(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Count the stretches that are restored word for word."""
    language = candidate.language
    all_gaps = stretches(language, size, rng)
    all_best = oracle_answers(language, all_gaps)
    found = []
    for answer, write, passes in candidate.known_ways("missing_span"):
        count = asked(answer, size)
        gaps = all_gaps[:count]
        pages = write(gaps), [commonest_stretch(language)] * count, all_best[:count]
        right = (exact(some, [gap.missing for gap in gaps]) for some in pages)
        found.append(Measurement(answer, "exact", count, *right, passes() / count))
    return found


def oracle_answers(language: Language, gaps: list[Gap]) -> list[list[int]]:
    """Return the likeliest stretch for every gap; all lengths were equally likely to be asked."""
    vocabulary = language.vocabulary
    lengths = dict.fromkeys(range(SHORTEST_STRETCH, LONGEST_STRETCH + 1), 1.0)
    answers = []
    for gap in gaps:
        sides = vocabulary.decode(gap.left), vocabulary.decode(gap.right)
        likeliest = next(iter(language.oracle.stretch(*sides, lengths)))
        answers.append(vocabulary.encode(likeliest))
    return answers


def exact(pages: list, wanted: list) -> float:
    """Share of the pages that are what was wanted, word for word."""
    return share([list(page) == list(right) for page, right in zip(pages, wanted, strict=True)])
