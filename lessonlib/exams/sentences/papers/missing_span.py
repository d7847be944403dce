"""A missing stretch of unknown length: write exactly the words that are missing.

Visible: both sides, and that one to five words are missing. Guessing says the commonest stretch.
"""

import numpy as np

from lessonlib.exams.measurement import Answering, Measurement, asked, known_ways
from lessonlib.exams.sentences import items as questions
from lessonlib.exams.sentences.papers.guessing import commonest_stretch
from lessonlib.exams.vocabulary import Language

PRIMARY = "exact"


def measure(
    student: Answering, language: Language, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Count the stretches that are restored word for word.

    Parameters
    ----------
    student : Answering
        ``ways["missing_span", answer](gaps)`` returns stretches as lists of ids.
    language : Language
    size : int
        Number of stretches.
    rng : numpy.random.Generator

    Returns
    -------
    list of Measurement
    """
    all_gaps = questions.stretches(language, size, rng)
    all_best = oracle_answers(language, all_gaps)
    found = []
    for answer, write, passes in known_ways(student, "missing_span"):
        count = asked(answer, size)
        gaps = all_gaps[:count]
        chance = _right([commonest_stretch(language)] * count, gaps)
        best = _right(all_best[:count], gaps)
        raw = _right(write(gaps), gaps)
        found.append(Measurement(answer, "exact", count, raw, chance, best, passes() / count))
    return found


def oracle_answers(language: Language, gaps: list[questions.Gap]) -> list[list[int]]:
    """Return the likeliest stretch for every gap; all lengths were equally likely to be asked."""
    vocabulary = language.vocabulary
    lengths = dict.fromkeys(range(questions.SHORTEST_STRETCH, questions.LONGEST_STRETCH + 1), 1.0)
    answers = []
    for gap in gaps:
        sides = vocabulary.decode(gap.left), vocabulary.decode(gap.right)
        likeliest = next(iter(language.oracle.stretch(*sides, lengths)))
        answers.append(vocabulary.encode(likeliest))
    return answers


def _right(stretches: list, gaps: list[questions.Gap]) -> float:
    return float(
        np.mean([list(said) == gap.missing for said, gap in zip(stretches, gaps, strict=True)])
    )
