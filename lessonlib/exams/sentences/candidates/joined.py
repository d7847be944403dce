"""Candidates whose one stack reads a text with a gap and goes on to write what is missing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lessonlib.exams.measurement import NATIVE, answers
from lessonlib.exams.sentences.candidates.base import Log, Pages
from lessonlib.exams.sentences.candidates.pairs import Rows
from lessonlib.exams.sentences.candidates.writers import EncoderDecoder, MixedDenoiser, until
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.models import greedy
from lessonlib.models.generation import Choose


class JoinedForward(EncoderDecoder):
    """Reads from left to right what an encoder would read, and goes on behind it."""

    def log_probabilities(self, rows: Rows, asked: Rows, sources: Rows, *_: Any) -> Log:
        """Ask behind the sources; see `TextCandidate`."""
        later = [
            [len(source) + place for place in places]
            for source, places in zip(sources, asked, strict=True)
        ]
        both = _joined(sources, rows)
        return super().log_probabilities(both, later, None, self._prefixes(sources))

    def write(
        self, rows: Rows, end: str, at_most: int, choose: Choose, sources: Rows, *_: Any
    ) -> Pages:
        """Go on behind the sources; see `TextCandidate`."""
        both = _joined(sources, rows)
        return super().write(both, end, at_most, choose, None, self._prefixes(sources))

    def pooled(
        self, rows: Rows, prefixes: Sequence[int] | None = None, skip: int = 0
    ) -> dict[str, np.ndarray]:
        """Read as a source is read; see `TextCandidate`."""
        return super().pooled(rows, self._prefixes(rows), skip)

    def _prefixes(self, sources: Rows) -> list[int] | None:
        return [len(source) for source in sources] if self.both_ways else None


def _joined(sources: Rows, rows: Rows) -> Rows:
    return [[*source, *row] for source, row in zip(sources, rows, strict=True)]


class JoinedBothWays(JoinedForward):
    """Reads in both directions, then writes."""

    both_ways = True


class MixedForward(MixedDenoiser, JoinedForward):
    """A mixture, read from left to right."""


class MixedBothWays(MixedDenoiser, JoinedBothWays):
    """A mixture, read in both directions."""


class EndingWriter(EncoderDecoder):
    """A prefix LM in two stacks: it reads the left side, and knows only gaps up to the end."""

    def _sources(self, gaps: Sequence[Gap], mode: tuple[str, ...]) -> Rows:
        return super()._sources([replace(gap, right=[]) for gap in gaps], mode)

    @answers(NATIVE, "missing_span")
    def _write_until_the_right_side_begins(self, gaps: Sequence[Gap]) -> Pages:
        pages = self._written(gaps, greedy, (), LONGEST_STRETCH + 1)
        return [until(page, gap.right) for page, gap in zip(pages, gaps, strict=True)]
