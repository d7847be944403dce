"""Encoder-only candidates: they fill places that are marked, all at once."""

from collections.abc import Sequence

import numpy as np

from lessonlib.exams.measurement import NATIVE, WORKAROUND, answers
from lessonlib.exams.sentences.candidates.base import (
    ANY_LENGTH,
    Draft,
    Log,
    Pages,
    TextCandidate,
    added_up,
)
from lessonlib.exams.sentences.candidates.pairs import Pair, PairLearner, Rows
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.models import sampled
from lessonlib.samples import MASK

SWEEPS = 3  # how often the work-around for writing goes over a sentence again


class EncoderOnly(TextCandidate):
    """A masked LM."""

    @answers(NATIVE, "writing")
    def _append_masks(self, count: int, rng: np.random.Generator, top_p: float) -> Pages:
        return self.word_by_word(count, self._mask_behind, sampled(rng, top_p=top_p))

    @answers(WORKAROUND, "writing")
    def _rewrite_a_row_of_masks(self, count: int, rng: np.random.Generator, top_p: float) -> Pages:
        lengths = self.language.lengths[self.language.world.sample(count, rng)]
        pages = [[self._mask] * length for length in lengths.tolist()]
        choose = sampled(rng, top_p=top_p)
        for _ in range(1 + SWEEPS):
            for place in range(max(lengths)):
                there = [page for page in pages if place < len(page)]
                for page in there:
                    page[place] = self._mask
                drawn = choose(self.over_words(there, [[place]] * len(there)))
                for page, word in zip(there, drawn, strict=True):
                    page[place] = int(word)
        return pages

    @answers(NATIVE, "next_word")
    def _fill_a_mask_at_the_end(self, gaps: Sequence[Gap]) -> Log:
        return self._mask_behind([gap.left for gap in gaps])

    @answers(WORKAROUND, "next_word")
    def _fill_the_first_mask_of_the_true_number(self, gaps: Sequence[Gap]) -> Log:
        rows = [self._with_masks(gap, 1 + gap.unseen) for gap in gaps]
        return self.over_words(rows, [[len(gap.left)] for gap in gaps])

    @answers(NATIVE, "blank")
    def _fill_the_mask(self, gaps: Sequence[Gap]) -> Log:
        rows = [self._with_masks(gap, 1) for gap in gaps]
        return self.over_words(rows, [[len(gap.left)] for gap in gaps])

    @answers(NATIVE, "missing_span")
    def _fill_every_number_of_masks(self, gaps: Sequence[Gap]) -> Pages:
        best: list[tuple[float, list[int]]] = [(-np.inf, [])] * len(gaps)
        for length in range(1, LONGEST_STRETCH + 1):
            rows = [self._with_masks(gap, length) for gap in gaps]
            asked = [range(len(gap.left), len(gap.left) + length) for gap in gaps]
            found = self.over_words(rows, asked).reshape(len(gaps), length, -1)
            sure = found.max(axis=2).mean(axis=1)
            words = found.argmax(axis=2)
            best = [
                max(old, (float(new), filling.tolist()))
                for old, new, filling in zip(best, sure, words, strict=True)
            ]
        return [filling for _, filling in best]

    @answers(WORKAROUND, "missing_span")
    def _fill_one_by_one_and_compare_sentences(self, gaps: Sequence[Gap]) -> Pages:
        fillings = [
            self._fill_surest_first(gaps, length) for length in range(1, LONGEST_STRETCH + 1)
        ]
        drafts = list(zip(*fillings, strict=True))
        return self.best_draft(gaps, drafts, self._pseudo_likelihoods)

    @answers(NATIVE, "stretch")
    def _all_words_of_the_stretch(self, gaps: Sequence[Gap]) -> np.ndarray:
        """All at once, behind the true number of masks."""
        rows = [self._with_masks(gap, len(gap.missing)) for gap in gaps]
        asked = [range(len(gap.left), len(gap.left) + len(gap.missing)) for gap in gaps]
        found = self.over_words(rows, asked)
        return added_up(found, [gap.missing for gap in gaps]) + ANY_LENGTH

    @answers(NATIVE, "features")
    def _read(self, sentences: Rows) -> dict[str, np.ndarray]:
        return self.pooled(sentences)

    @answers(WORKAROUND, "rewriting")
    def _rewrite_surest_first(
        self, pairs: Sequence[Pair], sources: Rows, steps: int, seed: int, **room: int
    ) -> Pages:
        return self.rewrite(pairs, sources, steps, seed, PairLearner.write_surest_first, **room)

    def _fill_surest_first(self, gaps: Sequence[Gap], length: int) -> Pages:
        rows = [self._with_masks(gap, length) for gap in gaps]
        for _ in range(length):
            masks = [[n for n, i in enumerate(row) if i == self._mask] for row in rows]
            found = self.over_words(rows, masks).reshape(len(gaps), -1, self.vocabulary.words)
            surest = found.max(axis=2).argmax(axis=1)
            for row, places, place, words in zip(rows, masks, surest, found, strict=True):
                row[places[place]] = int(words[place].argmax())
        return [
            row[len(gap.left) : len(gap.left) + length] for row, gap in zip(rows, gaps, strict=True)
        ]

    def _pseudo_likelihoods(self, pairs: Sequence[Draft]) -> np.ndarray:
        """Mean over all words of a sentence of how probable each is when it alone is masked.

        Source: Salazar et al. 2020, "Masked Language Model Scoring", section 2.
        """
        sentences = [[*gap.left, *draft, *gap.right] for gap, draft in pairs]
        places = [(words, place) for words in sentences for place in range(len(words))]
        rows = [[*words[:place], self._mask, *words[place + 1 :]] for words, place in places]
        found = self.over_words(rows, [[place] for _, place in places])
        return added_up(found, sentences) / [len(words) for words in sentences]

    def _with_masks(self, gap: Gap, count: int) -> list[int]:
        return [*gap.left, *[self._mask] * count, *gap.right]

    def _mask_behind(self, lefts: Rows) -> Log:
        return self.over_words(
            [[*left, self._mask] for left in lefts], [[len(left)] for left in lefts]
        )

    @property
    def _mask(self) -> int:
        return self.vocabulary[MASK]
