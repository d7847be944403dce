"""How a question is put to a model, whatever its architecture, and what that costs."""

from collections.abc import Sequence

import numpy as np

from lessonlib.attention import EncoderDecoderMask
from lessonlib.exams.vocabulary import Ids, Language
from lessonlib.models import Transformer, generate
from lessonlib.models.generation import Choose, greedy

Rows = Sequence[Sequence[int]]
Log = np.ndarray

ROWS_AT_ONCE = 512


class Reader:
    """Reads rows of token ids with a model and counts the forward passes.

    One forward pass is the model reading one row once. A row that writes five tokens one after
    the other costs five.

    Parameters
    ----------
    model : Transformer
    language : Language
    """

    def __init__(self, model: Transformer, language: Language) -> None:
        self.model = model
        self.language = language
        self.passes = 0

    def log_probabilities(
        self,
        rows: Rows,
        asked: Rows,
        *,
        sources: Rows | None = None,
        prefixes: Sequence[int] | None = None,
    ) -> Log:
        """Log-probability of every token at the positions asked.

        Parameters
        ----------
        rows : sequence of sequences of int
            What the predicting stack reads.
        asked : sequence of sequences of int
            For each row the positions to answer at, rising.
        sources : sequence of sequences of int, optional
            What the encoder of an encoder-decoder reads.
        prefixes : sequence of int, optional
            For a prefix LM: how many tokens of each row are read in both directions.

        Returns
        -------
        numpy.ndarray
            Shape (positions asked in all rows, tokens).
        """
        self.passes += len(rows)
        answers = []
        for part in _parts(len(rows)):
            inputs, lengths = self._padded(rows[part])
            flags = np.zeros(inputs.shape, bool)
            for flag, positions in zip(flags, asked[part], strict=True):
                flag[list(positions)] = True
            source, mask = self._source_and_mask(
                lengths, inputs.shape[1], _maybe(sources, part), _maybe(prefixes, part)
            )
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
        """Go on from each row until the token `end` or for `at_most` tokens.

        Returns
        -------
        list of list of int
            What was written, with `end` where it was reached.
        """
        pages = []
        for part in _parts(len(rows)):
            given, lengths = self._padded(rows[part])
            room = min(given.shape[1] + at_most, self.model.config.length)
            inputs = np.pad(given, [(0, 0), (0, room - given.shape[1])])
            source, mask = self._source_and_mask(
                lengths, room, _maybe(sources, part), _maybe(prefixes, part)
            )
            end_id = self.language.vocabulary[end]
            written, until = generate(
                self.model, inputs, lengths, mask, end_id=end_id, choose=choose, source=source
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
        """States of the stack that reads text, behind every layer.

        An encoder-decoder reads the rows with its encoder.

        Returns
        -------
        states : dict of str to ndarray, shape (rows, longest, width)
        lengths : ndarray of int, shape (rows,)
        """
        self.passes += len(rows)
        collected: dict[str, list[np.ndarray]] = {}
        inputs, lengths = self._padded(rows)
        for part in _parts(len(rows)):
            if self.model.config.architecture == "encoder-decoder":
                start = np.full((len(inputs[part]), 1), self.language.vocabulary["<s>"])
                source, mask = self._source_and_mask(
                    np.ones(len(start), int), 1, rows[part], None, inputs.shape[1]
                )
                found = self.model.features(start, mask, source=source)
            else:
                _, mask = self._source_and_mask(
                    lengths[part], inputs.shape[1], None, _maybe(prefixes, part)
                )
                found = self.model.features(inputs[part], mask)
            for layer, values in found.items():
                if not (source_stack(self.model) == "encoder" and layer.startswith("decoder")):
                    collected.setdefault(layer, []).append(values)
        return {layer: np.concatenate(values) for layer, values in collected.items()}, lengths

    def _padded(self, rows: Rows, width: int | None = None) -> tuple[Ids, Ids]:
        lengths = np.array([len(row) for row in rows])
        return self.language.vocabulary.padded(rows, width), lengths

    def _source_and_mask(
        self,
        lengths: Ids,
        width: int,
        sources: Rows | None,
        prefixes: Sequence[int] | None,
        source_width: int | None = None,
    ) -> tuple[Ids | None, np.ndarray | EncoderDecoderMask]:
        architecture = self.model.config.architecture
        position = np.arange(width)
        past = position <= position[:, None]
        if architecture == "encoder-only":
            real = (position < lengths[:, None])[:, None, :]
            return None, np.broadcast_to(real, (len(lengths), width, width))
        if architecture == "decoder-only":
            if prefixes is None:
                return None, past
            return None, past | (position < np.asarray(prefixes)[:, None, None])
        source, source_lengths = self._padded(sources, source_width)
        real = (np.arange(source.shape[1]) < source_lengths[:, None])[:, None, :]
        return source, EncoderDecoderMask(
            encoder=np.broadcast_to(real, (len(source), source.shape[1], source.shape[1])),
            decoder=past,
            cross=np.broadcast_to(real, (len(source), width, source.shape[1])),
        )


def source_stack(model: Transformer) -> str:
    """Name of the stack that reads the text of a question."""
    return next(iter(model.config.stacks))


def log_softmax(logits: np.ndarray) -> Log:
    """Turn scores into log-probabilities, row by row, in float64."""
    shifted = logits.astype(float) - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _parts(count: int) -> list[slice]:
    return [slice(first, first + ROWS_AT_ONCE) for first in range(0, count, ROWS_AT_ONCE)]


def _maybe(values: Sequence | None, part: slice) -> Sequence | None:
    return None if values is None else values[part]
