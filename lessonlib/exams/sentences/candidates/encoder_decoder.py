"""Encoder-decoder candidates: they read a text with a gap and write what is missing."""

from collections.abc import Sequence

import numpy as np

from lessonlib.exams.candidate import NATIVE, WORKAROUND, answers
from lessonlib.exams.sentences.candidates.base import Pages, TextCandidate, added_up, without_last
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.reader import Log, Rows
from lessonlib.models import greedy, sampled
from lessonlib.models.generation import Choose
from lessonlib.samples import MODE, START, sentinel


class EncoderDecoder(TextCandidate):
    """A span-corruption model."""

    fill_mode: str | None = None  # token in front of the source when a middle is missing
    continue_mode: str | None = None  # the same when the whole rest is missing

    @answers(NATIVE, "writing")
    def _fill_an_empty_page(self, count: int, rng: np.random.Generator, top_p: float) -> Pages:
        gaps, most = [Gap([], [], [])] * count, self.language.longest + 1
        return self._written(gaps, sampled(rng, top_p=top_p), self.continue_mode, most)

    @answers(WORKAROUND, "writing")
    def _add_one_word_at_a_time(self, count: int, rng: np.random.Generator, top_p: float) -> Pages:
        def next_word(pages: Pages) -> Log:
            return self._say_first_missing_word([Gap(page, [], []) for page in pages])

        return self.word_by_word(count, next_word, sampled(rng, top_p=top_p))

    @answers(NATIVE, "next_word")
    def _say_first_word_of_the_rest(self, gaps: Sequence[Gap]) -> Log:
        return self._first_words(gaps, self.continue_mode)

    @answers(NATIVE, "blank")
    def _say_first_missing_word(self, gaps: Sequence[Gap]) -> Log:
        return self._first_words(gaps, self.fill_mode)

    @answers(WORKAROUND, "blank")
    def _try_every_word(self, gaps: Sequence[Gap]) -> Log:
        return self.every_word(gaps, self._draft_scores)

    @answers(NATIVE, "missing_span")
    def _write_what_is_missing(self, gaps: Sequence[Gap], choose: Choose = greedy) -> Pages:
        return self._written(gaps, choose, self.fill_mode, LONGEST_STRETCH + 1)

    @answers(WORKAROUND, "missing_span")
    def _choose_among_drafts(self, gaps: Sequence[Gap]) -> Pages:
        drafts = self.drafts(gaps, self._write_what_is_missing)
        return self.best_draft(gaps, drafts, self._draft_scores)

    @answers(NATIVE, "features")
    def _read(self, sentences: Rows) -> dict[str, np.ndarray]:
        mode = self._mode(self.fill_mode)
        rows = [[*mode, *sentence] for sentence in sentences]
        return self.pooled(*self.reader.states(rows), skip=len(mode))

    @property
    def _opening(self) -> list[int]:
        return self.vocabulary.encode([START, sentinel(0)])

    def _mode(self, token: str | None) -> list[int]:
        return [self.vocabulary[token]] if token else []

    def _source(self, gap: Gap, mode: str | None) -> list[int]:
        return [*self._mode(mode), *gap.left, self.vocabulary[sentinel(0)], *gap.right]

    def _first_words(self, gaps: Sequence[Gap], mode: str | None) -> Log:
        rows, asked = [self._opening] * len(gaps), [[1]] * len(gaps)
        sources = [self._source(gap, mode) for gap in gaps]
        return self.over_words(self.reader.log_probabilities(rows, asked, sources=sources))

    def _written(
        self, gaps: Sequence[Gap], choose: Choose, mode: str | None, at_most: int
    ) -> Pages:
        pages = self.reader.write(
            [self._opening] * len(gaps),
            end=sentinel(1),
            at_most=at_most,
            sources=[self._source(gap, mode) for gap in gaps],
            choose=choose,
        )
        return [without_last(page, self.vocabulary[sentinel(1)]) for page in pages]

    def _draft_scores(self, pairs: Sequence[tuple[Gap, list[int]]]) -> np.ndarray:
        """Log-probability of each draft and of its end."""
        rows = [[*self._opening, *draft] for _, draft in pairs]
        targets = [[*draft, self.vocabulary[sentinel(1)]] for _, draft in pairs]
        asked = [range(1, len(row)) for row in rows]
        sources = [self._source(gap, self.fill_mode) for gap, _ in pairs]
        return added_up(self.reader.log_probabilities(rows, asked, sources=sources), targets)


class MixedDenoiser(EncoderDecoder):
    """A UL2-style model: a mode token says which kind of gap it is."""

    fill_mode = MODE["R"]  # regular denoising
    continue_mode = MODE["S"]  # sequential denoising: the gap reaches to the end
