"""What all students have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lessonlib.exams.sentences.candidates.pairs import Pair, PairLearner
from lessonlib.exams.sentences.items import Gap
from lessonlib.exams.sentences.reader import Log, Reader, Rows
from lessonlib.exams.vocabulary import Language
from lessonlib.models import Transformer

DRAFTS = 32
"""How many drafts a work-around writes before it chooses one."""


class Student(ABC):
    """A trained model together with the ways in which it can answer.

    Parameters
    ----------
    model : Transformer
    language : Language
    """

    def __init__(self, model: Transformer, language: Language) -> None:
        self.language = language
        self.vocabulary = language.vocabulary
        self.reader = Reader(model, language)

    @property
    @abstractmethod
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer); a pair that is absent has no known way."""

    @property
    def passes(self) -> int:
        """Forward passes so far."""
        return self.reader.passes

    def rewrite(self, pairs: Sequence[Pair], sources: Rows, steps: int, seed: int) -> Rows:
        """Learn from the pairs, then write the second text for each source."""
        learner = self.learner()
        learner.practise(pairs, steps, seed)
        pages = learner.write(sources)
        self.reader.passes += learner.passes
        return pages

    def never_pretrained(self) -> "Student":
        """Return a student of the same kind whose model has practised nothing."""
        blank = Transformer(self.reader.model.config, np.random.default_rng(0))
        return type(self)(blank, self.language)

    def learner(self) -> PairLearner:
        """Return a copy of the model that can learn from pairs."""
        return PairLearner(self.reader.model, self.language)

    def over_words(self, log_probabilities: Log) -> Log:
        """Keep the ordinary words only, so that special tokens cost nobody anything."""
        words = log_probabilities[:, : self.vocabulary.words]
        return words - np.logaddexp.reduce(words, axis=1, keepdims=True)

    def best_draft(
        self, gaps: Sequence[Gap], drafts: Sequence[Rows], scores: Callable[[list], np.ndarray]
    ) -> list[list[int]]:
        """Choose for each gap the draft to which the model gives the highest score.

        Parameters
        ----------
        gaps : sequence of Gap
        drafts : sequence of sequences of token ids
            Candidates for each gap; each counts once.
        scores : callable
            From a list of (gap, draft) to one number each.
        """
        different = [sorted({tuple(draft) for draft in found if len(draft)}) for found in drafts]
        pairs = [
            (gap, list(draft))
            for gap, found in zip(gaps, different, strict=True)
            for draft in found
        ]
        marks = np.split(scores(pairs), np.cumsum([len(found) for found in different])[:-1])
        return [
            list(found[int(np.argmax(mark))]) if found else []
            for found, mark in zip(different, marks, strict=True)
        ]

    def pooled(
        self, states: Mapping[str, np.ndarray], lengths: np.ndarray, skip: int = 0
    ) -> dict[str, np.ndarray]:
        """One vector per sentence from the states of its words, in every simple way.

        Parameters
        ----------
        states : mapping of str to ndarray, shape (rows, longest, width)
        lengths : ndarray of int
        skip : int
            Tokens at the start that are no words.

        Returns
        -------
        dict
            "layer, mean", "layer, max" and "layer, last" for each layer.
        """
        found = {}
        position = np.arange(next(iter(states.values())).shape[1])
        inside = ((position >= skip) & (position < lengths[:, None])).astype(float)
        last = lengths - 1
        for layer, values in states.items():
            found[f"{layer}, mean"] = np.einsum(
                "npd,np->nd", values, inside / inside.sum(axis=1)[:, None]
            )
            found[f"{layer}, max"] = np.where(inside[:, :, None] > 0, values, -np.inf).max(axis=1)
            found[f"{layer}, last"] = values[np.arange(len(values)), last]
        return found
