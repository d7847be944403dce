"""The abilities, each with two metrics or more, on meanings that were read and on unread ones.

Questions and what guessing and the oracle make of them are drawn once for each seed, and put to
every candidate. Scores of cross-entropies are the share of the way from the unigram model to the
oracle.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, singledispatch

import numpy as np

from lessonlib.exams.measurement import Candidate, Measurement, Row, cross_entropy, share
from lessonlib.exams.sentences import features
from lessonlib.exams.sentences.candidates.base import added_up
from lessonlib.exams.sentences.candidates.encoder import EncoderOnly
from lessonlib.exams.sentences.candidates.writers import (
    DecoderOnly,
    EncoderDecoder,
    FillInMiddle,
)
from lessonlib.exams.sentences.features import BagOfWords
from lessonlib.exams.sentences.items import (
    LONGEST_STRETCH,
    Gap,
    blanks,
    common_words,
    commonest_stretch,
    first_missing,
    next_words,
    oracle_words,
    sentences,
    stretches,
)
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.papers import TOP_P
from lessonlib.exams.sentences.unread import READ, UNREAD, PartOfLanguage, exchanged
from lessonlib.exams.vocabulary import END
from lessonlib.samples import MID, PRE, SUF
from lessonlib.worlds.sentences import Meaning, Wording, say

ALL = "all"  # written sentences are of read and of unread meanings
ANSWER = "native"
GROUP = 100  # sentences among which the one that means the same is to be found
WORD_VECTORS = "word_vectors"

Parts = Mapping[str, PartOfLanguage]
Exam = Callable[[Candidate, Parts, int, int], Iterator[tuple[str, Measurement, dict]]]


@dataclass(frozen=True, eq=False)
class Asked:
    """Questions with one word as the answer, or a stretch, and what others say to them."""

    gaps: list[Gap]
    truth: np.ndarray  # first missing word
    best: np.ndarray  # the oracle's log-probabilities; of stretches that of the truth alone
    likeliest: list[list[int]] | None = None  # the oracle's stretches


def examined(
    candidate: Candidate, parts: Parts, ability: str, size: int, seed: int
) -> Iterator[Row]:
    """Measure one ability, and yield a row for each metric and part of the meanings."""
    for meanings, found, more in EXAMS[ability](candidate, parts, size, seed):
        yield found.row(ability=ability, seed=seed, meanings=meanings, **more)


def write(
    candidate: Candidate, parts: Parts, size: int, seed: int
) -> Iterator[tuple[str, Measurement, dict]]:
    """Write sentences from nothing, and say the next word of given ones."""
    language, unread = candidate.language, parts[UNREAD]
    for metric, top_p in (("valid", 1.0), ("valid_top_p", TOP_P)):
        ask = candidate.ways["writing", ANSWER]
        pages, cost = _counted(candidate, size, ask, size, np.random.default_rng(seed), top_p)
        told = [language.parse(page) for page in pages]
        valid = share([sentence is not None for sentence in told])
        yield ALL, Measurement(ANSWER, metric, size, valid, 0.0, 1.0, cost), {}
        if metric == "valid":
            new = share([one is not None and one.meaning in _meanings(unread) for one in told])
            most = unread.world.mass
            yield ALL, Measurement(ANSWER, "valid_and_new", size, new, 0.0, most, cost), {}
    for meanings, part in parts.items():
        asked = _next_words(part, size, seed)
        said, cost = _counted(candidate, size, candidate.ways["next_word", ANSWER], asked.gaps)
        yield from ((meanings, one, {}) for one in _of_words(part, asked, said, cost))


def fill(
    candidate: Candidate, parts: Parts, size: int, seed: int
) -> Iterator[tuple[str, Measurement, dict]]:
    """Say the one word that is missing."""
    for meanings, part in parts.items():
        asked = _blanks(part, size, seed)
        said, cost = _counted(candidate, size, candidate.ways["blank", ANSWER], asked.gaps)
        yield from ((meanings, one, {}) for one in _of_words(part, asked, said, cost))


def restore(
    candidate: Candidate, parts: Parts, size: int, seed: int
) -> Iterator[tuple[str, Measurement, dict]]:
    """Write a missing stretch of one to five words."""
    for meanings, part in parts.items():
        asked = _stretches(part, size, seed)
        wanted = [gap.missing for gap in asked.gaps]
        pages, cost = _counted(candidate, size, candidate.ways["missing_span", ANSWER], asked.gaps)
        guess = [commonest_stretch(part)] * size
        right = (_exact(some, wanted) for some in (pages, guess, asked.likeliest))
        yield meanings, Measurement(ANSWER, "exact", size, *right, cost), {}
        said, cost = _counted(candidate, size, stretch_log_probabilities, candidate, asked.gaps)
        common = common_words(part)
        chance = [_any_length() + sum(common[word] for word in words) for words in wanted]
        costs = (-float(np.mean(some)) for some in (said, chance, asked.best))
        yield meanings, Measurement(ANSWER, "cross_entropy", size, *costs, cost), {}


@singledispatch
def stretch_log_probabilities(candidate: Candidate, gaps: Sequence[Gap]) -> np.ndarray:
    """Log-probability that a candidate gives to the missing stretch of each gap.

    Who cannot say where a stretch ends knows that all lengths of one to five are equally likely.
    """
    return candidate.ways["stretch", ANSWER](gaps)


@stretch_log_probabilities.register
def _(candidate: EncoderDecoder, gaps: Sequence[Gap]) -> np.ndarray:
    return candidate._draft_scores([(gap, gap.missing) for gap in gaps])


@stretch_log_probabilities.register
def _(candidate: DecoderOnly, gaps: Sequence[Gap]) -> np.ndarray:
    """Word by word behind the left side; the right side goes unread."""
    pairs = [(replace(gap, right=[]), gap.missing) for gap in gaps]
    return candidate._sentence_scores(pairs) + _any_length()


@stretch_log_probabilities.register
def _(candidate: FillInMiddle, gaps: Sequence[Gap]) -> np.ndarray:
    before, between, after, end = candidate.vocabulary.encode([PRE, SUF, MID, END])
    sides = [[before, *gap.left, between, *gap.right, after] for gap in gaps]
    rows = [[*both, *gap.missing] for both, gap in zip(sides, gaps, strict=True)]
    asked = [range(len(both) - 1, len(row)) for both, row in zip(sides, rows, strict=True)]
    found = candidate.log_probabilities(rows, asked)
    return added_up(found, [[*gap.missing, end] for gap in gaps])


@stretch_log_probabilities.register
def _(candidate: EncoderOnly, gaps: Sequence[Gap]) -> np.ndarray:
    """All words at once behind the true number of masks."""
    rows = [candidate._with_masks(gap, len(gap.missing)) for gap in gaps]
    asked = [range(len(gap.left), len(gap.left) + len(gap.missing)) for gap in gaps]
    return (
        added_up(candidate.over_words(rows, asked), [gap.missing for gap in gaps]) + _any_length()
    )


def _exact(pages: Sequence, wanted: Sequence) -> float:
    return share([list(page) == right for page, right in zip(pages, wanted, strict=True)])


def _any_length() -> float:
    return -float(np.log(LONGEST_STRETCH))


def match(
    candidate: Candidate, parts: Parts, size: int, seed: int
) -> Iterator[tuple[str, Measurement, dict]]:
    """Find the sentence that means the same, also where each has a twin with exchanged roles.

    Layer and pooling are chosen on other, read meanings, for each metric by itself.
    """
    read, bag = candidate.ways["features", ANSWER], BagOfWords(candidate)
    rng = np.random.default_rng([seed, 13])
    choosing = _every_way(read, _pairs(parts[READ], rng))
    for meanings, part in parts.items():
        each = min(GROUP, len(_with_twins(part)))
        groups = [_pairs(part, rng) for _ in range(-(-size // each))]
        count = sum(len(asked) for asked, _, _ in groups)
        tables, cost = _counted(
            candidate, 3 * count, lambda groups=groups: [_every_way(read, one) for one in groups]
        )
        words = [_every_way(bag.ways["features", ANSWER], one)[bag.name] for one in groups]
        for metric in MATCHED:
            best = max(choosing, key=lambda name, metric=metric: choosing[name][metric])
            first = next(iter(choosing))  # the mean of the embeddings, before any layer
            chance = {"told_from_twin": 0.5, "retrieved": 1 / len(groups[0][0])}.get(
                metric, 0.5 / len(groups[0][0])
            )
            for more, found in (
                ({"chosen": best}, [table[best][metric] for table in tables]),
                ({"baseline": WORD_VECTORS}, [table[first][metric] for table in tables]),
                ({"baseline": bag.name}, [table[metric] for table in words]),
            ):
                raw = float(np.mean(found))
                yield meanings, Measurement(ANSWER, metric, count, raw, chance, 1.0, cost), more


MATCHED = ("retrieved", "retrieved_with_twins", "told_from_twin")
TIE = 1e-5  # cosines that are so close are the same


def _every_way(read: Callable, group: tuple[list[list[int]], ...]) -> dict[str, dict[str, float]]:
    """Every metric of every layer and pooling; of those that tie, each has its share."""
    asked, wanted, twins = (read(rows) for rows in group)
    table = {}
    for name in asked:
        others = np.concatenate([wanted[name], twins[name]])
        cosine = _unit(asked[name]) @ _unit(others).T
        count = len(cosine)
        own = cosine[np.arange(count), np.arange(count)]
        table[name] = {
            "retrieved": _nearest(own, cosine[:, :count]),
            "retrieved_with_twins": _nearest(own, cosine),
            "told_from_twin": _nearest(
                own, np.stack([own, cosine[np.arange(count), count + np.arange(count)]], axis=1)
            ),
        }
    return table


def _nearest(own: np.ndarray, cosine: np.ndarray) -> float:
    beaten = (cosine > own[:, None] + TIE).any(axis=1)
    alike = (np.abs(cosine - own[:, None]) <= TIE).sum(axis=1)
    return float(np.mean(np.where(beaten, 0, 1 / alike)))


def _unit(vectors: np.ndarray) -> np.ndarray:
    """What all have in common tells nobody apart and is subtracted."""
    vectors = vectors - vectors.mean(axis=0)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12)


def twin(meaning: Meaning, wording: Wording) -> tuple[str, ...]:
    """Say the same with giver and receiver in each other's place: the same words, another order."""
    return say(
        exchanged(meaning),
        wording._replace(giver_name=wording.receiver_name, receiver_name=wording.giver_name),
    )


