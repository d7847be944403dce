"""Cheap features, to compare frozen ones with."""

import numpy as np

from lessonlib.exams.vocabulary import Language


def bag_of_words(language: Language, sentences: list[list[int]]) -> np.ndarray:
    """Count every word of every sentence: all that a sentence says without its order."""
    counts = np.zeros((len(sentences), language.vocabulary.words))
    for row, sentence in zip(counts, sentences, strict=True):
        np.add.at(row, sentence, 1)
    return counts
