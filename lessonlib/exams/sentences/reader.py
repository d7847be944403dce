"""How a question is put to a model, whatever its architecture, and what that costs."""

from collections.abc import Iterator, Sequence

import numpy as np

from lessonlib import attention
from lessonlib.attention import EncoderDecoderMask, Mask
from lessonlib.exams.measurement import log_softmax
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.vocabulary import Ids
from lessonlib.models import Transformer, generate
from lessonlib.models.generation import Choose, greedy
from lessonlib.samples import START

Rows = Sequence[Sequence[int]]
Log = np.ndarray

ROWS_AT_ONCE = 512


class Reader:
    """Reads rows of token ids with a model and counts the forward passes.

    One forward pass is the model reading one row once. A row that writes five tokens one after
    the other costs five.
    """

    def __init__(self, model: Transformer, texts: Texts) -> None:
        self.model = model
        self.vocabulary = texts.vocabulary
        self.passes = 0

    def log_probabilities(
        self,
        rows: Rows,
        asked: Rows,
        *,
        sources: Rows | None = None,
        prefixes: Sequence[int] | None = None,
    ) -> Log:
        """Return the log-probability of every token at each position asked, in all rows.

        `rows` is what the predicting stack reads, `asked` the positions in each row to answer at,
        rising, `sources` what the encoder of an encoder-decoder reads; with `prefixes`, so many
        tokens of each row are read in both directions.
        """
        self.passes += len(rows)
        answers = []
        for some, places, texts, splits in _parts(rows, asked, sources, prefixes):
            inputs, real = self._padded(some)
            flags = np.zeros(inputs.shape, bool)
            for flag, positions in zip(flags, places, strict=True):
                flag[list(positions)] = True
            source, mask = self._source_and_mask(real, texts, splits)
            answers.append(log_softmax(self.model.logits(inputs, mask, flags, source=source)))
        return np.concatenate(answers)

    def write(
        self,
        rows: Rows,
        *,
        end: str,
        at_most: int,
        choose: Choose = greedy,
        sources: Rows | None = None,
        prefixes: Sequence[int] | None = None,
    ) -> list[list[int]]:
        """Go on from each row until the token `end`, written too, or for `at_most` tokens."""
        pages = []
        for some, texts, splits in _parts(rows, sources, prefixes):
            given, real = self._padded(some)
            lengths = real.sum(axis=1)
            more = min(at_most, self.model.config.length - given.shape[1])
            room = np.pad(real, [(0, 0), (0, more)])
            source, mask = self._source_and_mask(room, texts, splits)
            written, until = generate(
                self.model,
                np.pad(given, [(0, 0), (0, more)]),
                lengths,
                mask,
                end_id=self.vocabulary[end],
                choose=choose,
                source=source,
            )
            pages += [
                row[start : min(stop, start + at_most)].tolist()
                for row, start, stop in zip(written, lengths, until, strict=True)
            ]
        self.passes += sum(len(page) for page in pages)
        return pages

    def states(
        self, rows: Rows, *, prefixes: Sequence[int] | None = None
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return the states of the stack that reads text (of two the encoder), and lengths."""
        self.passes += len(rows)
        collected: dict[str, list[np.ndarray]] = {}
        width = max(len(row) for row in rows)
        encodes = self.model.config.architecture == "encoder-decoder"
        for some, splits in _parts(rows, prefixes):
            inputs, real = self._padded(some, width)
            if encodes:
                start = np.full((len(inputs), 1), self.vocabulary[START])
                mask = attention.masks("encoder_decoder", np.ones(start.shape, bool), real)
                found = self.model.features(start, mask, source=inputs)
            else:
                _, mask = self._source_and_mask(real, None, splits)
                found = self.model.features(inputs, mask)
            for layer, values in found.items():
                if not (encodes and layer.startswith("decoder")):
                    collected.setdefault(layer, []).append(values)
        states = {layer: np.concatenate(values) for layer, values in collected.items()}
        return states, np.array([len(row) for row in rows])

    def _padded(self, rows: Rows, width: int = 0) -> tuple[Ids, Mask]:
        """Return rows of one width, and where they hold tokens."""
        ids = self.vocabulary.padded(rows, width)
        lengths = np.array([len(row) for row in rows])
        return ids, np.arange(ids.shape[1]) < lengths[:, None]

    def _source_and_mask(
        self, real: Mask, sources: Rows | None, prefixes: Sequence[int] | None
    ) -> tuple[Ids | None, Mask | EncoderDecoderMask]:
        if self.model.config.architecture == "encoder-only":
            return None, attention.masks("bidirectional", real)
        room = np.ones(real.shape, bool)  # what is padding now may be written next
        if self.model.config.architecture == "decoder-only":
            if prefixes is None:
                return None, attention.masks("causal", room)
            return None, attention.masks("prefix", room, np.asarray(prefixes))
        source, source_real = self._padded(sources)
        return source, attention.masks("encoder_decoder", room, source_real)


def _parts(*columns: Sequence | None) -> Iterator[list]:
    """Cut columns of the same length into parts that fit into memory; None stays None."""
    for first in range(0, len(columns[0]), ROWS_AT_ONCE):
        part = slice(first, first + ROWS_AT_ONCE)
        yield [None if column is None else column[part] for column in columns]
