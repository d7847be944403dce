"""Encoder-only students: they fill places that are marked, all at once."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lessonlib.exams.sentences.candidates.base import Student
from lessonlib.exams.sentences.candidates.pairs import Pair
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.reader import Log, Rows
from lessonlib.models import sampled
from lessonlib.samples import MASK

SWEEPS = 3
"""How often the work-around for writing goes over a sentence again."""


class EncoderOnly(Student):
    """A masked LM."""

    @property
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer)."""
        return {
            ("writing", "native"): self.append_masks,
            ("writing", "workaround"): self.rewrite_a_row_of_masks,
            ("next_word", "native"): self.fill_a_mask_at_the_end,
            ("next_word", "workaround"): self.fill_the_first_mask_of_the_true_number,
            ("blank", "native"): self.fill_the_mask,
            ("missing_span", "native"): self.fill_every_number_of_masks,
            ("missing_span", "workaround"): self.fill_one_by_one_and_compare_sentences,
            ("features", "native"): self.read,
            ("rewriting", "native"): self.rewrite,
            ("rewriting", "workaround"): self.rewrite_surest_first,
        }

    def append_masks(self, count: int, rng: np.random.Generator, top_p: float) -> Rows:
        """Append one mask after the other and fill each at once, until a full stop."""
        pages: list[list[int]] = [[] for _ in range(count)]
        open_pages = pages
        for _ in range(self.language.longest):
            rows = [[*page, self._mask] for page in open_pages]
            drawn = _draw(self._at(rows, [[len(row) - 1] for row in rows]), rng, top_p)
            for page, word in zip(open_pages, drawn, strict=True):
                page.append(int(word))
            open_pages = [page for page in open_pages if page[-1] != self.vocabulary["."]]
            if not open_pages:
                break
        return pages

    def rewrite_a_row_of_masks(self, count: int, rng: np.random.Generator, top_p: float) -> Rows:
        """Be given a true length, fill the masks from the left, then redraw every word 3 times."""
        lengths = self.language.lengths[self.language.world.sample(count, rng)]
        pages = [[self._mask] * length for length in lengths.tolist()]
        for _ in range(1 + SWEEPS):
            for place in range(max(lengths)):
                there = [page for page in pages if place < len(page)]
                for page in there:
                    page[place] = self._mask
                drawn = _draw(self._at(there, [[place]] * len(there)), rng, top_p)
                for page, word in zip(there, drawn, strict=True):
                    page[place] = int(word)
        return pages

    def fill_a_mask_at_the_end(self, gaps: Sequence[Gap]) -> Log:
        """Put one mask behind the words that are there and fill it."""
        rows = [[*gap.left, self._mask] for gap in gaps]
        return self._at(rows, [[len(row) - 1] for row in rows])

    def fill_the_first_mask_of_the_true_number(self, gaps: Sequence[Gap]) -> Log:
        """Be told how long the sentence is, put a mask at every place, and fill the first."""
        rows = [[*gap.left, *[self._mask] * (1 + gap.unseen)] for gap in gaps]
        return self._at(rows, [[len(gap.left)] for gap in gaps])

    def fill_the_mask(self, gaps: Sequence[Gap]) -> Log:
        """Put a mask into the blank and fill it from both sides."""
        rows = [[*gap.left, self._mask, *gap.right] for gap in gaps]
        return self._at(rows, [[len(gap.left)] for gap in gaps])

    def fill_every_number_of_masks(self, gaps: Sequence[Gap]) -> Rows:
        """Fill 1, 2, ... 5 masks, each set at once, and keep the set filled most surely."""
        best: list[tuple[float, list[int]]] = [(-np.inf, [])] * len(gaps)
        for length in range(1, LONGEST_STRETCH + 1):
            rows = [[*gap.left, *[self._mask] * length, *gap.right] for gap in gaps]
            asked = [range(len(gap.left), len(gap.left) + length) for gap in gaps]
            found = self._at(rows, asked).reshape(len(gaps), length, -1)
            sure = found.max(axis=2).mean(axis=1)
            words = found.argmax(axis=2)
            best = [
                max(old, (float(new), filling.tolist()))
                for old, new, filling in zip(best, sure, words, strict=True)
            ]
        return [filling for _, filling in best]

    def fill_one_by_one_and_compare_sentences(self, gaps: Sequence[Gap]) -> Rows:
        """Fill each number of masks surest first; keep the sentence whose words fit best.

        How well words fit is the pseudo-log-likelihood per word: the mean over all words of the
        sentence of how probable each is when it alone is masked (Salazar et al. 2020).
        """
        fillings = [
            self._fill_surest_first(gaps, length) for length in range(1, LONGEST_STRETCH + 1)
        ]
        drafts = list(zip(*fillings, strict=True))
        return self.best_draft(gaps, drafts, self._pseudo_likelihoods)

    def read(self, sentences: Rows) -> dict[str, np.ndarray]:
        """Read the sentence once and average its states."""
        return self.pooled(*self.reader.states(sentences))

    def rewrite_surest_first(
        self, pairs: Sequence[Pair], sources: Rows, steps: int, seed: int
    ) -> Rows:
        """Learn from the pairs, then fill the second text one word per pass, surest first."""
        learner = self.learner()
        learner.practise(pairs, steps, seed)
        pages = learner.write_surest_first(sources)
        self.reader.passes += learner.passes
        return pages

    def _fill_surest_first(self, gaps: Sequence[Gap], length: int) -> Rows:
        rows = [[*gap.left, *[self._mask] * length, *gap.right] for gap in gaps]
        for _ in range(length):
            masks = [[n for n, i in enumerate(row) if i == self._mask] for row in rows]
            found = self._at(rows, masks).reshape(len(gaps), -1, self.vocabulary.words)
            surest = found.max(axis=2).argmax(axis=1)
            for row, places, place, words in zip(rows, masks, surest, found, strict=True):
                row[places[place]] = int(words[place].argmax())
        return [
            row[len(gap.left) : len(gap.left) + length] for row, gap in zip(rows, gaps, strict=True)
        ]

    def _pseudo_likelihoods(self, pairs: Sequence[tuple[Gap, list[int]]]) -> np.ndarray:
        sentences = [[*gap.left, *draft, *gap.right] for gap, draft in pairs]
        rows = [
            [*sentence[:place], self._mask, *sentence[place + 1 :]]
            for sentence in sentences
            for place in range(len(sentence))
        ]
        places = [place for sentence in sentences for place in range(len(sentence))]
        words = [word for sentence in sentences for word in sentence]
        found = self._at(rows, [[place] for place in places])[np.arange(len(words)), words]
        lengths = np.array([len(sentence) for sentence in sentences])
        return np.add.reduceat(found, np.cumsum(lengths) - lengths) / lengths

    def _at(self, rows: Rows, asked: Rows) -> Log:
        return self.over_words(self.reader.log_probabilities(rows, asked))

    @property
    def _mask(self) -> int:
        return self.vocabulary[MASK]


def _draw(log_probabilities: Log, rng: np.random.Generator, top_p: float) -> np.ndarray:
    return sampled(rng, top_p=top_p)(log_probabilities)
