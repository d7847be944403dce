"""Learning from examples in the text: two layers that look up what stood there before.

A text is pairs of signs, key and value, over and over: "a 3 b 7 a 3". Which value belongs to a key
is drawn anew for each text, so nothing can be known by heart: whoever says the second 3 has read
it. Three models practise: a causal LM; one whose texts all have the same pairs; and a masked LM.
All are asked in texts with new pairs, behind 0, 1, 2 or 3 earlier appearances of the key. Source
of the question: Brown et al. 2020, "Language Models are Few-Shot Learners"; of the mechanism:
Olsson et al. 2022, "In-context Learning and Induction Heads".
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lessonlib.batches import Batch
from lessonlib.exams.exam import MakeBatch, Recipe, Subject, described, trained
from lessonlib.exams.experiments import Size
from lessonlib.exams.experiments.search import best_rate
from lessonlib.exams.measurement import NATIVE, Candidate, Measurement, Row, share
from lessonlib.exams.sentences.cells import variant
from lessonlib.exams.sentences.items import Gap
from lessonlib.exams.sentences.language import SENTINELS, Texts
from lessonlib.exams.sentences.subject import own_practice
from lessonlib.exams.vocabulary import Ids, Vocabulary
from lessonlib.samples import MASK, START

SIGNS = 8  # keys that there are, and values
USED = 4  # keys in a text
PAIRS = 12  # in a text
ROWS, STEPS = 32, 1500
HIDDEN = 0.3  # of the values, where they are filled in
EXAMPLES = (0, 1, 2, 3)
QUESTIONS = 400
FRESH, SAME = "fresh", "same"
#: Objective, and whether each text has pairs of its own.
PRACTICES = {
    "causal": ("causal", FRESH),
    "causal_same_pairs": ("causal", SAME),
    "masked": ("masked", FRESH),
}


class Question(NamedTuple):
    """A text that ends with a key; its value, and those that the text has had so far."""

    gap: Gap
    values: set[int]


class PairsOfSigns(Texts):
    """Texts of keys and values; keys have even ids, and each one's value an odd one."""

    def __init__(self, pairs: str) -> None:
        self.pairs, self.longest = pairs, 2 * PAIRS
        keys, values = ([f"{kind}-{n}" for n in range(SIGNS)] for kind in ("key", "value"))
        self.vocabulary = Vocabulary([*keys, *values], SENTINELS)

    def practice(self, make_batch: MakeBatch, seed: int, rows: int = ROWS) -> Iterator[Batch]:
        """Yield batches without end."""
        rng, choices = (np.random.default_rng([seed, number]) for number in (1, 2))
        while True:
            written = [self.text(rng, self.pairs) for _ in range(rows)]
            yield make_batch(np.array(written), self.vocabulary, choices)

    def text(self, rng: np.random.Generator, pairs: str) -> list[int]:
        """Write a text; its pairs are its own, or the same as in all others."""
        value_of = rng.permutation(SIGNS) if pairs == FRESH else np.arange(SIGNS)
        keys = rng.choice(rng.permutation(SIGNS)[:USED], PAIRS)
        return np.column_stack([keys, SIGNS + value_of[keys]]).ravel().tolist()


def said_next(ids: Ids, vocabulary: Vocabulary, _: np.random.Generator) -> Batch:
    """Say each value, behind its key: keys are drawn, and nobody can know them."""
    inputs = np.column_stack([np.full(len(ids), vocabulary[START]), ids[:, :-1]])
    asked = np.tile(np.arange(ids.shape[1]) % 2 == 1, (len(ids), 1))
    return Batch("causal", None, inputs, ids, asked, ("causal",), np.ones(ids.shape, bool))


def filled_in(ids: Ids, vocabulary: Vocabulary, rng: np.random.Generator) -> Batch:
    """Say hidden values, one or more, with all other signs in view; texts are of any length."""
    ids = ids[:, : 2 * rng.integers(1, PAIRS + 1)]
    values = np.arange(ids.shape[1]) % 2 == 1
    asked = values & (rng.random(ids.shape) < HIDDEN)
    asked[np.arange(len(ids)), 1 + 2 * rng.integers(ids.shape[1] // 2, size=len(ids))] = True
    inputs = np.where(asked, vocabulary[MASK], ids)
    return Batch("masked", None, inputs, ids, asked, ("bidirectional",), np.ones(ids.shape, bool))


MAKES: dict[str, MakeBatch] = {"causal": said_next, "masked": filled_in}


def recipe_of(practice: str) -> Recipe:
    """Return what is practised."""
    objective, pairs = PRACTICES[practice]
    hidden = {"rate": HIDDEN} if objective == "masked" else {}
    return variant(objective, MAKES[objective], pairs=pairs, asked="values", **hidden)


def jobs(size: Size) -> list[tuple]:
    """One job for each practice and seed."""
    return [
        size.job(measure, practice, seed, size.steps(STEPS))
        for seed in size.seeds()
        for practice in PRACTICES
    ]


def measure(practice: str, seed: int, steps: int, kept: Path | None = None) -> list[Row]:
    """Train and ask; rows have "practice", and "examples": how often the key was there before."""
    recipe, pairs = recipe_of(practice), PRACTICES[practice][1]
    subject = Subject(f"{pairs} pairs", partial(PairsOfSigns, pairs), {}, {}, own_practice)
    recipe = replace(recipe, learning_rate=best_rate(recipe, subject, steps, kept))
    candidate = trained(recipe, subject, seed, steps, kept)
    about = described(recipe, candidate) | {"practice": practice, "seed": seed}
    about |= {"ability": "look_up", "sentences": steps * ROWS}
    rng = np.random.default_rng([seed, 60])
    return [
        told(candidate, asked(candidate.language, count, rng)).row(**about, examples=count)
        for count in EXAMPLES
    ]


def asked(language: PairsOfSigns, count: int, rng: np.random.Generator) -> list[Question]:
    """Ask for values in texts with pairs of their own; the key was there so often before."""
    found: list[Question] = []
    while len(found) < QUESTIONS:
        text = language.text(rng, FRESH)
        keys = text[::2]
        places = [n for n, key in enumerate(keys) if keys[:n].count(key) == count]
        if places:
            end = 2 * int(rng.choice(places)) + 1
            gap = Gap(text[:end], [], [text[end]])
            found.append(Question(gap, set(text[1:end:2])))
    return found


def told(candidate: Candidate, questions: Sequence[Question]) -> Measurement:
    """Say how often the right value is said.

    Guessing says one of the values that the text has had, or any if the key is new. Then nobody
    can know; the best is to say one that the text has not had.
    """
    said = candidate.ways["next_word", NATIVE]([one.gap for one in questions])
    right = [row.argmax() == one.gap.missing[0] for row, one in zip(said, questions, strict=True)]
    had = [len(one.values) for one in questions]
    chance, best = [1 / SIGNS for _ in had], [1 / (SIGNS - count) for count in had]
    if questions[0].gap.missing[0] in questions[0].values:
        chance, best = [1 / count for count in had], [1.0 for _ in had]
    limits = float(np.mean(chance)), float(np.mean(best))
    return Measurement(NATIVE, "right", len(questions), share(right), *limits, 1.0)
