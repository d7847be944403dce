"""Candidates that write from left to right: decoder-only, and encoder-decoder behind a source."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lessonlib.exams.measurement import NATIVE, WORKAROUND, answers
from lessonlib.exams.sentences.candidates.base import (
    ANY_LENGTH,
    Draft,
    Log,
    Pages,
    TextCandidate,
    added_up,
    without_last,
)
from lessonlib.exams.sentences.candidates.pairs import Rows
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.vocabulary import END
from lessonlib.models import greedy, sampled
from lessonlib.models.generation import Choose
from lessonlib.samples import MID, MODE, PRE, START, SUF, sentinel


class DecoderOnly(TextCandidate):
    """A causal LM."""

    @answers(NATIVE, "writing")
    def _write_left_to_right(self, count: int, rng: np.random.Generator, top_p: float) -> Pages:
        return self._go_on([[]] * count, self.language.longest, sampled(rng, top_p=top_p))

    @answers(NATIVE, "next_word", "blank")
    def _say_next_word(self, gaps: Sequence[Gap]) -> Log:
        lefts = [gap.left for gap in gaps]
        asked = [[len(left)] for left in lefts]
        return self.over_words(self._after_start(lefts), asked, prefixes=self._prefixes(lefts))

    @answers(WORKAROUND, "blank")
    def _try_every_word(self, gaps: Sequence[Gap]) -> Log:
        return self.every_word(gaps, self._sentence_scores)

    @answers(NATIVE, "missing_span")
    def _write_until_the_right_side_begins(self, gaps: Sequence[Gap]) -> Pages:
        pages = self._go_on([gap.left for gap in gaps], LONGEST_STRETCH + 1)
        return [until(page, gap.right) for page, gap in zip(pages, gaps, strict=True)]

    @answers(WORKAROUND, "missing_span")
    def _choose_among_drafts(self, gaps: Sequence[Gap]) -> Pages:
        def write(many: Sequence[Gap], choose: Choose) -> Pages:
            return self._go_on([gap.left for gap in many], LONGEST_STRETCH, choose)

        drafts = [
            [page[:length] for page in pages for length in range(1, len(page) + 1)]
            for pages in self.drafts(gaps, write)
        ]
        return self.best_draft(gaps, drafts, self._sentence_scores)

    @answers(NATIVE, "stretch")
    def _go_on_over_the_stretch(self, gaps: Sequence[Gap]) -> np.ndarray:
        """Word by word behind the left side; the right side goes unread."""
        pairs = [(replace(gap, right=[]), gap.missing) for gap in gaps]
        return self._sentence_scores(pairs) + ANY_LENGTH

    @answers(NATIVE, "features")
    def _read(self, sentences: Rows) -> dict[str, np.ndarray]:
        return self.pooled(self._after_start(sentences), self._prefixes(sentences), skip=1)

    def _go_on(self, lefts: Rows, at_most: int, choose: Choose = greedy) -> Pages:
        """Write on from the left side until a full stop."""
        rows, prefixes = self._after_start(lefts), self._prefixes(lefts)
        return self.write(rows, ".", at_most, choose, prefixes=prefixes)

    def _sentence_scores(self, pairs: Sequence[Draft]) -> np.ndarray:
        """Log-probability of each gap's draft and right side, given the left side."""
        lefts, rests = [gap.left for gap, _ in pairs], [draft + gap.right for gap, draft in pairs]
        both = list(zip(lefts, rests, strict=True))
        rows = self._after_start([left + rest[:-1] for left, rest in both])
        asked = [range(len(left), len(left) + len(rest)) for left, rest in both]
        return added_up(self.log_probabilities(rows, asked, None, self._prefixes(lefts)), rests)

    def _after_start(self, rows: Rows) -> Rows:
        return [[self.vocabulary[START], *row] for row in rows]

    def _prefixes(self, lefts: Rows) -> list[int] | None:
        """How many inputs are read in both directions; None for a causal mask."""
        return [1 + len(left) for left in lefts] if self.both_ways else None


class PrefixReader(DecoderOnly):
    """A prefix LM: what is given is read in both directions."""

    both_ways = True


