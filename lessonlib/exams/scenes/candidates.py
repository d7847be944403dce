"""How a trained model answers: each by what it practised, or by the best way around it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lessonlib import attention
from lessonlib.batches.pictures import PictureBatch
from lessonlib.exams.scenes import recipes as practice
from lessonlib.exams.scenes.recipes import LONGEST, VOCABULARY, Patches
from lessonlib.exams.vocabulary import PAD
from lessonlib.models import Transformer, generate
from lessonlib.models.pictures import embeddings
from lessonlib.samples import MASK, START
from lessonlib.samples.pictures import NO, YES
from lessonlib.samples.special import END

Words = tuple[str, ...]
Scores = NDArray[np.floating]

TOGETHER = 256  # rows read at once: more would leave the cache


class Student(ABC):
    """A model that says how well captions fit pictures; the higher, the better.

    Attributes
    ----------
    model : Transformer
    passes : int
        Pictures with captions read so far.
    native : frozenset of str
        The tasks among "choose", "fill", "retrieve" and "write" that it practised. Others are
        done in a roundabout way, or not at all.
    """

    native: frozenset[str] = frozenset()

    def __init__(self, model: Transformer) -> None:
        self.model, self.passes = model, 0

    def fit(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Score each picture with the caption of the same number, shape (rows,)."""
        scores = []
        for start in range(0, len(captions), TOGETHER):
            rows = slice(start, start + TOGETHER)
            ids = VOCABULARY.padded([VOCABULARY.encode(words) for words in captions[rows]])
            scores.append(self._fit(ids, patches[rows]))
        return np.concatenate(scores)

    def fit_all(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Score every picture with every caption, shape (pictures, captions)."""
        which = list(product(range(len(patches)), range(len(captions))))
        scores = self.fit(patches[[p for p, _ in which]], [captions[c] for _, c in which])
        return scores.reshape(len(patches), len(captions))

    def fill(
        self, patches: Patches, options: Sequence[Sequence[Words]], hole: Sequence[int]
    ) -> list[Scores]:
        """Score the options of each picture, which differ at one position alone."""
        return self.choose(patches, options)

    def choose(self, patches: Patches, options: Sequence[Sequence[Words]]) -> list[Scores]:
        """Score the options of each picture."""
        counts = [len(listed) for listed in options]
        captions = [words for listed in options for words in listed]
        scores = self.fit(np.repeat(patches, counts, axis=0), captions)
        return np.split(scores, np.cumsum(counts)[:-1])

    def write(self, patches: Patches, lengths: Sequence[int]) -> list[Words] | None:
        """Describe each picture; `lengths` may be looked at by those who need it. None: cannot."""
        return None

    @abstractmethod
    def _fit(self, ids: NDArray, patches: Patches) -> Scores:
        """Score how well each caption, as ids, fits its picture."""

    def _states_to_logits(self, batch: PictureBatch, asked: NDArray[np.bool_]) -> Scores:
        self.passes += len(batch)
        before = np.zeros(batch.hidden.shape, bool)
        return self.model.logits(
            batch.inputs,
            batch.attention_mask,
            np.concatenate([before, asked], axis=1),
            patches=batch.seen,
        )


class Aligner(Student):
    """Compares the two vectors that contrastive alignment makes of a picture and a caption."""

    native = frozenset({"choose", "retrieve"})

    def _fit(self, ids: NDArray, patches: Patches) -> Scores:
        pictures, captions = self._embed(ids, patches)
        return np.einsum("nd,nd->n", pictures, captions)

    def fit_all(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Read each picture and each caption once, whatever the number of pairs."""
        if len(patches) != len(captions):
            return super().fit_all(patches, captions)
        ids = VOCABULARY.padded([VOCABULARY.encode(words) for words in captions])
        pictures, texts = self._embed(ids, patches)
        return pictures @ texts.T

    def _embed(self, ids: NDArray, patches: Patches) -> tuple[Scores, Scores]:
        self.passes += len(ids)
        return embeddings(self.model, practice.contrastive(ids, patches))


class Captioner(Student):
    """Writes captions; of a given caption it can say how probable it is."""

    native = frozenset({"write"})

    def _fit(self, ids: NDArray, patches: Patches) -> Scores:
        batch = practice.captioning(ids, patches)
        logits = self._states_to_logits(batch, batch.loss_mask)
        row = np.nonzero(batch.loss_mask)[0]
        said = _log_softmax(logits)[np.arange(len(row)), batch.targets[batch.loss_mask]]
        return np.bincount(row, weights=said, minlength=len(ids))

    def write(self, patches: Patches, lengths: Sequence[int]) -> list[Words]:
        """Say the most probable word, again and again, up to the end token."""
        inputs = np.full((len(patches), LONGEST + 2), VOCABULARY[START])
        nothing = np.zeros(patches.shape[:2], bool)
        shown = np.concatenate([patches, nothing[..., None]], axis=2)
        size = patches.shape[1]
        written, ends = generate(
            self.model,
            inputs,
            np.ones(len(patches), int),
            attention.prefix(size + inputs.shape[1], size),
            end_id=VOCABULARY[END],
            patches=shown,
        )
        self.passes += int((ends - 1).sum())
        return [
            tuple(word for word in VOCABULARY.decode(row[1:end]) if word != END)
            for row, end in zip(written, ends, strict=True)
        ]


class Matcher(Student):
    """Says yes or no to a picture with a caption."""

    native = frozenset({"choose"})

    def _fit(self, ids: NDArray, patches: Patches) -> Scores:
        batch = practice.together(ids, patches)
        at_start = np.zeros(batch.inputs.shape, bool)
        at_start[:, 0] = True
        logits = self._states_to_logits(batch, at_start)
        return logits[:, VOCABULARY[YES]] - logits[:, VOCABULARY[NO]]


class Filler(Student):
    """Fills blanks; of a caption it hides one word after the other and adds up."""

    native = frozenset({"fill"})

    def _fit(self, ids: NDArray, patches: Patches) -> Scores:
        real = ids != VOCABULARY[PAD]
        rows, places = np.nonzero(real)
        total = np.zeros(len(ids))
        for start in range(0, len(rows), TOGETHER):
            part = slice(start, start + TOGETHER)
            said = self._at(ids[rows[part]], patches[rows[part]], places[part])
            answers = ids[rows[part], places[part]]
            np.add.at(total, rows[part], said[np.arange(len(answers)), answers])
        return total

    def fill(
        self, patches: Patches, options: Sequence[Sequence[Words]], hole: Sequence[int]
    ) -> list[Scores]:
        """Hide the word in question and read all answers off at once."""
        ids = VOCABULARY.padded([VOCABULARY.encode(listed[0]) for listed in options])
        said = self._at(ids, patches, np.array(hole))
        return [
            row[[VOCABULARY[words[k]] for words in listed]]
            for row, listed, k in zip(said, options, hole, strict=True)
        ]

    def write(self, patches: Patches, lengths: Sequence[int]) -> list[Words]:
        """Fill a caption of nothing but blanks from left to right; the length is given away."""
        lengths = np.array(lengths)
        ids = np.full((len(patches), lengths.max()), VOCABULARY[MASK])
        ids[np.arange(ids.shape[1]) >= lengths[:, None]] = VOCABULARY[PAD]
        for place in range(ids.shape[1]):
            rows = np.flatnonzero(place < lengths)
            said = self._at(ids[rows], patches[rows], np.full(len(rows), place))
            ids[rows, place] = said.argmax(axis=1)
        return [VOCABULARY.decode(row[:length]) for row, length in zip(ids, lengths, strict=True)]

    def _at(self, ids: NDArray, patches: Patches, places: NDArray) -> Scores:
        """Return log-probabilities of all words at one place of each row, which is hidden."""
        ids = ids.copy()
        ids[np.arange(len(ids)), places] = VOCABULARY[MASK]
        batch = practice.together(ids, patches)
        asked = np.zeros(batch.inputs.shape, bool)
        asked[np.arange(len(ids)), places + 1] = True
        return _log_softmax(self._states_to_logits(batch, asked))


STUDENTS: dict[str, type[Student]] = {
    "contrastive": Aligner,
    "sigmoid": Aligner,
    "captioning": Captioner,
    "masked_multimodal": Filler,
    "image_text_matching": Matcher,
    "untrained": Captioner,
}


def _log_softmax(logits: Scores) -> Scores:
    logits = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