def _pairs(part: PartOfLanguage, rng: np.random.Generator) -> tuple[list[list[int]], ...]:
    """Sentences told in one way, the same in the opposite way, and the twins of the latter."""
    meanings = _with_twins(part)
    chosen = [
        exchanged(meanings[n]) if rng.random() < 0.5 else meanings[n]
        for n in rng.permutation(len(meanings))[:GROUP]
    ]
    world = part.world
    one_way = world.sentences[world.sample(1, rng)[0]].wording._replace(place="last")
    rows: tuple[list[list[int]], ...] = ([], [], [])
    for meaning in chosen:
        without = {"place": "none", "reason_name": 0} if meaning.reason == "none" else {}
        wording = one_way._replace(**without)
        told = (
            say(meaning, wording),
            say(meaning, wording.opposite()),
            twin(meaning, wording.opposite()),
        )
        for row, words in zip(rows, told, strict=True):
            row.append(part.vocabulary.encode(words))
    return rows


@cache
def _with_twins(part: PartOfLanguage) -> list[Meaning]:
    """Meanings of a part in which the persons can change places and every word stays.

    Of two that are each other's twins one stands for both.
    """
    there = {sentence.meaning for sentence in part.world.sentences}
    return [
        meaning
        for meaning in sorted(_meanings(part))
        if meaning.giver_number == meaning.receiver_number and meaning < exchanged(meaning) in there
    ]


