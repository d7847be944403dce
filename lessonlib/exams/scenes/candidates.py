"""How a trained model answers: each by what it practised, or by the best way around it."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import attention
from lessonlib.batches import pictures
from lessonlib.batches.pictures import PictureBatch
from lessonlib.exams.measurement import ANSWERS, Candidate, log_softmax
from lessonlib.exams.scenes.gallery import LONGEST, VOCABULARY, Patches
from lessonlib.exams.scenes.items import Choice, Words
from lessonlib.exams.vocabulary import END, PAD, Ids
from lessonlib.models import generate
from lessonlib.models.pictures import embeddings
from lessonlib.samples import MASK, START
from lessonlib.samples.pictures import NO, YES

Scores = NDArray[np.floating]

TOGETHER = 256  # rows read at once: more would leave the cache


class PictureCandidate(Candidate):
    """A model that says how well captions fit pictures; the higher, the better.

    Its tasks are to choose among captions, to fill in one word, to retrieve (score each of several
    pictures with each of several captions), and to write.
    """

    native: tuple[str, ...] = ()  # the tasks that are like its practice
    around: tuple[str, ...] = ()  # those that it knows a work-around for

    @cached_property
    def ways(self) -> Mapping[tuple[str, str], Callable]:
        """Method for each (task, answer)."""
        known = {"choose": self._choose, "fill": self._fill}
        known |= {"retrieve": self.fit_all, "write": self.write}
        both = zip(ANSWERS, (self.native, self.around), strict=True)
        return {(task, answer): known[task] for answer, tasks in both for task in tasks}

    def fit(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Score each picture with the caption of the same number, shape (rows,)."""
        parts = (slice(n, n + TOGETHER) for n in range(0, len(captions), TOGETHER))
        return np.concatenate([self._fit(_ids(captions[part]), patches[part]) for part in parts])

    def fit_all(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Score every picture with every caption, shape (pictures, captions)."""
        every = np.repeat(patches, len(captions), axis=0)
        return self.fit(every, [*captions] * len(patches)).reshape(len(patches), len(captions))

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
    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        """Score how well each caption, as ids, fits its picture."""

    def _choose(self, patches: Patches, choices: Sequence[Choice]) -> list[Scores]:
        return self.choose(patches, [choice.options for choice in choices])

    _fill = _choose

    def _logits(self, batch: PictureBatch, asked: NDArray[np.bool_]) -> Scores:
        self.passes += len(batch)
        asked = np.pad(asked, [(0, 0), (batch.hidden.shape[1], 0)])
        return self.model.logits(batch.inputs, batch.attention_mask, asked, patches=batch.seen)


class Aligner(PictureCandidate):
    """Compares the two vectors that contrastive alignment makes of a picture and a caption."""

    native = ("choose", "fill", "retrieve")

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        return np.einsum("nd,nd->n", *self._embed(ids, patches))

    def fit_all(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Read each picture and each caption once, whatever the number of pairs."""
        if len(patches) != len(captions):
            return super().fit_all(patches, captions)
        shown, told = self._embed(_ids(captions), patches)
        return shown @ told.T

    def _embed(self, ids: Ids, patches: Patches) -> tuple[Scores, Scores]:
        self.passes += len(ids)
        return embeddings(self.model, VOCABULARY.batch(pictures.contrastive, ids, patches))


class Captioner(PictureCandidate):
    """Writes captions; of a given caption it can say how probable it is."""

    native = ("write",)
    around = ("choose", "fill", "retrieve")

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        batch = VOCABULARY.batch(pictures.captioning, ids, patches)
        logits = self._logits(batch, batch.loss_mask)
        row = np.nonzero(batch.loss_mask)[0]
        said = log_softmax(logits)[np.arange(len(row)), batch.targets[batch.loss_mask]]
        return np.bincount(row, weights=said, minlength=len(ids))

    def write(self, patches: Patches, lengths: Sequence[int]) -> list[Words]:
        """Say the most probable word, again and again, up to the end token."""
        rows, size = patches.shape[:2]
        inputs = np.full((rows, LONGEST + 2), VOCABULARY[START])
        written, ends = generate(
            self.model,
            inputs,
            np.ones(rows, int),
            attention.prefix(size + inputs.shape[1], size),
            end_id=VOCABULARY[END],
            patches=np.pad(patches, [(0, 0), (0, 0), (0, 1)]),  # no patch is marked as hidden
        )
        self.passes += int((ends - 1).sum())
        return [
            tuple(word for word in VOCABULARY.decode(row[1:end]) if word != END)
            for row, end in zip(written, ends, strict=True)
        ]


class Matcher(PictureCandidate):
    """Says yes or no to a picture with a caption."""

    native = ("choose", "fill")
    around = ("retrieve",)

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        batch = _together(ids, patches)
        at_start = np.zeros(batch.inputs.shape, bool)
        at_start[:, 0] = True
        logits = self._logits(batch, at_start)
        return logits[:, VOCABULARY[YES]] - logits[:, VOCABULARY[NO]]


class Filler(PictureCandidate):
    """Fills blanks; of a caption it hides one word after the other and adds up."""

    native = ("fill",)
    around = ("choose", "retrieve", "write")

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        rows, places = np.nonzero(ids != VOCABULARY[PAD])
        said = np.zeros(len(rows))
        for start in range(0, len(rows), TOGETHER):
            part = slice(start, start + TOGETHER)
            row, place = rows[part], places[part]
            words = self._at(ids[row], patches[row], place)
            said[part] = words[np.arange(len(row)), ids[row, place]]
        return np.bincount(rows, weights=said, minlength=len(ids))

    def _fill(self, patches: Patches, choices: Sequence[Choice]) -> list[Scores]:
        """Hide the word in question and read all answers off at once."""
        ids = _ids([choice.options[0] for choice in choices])
        said = self._at(ids, patches, np.array([choice.hole for choice in choices]))
        return [
            row[[VOCABULARY[words[choice.hole]] for words in choice.options]]
            for row, choice in zip(said, choices, strict=True)
        ]

    def write(self, patches: Patches, lengths: Sequence[int]) -> list[Words]:
        """Fill a caption of nothing but blanks from left to right; the length is given away."""
        ids = VOCABULARY.padded([[VOCABULARY[MASK]] * length for length in lengths])
        for place in range(ids.shape[1]):
            rows = np.flatnonzero(place < np.array(lengths))
            said = self._at(ids[rows], patches[rows], np.full(len(rows), place))
            ids[rows, place] = said.argmax(axis=1)
        return [VOCABULARY.decode(row[:length]) for row, length in zip(ids, lengths, strict=True)]

    def _at(self, ids: Ids, patches: Patches, places: Ids) -> Scores:
        """Return log-probabilities of all words at one place of each row, which is hidden."""
        ids = ids.copy()
        ids[np.arange(len(ids)), places] = VOCABULARY[MASK]
        batch = _together(ids, patches)
        asked = np.zeros(batch.inputs.shape, bool)
        asked[np.arange(len(ids)), places + 1] = True
        return log_softmax(self._logits(batch, asked))


class Blindfolded(Candidate):
    """Looks at other pictures than it is asked about: what captions alone give away."""

    name = "another picture"

    def __init__(self, other: Candidate) -> None:
        self.other = other
        self.ways = {known: partial(self._ask, way) for known, way in other.ways.items()}

    @property
    def passes(self) -> int:
        """Forward passes so far."""
        return self.other.passes

    def _ask(self, way: Callable, patches: Patches, *about: Sequence) -> Any:
        order = np.random.default_rng(0).permutation(len(patches))
        return way(patches[order], *about)


def _ids(captions: Sequence[Words]) -> Ids:
    return VOCABULARY.padded([VOCABULARY.encode(words) for words in captions])


def _together(ids: Ids, patches: Patches) -> PictureBatch:
    """Show pictures with captions to each other, with nothing hidden and nothing asked."""
    rng = np.random.default_rng(0)
    asked = VOCABULARY.batch(pictures.masked_multimodal, ids, patches, rng=rng)
    nothing = {"loss_mask": np.zeros_like(asked.loss_mask), "hidden": np.zeros_like(asked.hidden)}
    return replace(asked, inputs=asked.targets, **nothing)
