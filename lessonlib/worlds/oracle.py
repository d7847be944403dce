"""The answer key of an enumerable language: exact answers, by adding up whole sentences.

TypeError if sentences are not sequences of strings, ValueError if no sentence fits a question.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

import numpy as np

from lessonlib import checks
from lessonlib.words import Words

WORDS = Words("worlds")

Text = Sequence[str]


class Oracle:
    """Exact probabilities for a language given as all its sentences.

    Every answer is a sum over the sentences that match the question. Sentences are kept in
    dictionary order, read forwards and read backwards; those with a given beginning or a given
    end are then neighbours, so a question looks at few of them. Each sentence is given once, and
    the probabilities sum to one. A sentence with probability 0 answers no question.
    """

    def __init__(self, sentences: Sequence[Text], probabilities: Sequence[float]) -> None:
        mass = np.asarray(probabilities, dtype=float)
        if len(sentences) != len(mass) or not len(mass):
            sizes = {"sentences": len(sentences), "probabilities": len(mass)}
            raise ValueError(WORDS("oracle.lengths", **sizes))
        if (mass < 0).any() or not np.isclose(mass.sum(), 1, rtol=0, atol=1e-9):
            raise ValueError(WORDS("oracle.no_distribution", sum=mass.sum()))
        sentences = [
            checks.tokens(sentence, 0, f"sentences[{number}]")
            for number, sentence in enumerate(sentences)
        ]
        self.words = sorted({word for sentence in sentences for word in sentence})
        self._id = {word: number for number, word in enumerate(self.words)}
        lengths = np.array([len(sentence) for sentence in sentences])
        if not lengths.all():
            raise ValueError(WORDS("oracle.empty"))
        ids = np.full((len(sentences), lengths.max()), -1, dtype=np.int16)
        for row, sentence in zip(ids, sentences, strict=True):
            row[: len(sentence)] = [self._id[word] for word in sentence]
        order = np.lexsort(ids.T[::-1])
        self._ids, self._lengths, self._mass = ids[order], lengths[order], mass[order]
        if (self._ids[1:] == self._ids[:-1]).all(axis=1).any():
            raise ValueError(WORDS("oracle.twice"))
        backwards = np.full_like(self._ids, -1)
        for length in np.unique(lengths):
            rows = self._lengths == length
            backwards[rows, :length] = self._ids[rows, :length][:, ::-1]
        backward_order = np.lexsort(backwards.T[::-1])
        self._backwards = backwards[backward_order]
        self._backward_rank = np.argsort(backward_order)

    def probability(self, sentence: Text) -> float:
        """Probability of a whole sentence; zero if the language does not have it."""
        sentence = checks.tokens(sentence, 0, "sentence")
        if not all(word in self._id for word in sentence):
            return 0.0
        first, last = _neighbours(self._ids, self._numbers(sentence))
        rows = np.arange(first, last)[self._lengths[first:last] == len(sentence)]
        return float(self._mass[rows].sum())

    def next_word(self, prefix: Text) -> dict[str, float]:
        """Distribution of the word after `prefix`, likeliest first.

        After a complete sentence comes nothing: that is an error, like any other impossible prefix.
        """
        prefix = checks.tokens(prefix, 0, "prefix")
        rows = self._matching(prefix, [])
        rows = rows[self._lengths[rows] > len(prefix)]
        if not len(rows):
            _refuse("no_continuation", words=" ".join(prefix))
        return self._distribution(rows, len(prefix))

    def blank(self, left: Text, right: Text) -> dict[str, float]:
        """Distribution of the one word between `left` and `right`, likeliest first."""
        left, right = checks.tokens(left, 0, "left"), checks.tokens(right, 0, "right")
        return self.blanks([*left, None, *right])[0]

    def blanks(self, sentence: Sequence[str | None]) -> list[dict[str, float]]:
        """Distribution of each blank when all of them are asked at once, given the visible words.

        A blank is None among the words of `sentence`; one word belongs in each.
        """
        rows, blanks = self._fitting(sentence)
        return [self._distribution(rows, blank) for blank in blanks]

    def stretch(
        self, left: Text, right: Text, lengths: Mapping[int, float] | None = None
    ) -> dict[tuple[str, ...], float]:
        """Distribution of a missing stretch of one or more words, its length not known.

        How the question was made matters: a sentence is a likely answer if it is likely *and*
        likely to have been turned into this question. The law assumed here: first the number of
        missing words is drawn, with the probabilities `lengths` or else all equally likely, then
        one of the places where so many words fit, all equally likely. What is left of a sentence
        always has ``len(left) + len(right)`` words, so each sentence that fits had equally many
        places, and only the law of the length remains. Stretches are tuples, likeliest first.
        """
        left, right = checks.tokens(left, 0, "left"), checks.tokens(right, 0, "right")
        rows = self._matching(left, right)
        missing = self._lengths[rows] - len(left) - len(right)
        mass = np.where(missing > 0, self._mass[rows], 0.0)
        if lengths is not None:
            mass = mass * [lengths.get(int(number), 0.0) for number in missing]
        rows, mass = rows[mass > 0], mass[mass > 0]
        if not len(rows):
            _refuse("no_fit", words=" ".join([*left, "...", *right]))
        stretches = (
            self._spelled(row, range(len(left), self._lengths[row] - len(right))) for row in rows
        )
        return _sorted_sum(stretches, mass / mass.sum())

    def _fitting(self, sentence: Sequence[str | None]) -> tuple[np.ndarray, list[int]]:
        listed = checks.members(sentence, "sentence", WORDS("oracle.wanted"))
        shown = checks.tokens(["___" if word is None else word for word in listed], 0, "sentence")
        blanks = [position for position, word in enumerate(listed) if word is None]
        if not blanks:
            raise ValueError(WORDS("oracle.no_blank"))
        rows = self._matching(listed[: blanks[0]], listed[blanks[-1] + 1 :])
        rows = rows[self._lengths[rows] == len(listed)]
        for position in range(blanks[0] + 1, blanks[-1]):
            if len(rows) and position not in blanks:
                rows = rows[self._ids[rows, position] == self._numbers([listed[position]])[0]]
        if not len(rows):
            _refuse("no_fit", words=" ".join(shown))
        return rows, blanks

    def _matching(self, left: Text, right: Text) -> np.ndarray:
        """Possible rows that begin with `left` and end with `right` (which may still overlap)."""
        first, last = _neighbours(self._ids, self._numbers(left))
        rows = np.arange(first, last)
        if right:
            low, high = _neighbours(self._backwards, self._numbers(right)[::-1])
            rank = self._backward_rank[first:last]
            rows = rows[(rank >= low) & (rank < high)]
        return rows[self._mass[rows] > 0]

    def _distribution(self, rows: np.ndarray, position: int) -> dict[str, float]:
        mass = np.bincount(self._ids[rows, position], weights=self._mass[rows])
        mass /= mass.sum()
        order = np.argsort(-mass, kind="stable")
        return {self.words[number]: float(mass[number]) for number in order if mass[number] > 0}

    def _spelled(self, row: int, positions: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.words[self._ids[row, position]] for position in positions)

    def _numbers(self, words: Text) -> list[int]:
        for word in words:
            if word not in self._id:
                _refuse("no_word", word=word)
        return [self._id[word] for word in words]


def _refuse(key: str, **told: str) -> NoReturn:
    shown = {name: checks.shown(value) for name, value in told.items()}
    raise ValueError(WORDS(f"oracle.{key}", **shown))


def _neighbours(ordered: np.ndarray, beginning: Sequence[int]) -> tuple[int, int]:
    """Range of the rows of `ordered` that start with `beginning`."""
    first, last = 0, len(ordered)
    if len(beginning) > ordered.shape[1]:
        return 0, 0
    for position, number in enumerate(beginning):
        column = ordered[first:last, position]
        first, last = first + np.searchsorted(column, [number, number + 1])
    return int(first), int(last)


def _sorted_sum(
    answers: Iterable[tuple[str, ...]], mass: np.ndarray
) -> dict[tuple[str, ...], float]:
    total: dict[tuple[str, ...], float] = {}
    for answer, share in zip(answers, mass, strict=True):
        total[answer] = total.get(answer, 0.0) + float(share)
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
