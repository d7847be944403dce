"""Decoder-only candidates: they write from left to right."""

from collections.abc import Sequence

import numpy as np

from lessonlib.exams.candidate import NATIVE, WORKAROUND, answers
from lessonlib.exams.sentences.candidates.base import Pages, TextCandidate, added_up, without_last
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.reader import Log, Rows
from lessonlib.exams.vocabulary import END
from lessonlib.models import greedy, sampled
from lessonlib.models.generation import Choose
from lessonlib.samples import MID, PRE, START, SUF


class DecoderOnly(TextCandidate):
    """A causal LM."""

    @answers(NATIVE, "writing")
    def _write_left_to_right(self, count: int, rng: np.random.Generator, top_p: float) -> Pages:
        return self._go_on([[]] * count, self.language.longest, sampled(rng, top_p=top_p))

    @answers(NATIVE, "next_word", "blank")
    def _say_next_word(self, gaps: Sequence[Gap]) -> Log:
        lefts = [gap.left for gap in gaps]
        rows = self._after_start(lefts)
        asked = [[len(row) - 1] for row in rows]
        found = self.reader.log_probabilities(rows, asked, prefixes=self._prefixes(lefts))
        return self.over_words(found)

    @answers(WORKAROUND, "blank")
    def _try_every_word(self, gaps: Sequence[Gap]) -> Log:
        return self.every_word(gaps, self._sentence_scores)

    @answers(NATIVE, "missing_span")
    def _write_until_the_right_side_begins(self, gaps: Sequence[Gap]) -> Pages:
        pages = self._go_on([gap.left for gap in gaps], LONGEST_STRETCH + 1)
        return [_until(page, gap.right) for page, gap in zip(pages, gaps, strict=True)]

    @answers(WORKAROUND, "missing_span")
    def _choose_among_drafts(self, gaps: Sequence[Gap]) -> Pages:
        def write(many: Sequence[Gap], choose: Choose) -> Pages:
            return self._go_on([gap.left for gap in many], LONGEST_STRETCH, choose)

        drafts = [
            [page[:length] for page in pages for length in range(1, len(page) + 1)]
            for pages in self.drafts(gaps, write)
        ]
        return self.best_draft(gaps, drafts, self._sentence_scores)

    @answers(NATIVE, "features")
    def _read(self, sentences: Rows) -> dict[str, np.ndarray]:
        rows, prefixes = self._after_start(sentences), self._prefixes(sentences)
        return self.pooled(*self.reader.states(rows, prefixes=prefixes), skip=1)

    def _go_on(self, lefts: Rows, at_most: int, choose: Choose = greedy) -> Pages:
        """Write on from the left side until a full stop."""
        rows, prefixes = self._after_start(lefts), self._prefixes(lefts)
        return self.reader.write(rows, end=".", at_most=at_most, choose=choose, prefixes=prefixes)

    def _sentence_scores(self, pairs: Sequence[tuple[Gap, list[int]]]) -> np.ndarray:
        """Log-probability of each gap's draft and right side, given the left side."""
        rows, asked, targets = [], [], []
        for gap, draft in pairs:
            rest = draft + gap.right
            rows.append([self.vocabulary[START], *gap.left, *rest[:-1]])
            asked.append(range(len(gap.left), len(rows[-1])))
            targets.append(rest)
        prefixes = self._prefixes([gap.left for gap, _ in pairs])
        return added_up(self.reader.log_probabilities(rows, asked, prefixes=prefixes), targets)

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
        asked = [[len(row) - 1] for row in rows]
        return self.over_words(self.reader.log_probabilities(rows, asked))

    @answers(NATIVE, "missing_span")
    def _write_middle(self, gaps: Sequence[Gap], choose: Choose = greedy) -> Pages:
        rows, most = self._both_sides(gaps), LONGEST_STRETCH + 1
        pages = self.reader.write(rows, end=END, at_most=most, choose=choose)
        return [without_last(page, self.vocabulary[END]) for page in pages]

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


def _until(page: list[int], right: list[int]) -> list[int]:
    """Cut a page before the first word of the right side; at least one word is missing."""
    if not right:
        return page[:LONGEST_STRETCH]
    stop = next((n for n, word in enumerate(page) if n and word == right[0]), LONGEST_STRETCH)
    return page[:stop]
