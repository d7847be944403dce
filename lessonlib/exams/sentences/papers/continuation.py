"""Free continuation: write sentences from nothing; say the next word.

Visible: what has been written so far, nothing else. A sentence is valid if the language has it.
Guessing writes no valid sentence; for the next word it says how common every word is.
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

PRIMARY = "valid"
TOP_P = 0.98


def measure(
    student: Answering, language: Language, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Count valid sentences at temperature 1 and with top-p, and measure the next word.

    Parameters
    ----------
    student : Answering
        ``ways["writing", answer](count, rng, top_p)`` returns sentences as lists of ids;
        ``ways["next_word", answer](gaps)`` returns log-probabilities (gaps, words).
    language : Language
    size : int
        Number of sentences and of next words.
    rng : numpy.random.Generator

    Returns
    -------
    list of Measurement
    """
    found = []
    seed = int(rng.integers(2**31))
    for metric, top_p in (("valid", 1.0), ("valid_top_p", TOP_P)):
        for answer, write, passes in known_ways(student, "writing"):
            count = asked(answer, size)
            pages = write(count, np.random.default_rng(seed), top_p)
            valid = float(np.mean([_is_sentence(language, page) for page in pages]))
            found.append(Measurement(answer, metric, count, valid, 0.0, 1.0, passes() / count))
    gaps = questions.next_words(language, size, rng)
    truth = np.array([gap.missing[0] for gap in gaps])
    best = cross_entropy(oracle_log_probabilities(language, gaps), truth)
    chance = float(-word_log_probabilities(language)[truth].mean())
    for answer, say, passes in known_ways(student, "next_word"):
        raw = cross_entropy(say(gaps), truth)
        found.append(Measurement(answer, "cross_entropy", size, raw, chance, best, passes() / size))
    return found


def oracle_log_probabilities(language: Language, gaps: list[questions.Gap]) -> np.ndarray:
    """Answer next-word questions exactly, shape (gaps, words)."""
    vocabulary = language.vocabulary
    answers = np.full((len(gaps), vocabulary.words), -np.inf)
    for row, gap in zip(answers, gaps, strict=True):
        for word, probability in language.oracle.next_word(vocabulary.decode(gap.left)).items():
            row[vocabulary[word]] = np.log(probability)
    return answers


def _is_sentence(language: Language, page: list[int]) -> bool:
    return language.oracle.probability(language.vocabulary.decode(page)) > 0
