"""Candidates whose one stack reads a text with a gap and goes on to write what is missing."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lessonlib.exams.candidate import NATIVE, answers
from lessonlib.exams.sentences.candidates.base import Pages
from lessonlib.exams.sentences.candidates.decoder import _until
from lessonlib.exams.sentences.candidates.encoder_decoder import EncoderDecoder, MixedDenoiser
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.sentences.reader import Log, Reader, Rows
from lessonlib.models import Transformer, greedy


class JoinedReader(Reader):
    """Puts what an encoder would read in front of what a decoder would read."""

    def __init__(self, model: Transformer, texts: Texts, both_ways: bool) -> None:
        super().__init__(model, texts)
        self.both_ways = both_ways

    def log_probabilities(self, rows: Rows, asked: Rows, *, sources: Rows, **_: Any) -> Log:
        """Ask behind the sources; see `Reader`."""
        later = [
            [len(source) + place for place in places]
            for source, places in zip(sources, asked, strict=True)
        ]
        both = _joined(sources, rows)
        return super().log_probabilities(both, later, prefixes=self._prefixes(sources))

    def write(self, rows: Rows, *, sources: Rows, **how: Any) -> list[list[int]]:
        """Go on behind the sources; see `Reader`."""
        return super().write(_joined(sources, rows), prefixes=self._prefixes(sources), **how)

    def states(self, rows: Rows, **_: Any) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Read as a source is read; see `Reader`."""
        return super().states(rows, prefixes=self._prefixes(rows))

    def _prefixes(self, sources: Rows) -> list[int] | None:
        return [len(source) for source in sources] if self.both_ways else None


def _joined(sources: Rows, rows: Rows) -> Rows:
    return [[*source, *row] for source, row in zip(sources, rows, strict=True)]


class JoinedForward(EncoderDecoder):
    """Reads and writes from left to right."""

    def __init__(self, model: Transformer, language: Texts) -> None:
        super().__init__(model, language)
        self.reader = JoinedReader(model, language, self.both_ways)


class JoinedBothWays(JoinedForward):
    """Reads in both directions, then writes."""

    both_ways = True


class MixedForward(MixedDenoiser, JoinedForward):
    """A mixture, read from left to right."""


class MixedBothWays(MixedDenoiser, JoinedBothWays):
    """A mixture, read in both directions."""


class EndingWriter(EncoderDecoder):
    """A prefix LM in two stacks: it reads the left side, and knows only gaps up to the end."""

    def _source(self, gap: Gap, mode: str | None) -> list[int]:
        return super()._source(Gap(gap.left, [], gap.missing), mode)

    @answers(NATIVE, "missing_span")
    def _write_until_the_right_side_begins(self, gaps: Sequence[Gap]) -> Pages:
        pages = self._written(gaps, greedy, None, LONGEST_STRETCH + 1)
        return [_until(page, gap.right) for page, gap in zip(pages, gaps, strict=True)]
