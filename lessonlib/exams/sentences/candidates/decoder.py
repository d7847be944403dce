"""Decoder-only students: they write from left to right."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lessonlib.exams.sentences.candidates.base import DRAFTS, Student
from lessonlib.exams.sentences.candidates.pairs import PairLearner
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.reader import Log, Rows
from lessonlib.exams.vocabulary import END
from lessonlib.models import sampled
from lessonlib.samples import MID, PRE, START, SUF


class DecoderOnly(Student):
    """A causal LM."""

    @property
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer)."""
        return {
            ("writing", "native"): self.write_left_to_right,
            ("next_word", "native"): self.say_next_word,
            ("blank", "native"): self.say_next_word,
            ("blank", "workaround"): self.try_every_word,
            ("missing_span", "native"): self.write_until_the_right_side_begins,
            ("missing_span", "workaround"): self.choose_among_drafts,
            ("features", "native"): self.read,
            ("rewriting", "native"): self.rewrite,
        }

    def write_left_to_right(self, count: int, rng: np.random.Generator, top_p: float) -> Rows:
        """Start from nothing and draw word after word until the full stop."""
        return self.reader.write(
            [[self.vocabulary[START]]] * count,
            end=".",
            at_most=self.language.longest,
            choose=sampled(rng, top_p=top_p),
            prefixes=self._prefixes([[]] * count),
        )

    def say_next_word(self, gaps: Sequence[Gap]) -> Log:
        """Read the left side and say the next word; the right side goes unread."""
        rows = self._after_start([gap.left for gap in gaps])
        asked = [[len(row) - 1] for row in rows]
        prefixes = self._prefixes([gap.left for gap in gaps])
        return self.over_words(self.reader.log_probabilities(rows, asked, prefixes=prefixes))

    def try_every_word(self, gaps: Sequence[Gap]) -> Log:
        """Put every word of the vocabulary into the blank and compare the whole sentences."""
        pairs = [(gap, [word]) for gap in gaps for word in range(self.vocabulary.words)]
        scores = self._sentence_scores(pairs).reshape(len(gaps), self.vocabulary.words)
        return self.over_words(scores)

    def write_until_the_right_side_begins(self, gaps: Sequence[Gap]) -> Rows:
        """Write on from the left side and stop before the first word of the right side."""
        pages = self.reader.write(
            self._after_start([gap.left for gap in gaps]),
            end=".",
            at_most=LONGEST_STRETCH + 1,
            prefixes=self._prefixes([gap.left for gap in gaps]),
        )
        return [_until(page, gap.right) for page, gap in zip(pages, gaps, strict=True)]

    def choose_among_drafts(self, gaps: Sequence[Gap]) -> Rows:
        """Draw 32 drafts, cut them at every length, and take the likeliest whole sentence."""
        many = [gap for gap in gaps for _ in range(DRAFTS)]
        pages = self.reader.write(
            self._after_start([gap.left for gap in many]),
            end=".",
            at_most=LONGEST_STRETCH,
            choose=sampled(np.random.default_rng(0)),
            prefixes=self._prefixes([gap.left for gap in many]),
        )
        cut = [[page[:length] for length in range(1, len(page) + 1)] for page in pages]
        drafts = [
            [draft for pieces in cut[n : n + DRAFTS] for draft in pieces]
            for n in range(0, len(cut), DRAFTS)
        ]
        return self.best_draft(gaps, drafts, self._sentence_scores)

    def read(self, sentences: Rows) -> dict[str, np.ndarray]:
        """Read the sentence once and average its states."""
        states, lengths = self.reader.states(
            self._after_start(sentences), prefixes=self._prefixes(sentences)
        )
        return self.pooled(states, lengths, skip=1)

    def _sentence_scores(self, pairs: Sequence[tuple[Gap, list[int]]]) -> np.ndarray:
        """Log-probability of each gap's draft and right side, given the left side."""
        rows, asked, targets = [], [], []
        for gap, draft in pairs:
            rest = draft + gap.right
            rows.append([self.vocabulary[START], *gap.left, *rest[:-1]])
            asked.append(range(len(gap.left), len(rows[-1])))
            targets.append(rest)
        prefixes = self._prefixes([gap.left for gap, _ in pairs])
        found = self.reader.log_probabilities(rows, asked, prefixes=prefixes)
        return added_up(found, targets)

    def _after_start(self, rows: Rows) -> Rows:
        return [[self.vocabulary[START], *row] for row in rows]

    def _prefixes(self, lefts: Rows) -> list[int] | None:
        """How many inputs are read in both directions; None for a causal mask."""
        return None


