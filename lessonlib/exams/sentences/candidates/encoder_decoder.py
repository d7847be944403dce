"""Encoder-decoder students: they read a text with a gap and write what is missing."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lessonlib.exams.sentences.candidates.base import DRAFTS, Student
from lessonlib.exams.sentences.candidates.decoder import added_up, without_last
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.reader import Log, Rows
from lessonlib.models import greedy, sampled
from lessonlib.models.generation import Choose
from lessonlib.samples import MODE, START, sentinel


class EncoderDecoder(Student):
    """A span-corruption model."""

    @property
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer)."""
        return {
            ("writing", "native"): self.fill_an_empty_page,
            ("writing", "workaround"): self.add_one_word_at_a_time,
            ("next_word", "native"): self.say_first_word_of_the_rest,
            ("blank", "native"): self.say_first_missing_word,
            ("blank", "workaround"): self.try_every_word,
            ("missing_span", "native"): self.write_what_is_missing,
            ("missing_span", "workaround"): self.choose_among_drafts,
            ("features", "native"): self.read,
            ("rewriting", "native"): self.rewrite,
        }

    def fill_an_empty_page(self, count: int, rng: np.random.Generator, top_p: float) -> Rows:
        """Show a page with nothing but a gap, and draw what is missing."""
        gaps = [Gap([], [], [])] * count
        return self._written(
            gaps, self.continue_mode, self.language.longest + 1, sampled(rng, top_p=top_p)
        )

    def add_one_word_at_a_time(self, count: int, rng: np.random.Generator, top_p: float) -> Rows:
        """Ask for the gap behind the words so far, keep the first word only, and ask again."""
        pages: list[list[int]] = [[] for _ in range(count)]
        open_pages = pages
        for _ in range(self.language.longest):
            found = self._first_words([Gap(page, [], []) for page in open_pages], self.fill_mode)
            drawn = sampled(rng, top_p=top_p)(found)
            for page, word in zip(open_pages, drawn, strict=True):
                page.append(int(word))
            open_pages = [page for page in open_pages if page[-1] != self.vocabulary["."]]
            if not open_pages:
                break
        return pages

    def say_first_word_of_the_rest(self, gaps: Sequence[Gap]) -> Log:
        """Show the left side with a gap behind it and say the first word of the gap."""
        return self._first_words(gaps, self.continue_mode)

    def say_first_missing_word(self, gaps: Sequence[Gap]) -> Log:
        """Show both sides with a gap between them and say its first word."""
        return self._first_words(gaps, self.fill_mode)

    def try_every_word(self, gaps: Sequence[Gap]) -> Log:
        """Compare for every word how probable it is as the gap's only word."""
        pairs = [(gap, [word]) for gap in gaps for word in range(self.vocabulary.words)]
        scores = self._draft_scores(pairs).reshape(len(gaps), self.vocabulary.words)
        return self.over_words(scores)

    def write_what_is_missing(self, gaps: Sequence[Gap]) -> Rows:
        """Show both sides with a gap between them and write until the closing sentinel."""
        return self._written(gaps, self.fill_mode, LONGEST_STRETCH + 1)

    def choose_among_drafts(self, gaps: Sequence[Gap]) -> Rows:
        """Draw 32 drafts and take the likeliest."""
        many = [gap for gap in gaps for _ in range(DRAFTS)]
        choose = sampled(np.random.default_rng(0))
        written = self._written(many, self.fill_mode, LONGEST_STRETCH + 1, choose)
        drafts = [written[n : n + DRAFTS] for n in range(0, len(written), DRAFTS)]
        return self.best_draft(gaps, drafts, self._draft_scores)

    def read(self, sentences: Rows) -> dict[str, np.ndarray]:
        """Read the sentence once with the encoder and average its states."""
        rows = [[*self.fill_mode, *sentence] for sentence in sentences]
        return self.pooled(*self.reader.states(rows), skip=len(self.fill_mode))

    @property
    def fill_mode(self) -> list[int]:
        """Tokens in front of the source when something is missing in the middle."""
        return []

    @property
    def continue_mode(self) -> list[int]:
        """Tokens in front of the source when the whole rest is missing."""
        return []

    def _source(self, gap: Gap, mode: list[int]) -> list[int]:
        return [*mode, *gap.left, self.vocabulary[sentinel(0)], *gap.right]

    @property
    def _opening(self) -> list[int]:
        return self.vocabulary.encode([START, sentinel(0)])

    def _first_words(self, gaps: Sequence[Gap], mode: list[int]) -> Log:
        sources = [self._source(gap, mode) for gap in gaps]
        rows, asked = [self._opening] * len(gaps), [[1]] * len(gaps)
        return self.over_words(self.reader.log_probabilities(rows, asked, sources=sources))

    def _written(
        self, gaps: Sequence[Gap], mode: list[int], at_most: int, choose: Choose = greedy
    ) -> Rows:
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
        found = self.reader.log_probabilities(
            rows,
            [range(1, len(row)) for row in rows],
            sources=[self._source(gap, self.fill_mode) for gap, _ in pairs],
        )
        return added_up(found, targets)


class MixedDenoiser(EncoderDecoder):
    """A UL2-style model: a mode token says which kind of gap it is."""

    @property
    def fill_mode(self) -> list[int]:
        """Regular denoising."""
        return [self.vocabulary[MODE["R"]]]

    @property
    def continue_mode(self) -> list[int]:
        """Sequential denoising: the gap reaches to the end."""
        return [self.vocabulary[MODE["S"]]]
