"""Rewriting after a short fine-tuning: paraphrase, and shorten.

Visible: the same few pairs for everybody, then a sentence. To paraphrase is to tell the sentence
from the other side with every name swapped; to shorten is to leave the reason out. An answer must
be a sentence, told from the side it should be told from, with a reason or without as it should be;
then it gets the share of the meaning (who, how many, does what, with what, to whom, why) that it
keeps, else nothing. So copying earns nothing, and writing just any sentence earns little.
What is measured is the gain over a model of the same architecture that was never pretrained and
saw the same pairs: such a model is chance.
"""

import numpy as np

from lessonlib.exams.measurement import Answering, Measurement, known_ways
from lessonlib.exams.vocabulary import Language

PRIMARY = "paraphrase"
TASKS = ("paraphrase", "shorten")
PAIRS = 64
STEPS = 150


def measure(
    student: Answering, language: Language, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Fine-tune on pairs; measure how much meaning is kept, and how often every word is right.

    Parameters
    ----------
    student : Answering
        ``ways["rewriting", answer](pairs, sources, steps, seed)`` fine-tunes a copy on the pairs
        and returns what it makes of the sources; ``never_pretrained()`` is its like that has
        practised nothing.
    language : Language
    size : int
        Number of sentences to rewrite.
    rng : numpy.random.Generator

    Returns
    -------
    list of Measurement
    """
    found = []
    for task in TASKS:
        pairs = draw_pairs(language, task, PAIRS, rng)
        asked = draw_pairs(language, task, size, rng)
        sources = [source for source, _ in asked]
        seed = int(rng.integers(2**31))
        floor = {
            answer: marks(language, rewrite(pairs, sources, STEPS, seed), asked)
            for answer, rewrite, _ in known_ways(student.never_pretrained(), "rewriting")
        }
        for answer, rewrite, passes in known_ways(student, "rewriting"):
            reached = marks(language, rewrite(pairs, sources, STEPS, seed), asked)
            cost = passes() / size
            found += [
                Measurement(answer, metric, size, raw, chance, 1.0, cost)
                for metric, raw, chance in zip(
                    (task, f"{task}_exact"), reached, floor[answer], strict=True
                )
            ]
    return sorted(found, key=lambda one: one.metric != PRIMARY)


def draw_pairs(
    language: Language, task: str, count: int, rng: np.random.Generator
) -> list[tuple[list[int], list[int]]]:
    """Draw sentences that give a reason, and how each is rewritten."""
    world, encode = language.world, language.vocabulary.encode
    rewrite = {"paraphrase": world.paraphrase, "shorten": world.shorten}[task]
    pairs = []
    while len(pairs) < count:
        for row in world.sample(count, rng):
            sentence = world.sentences[row]
            if sentence.meaning.reason != "none":
                pairs.append((encode(sentence.words), encode(rewrite(sentence))))
    return pairs[:count]


def marks(
    language: Language, pages: list[list[int]], asked: list[tuple[list[int], list[int]]]
) -> tuple[float, float]:
    """Mean share of the meaning that is kept, and share of answers that are right exactly."""
    kept = [
        _meaning_kept(language, page, wanted)
        for page, (_, wanted) in zip(pages, asked, strict=True)
    ]
    exact = [list(page) == wanted for page, (_, wanted) in zip(pages, asked, strict=True)]
    return float(np.mean(kept)), float(np.mean(exact))


def _meaning_kept(language: Language, page: list[int], wanted: list[int]) -> float:
    told, right = (language.parse(words) for words in (page, wanted))
    if (
        told is None
        or told.wording.subject != right.wording.subject
        or (told.meaning.reason == "none") != (right.meaning.reason == "none")
    ):
        return 0.0
    return float(np.mean([a == b for a, b in zip(told.meaning, right.meaning, strict=True)]))
