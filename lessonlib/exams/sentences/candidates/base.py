"""What all candidates that read sentences have in common: how a model is asked, and its price."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lessonlib import attention
from lessonlib.attention import EncoderDecoderMask, Mask
from lessonlib.exams.measurement import NATIVE, Candidate, answers, log_softmax
from lessonlib.exams.sentences.candidates.pairs import Pair, PairLearner, Rows
from lessonlib.exams.sentences.items import LONGEST_STRETCH, Gap
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.vocabulary import Ids
from lessonlib.models import Transformer, generate, greedy, sampled
from lessonlib.models.generation import Choose
from lessonlib.samples import START

DRAFTS = 32  # how many drafts a work-around writes before it chooses one
ROWS_AT_ONCE = 512
# What is added for a stretch's end by who cannot say it: all lengths are known as equally likely.
ANY_LENGTH = -float(np.log(LONGEST_STRETCH))

Log = np.ndarray
Pages = list[list[int]]
Draft = tuple[Gap, list[int]]


class TextCandidate(Candidate):
    """A model of sentences.

    It counts its forward passes: one is the model reading one row once. A row that writes five
    tokens one after the other costs five.
    """

    both_ways = False  # whether it reads what it is given in both directions

    def __init__(self, model: Transformer, language: Texts) -> None:
        super().__init__(model, language)
        self.language, self.vocabulary = language, language.vocabulary

    def log_probabilities(
        self,
        rows: Rows,
        asked: Rows,
        sources: Rows | None = None,
        prefixes: Sequence[int] | None = None,
    ) -> Log:
        """Return the log-probability of every token at each position asked, in all rows.

        `rows` is what the predicting stack reads, `asked` the positions in each row to answer at,
        rising, `sources` what the encoder of an encoder-decoder reads; with `prefixes`, so many
        tokens of each row are read in both directions.
        """
        self.passes += len(rows)
        found = []
        for some, places, texts, splits in _parts(rows, asked, sources, prefixes):
            inputs, real = self._padded(some)
            flags = np.zeros(inputs.shape, bool)
            for flag, positions in zip(flags, places, strict=True):
                flag[list(positions)] = True
            source, mask = self._source_and_mask(real, texts, splits)
            found.append(log_softmax(self.model.logits(inputs, mask, flags, source=source)))
        return np.concatenate(found)

    def write(
        self,
        rows: Rows,
        end: str,
        at_most: int,
        choose: Choose = greedy,
        sources: Rows | None = None,
        prefixes: Sequence[int] | None = None,
    ) -> Pages:
        """Go on from each row until the token `end`, written too, or for `at_most` tokens."""
        pages = []
        for some, texts, splits in _parts(rows, sources, prefixes):
            given, real = self._padded(some)
            lengths = real.sum(axis=1)
            more = [(0, 0), (0, min(at_most, self.model.config.length - given.shape[1]))]
            source, mask = self._source_and_mask(np.pad(real, more), texts, splits)
            writing = {"end_id": self.vocabulary[end], "choose": choose, "source": source}
            written, until = generate(self.model, np.pad(given, more), lengths, mask, **writing)
            pages += [
                row[start : min(stop, start + at_most)].tolist()
                for row, start, stop in zip(written, lengths, until, strict=True)
            ]
        self.passes += sum(map(len, pages))
        return pages

    def pooled(
        self, rows: Rows, prefixes: Sequence[int] | None = None, skip: int = 0
    ) -> dict[str, np.ndarray]:
        """Return one vector per sentence from its words' states: mean, max and last of each layer.

        Of two stacks the encoder reads. The first `skip` tokens are no words.
        """
        self.passes += len(rows)
        width = max(map(len, rows))
        parts = [
            self._states(*self._padded(some, width), splits)
            for some, splits in _parts(rows, prefixes)
        ]
        lengths = np.array([len(row) for row in rows])
        position = np.arange(width)
        inside = ((position >= skip) & (position < lengths[:, None])).astype(float)
        shares = inside / inside.sum(axis=1)[:, None]
        found = {}
        for layer in parts[0]:
            values = np.concatenate([part[layer] for part in parts])
            found[f"{layer}, mean"] = np.einsum("npd,np->nd", values, shares)
            found[f"{layer}, max"] = np.where(inside[:, :, None] > 0, values, -np.inf).max(axis=1)
            found[f"{layer}, last"] = values[np.arange(len(values)), lengths - 1]
        return found

    def _states(self, inputs: Ids, real: Mask, splits: Any) -> Mapping[str, np.ndarray]:
        if self.model.config.architecture != "encoder-decoder":
            return self.model.features(inputs, self._source_and_mask(real, None, splits)[1])
        start = np.full((len(inputs), 1), self.vocabulary[START])
        mask = attention.masks("encoder_decoder", np.ones(start.shape, bool), real)
        found = self.model.features(start, mask, source=inputs)
        return {layer: x for layer, x in found.items() if layer.startswith("encoder")}

    def _padded(self, rows: Rows, width: int = 0) -> tuple[Ids, Mask]:
        """Return rows of one width, and where they hold tokens."""
        ids = self.vocabulary.padded(rows, width)
        return ids, np.arange(ids.shape[1]) < np.array([len(row) for row in rows])[:, None]

    def _source_and_mask(
        self, real: Mask, sources: Rows | None, prefixes: Sequence[int] | None
    ) -> tuple[Ids | None, Mask | EncoderDecoderMask]:
        room = np.ones(real.shape, bool)  # what is padding now may be written next
        if self.model.config.architecture == "encoder-only":
            return None, attention.masks("bidirectional", real)
        if sources is not None:
            source, source_real = self._padded(sources)
            return source, attention.masks("encoder_decoder", room, source_real)
        if prefixes is not None:
            return None, attention.masks("prefix", room, np.asarray(prefixes))
        return None, attention.masks("causal", room)

    @answers(NATIVE, "rewriting")
    def rewrite(
        self,
        pairs: Sequence[Pair],
        sources: Rows,
        steps: int,
        seed: int,
        write: Callable[[PairLearner, Rows], Pages] = PairLearner.write,
        **room: int,
    ) -> Pages:
        """Let a copy of the model learn from the pairs, then write the second texts."""
        learner = PairLearner(self.model, self.language, self.both_ways, **room)
        learner.practise(pairs, steps, seed)
        pages = write(learner, sources)
        self.passes += learner.passes
        return pages

    def never_pretrained(self, seed: int) -> "TextCandidate":
        """Return a candidate of the same kind and shape whose model has practised nothing."""
        blank = type(self.model)(self.model.config, np.random.default_rng([seed, 0]))
        return type(self)(blank, self.language)

    def over_words(self, *asked: Any, **options: Any) -> Log:
        """Answer as `log_probabilities` with ordinary words only: special tokens cost nothing."""
        return self._words_alone(self.log_probabilities(*asked, **options))

    def _words_alone(self, log_probabilities: Log) -> Log:
        words = log_probabilities[:, : self.vocabulary.words]
        return words - np.logaddexp.reduce(words, axis=1, keepdims=True)

    def every_word(
        self, gaps: Sequence[Gap], scores: Callable[[Sequence[Draft]], np.ndarray]
    ) -> Log:
        """Score every word of the vocabulary as the draft of each gap; see `best_draft`."""
        pairs = [(gap, [word]) for gap in gaps for word in range(self.vocabulary.words)]
        return self._words_alone(scores(pairs).reshape(len(gaps), self.vocabulary.words))

    def drafts(
        self, gaps: Sequence[Gap], write: Callable[[Sequence[Gap], Choose], Pages]
    ) -> list[Pages]:
        """Draw 32 drafts for each gap."""
        many = [gap for gap in gaps for _ in range(DRAFTS)]
        pages = write(many, sampled(np.random.default_rng(0)))
        return [pages[n : n + DRAFTS] for n in range(0, len(pages), DRAFTS)]

    def best_draft(
        self,
        gaps: Sequence[Gap],
        drafts: Sequence[Rows],
        scores: Callable[[Sequence[Draft]], np.ndarray],
    ) -> Pages:
        """Choose for each gap the draft that scores most; `scores` is asked about all pairs."""
        different = [sorted({tuple(draft) for draft in found if len(draft)}) for found in drafts]
        both = zip(gaps, different, strict=True)
        marks = scores([(gap, list(draft)) for gap, found in both for draft in found])
        marks = np.split(marks, np.cumsum([len(found) for found in different])[:-1])
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


def added_up(log_probabilities: Log, targets: Rows) -> np.ndarray:
    """Sum of the log-probabilities of each row's targets."""
    flat = np.concatenate([np.asarray(row) for row in targets])
    chosen = log_probabilities[np.arange(len(flat)), flat]
    return np.add.reduceat(chosen, np.cumsum([0, *(len(row) for row in targets[:-1])]))


def without_last(page: list[int], end: int) -> list[int]:
    """Drop the end token if it was reached."""
    return page[:-1] if page and page[-1] == end else page


def _parts(*columns: Sequence | None) -> Iterator[list]:
    """Cut columns of the same length into parts that fit into memory; None stays None."""
    for first in range(0, len(columns[0]), ROWS_AT_ONCE):
        part = slice(first, first + ROWS_AT_ONCE)
        yield [None if column is None else column[part] for column in columns]
