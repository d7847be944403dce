"""One blank: say the one word that is missing.

Visible: both sides, and that exactly one word is missing. Guessing says how common words are.
"""

import numpy as np

from lessonlib.exams.measurement import (
    Answering,
    Measurement,
    asked,
    cross_entropy,
    known_ways,
)
from lessonlib.exams.sentences import items as questions
from lessonlib.exams.sentences.papers.guessing import word_log_probabilities
from lessonlib.exams.vocabulary import Language

PRIMARY = "top1"


def measure(
    student: Answering, language: Language, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Measure how often the first guess is right, and the cross-entropy.

    Parameters
    ----------
    student : Answering
        ``ways["blank", answer](gaps)`` returns log-probabilities (gaps, words).
    language : Language
    size : int
        Number of blanks.
    rng : numpy.random.Generator

    Returns
    -------
    list of Measurement
    """
    all_gaps = questions.blanks(language, size, rng)
    all_best = oracle_log_probabilities(language, all_gaps)
    common = word_log_probabilities(language)
    found = []
    for answer, say, passes in known_ways(student, "blank"):
        count = asked(answer, size)
        gaps, best = all_gaps[:count], all_best[:count]
        truth = np.array([gap.missing[0] for gap in gaps])
        said, cost = say(gaps), passes() / count
        found += [
            Measurement(
                answer,
                "top1",
                count,
                _right(said, truth),
                float(np.mean(truth == common.argmax())),
                _right(best, truth),
                cost,
            ),
            Measurement(
                answer,
                "cross_entropy",
                count,
                cross_entropy(said, truth),
                float(-common[truth].mean()),
                cross_entropy(best, truth),
                cost,
            ),
        ]
    return sorted(found, key=lambda one: one.metric != PRIMARY)


def oracle_log_probabilities(language: Language, gaps: list[questions.Gap]) -> np.ndarray:
    """Answer blanks exactly, shape (gaps, words)."""
    vocabulary = language.vocabulary
    answers = np.full((len(gaps), vocabulary.words), -np.inf)
    for row, gap in zip(answers, gaps, strict=True):
        sides = vocabulary.decode(gap.left), vocabulary.decode(gap.right)
        for word, probability in language.oracle.blank(*sides).items():
            row[vocabulary[word]] = np.log(probability)
    return answers


def _right(log_probabilities: np.ndarray, truth: np.ndarray) -> float:
    return float(np.mean(log_probabilities.argmax(axis=1) == truth))
