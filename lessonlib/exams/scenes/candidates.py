"""How a trained model answers: each by what it practised, or by the best way around it."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib import attention
from lessonlib.batches.pictures import PictureBatch
from lessonlib.exams.candidate import ANSWERS, Candidate
from lessonlib.exams.measurement import log_softmax
from lessonlib.exams.scenes import batches
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
        known = {
            "choose": self._choose,
            "fill": self._fill,
            "retrieve": self.fit_all,
            "write": self.write,
        }
        return {
            (task, answer): known[task]
            for answer, tasks in zip(ANSWERS, (self.native, self.around), strict=True)
            for task in tasks
        }

    def fit(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Score each picture with the caption of the same number, shape (rows,)."""
        scores = []
        for start in range(0, len(captions), TOGETHER):
            rows = slice(start, start + TOGETHER)
            scores.append(self._fit(_ids(captions[rows]), patches[rows]))
        return np.concatenate(scores)

    def fit_all(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Score every picture with every caption, shape (pictures, captions)."""
        which = list(product(range(len(patches)), range(len(captions))))
        scores = self.fit(patches[[p for p, _ in which]], [captions[c] for _, c in which])
        return scores.reshape(len(patches), len(captions))

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
        before = np.zeros(batch.hidden.shape, bool)
        return self.model.logits(
            batch.inputs,
            batch.attention_mask,
            np.concatenate([before, asked], axis=1),
            patches=batch.seen,
        )


class Aligner(PictureCandidate):
    """Compares the two vectors that contrastive alignment makes of a picture and a caption."""

    native = ("choose", "fill", "retrieve")

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        pictures, captions = self._embed(ids, patches)
        return np.einsum("nd,nd->n", pictures, captions)

    def fit_all(self, patches: Patches, captions: Sequence[Words]) -> Scores:
        """Read each picture and each caption once, whatever the number of pairs."""
        if len(patches) != len(captions):
            return super().fit_all(patches, captions)
        ids = _ids(captions)
        pictures, texts = self._embed(ids, patches)
        return pictures @ texts.T

    def _embed(self, ids: Ids, patches: Patches) -> tuple[Scores, Scores]:
        self.passes += len(ids)
        return embeddings(self.model, batches.contrastive(ids, patches))


class Captioner(PictureCandidate):
    """Writes captions; of a given caption it can say how probable it is."""

    native = ("write",)
    around = ("choose", "fill", "retrieve")

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        batch = batches.captioning(ids, patches)
        logits = self._logits(batch, batch.loss_mask)
        row = np.nonzero(batch.loss_mask)[0]
        said = log_softmax(logits)[np.arange(len(row)), batch.targets[batch.loss_mask]]
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


class Matcher(PictureCandidate):
    """Says yes or no to a picture with a caption."""

    native = ("choose", "fill")
    around = ("retrieve",)

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        batch = batches.together(ids, patches)
        at_start = np.zeros(batch.inputs.shape, bool)
        at_start[:, 0] = True
        logits = self._logits(batch, at_start)
        return logits[:, VOCABULARY[YES]] - logits[:, VOCABULARY[NO]]


class Filler(PictureCandidate):
    """Fills blanks; of a caption it hides one word after the other and adds up."""

    native = ("fill",)
    around = ("choose", "retrieve", "write")

    def _fit(self, ids: Ids, patches: Patches) -> Scores:
        real = ids != VOCABULARY[PAD]
        rows, places = np.nonzero(real)
        total = np.zeros(len(ids))
        for start in range(0, len(rows), TOGETHER):
            part = slice(start, start + TOGETHER)
            said = self._at(ids[rows[part]], patches[rows[part]], places[part])
            answers = ids[rows[part], places[part]]
            np.add.at(total, rows[part], said[np.arange(len(answers)), answers])
        return total

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
        lengths = np.array(lengths)
        ids = np.full((len(patches), lengths.max()), VOCABULARY[MASK])
        ids[np.arange(ids.shape[1]) >= lengths[:, None]] = VOCABULARY[PAD]
        for place in range(ids.shape[1]):
            rows = np.flatnonzero(place < lengths)
            said = self._at(ids[rows], patches[rows], np.full(len(rows), place))
            ids[rows, place] = said.argmax(axis=1)
        return [VOCABULARY.decode(row[:length]) for row, length in zip(ids, lengths, strict=True)]

    def _at(self, ids: Ids, patches: Patches, places: Ids) -> Scores:
        """Return log-probabilities of all words at one place of each row, which is hidden."""
        ids = ids.copy()
        ids[np.arange(len(ids)), places] = VOCABULARY[MASK]
        batch = batches.together(ids, patches)
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
