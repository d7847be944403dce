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

from lessonlib.exams.measurement import Measurement
from lessonlib.exams.sentences.candidates import TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Pair
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.papers.missing_span import exact

TASKS = ("paraphrase", "shorten")
PAIRS = 64
STEPS = 150


def measure(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Fine-tune on pairs; measure how much meaning is kept, and how often every word is right."""
    language = candidate.language
    found = []
    for task in TASKS:
        pairs = draw_pairs(language, task, PAIRS, rng)
        asked = draw_pairs(language, task, size, rng)
        sources = [source for source, _ in asked]
        seed = int(rng.integers(2**31))
        floor = {
            answer: marks(language, rewrite(pairs, sources, STEPS, seed), asked)
            for answer, rewrite, _ in candidate.never_pretrained().known_ways("rewriting")
        }
        for answer, rewrite, passes in candidate.known_ways("rewriting"):
            reached = marks(language, rewrite(pairs, sources, STEPS, seed), asked)
            both = zip((task, f"{task}_exact"), reached, floor[answer], strict=True)
            found += [
                Measurement(answer, metric, size, raw, chance, 1.0, passes() / size)
                for metric, raw, chance in both
            ]
    return found


def draw_pairs(language: Language, task: str, count: int, rng: np.random.Generator) -> list[Pair]:
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


def marks(language: Language, pages: list[list[int]], asked: list[Pair]) -> tuple[float, float]:
    """Mean share of the meaning that is kept, and share of answers that are right exactly."""
    wanted = [second for _, second in asked]
    both = zip(pages, wanted, strict=True)
    return float(np.mean([_meaning_kept(language, *two) for two in both])), exact(pages, wanted)


def _meaning_kept(language: Language, page: list[int], wanted: list[int]) -> float:
    told, right = (language.parse(words) for words in (page, wanted))
    if (
        told is None
        or told.wording.subject != right.wording.subject
        or (told.meaning.reason == "none") != (right.meaning.reason == "none")
    ):
        return 0.0
    return float(np.mean([a == b for a, b in zip(told.meaning, right.meaning, strict=True)]))