def classify(
    candidate: Candidate, parts: Parts, size: int, seed: int
) -> Iterator[tuple[str, Measurement, dict]]:
    """Say who gives, by a linear rule on frozen features that has seen 8 examples of each.

    Examples, layer, pooling and penalty come from read meanings.
    """
    for baseline, one in (({}, candidate), ({"baseline": BagOfWords.name}, BagOfWords(candidate))):
        rng = np.random.default_rng([seed, 14])
        read = one.ways["features", ANSWER]
        sets = [_twins(parts[READ], features.LABELLED, rng) for _ in range(2)]
        _, pair, label = sets[0]
        drawn = [
            (two, features._labelled(pair == two, label, rng))
            for two in np.unique(pair)
            for _ in range(features.DRAWS)
        ]
        sets += [_twins(part, size, rng) for part in parts.values()]
        states = [read(rows) for rows, _, _ in sets]
        tables: dict[tuple[str, float], list] = {}
        for name, values in states[0].items():
            scale = np.linalg.norm(values - values.mean(axis=0), axis=1).mean()
            train, *others = (some[name] / scale for some in states)
            for penalty in features.PENALTIES:
                fits = [(p, *features._fit(train[rows], label[rows], penalty)) for p, rows in drawn]
                both = zip(others, sets[1:], strict=True)
                tables[name, penalty] = [_judged(fits, some, asked) for some, asked in both]
        for place, metric in enumerate(("right", "ranked")):
            best = max(tables, key=lambda key, place=place: tables[key][0][place])
            for number, meanings in enumerate(parts, 1):
                raw = tables[best][number][place]
                found = Measurement(ANSWER, metric, size, raw, 0.5, 1.0, 1.0)
                yield meanings, found, baseline or {"chosen": f"{best[0]}, {best[1]:g}"}