class PrefixReader(DecoderOnly):
    """A prefix LM: what is given is read in both directions."""

    def learner(self) -> PairLearner:
        """Return a copy of the model that can learn from pairs."""
        return PairLearner(self.reader.model, self.language, both_ways=True)

    def _prefixes(self, lefts: Rows) -> list[int]:
        return [1 + len(left) for left in lefts]


class FillInMiddle(DecoderOnly):
    """A causal LM that has also practised to write the middle after both sides."""

    @property
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer)."""
        return {
            **super().ways,
            ("blank", "native"): self.say_first_word_of_the_middle,
            ("missing_span", "native"): self.write_middle,
            ("missing_span", "workaround"): self.choose_among_middles,
        }

    def say_first_word_of_the_middle(self, gaps: Sequence[Gap]) -> Log:
        """Read both sides, moved in front, and say the first word of the middle."""
        rows = self._both_sides(gaps)
        asked = [[len(row) - 1] for row in rows]
        return self.over_words(self.reader.log_probabilities(rows, asked))

    def write_middle(self, gaps: Sequence[Gap]) -> Rows:
        """Read both sides, moved in front, and write the middle until its end token."""
        pages = self.reader.write(self._both_sides(gaps), end=END, at_most=LONGEST_STRETCH + 1)
        return [without_last(page, self.vocabulary[END]) for page in pages]

    def choose_among_middles(self, gaps: Sequence[Gap]) -> Rows:
        """Draw 32 middles and take the one that makes the likeliest whole sentence."""
        many = [gap for gap in gaps for _ in range(DRAFTS)]
        choose = sampled(np.random.default_rng(0))
        pages = self.reader.write(
            self._both_sides(many), end=END, at_most=LONGEST_STRETCH + 1, choose=choose
        )
        middles = [without_last(page, self.vocabulary[END]) for page in pages]
        middles = [[i for i in middle if i < self.vocabulary.words] for middle in middles]
        drafts = [middles[n : n + DRAFTS] for n in range(0, len(middles), DRAFTS)]
        return self.best_draft(gaps, drafts, self._sentence_scores)

    def _both_sides(self, gaps: Sequence[Gap]) -> Rows:
        before, between, after = self.vocabulary.encode([PRE, SUF, MID])
        return [[before, *gap.left, between, *gap.right, after] for gap in gaps]


def added_up(log_probabilities: Log, targets: Rows) -> np.ndarray:
    """Sum of the log-probabilities of each row's targets."""
    flat = np.concatenate([np.asarray(row) for row in targets])
    chosen = log_probabilities[np.arange(len(flat)), flat]
    return np.add.reduceat(chosen, np.cumsum([0, *(len(row) for row in targets[:-1])]))


def without_last(page: list[int], end: int) -> list[int]:
    """Drop the end token if it was reached."""
    return page[:-1] if page and page[-1] == end else page


def _until(page: list[int], right: list[int]) -> list[int]:
    """Cut a page before the first word of the right side; at least one word is missing."""
    if not right:
        return page[:LONGEST_STRETCH]
    stop = next((n for n, word in enumerate(page) if n and word == right[0]), LONGEST_STRETCH)
    return page[:stop]
