"""The six abilities, one function each: what is visible, what is asked, and how it is scored."""

from collections.abc import Sequence

import numpy as np

from lessonlib.exams.exam import Paper
from lessonlib.exams.measurement import Measurement, asked, cross_entropy, share
from lessonlib.exams.sentences import features, items
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.candidates.pairs import Pair
from lessonlib.exams.sentences.language import Language

TOP_P = 0.98
TASKS = ("paraphrase", "shorten")
PAIRS = 64
STEPS = 150  # of fine-tuning


def continuation(
    candidate: TextCandidate, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Count valid sentences at temperature 1 and with top-p, and measure the next word.

    Visible: what has been written so far, nothing else. A sentence is valid if the language has it.
    Guessing writes no valid sentence; for the next word it says how common every word is.
    """
    language = candidate.language
    found = []
    seed = int(rng.integers(2**31))
    for metric, top_p in (("valid", 1.0), ("valid_top_p", TOP_P)):
        for answer, write, passes in candidate.known_ways("writing"):
            count = asked(answer, size)
            pages = write(count, np.random.default_rng(seed), top_p)
            valid = share([language.parse(page) is not None for page in pages])
            found.append(Measurement(answer, metric, count, valid, 0.0, 1.0, passes() / count))
    gaps = items.next_words(language, size, rng)
    truth = items.first_missing(gaps)
    best = cross_entropy(items.oracle_words(language, gaps, both_sides=False), truth)
    chance = float(-items.common_words(language)[truth].mean())
    for answer, say, passes in candidate.known_ways("next_word"):
        raw = cross_entropy(say(gaps), truth)
        found.append(Measurement(answer, "cross_entropy", size, raw, chance, best, passes() / size))
    return found


def blank(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Measure how often the first guess at one missing word is right, and the cross-entropy.

    Visible: both sides, and that exactly one word is missing. Guessing says how common words are.
    """
    language = candidate.language
    gaps = items.blanks(language, size, rng)
    common, best = items.common_words(language), items.oracle_words(language, gaps)
    first, second = [], []
    for answer, say, passes in candidate.known_ways("blank"):
        count = asked(answer, size)
        truth = items.first_missing(gaps[:count])
        limits = say(gaps[:count]), np.tile(common, (count, 1)), best[:count]
        right = (share(one.argmax(axis=1) == truth) for one in limits)
        costs = (cross_entropy(one, truth) for one in limits)
        first.append(Measurement(answer, "top1", count, *right, passes() / count))
        second.append(Measurement(answer, "cross_entropy", count, *costs, passes() / count))
    return first + second


def missing_span(
    candidate: TextCandidate, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Count the stretches of unknown length that are restored word for word.

    Visible: both sides, and that one to five words are missing. Guessing says the commonest one.
    """
    language = candidate.language
    gaps = items.stretches(language, size, rng)
    wanted, best = [gap.missing for gap in gaps], items.oracle_stretches(language, gaps)
    found = []
    for answer, write, passes in candidate.known_ways("missing_span"):
        count = asked(answer, size)
        pages = write(gaps[:count]), [items.commonest_stretch(language)] * count, best[:count]
        right = (exact(some, wanted[:count]) for some in pages)
        found.append(Measurement(answer, "exact", count, *right, passes() / count))
    return found


def rewriting(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Fine-tune on pairs; measure how much meaning is kept, and how often every word is right.

    Visible: the same few pairs for everybody, then a sentence. To paraphrase is to tell the
    sentence from the other side with every name swapped; to shorten is to leave the reason out.
    What is measured is the gain over a model of the same architecture that was never pretrained and
    saw the same pairs: such a model is chance.
    """
    language = candidate.language
    found = []
    for task in TASKS:
        pairs = draw_pairs(language, task, PAIRS, rng)
        questions = draw_pairs(language, task, size, rng)
        given = pairs, [source for source, _ in questions], STEPS, int(rng.integers(2**31))
        floor = {
            answer: marks(language, rewrite(*given), questions)
            for answer, rewrite, _ in candidate.never_pretrained().known_ways("rewriting")
        }
        for answer, rewrite, passes in candidate.known_ways("rewriting"):
            reached = marks(language, rewrite(*given), questions)
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
    return share([_meaning_kept(language, *two) for two in both]), exact(pages, wanted)


def _meaning_kept(language: Language, page: list[int], wanted: list[int]) -> float:
    """Share of who, how many, does what, with what, to whom and why that is as it should be.

    Nothing for what is no sentence, is told from the wrong side, or has a reason where it should
    have none or the other way round: copying earns nothing, and any sentence earns little.
    """
    told, right = (language.parse(words) for words in (page, wanted))
    if (
        told is None
        or told.wording.subject != right.wording.subject
        or (told.meaning.reason == "none") != (right.meaning.reason == "none")
    ):
        return 0.0
    return share([a == b for a, b in zip(told.meaning, right.meaning, strict=True)])


def exact(pages: Sequence, wanted: Sequence) -> float:
    """Share of the pages that are what was wanted, word for word."""
    return share([list(page) == list(right) for page, right in zip(pages, wanted, strict=True)])


PAPERS = {
    paper.ability: paper
    for paper in (
        Paper("continuation", "valid", continuation, draw=10),
        Paper("blank", "top1", blank, draw=11),
        Paper("missing_span", "exact", missing_span, draw=12),
        Paper("matching", "retrieved", features.matching, 13, features.BagOfWords),
        Paper("classification", "right", features.classification, 14, features.BagOfWords),
        Paper("rewriting", "paraphrase", rewriting, draw=15),
    )
}
