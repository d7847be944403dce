"""Fine-tuning towards any task that can be shown as pairs: read this, write that.

Every architecture sees the same pairs. Where one stack reads and writes, the second text starts
at a fixed slot, and the slots from there on begin with copies of the position rows that
pretraining has trained: otherwise fine-tuning would measure who has seen the later positions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.measurement import log_softmax
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.vocabulary import END, PAD, Ids
from lessonlib.models import Transformer, generate, train
from lessonlib.samples import MASK, START

PAIRS_AT_ONCE = 32
LEARNING_RATE = 2e-3

Rows = Sequence[Sequence[int]]
Pair = tuple[Sequence[int], Sequence[int]]


class PairLearner:
    """A copy of a model that learns from pairs of texts.

    A decoder-only model may read the first text in both directions (`both_ways`). The first text
    may be as long as so many `texts_read`, and the second may have `new_tokens`, whose ids follow
    those that the model knows.
    """

    def __init__(
        self,
        model: Transformer,
        texts: Texts,
        both_ways: bool = False,
        texts_read: int = 1,
        new_tokens: int = 0,
    ) -> None:
        self.vocabulary = texts.vocabulary
        self.architecture = model.config.architecture
        self.both_ways = both_ways
        self.passes = 0
        self.room = texts.longest + 1  # the longest text and its end
        two_stacks = self.architecture == "encoder-decoder"
        # One stack reads a start token, the longest text, and a mode token before it writes.
        read = texts_read * texts.longest
        self.slot = 0 if two_stacks else read + 2
        length = max(model.config.length, read) if two_stacks else self.slot + self.room
        self.model = enlarged(model, length, self.slot, new_tokens)

    def practise(self, pairs: Sequence[Pair], steps: int, seed: int) -> None:
        """Train on batches of pairs drawn with repetition."""
        if steps and pairs:
            stream = self._batches(pairs, np.random.default_rng([seed, 3]))
            train(self.model, stream, steps, learning_rate=LEARNING_RATE)

    def write(self, sources: Rows) -> list[list[int]]:
        """Write the second text for each first one: greedily, or all places at once."""
        form = self._form(sources)
        if self.architecture == "encoder-only":
            asked = np.tile(np.arange(form.inputs.shape[1]) >= self.slot, (len(sources), 1))
            words = self.model.logits(form.inputs, form.attention_mask, asked).argmax(axis=1)
            self.passes += len(sources)
            return [self._until_end(row) for row in words.reshape(len(sources), self.room)]
        first = self.slot + 1
        given = self.model, form.inputs, np.full(len(sources), first), form.attention_mask
        written, until = generate(*given, end_id=self.vocabulary[END], source=form.source)
        self.passes += int((until - first).sum())
        return [self._until_end(row[first:stop]) for row, stop in zip(written, until, strict=True)]

    def write_surest_first(self, sources: Rows) -> list[list[int]]:
        """Fill one slot per pass, always the one that is surest (encoder-only)."""
        form = self._form(sources)
        inputs, row = form.inputs, np.arange(len(sources))
        asked = np.tile(np.arange(inputs.shape[1]) >= self.slot, (len(sources), 1))
        for _ in range(self.room):
            found = log_softmax(self.model.logits(inputs, form.attention_mask, asked))
            found = found.reshape(len(sources), -1, found.shape[1])
            places = np.nonzero(asked)[1].reshape(len(sources), -1)
            surest = found.max(axis=2).argmax(axis=1)
            inputs[row, places[row, surest]] = found[row, surest].argmax(axis=1)
            asked[row, places[row, surest]] = False  # whatever it says: it may say the mask again
            self.passes += len(sources)
        return [self._until_end(row) for row in inputs[:, self.slot :]]

    def _batches(self, pairs: Sequence[Pair], rng: np.random.Generator) -> Iterator[Batch]:
        filled = self._masked if self.architecture == "encoder-only" else self._shifted
        while True:
            drawn = [pairs[i] for i in rng.integers(len(pairs), size=PAIRS_AT_ONCE)]
            ended = [[*second, self.vocabulary[END]] for _, second in drawn]
            answers = self.vocabulary.padded(ended, self.room)
            yield filled(self._form([first for first, _ in drawn]), answers, rng)

    def _form(self, sources: Rows) -> Batch:
        """Return first texts with room for the second ones, in which nothing is asked yet."""
        pad, start, mask = self.vocabulary.encode([PAD, START, MASK])
        source = None
        if self.architecture == "encoder-decoder":
            source = self.vocabulary.padded(sources)
            inputs = np.full((len(sources), self.room), start)
            attention = ("encoder_decoder", source != pad)
        elif self.architecture == "decoder-only":
            started = [[start, *first] for first in sources]
            inputs = self.vocabulary.padded(started, self.slot + self.room)
            inputs[:, self.slot] = start
            splits = np.full(len(sources), self.slot)
            attention = ("prefix", splits) if self.both_ways else ("causal",)
        else:
            inputs = self.vocabulary.padded(sources, self.slot + self.room)
            inputs[:, self.slot :] = mask
            attention = ("bidirectional",)
        targets, asked = np.full(inputs.shape, pad), np.zeros(inputs.shape, bool)
        real = (inputs != pad) | (np.arange(inputs.shape[1]) >= self.slot)
        return Batch("pairs", source, inputs, targets, asked, attention, real)

    def _shifted(self, form: Batch, answers: Ids, _: np.random.Generator) -> Batch:
        """Say every next word of the second text."""
        form.inputs[:, self.slot + 1 :] = answers[:, :-1]
        form.targets[:, self.slot :] = answers
        form.loss_mask[:] = form.targets != self.vocabulary[PAD]
        return form

    def _masked(self, form: Batch, answers: Ids, rng: np.random.Generator) -> Batch:
        """Hide from nearly none to all of the second text, as in iterative filling."""
        answers[answers == self.vocabulary[PAD]] = self.vocabulary[END]
        hidden = rng.random(answers.shape) < rng.uniform(0, 1, (len(answers), 1))
        hidden[np.arange(len(answers)), rng.integers(self.room, size=len(answers))] = True
        form.inputs[:, self.slot :][~hidden] = answers[~hidden]
        form.targets[:, self.slot :] = answers
        form.loss_mask[:, self.slot :] = hidden
        return form

    def _until_end(self, row: Ids) -> list[int]:
        page = row.tolist()
        return page[: page.index(self.vocabulary[END])] if self.vocabulary[END] in page else page


def enlarged(model: Transformer, length: int, slot: int = 0, new_tokens: int = 0) -> Transformer:
    """Return a copy with more positions and tokens.

    Positions that nobody has practised begin as copies of the first ones; so do those from a slot
    on.
    """
    known = model.config.vocab_size
    config = replace(model.config, length=length, vocab_size=known + new_tokens)
    larger = type(model)(config, np.random.default_rng(0), model.values.dtype.type)
    for name, weight in model.parameters.items():
        room = larger.parameters[name].value
        if name.endswith(".positions"):
            place = np.arange(length)
            place[slot:] -= slot
            room[...] = weight.value[place % len(weight.value)]
        else:
            room[: len(weight.value)] = weight.value
    return larger
