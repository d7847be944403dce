"""Fine-tuning towards any task that can be shown as pairs: read this, write that.

Every architecture sees the same pairs. Where one stack reads and writes, the second text starts
at a fixed slot, and the slots from there on begin with copies of the position rows that
pretraining has trained: otherwise fine-tuning would measure who has seen the later positions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lessonlib.abilities.reading import Rows, log_softmax
from lessonlib.abilities.vocabulary import END, PAD, Ids, Language
from lessonlib.attention import EncoderDecoderMask
from lessonlib.models import Transformer, generate, train
from lessonlib.samples import MASK, START

PAIRS_AT_ONCE = 32
LEARNING_RATE = 2e-3

Pair = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True)
class PairBatch:
    """What the loss reads, see :class:`lessonlib.models.inputs.Batch`."""

    source: Ids | None
    inputs: Ids
    targets: Ids
    loss_mask: np.ndarray
    attention_mask: np.ndarray | EncoderDecoderMask


class PairLearner:
    """A copy of a model that learns from pairs of texts.

    Parameters
    ----------
    model : Transformer
        Stays as it is.
    language : Language
    both_ways : bool
        Whether a decoder-only model reads the first text in both directions.
    """

    def __init__(self, model: Transformer, language: Language, both_ways: bool = False) -> None:
        self.language = language
        self.vocabulary = language.vocabulary
        self.both_ways = both_ways
        self.passes = 0
        self.slot = language.longest + 2  # a start token, the longest text, and a mode token
        self.room = language.longest + 1  # the longest text and its end
        self.model = self._with_room(model)

    def practise(self, pairs: Sequence[Pair], steps: int, seed: int) -> None:
        """Train on batches of pairs drawn with repetition."""
        if steps and pairs:
            stream = self._batches(pairs, np.random.default_rng([seed, 3]))
            train(self.model, stream, steps, learning_rate=LEARNING_RATE)

    def write(self, sources: Rows) -> Rows:
        """Write the second text for each first one: greedily, or all places at once."""
        if self.model.config.architecture == "encoder-only":
            inputs, mask = self._slots(sources)
            asked = self._slot_flags(len(sources))
            words = self._best(inputs, mask, asked).reshape(len(sources), self.room)
            self.passes += len(sources)
            return [self._until_end(row) for row in words]
        return self._written_left_to_right(sources)

    def write_surest_first(self, sources: Rows) -> Rows:
        """Fill one slot per pass, always the one that is surest (encoder-only)."""
        inputs, mask = self._slots(sources)
        for _ in range(self.room):
            asked = inputs == self.vocabulary[MASK]
            asked[:, : self.slot] = False
            found = log_softmax(self.model.logits(inputs, mask, asked))
            found = found.reshape(len(sources), -1, found.shape[1])
            places = np.nonzero(asked)[1].reshape(len(sources), -1)
            surest = found.max(axis=2).argmax(axis=1)
            row = np.arange(len(sources))
            inputs[row, places[row, surest]] = found[row, surest].argmax(axis=1)
            self.passes += len(sources)
        return [self._until_end(row) for row in inputs[:, self.slot :]]

    def _with_room(self, model: Transformer) -> Transformer:
        if model.config.architecture == "encoder-decoder":
            return model.copy()
        config = replace(model.config, length=self.slot + self.room)
        larger = Transformer(config, np.random.default_rng(0))
        for name, parameter in model.parameters.items():
            larger.parameters[name].value[: len(parameter.value)] = parameter.value
        (stack,) = model.config.stacks
        positions = larger.parameters[f"{stack}.positions"].value
        positions[self.slot :] = positions[: self.room]
        return larger

    def _batches(self, pairs: Sequence[Pair], rng: np.random.Generator) -> Iterator[PairBatch]:
        make = {
            "encoder-decoder": self._encoder_decoder_batch,
            "decoder-only": self._decoder_batch,
            "encoder-only": self._encoder_batch,
        }[self.model.config.architecture]
        while True:
            drawn = [pairs[i] for i in rng.integers(len(pairs), size=PAIRS_AT_ONCE)]
            yield make([pair[0] for pair in drawn], [pair[1] for pair in drawn], rng)

    def _encoder_decoder_batch(
        self, sources: Rows, targets: Rows, rng: np.random.Generator
    ) -> PairBatch:
        source, inputs, mask = self._source_and_room(sources)
        answers = self._answers(targets)
        inputs[:, 1:] = answers[:, :-1]
        return PairBatch(source, inputs, answers, answers != self.vocabulary[PAD], mask)

    def _decoder_batch(self, sources: Rows, targets: Rows, rng: np.random.Generator) -> PairBatch:
        inputs, mask = self._beginnings(sources)
        answers = self._answers(targets)
        inputs[:, self.slot + 1 :] = answers[:, :-1]
        labels = np.full(inputs.shape, self.vocabulary[PAD])
        labels[:, self.slot :] = answers
        return PairBatch(None, inputs, labels, labels != self.vocabulary[PAD], mask)

    def _encoder_batch(self, sources: Rows, targets: Rows, rng: np.random.Generator) -> PairBatch:
        """Hide from nearly none to all of the second text, as in iterative filling."""
        inputs, mask = self._slots(sources)
        answers = self._answers(targets)
        answers[answers == self.vocabulary[PAD]] = self.vocabulary[END]
        hidden = rng.random(answers.shape) < rng.uniform(0, 1, (len(answers), 1))
        hidden[np.arange(len(answers)), rng.integers(self.room, size=len(answers))] = True
        labels = inputs.copy()
        labels[:, self.slot :] = answers
        inputs[:, self.slot :][~hidden] = answers[~hidden]
        loss_mask = np.zeros(inputs.shape, bool)
        loss_mask[:, self.slot :] = hidden
        return PairBatch(None, inputs, labels, loss_mask, mask)

    def _answers(self, targets: Rows) -> Ids:
        ended = [[*target, self.vocabulary[END]] for target in targets]
        return self.vocabulary.padded(ended, self.room)

    def _source_and_room(self, sources: Rows) -> tuple[Ids, Ids, EncoderDecoderMask]:
        source = self.vocabulary.padded(sources)
        real = (source != self.vocabulary[PAD])[:, None, :]
        rows, width = source.shape
        inputs = np.full((rows, self.room), self.vocabulary[START])
        past = np.tri(self.room, dtype=bool)
        cross = np.broadcast_to(real, (rows, self.room, width))
        encoder = np.broadcast_to(real, (rows, width, width))
        return source, inputs, EncoderDecoderMask(encoder, past, cross)

    def _beginnings(self, sources: Rows) -> tuple[Ids, np.ndarray]:
        """First texts, padding up to the slot, the start of the second text, and the mask."""
        started = [[self.vocabulary[START], *source] for source in sources]
        inputs = self.vocabulary.padded(started, self.slot + self.room)
        inputs[:, self.slot] = self.vocabulary[START]
        real = inputs != self.vocabulary[PAD]
        real[:, self.slot :] = True
        position = np.arange(inputs.shape[1])
        past = position <= position[:, None]
        if self.both_ways:
            past = past | (position < self.slot)
        return inputs, past & real[:, None, :]

    def _slots(self, sources: Rows) -> tuple[Ids, np.ndarray]:
        """First texts, padding up to the slot, a mask in every slot, and who sees what."""
        inputs = self.vocabulary.padded(sources, self.slot + self.room)
        inputs[:, self.slot :] = self.vocabulary[MASK]
        real = inputs != self.vocabulary[PAD]
        return inputs, np.broadcast_to(real[:, None, :], (*inputs.shape, inputs.shape[1]))

    def _slot_flags(self, rows: int) -> np.ndarray:
        return np.tile(np.arange(self.slot + self.room) >= self.slot, (rows, 1))

    def _best(self, inputs: Ids, mask: np.ndarray, asked: np.ndarray) -> Ids:
        return self.model.logits(inputs, mask, asked).argmax(axis=1)

    def _written_left_to_right(self, sources: Rows) -> Rows:
        end = self.vocabulary[END]
        if self.model.config.architecture == "encoder-decoder":
            source, inputs, mask = self._source_and_room(sources)
            first = 1
        else:
            (inputs, mask), source = self._beginnings(sources), None
            first = self.slot + 1
        given = np.full(len(sources), first)
        written, until = generate(self.model, inputs, given, mask, end_id=end, source=source)
        self.passes += int((until - first).sum())
        return [self._until_end(row[first:stop]) for row, stop in zip(written, until, strict=True)]

    def _until_end(self, row: Ids) -> list[int]:
        page = row.tolist()
        return page[: page.index(self.vocabulary[END])] if self.vocabulary[END] in page else page