def _judged(fits: list[tuple], values: np.ndarray, asked: features.Twins) -> tuple[float, float]:
    """Share of answers that are right, and of pairs of both labels that are ranked right."""
    _, pair, labels = asked
    right, ranked = [], []
    for two, mean, weights in fits:
        there = pair == two
        if there.any():
            scores, label = (values[there] - mean) @ weights, labels[there]
            right.append(np.mean((scores > 0) == label))
            gap = scores[label == 1][:, None] - scores[label == 0]
            ranked.append(np.mean((gap > TIE) + 0.5 * (np.abs(gap) <= TIE)))
    return float(np.mean(right)), float(np.mean(ranked))


def _twins(
    part: PartOfLanguage, size: int, rng: np.random.Generator
) -> tuple[list[list[int]], np.ndarray, np.ndarray]:
    """Draw sentences of a part, all pairs of persons and both directions equally often."""
    rows_of = _twin_rows(part)
    asked = [number for number, both in enumerate(rows_of) if all(map(len, both))]
    pair = np.array(asked)[np.arange(size) % len(asked)]
    label = np.arange(size) // len(asked) % 2
    rows = [rng.choice(rows_of[number][first]) for number, first in zip(pair, label, strict=True)]
    return sentences(part, rows), pair, label


@cache
def _twin_rows(part: PartOfLanguage) -> list[tuple[np.ndarray, np.ndarray]]:
    """Sentences of a part that have a twin, for each two persons, of both directions."""
    drawn = part.world.drawn
    return [
        tuple(twins[drawn[twins[:, first]], first] for first in (0, 1))
        for twins in features._twin_rows(_whole(part.world.whole))
    ]


@cache
def _whole(world: object) -> Language:
    return Language(world)


def _of_words(part: Language, asked: Asked, said: np.ndarray, cost: float) -> Iterator[Measurement]:
    size, truth, common = len(asked.gaps), asked.truth, common_words(part)
    shares = (
        share(said.argmax(axis=1) == truth),
        share(truth == common.argmax()),
        share(asked.best.argmax(axis=1) == truth),
    )
    yield Measurement(ANSWER, "top1", size, *shares, cost)
    costs = (cross_entropy(some, truth) for some in (said, np.tile(common, (size, 1)), asked.best))
    yield Measurement(ANSWER, "cross_entropy", size, *costs, cost)


@cache
def _next_words(part: Language, size: int, seed: int) -> Asked:
    gaps = next_words(part, size, np.random.default_rng([seed, 10]))
    return _asked(gaps, oracle_words(part, gaps, both_sides=False))


@cache
def _blanks(part: Language, size: int, seed: int) -> Asked:
    gaps = blanks(part, size, np.random.default_rng([seed, 11]))
    return _asked(gaps, oracle_words(part, gaps))


@cache
def _stretches(part: Language, size: int, seed: int) -> Asked:
    gaps = stretches(part, size, np.random.default_rng([seed, 12]))
    lengths = dict.fromkeys(range(1, LONGEST_STRETCH + 1), 1.0)
    decode = part.vocabulary.decode
    best, likeliest = [], []
    for gap in gaps:
        found = part.oracle.stretch(decode(gap.left), decode(gap.right), lengths)
        best.append(np.log(found[decode(gap.missing)]))
        likeliest.append(part.vocabulary.encode(next(iter(found))))
    return _asked(gaps, np.array(best), likeliest)


def _asked(gaps: list[Gap], best: np.ndarray, likeliest: list | None = None) -> Asked:
    return Asked(gaps, first_missing(gaps), best, likeliest)


def _counted(
    candidate: Candidate, size: int, ask: Callable, *arguments: object
) -> tuple[object, float]:
    """Ask, and return the answers and the forward passes per question."""
    before = candidate.passes
    said = ask(*arguments)
    return said, (candidate.passes - before) / size


@cache
def _meanings(part: PartOfLanguage) -> set[Meaning]:
    return {part.world.sentences[row].meaning for row in np.flatnonzero(part.world.drawn)}


#: How each ability is measured.
EXAMS: dict[str, Exam] = {
    "continuation": write,
    "blank": fill,
    "missing_span": restore,
    "matching": match,
    "classification": classify,
}