class FillInMiddle(DecoderOnly):
    """A causal LM that has also practised to write the middle after both sides."""

    @answers(NATIVE, "blank")
    def _say_first_word_of_the_middle(self, gaps: Sequence[Gap]) -> Log:
        rows = self._both_sides(gaps)
        return self.over_words(rows, [[len(row) - 1] for row in rows])

    @answers(NATIVE, "missing_span")
    def _write_middle(self, gaps: Sequence[Gap], choose: Choose = greedy) -> Pages:
        pages = self.write(self._both_sides(gaps), END, LONGEST_STRETCH + 1, choose)
        return [without_last(page, self.vocabulary[END]) for page in pages]

    @answers(NATIVE, "stretch")
    def _middle_scores(self, gaps: Sequence[Gap]) -> np.ndarray:
        sides, end = self._both_sides(gaps), self.vocabulary[END]
        rows = [[*both, *gap.missing] for both, gap in zip(sides, gaps, strict=True)]
        asked = [range(len(both) - 1, len(row)) for both, row in zip(sides, rows, strict=True)]
        found = self.log_probabilities(rows, asked)
        return added_up(found, [[*gap.missing, end] for gap in gaps])

    @answers(WORKAROUND, "missing_span")
    def _choose_among_middles(self, gaps: Sequence[Gap]) -> Pages:
        drafts = [
            [[word for word in page if word < self.vocabulary.words] for page in pages]
            for pages in self.drafts(gaps, self._write_middle)
        ]
        return self.best_draft(gaps, drafts, self._sentence_scores)

    def _both_sides(self, gaps: Sequence[Gap]) -> Rows:
        before, between, after = self.vocabulary.encode([PRE, SUF, MID])
        return [[before, *gap.left, between, *gap.right, after] for gap in gaps]


class EncoderDecoder(TextCandidate):
    """A span-corruption model: it reads a text with a gap and writes what is missing."""

    fill_mode: tuple[str, ...] = ()  # token in front of the source when a middle is missing
    continue_mode: tuple[str, ...] = ()  # the same when the whole rest is missing

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

    @answers(NATIVE, "stretch")
    def _stretch_scores(self, gaps: Sequence[Gap]) -> np.ndarray:
        return self._draft_scores([(gap, gap.missing) for gap in gaps])

    @answers(NATIVE, "features")
    def _read(self, sentences: Rows) -> dict[str, np.ndarray]:
        mode = self.vocabulary.encode(self.fill_mode)
        return self.pooled([[*mode, *sentence] for sentence in sentences], skip=len(mode))

    @property
    def _opening(self) -> list[int]:
        return self.vocabulary.encode([START, sentinel(0)])

    def _sources(self, gaps: Sequence[Gap], mode: tuple[str, ...]) -> Rows:
        before, hole = self.vocabulary.encode(mode), self.vocabulary[sentinel(0)]
        return [[*before, *gap.left, hole, *gap.right] for gap in gaps]

    def _first_words(self, gaps: Sequence[Gap], mode: tuple[str, ...]) -> Log:
        rows, asked = [self._opening] * len(gaps), [[1]] * len(gaps)
        return self.over_words(rows, asked, self._sources(gaps, mode))

    def _written(
        self, gaps: Sequence[Gap], choose: Choose, mode: tuple[str, ...], at_most: int
    ) -> Pages:
        rows, end = [self._opening] * len(gaps), sentinel(1)
        pages = self.write(rows, end, at_most, choose, self._sources(gaps, mode))
        return [without_last(page, self.vocabulary[end]) for page in pages]

    def _draft_scores(self, pairs: Sequence[Draft]) -> np.ndarray:
        """Log-probability of each draft and of its end."""
        rows = [[*self._opening, *draft] for _, draft in pairs]
        targets = [[*draft, self.vocabulary[sentinel(1)]] for _, draft in pairs]
        asked = [range(1, len(row)) for row in rows]
        sources = self._sources([gap for gap, _ in pairs], self.fill_mode)
        return added_up(self.log_probabilities(rows, asked, sources), targets)


class MixedDenoiser(EncoderDecoder):
    """A UL2-style model: a mode token says which kind of gap it is."""

    fill_mode = (MODE["R"],)  # regular denoising
    continue_mode = (MODE["S"],)  # sequential denoising: the gap reaches to the end


def until(page: list[int], right: list[int]) -> list[int]:
    """Cut a page before the first word of the right side; at least one word is missing."""
    if not right:
        return page[:LONGEST_STRETCH]
    stop = next((n for n, word in enumerate(page) if n and word == right[0]), LONGEST_STRETCH)
    return page[:stop]
