"""Free continuation: write sentences from nothing; say the next word.

Visible: what has been written so far, nothing else. A sentence is valid if the language has it.
Guessing writes no valid sentence; for the next word it says how common every word is.
"""

import numpy as np

from lessonlib.exams.measurement import Measurement, asked, cross_entropy, share
from lessonlib.exams.sentences.candidates import TextCandidate
from lessonlib.exams.sentences.items import Gap, next_words
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.papers.guessing import word_log_probabilities

TOP_P = 0.98


def measure(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Count valid sentences at temperature 1 and with top-p, and measure the next word."""
    language = candidate.language
    found = []
    seed = int(rng.integers(2**31))
    for metric, top_p in (("valid", 1.0), ("valid_top_p", TOP_P)):
        for answer, write, passes in candidate.known_ways("writing"):
            count = asked(answer, size)
            pages = write(count, np.random.default_rng(seed), top_p)
            valid = share([language.parse(page) is not None for page in pages])
            found.append(Measurement(answer, metric, count, valid, 0.0, 1.0, passes() / count))
    gaps = next_words(language, size, rng)
    truth = np.array([gap.missing[0] for gap in gaps])
    best = cross_entropy(oracle_log_probabilities(language, gaps), truth)
    chance = float(-word_log_probabilities(language)[truth].mean())
    for answer, say, passes in candidate.known_ways("next_word"):
        raw = cross_entropy(say(gaps), truth)
        found.append(Measurement(answer, "cross_entropy", size, raw, chance, best, passes() / size))
    return found


def oracle_log_probabilities(language: Language, gaps: list[Gap]) -> np.ndarray:
    """Answer next-word questions exactly, shape (gaps, words)."""
    lefts = (language.vocabulary.decode(gap.left) for gap in gaps)
    return language.log_probabilities([language.oracle.next_word(left) for left in lefts])
