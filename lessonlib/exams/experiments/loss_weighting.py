"""What counts alike: every answer, or every text? And what a model learns of it.

Texts ask unequally often. The mean over all answers lets the long ones decide; the mean over texts
of each one's mean lets a text of few answers count as much as one of many. Two practices show what
comes of it: blanks, of which a sentence has any number (see `passes`), asked about again with one
blank, half of the words, or nothing but blanks; and texts of one sentence or of four, asked about
the first sentence, which all texts have, and the fourth, which half of them have.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import Found, MakeBatch, Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.passes import DIFFUSION, EACH_ANSWER, blanks_recipe
from lessonlib.exams.measurement import NATIVE, Row
from lessonlib.exams.sentences.abilities import of_words
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.cells import variant
from lessonlib.exams.sentences.items import as_rows, sentences
from lessonlib.exams.sentences.language import Texts
from lessonlib.exams.sentences.practice import causal
from lessonlib.exams.sentences.subject import SEEDS, SENTENCES, own_practice
from lessonlib.exams.sentences.unread import PartOfLanguage, read_village
from lessonlib.exams.sentences.weighting import WEIGHTS
from lessonlib.samples import MASK, START

ASKED = 200  # sentences
#: How many words of a sentence are hidden, by name.
HIDDEN = {"one": lambda words: 1, "half": lambda words: words // 2, "all": lambda words: words}
LONG = 4  # sentences of a long text; a short one has one, and half of the texts are short
ROWS, STEPS = 16, 800  # texts at once, and of practice


class Stories(Texts):
    """Texts of one sentence or of four that have nothing to do with each other."""

    def __init__(self) -> None:
        self.read = read_village()
        self.vocabulary, self.longest = self.read.vocabulary, LONG * self.read.longest

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = ROWS) -> Iterator[Batch]:
        """Yield batches without end."""
        rng, choices = (np.random.default_rng([seed, number]) for number in (1, 2))
        while True:
            counts = np.where(rng.random(rows) < 0.5, LONG, 1).tolist()
            written = [_joined(_drawn(self.read, count, rng)) for count in counts]
            yield make_batch(self.vocabulary.padded(written), self.vocabulary, choices)


STORIES = Subject("stories", Stories, {}, {}, own_practice)


def jobs(size: Size) -> list[tuple]:
    """One job for each practice, what counts alike in it, and seed."""
    return [
        size.job(measure, alike, seed, size.steps(usual))
        for seed in size.seeds(len(SEEDS))
        for measure, usual in ((blanks, 2000), (stories, STEPS))
        for alike in WEIGHTS
    ]


def blanks(alike: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Practise any number of blanks; rows have "alike" and "hidden" (how many)."""
    recipe = blanks_recipe(DIFFUSION if alike == "texts" else EACH_ANSWER)
    candidate = trained(recipe, SENTENCES, seed, steps, kept)
    about = described(recipe, candidate) | {"ability": "blank", "alike": alike, "seed": seed}
    return [
        found.row(**about, **more, hidden=hidden)
        for hidden in HIDDEN
        for meanings, part in candidate.language.parts.items()
        for found, more in filled(candidate, meanings, part, hidden, seed)
    ]


def filled(
    candidate: TextCandidate, meanings: str, part: PartOfLanguage, hidden: str, seed: int
) -> Iterator[Found]:
    """Ask for so many hidden words of a sentence at once."""
    rng = np.random.default_rng([seed, 33])
    rows, places, truth, best = [], [], [], []
    for ids in _drawn(part, ASKED, rng):
        there = np.sort(rng.permutation(len(ids))[: HIDDEN[hidden](len(ids))]).tolist()
        words: list[str | None] = list(part.vocabulary.decode(ids))
        row = list(ids)
        for place in there:
            words[place], row[place] = None, part.vocabulary[MASK]
        rows.append(row)
        places.append(there)
        truth += [ids[place] for place in there]
        best += part.oracle.blanks(words)
    said = candidate.over_words(rows, places)
    right = np.array(truth), as_rows(part, best)
    return of_words(NATIVE, meanings, part, right, said, lambda: len(rows))


def stories(alike: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Practise texts of one or four sentences; rows have "alike" and "place", of the sentence."""
    told = {"texts": "one sentence or four", "alike": alike}
    recipe = replace(
        variant("causal", causal, name=f"causal, {alike}", **told), loss=WEIGHTS[alike]
    )
    candidate = trained(recipe, STORIES, seed, steps, kept)
    about = described(recipe, candidate) | {"objective": "causal", "ability": "continuation"}
    about |= {"alike": alike, "seed": seed, "sentences": steps * ROWS * (1 + LONG) // 2}
    return [
        found.row(**about, **more, place=place)
        for place in (1, LONG)
        for meanings, part in read_village().parts.items()
        for found, more in continued(candidate, meanings, part, place, seed)
    ]


def continued(
    candidate: TextCandidate, meanings: str, part: PartOfLanguage, place: int, seed: int
) -> Iterator[Found]:
    """Ask for every word of the sentence at a place, 1 is the first; what stands before is read."""
    rng, start = np.random.default_rng([seed, 34]), part.vocabulary[START]
    rows, asked, truth, best = [], [], [], []
    for ids in _drawn(part, ASKED // 2, rng):
        before = _joined(_drawn(read_village(), place - 1, rng))
        words = part.vocabulary.decode(ids)
        rows.append([start, *before, *ids[:-1]])
        asked.append(range(len(before), len(before) + len(ids)))
        truth += ids
        best += [part.oracle.next_word(words[:count]) for count in range(len(ids))]
    said = candidate.over_words(rows, asked)
    right = np.array(truth), as_rows(part, best)
    return of_words(NATIVE, meanings, part, right, said, lambda: len(rows))


def _joined(rows: list[list[int]]) -> list[int]:
    return [word for row in rows for word in row]


def _drawn(part: PartOfLanguage, count: int, rng: np.random.Generator) -> list[list[int]]:
    return sentences(part, part.world.sample(count, rng))
