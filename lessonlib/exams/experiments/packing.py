"""Texts packed into windows: whether it harms to look into other texts.

Each sentence of the village is a document, closed by an end token. Causal models read the same
documents in a row for each; in windows of 64 tokens, as many whole ones as fit, where everybody
looks back at all that stands before; or in the same windows, each document by itself. All are asked
for the words of a sentence, alone and behind two others. One sentence says nothing of another one,
so looking there can only distract. Source: Zhao et al. 2024, "Analysing The Impact of Sequence
Composition on Language Model Pre-Training".
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lessonlib import attention, batches
from lessonlib.batches import Batch
from lessonlib.exams.exam import Found, MakeBatch, Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.measurement import NATIVE, Row, log_softmax
from lessonlib.exams.sentences.abilities import of_words
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Rows
from lessonlib.exams.sentences.cells import variant
from lessonlib.exams.sentences.items import as_rows, sentences
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.sentences.subject import SEEDS, own_practice
from lessonlib.exams.sentences.unread import PartOfLanguage, read_village
from lessonlib.exams.vocabulary import END, PAD, Ids, Vocabulary

WINDOW, WINDOWS = 64, 12  # tokens, and windows at once
STEPS = (250, 1000)
BEFORE = (0, 2)  # documents that stand before the one that is asked about
ASKED = 150  # sentences, at every word but the first

Documents = list[list[int]]


def a_row_each(windows: list[Documents], vocabulary: Vocabulary, _: np.random.Generator) -> Batch:
    """Say every next token of every document, which has a row of its own."""
    rows = [document for window in windows for document in window]
    return vocabulary.batch(batches.causal, vocabulary.padded(rows))


def across(windows: list[Documents], vocabulary: Vocabulary, _: np.random.Generator) -> Batch:
    """Say every next token of a window, with all that stands before it in view."""
    return vocabulary.batch(batches.causal, _in_a_row(windows, vocabulary))


def inside(windows: list[Documents], vocabulary: Vocabulary, _: np.random.Generator) -> Batch:
    """Look back inside the own document only; nobody is asked how the next one begins."""
    ids = _in_a_row(windows, vocabulary)
    inputs, targets = ids[:, :-1], ids[:, 1:]
    owners, real = documents_of(ids, vocabulary)[:, :-1], targets != vocabulary[PAD]
    asked = real & (inputs != vocabulary[END])
    return Batch("packed", None, inputs, targets, asked, ("documents", owners), real)


WAYS = {"rows": a_row_each, "across": across, "inside": inside}


def _in_a_row(windows: list[Documents], vocabulary: Vocabulary) -> Ids:
    return vocabulary.padded([[token for one in window for token in one] for window in windows])


def documents_of(ids: Ids, vocabulary: Vocabulary) -> Ids:
    """Number the documents of each window: an end token belongs to the one that it closes."""
    ends = ids == vocabulary[END]
    return ends.cumsum(axis=1) - ends


class Closed(Texts):
    """Windows filled with documents of one sentence and an end token."""

    def __init__(self) -> None:
        self.read = read_village()
        self.vocabulary, self.longest = self.read.vocabulary, WINDOW

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = WINDOWS) -> Iterator[Batch]:
        """Yield batches without end; a seed gives every way the same documents."""
        rng, choices = (np.random.default_rng([seed, number]) for number in (1, 2))
        windows: list[Documents] = [[]]
        while True:
            (document,) = closed(self.read, 1, rng)
            if sum(map(len, windows[-1])) + len(document) > WINDOW:
                if len(windows) == rows:
                    yield make_batch(windows, self.vocabulary, choices)
                    windows = []
                windows.append([])
            windows[-1].append(document)


def closed(part: PartOfLanguage, count: int, rng: np.random.Generator) -> Documents:
    """Draw sentences, each with an end token behind it."""
    end = part.vocabulary[END]
    return [[*ids, end] for ids in sentences(part, part.world.sample(count, rng))]


PACKED = Subject("packing", Closed, {}, {}, own_practice)


def jobs(size: Size) -> list[tuple]:
    """One job for each way, number of steps and seed."""
    return [
        size.job(measure, way, seed, steps)
        for seed in size.seeds(len(SEEDS))
        for steps in (STEPS[:1] if size.quick else STEPS)
        for way in WAYS
    ]


def measure(way: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train in one way and ask; rows have "packed" (the way) and "before" (documents there).

    Who had a row for each document knows no place behind another one, and is asked alone only.
    """
    recipe = variant("causal", WAYS[way], name=f"causal, {way}", packed=way)
    candidate = trained(recipe, PACKED, seed, steps, kept)
    about = described(recipe, candidate) | {"objective": "causal", "ability": "continuation"}
    about |= {"packed": way, "seed": seed, "sentences": None}
    return [
        found.row(**about, **more, before=before)
        for before in (BEFORE[:1] if way == "rows" else BEFORE)
        for meanings, part in read_village().parts.items()
        for found, more in continued(candidate, meanings, part, before, way, seed)
    ]


def continued(
    candidate: TextCandidate, meanings: str, part: PartOfLanguage, before: int, way: str, seed: int
) -> Iterator[Found]:
    """Ask for every word of a sentence but the first, behind so many other documents."""
    rng, others = np.random.default_rng([seed, 35]), np.random.default_rng([seed, 36])
    rows, asked, truth, best = [], [], [], []
    for ids in sentences(part, part.world.sample(ASKED, rng)):
        words = part.vocabulary.decode(ids)
        front = [token for one in closed(read_village(), before, others) for token in one]
        rows.append([*front, *ids[:-1]])
        asked.append([len(front) + place for place in range(len(ids) - 1)])
        truth += ids[1:]
        best += [part.oracle.next_word(words[:count]) for count in range(1, len(ids))]
    said = said_in(candidate, rows, asked, "documents" if way == "inside" else "causal")
    right = np.array(truth), as_rows(part, best)
    return of_words(NATIVE, meanings, part, right, said, lambda: len(rows))


def said_in(candidate: TextCandidate, rows: Rows, asked: Rows, pattern: str) -> np.ndarray:
    """Return the log-probability of every word at the places asked, looking as the pattern says."""
    ids = candidate.vocabulary.padded(rows)
    real, flags = ids != candidate.vocabulary[PAD], np.zeros(ids.shape, bool)
    for flag, places in zip(flags, asked, strict=True):
        flag[places] = True
    given = [documents_of(ids, candidate.vocabulary)] if pattern == "documents" else []
    logits = candidate.model.logits(ids, attention.masks(pattern, real, *given), flags)
    return log_softmax(logits[:, : candidate.vocabulary.words])
