"""A cheap candidate, to compare those with that have learned features."""

import numpy as np

from lessonlib.exams.candidate import Candidate


class BagOfWords(Candidate):
    """Counts every word of every sentence: all that a sentence says without its order."""

    name = "bag of words"

    def __init__(self, other: Candidate) -> None:
        self.language = other.language
        self.ways = {("features", "native"): self._count}

    def _count(self, sentences: list[list[int]]) -> dict[str, np.ndarray]:
        self.passes += len(sentences)
        counts = np.zeros((len(sentences), self.language.vocabulary.words))
        for row, sentence in zip(counts, sentences, strict=True):
            np.add.at(row, sentence, 1)
        return {self.name: counts}
