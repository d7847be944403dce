"""What can be reached by knowing how common words and stretches are, and nothing else."""

from collections import Counter
from functools import cache

import numpy as np

from lessonlib.exams.sentences.items import stretches
from lessonlib.exams.sentences.language import Language

STRETCHES_LOOKED_AT = 20_000


@cache
def word_log_probabilities(language: Language) -> np.ndarray:
    """Log-probability of every word at a place chosen at random (the unigram model)."""
    mass = np.array([sentence.probability for sentence in language.world.sentences])
    per_place = np.repeat(mass / language.lengths, language.lengths)
    words = language.ids[np.arange(language.ids.shape[1]) < language.lengths[:, None]]
    return np.log(np.bincount(words, weights=per_place, minlength=language.vocabulary.words))


@cache
def commonest_stretch(language: Language) -> tuple[int, ...]:
    """Return the stretch that is missing most often."""
    seen = stretches(language, STRETCHES_LOOKED_AT, np.random.default_rng(0))
    return Counter(tuple(gap.missing) for gap in seen).most_common(1)[0][0]
