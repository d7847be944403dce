"""One blank: say the one word that is missing.

Visible: both sides, and that exactly one word is missing. Guessing says how common words are.
"""

import numpy as np

from lessonlib.exams.measurement import Measurement, asked, cross_entropy, share
from lessonlib.exams.sentences.candidates import TextCandidate
from lessonlib.exams.sentences.items import Gap, blanks
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.papers.guessing import word_log_probabilities


def measure(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Measure how often the first guess is right, and the cross-entropy."""
    language = candidate.language
    all_gaps = blanks(language, size, rng)
    all_best = oracle_log_probabilities(language, all_gaps)
    common = word_log_probabilities(language)
    first, second = [], []
    for answer, say, passes in candidate.known_ways("blank"):
        count = asked(answer, size)
        gaps, best = all_gaps[:count], all_best[:count]
        truth = np.array([gap.missing[0] for gap in gaps])
        said, cost = say(gaps), passes() / count
        right, lucky = share(said.argmax(axis=1) == truth), share(truth == common.argmax())
        most = share(best.argmax(axis=1) == truth)
        first.append(Measurement(answer, "top1", count, right, lucky, most, cost))
        costs = (cross_entropy(one, truth) for one in (said, np.tile(common, (count, 1)), best))
        second.append(Measurement(answer, "cross_entropy", count, *costs, cost))
    return first + second


def oracle_log_probabilities(language: Language, gaps: list[Gap]) -> np.ndarray:
    """Answer blanks exactly, shape (gaps, words)."""
    decode = language.vocabulary.decode
    sides = ((decode(gap.left), decode(gap.right)) for gap in gaps)
    return language.log_probabilities([language.oracle.blank(*both) for both in sides])
