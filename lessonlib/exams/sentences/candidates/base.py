"""What all candidates that read sentences have in common."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lessonlib.exams.candidate import NATIVE, Candidate, answers
from lessonlib.exams.sentences.candidates.pairs import Pair, PairLearner
from lessonlib.exams.sentences.items import Gap
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.sentences.reader import Log, Reader, Rows
from lessonlib.models import Transformer, sampled
from lessonlib.models.generation import Choose

DRAFTS = 32  # how many drafts a work-around writes before it chooses one

Pages = list[list[int]]


class TextCandidate(Candidate):
    """A model of sentences."""

    both_ways = False  # whether it reads what it is given in both directions

    def __init__(self, model: Transformer, language: Texts) -> None:
        super().__init__(model, language)
        self.language, self.vocabulary = language, language.vocabulary
        self.reader = Reader(model, language)

    @property
    def passes(self) -> int:
        """Forward passes so far."""
        return self.reader.passes

    @answers(NATIVE, "rewriting")
    def rewrite(
        self,
        pairs: Sequence[Pair],
        sources: Rows,
        steps: int,
        seed: int,
        write: Callable[[PairLearner, Rows], Pages] = PairLearner.write,
    ) -> Pages:
        """Let a copy of the model learn from the pairs, then write the second texts."""
        learner = PairLearner(self.model, self.language, self.both_ways)
        learner.practise(pairs, steps, seed)
        pages = write(learner, sources)
        self.reader.passes += learner.passes
        return pages

    def never_pretrained(self) -> "TextCandidate":
        """Return a candidate of the same kind whose model has practised nothing."""
        return type(self)(Transformer(self.model.config, np.random.default_rng(0)), self.language)

    def over_words(self, log_probabilities: Log) -> Log:
        """Keep the ordinary words only, so that special tokens cost nobody anything."""
        words = log_probabilities[:, : self.vocabulary.words]
        return words - np.logaddexp.reduce(words, axis=1, keepdims=True)

    def every_word(self, gaps: Sequence[Gap], scores: Callable[[list], np.ndarray]) -> Log:
        """Score every word of the vocabulary as the draft of each gap; see `best_draft`."""
        pairs = [(gap, [word]) for gap in gaps for word in range(self.vocabulary.words)]
        return self.over_words(scores(pairs).reshape(len(gaps), self.vocabulary.words))

    def drafts(
        self, gaps: Sequence[Gap], write: Callable[[Sequence[Gap], Choose], Pages]
    ) -> list[Pages]:
        """Draw 32 drafts for each gap."""
        many = [gap for gap in gaps for _ in range(DRAFTS)]
        pages = write(many, sampled(np.random.default_rng(0)))
        return [pages[n : n + DRAFTS] for n in range(0, len(pages), DRAFTS)]

    def best_draft(
        self, gaps: Sequence[Gap], drafts: Sequence[Rows], scores: Callable[[list], np.ndarray]
    ) -> Pages:
        """Choose for each gap the draft that scores most; `scores` is asked about all pairs."""
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

    def word_by_word(self, count: int, next_word: Callable[[Pages], Log], choose: Choose) -> Pages:
        """Ask for a next word, again and again, until a full stop."""
        pages: Pages = [[] for _ in range(count)]
        open_pages = pages
        for _ in range(self.language.longest):
            drawn = choose(next_word(open_pages))
            for page, word in zip(open_pages, drawn, strict=True):
                page.append(int(word))
            open_pages = [page for page in open_pages if page[-1] != self.vocabulary["."]]
            if not open_pages:
                break
        return pages

    def pooled(
        self, states: Mapping[str, np.ndarray], lengths: np.ndarray, skip: int = 0
    ) -> dict[str, np.ndarray]:
        """Return one vector per sentence from its words' states: mean, max and last of each layer.

        The first `skip` tokens are no words.
        """
        found = {}
        position = np.arange(next(iter(states.values())).shape[1])
        inside = ((position >= skip) & (position < lengths[:, None])).astype(float)
        shares = inside / inside.sum(axis=1)[:, None]
        for layer, values in states.items():
            found[f"{layer}, mean"] = np.einsum("npd,np->nd", values, shares)
            found[f"{layer}, max"] = np.where(inside[:, :, None] > 0, values, -np.inf).max(axis=1)
            found[f"{layer}, last"] = values[np.arange(len(values)), lengths - 1]
        return found


def added_up(log_probabilities: Log, targets: Rows) -> np.ndarray:
    """Sum of the log-probabilities of each row's targets."""
    flat = np.concatenate([np.asarray(row) for row in targets])
    chosen = log_probabilities[np.arange(len(flat)), flat]
    return np.add.reduceat(chosen, np.cumsum([0, *(len(row) for row in targets[:-1])]))


def without_last(page: list[int], end: int) -> list[int]:
    """Drop the end token if it was reached."""
    return page[:-1] if page and page[-1] == end else page
