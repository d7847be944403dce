"""The two papers that look at frozen features: semantic matching, and who gives from few labels."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache

import numpy as np

from lessonlib.exams.measurement import NATIVE, Candidate, Measurement, answers, share
from lessonlib.exams.sentences.candidates.base import TextCandidate
from lessonlib.exams.sentences.items import sentences
from lessonlib.exams.sentences.language import Language
from lessonlib.worlds.sentences import say

CANDIDATES = 100  # for one match
LABELS_EACH = 8
DRAWS = 20
PENALTIES = (0.01, 0.1, 1.0, 10.0)
LABELLED = DEVELOPMENT = 700  # sentences to draw labels from, and to choose on

Ids = list[list[int]]
Read = Callable[[Ids], dict[str, np.ndarray]]
Twins = tuple[Ids, np.ndarray, np.ndarray]  # sentences, about which two persons, who of them gives


class BagOfWords(Candidate):
    """Counts every word of every sentence: all that a sentence says without its order."""

    name = "bag of words"

    def __init__(self, other: TextCandidate) -> None:
        self.language = other.language

    @answers(NATIVE, "features")
    def _count(self, asked: Ids) -> dict[str, np.ndarray]:
        self.passes += len(asked)
        counts = np.zeros((len(asked), self.language.vocabulary.words))
        for row, sentence in zip(counts, asked, strict=True):
            np.add.at(row, sentence, 1)
        return {self.name: counts}


def matching(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Count the sentences whose paraphrase is the nearest of 100.

    Visible: sentences all told in one way, and their paraphrases, told from the other side, with
    the reason in the other place and every name another one. No pair shares a content word, so
    comparing words does not help. Layer and pooling are chosen on other sentences.
    """
    choosing, *others = groups(candidate.language, size, rng)
    each, count = len(choosing[0]), sum(len(asked) for asked, _ in others)
    found = []
    for answer, read, passes in candidate.known_ways("features"):
        chosen = matched(read, *choosing)
        best = max(chosen, key=chosen.__getitem__)
        right = share([matched(read, *group)[best] for group in others])
        cost = passes() / (count + each)
        found.append(Measurement(answer, "retrieved", count, right, 1 / each, 1.0, cost))
    return found


def matched(read: Read, asked: Ids, wanted: Ids) -> dict[str, float]:
    """Share retrieved with every layer and pooling."""
    asked_states, wanted_states = read(asked), read(wanted)
    return {name: _retrieved(asked_states[name], wanted_states[name]) for name in asked_states}


def groups(language: Language, size: int, rng: np.random.Generator) -> list[tuple[Ids, Ids]]:
    """Sentences and their paraphrases: a first group to choose layer and pooling, then others."""
    candidates = min(CANDIDATES, size)
    return [_distinct_meanings(language, candidates, rng) for _ in range(1 + size // candidates)]


def _distinct_meanings(language: Language, count: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
    world, meanings = language.world, {}
    while len(meanings) < count:
        for row in world.sample(4 * count, rng):
            meanings[world.sentences[row].meaning] = None
    one_way = world.sentences[world.sample(1, rng)[0]].wording._replace(place="last")
    asked, wanted = [], []
    for meaning in list(meanings)[:count]:
        place = {"place": "none", "reason_name": 0} if meaning.reason == "none" else {}
        wording = one_way._replace(**place)
        asked.append(language.vocabulary.encode(say(meaning, wording)))
        wanted.append(language.vocabulary.encode(say(meaning, wording.opposite())))
    return asked, wanted


def _retrieved(asked: np.ndarray, wanted: np.ndarray) -> float:
    """Share of rows whose own counterpart has the largest cosine; ties count for nobody.

    What all of one side have in common tells nobody apart and is subtracted.
    """
    sides = [side - side.mean(axis=0) for side in (asked, wanted)]
    sides = [side / np.linalg.norm(side, axis=1, keepdims=True).clip(1e-12) for side in sides]
    similarity = sides[0] @ sides[1].T
    own = similarity.diagonal().copy()
    np.fill_diagonal(similarity, -np.inf)
    return share(own > similarity.max(axis=1))


def classification(
    candidate: TextCandidate, size: int, rng: np.random.Generator
) -> list[Measurement]:
    """Train a linear classifier on 8 labels of each kind, 20 times, to say who gives, and test it.

    Visible: the labelled sentences, about the same two persons, and the features of the sentence
    asked about. Every sentence has a twin with the same words in which giver and receiver have
    changed places, asked equally often: the words alone say nothing. All pairs of persons take
    turns. Layer, pooling and penalty are chosen on other sentences.
    """
    found = []
    state = rng.bit_generator.state
    for answer, read, passes in candidate.known_ways("features"):
        rng.bit_generator.state = state  # the same questions for every answer
        table = classified(read, candidate.language, size, rng)
        _, right = max(table.values(), key=lambda two: two[0])
        cost = passes() / (LABELLED + DEVELOPMENT + size)
        found.append(Measurement(answer, "right", size, right, 0.5, 1.0, cost))
    return found


def classified(
    read: Read, language: Language, size: int, rng: np.random.Generator
) -> dict[tuple[str, float], list[float]]:
    """Accuracy with every layer, pooling and penalty: where it is chosen, and on the test."""
    parts = [_twins(language, count, rng) for count in (LABELLED, DEVELOPMENT, size)]
    states = [read(asked) for asked, *_ in parts]
    _, pair, label = parts[0]
    drawn = [
        (p, _labelled(pair == p, label, rng)) for p in range(pair.max() + 1) for _ in range(DRAWS)
    ]
    table = {}
    for name, values in states[0].items():
        scale = np.linalg.norm(values - values.mean(axis=0), axis=1).mean()
        train, *tests = (part[name] / scale for part in states)
        for penalty in PENALTIES:
            fits = [(p, *_fit(train[rows], label[rows], penalty)) for p, rows in drawn]
            both = zip(tests, parts[1:], strict=True)
            table[name, penalty] = [_accuracy(fits, test, part) for test, part in both]
    return table


def _twins(language: Language, size: int, rng: np.random.Generator) -> Twins:
    """Draw sentences, all pairs of persons and both directions equally often."""
    rows_of = _twin_rows(language)
    pair = np.arange(size) % len(rows_of)
    label = np.arange(size) // len(rows_of) % 2
    rows = [
        rows_of[number][rng.integers(len(rows_of[number])), first]
        for number, first in zip(pair, label, strict=True)
    ]
    return sentences(language, rows), pair, label


@cache
def _twin_rows(language: Language) -> list[np.ndarray]:
    """Twins for each two persons: indices of sentences, shape (twins, 2)."""
    world = language.world
    row_of = {sentence.words: row for row, sentence in enumerate(world.sentences)}
    twins = defaultdict(list)
    for row, (_, _, meaning, wording) in enumerate(world.sentences):
        if meaning.giver_number != meaning.receiver_number or meaning.giver > meaning.receiver:
            continue
        exchanged = say(
            meaning._replace(giver=meaning.receiver, receiver=meaning.giver),
            wording._replace(giver_name=wording.receiver_name, receiver_name=wording.giver_name),
        )
        if exchanged in row_of:
            twins[meaning.giver, meaning.receiver].append((row, row_of[exchanged]))
    return [np.array(found) for found in twins.values()]


def _labelled(about: np.ndarray, label: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw 8 sentences of each label, out of those that are about two persons."""
    rows = (np.flatnonzero(about & (label == wanted)) for wanted in (0, 1))
    return np.concatenate([rng.choice(some, LABELS_EACH, replace=False) for some in rows])


def _fit(x: np.ndarray, label: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression on labels: what is subtracted from features, and their weights."""
    mean = x.mean(axis=0)
    kernel = (x - mean) @ (x - mean).T + penalty * np.eye(len(x))
    return mean, (x - mean).T @ np.linalg.solve(kernel, 2.0 * label - 1)


def _accuracy(fits: list[tuple], values: np.ndarray, part: Twins) -> float:
    """Mean accuracy, one fit for each draw."""
    _, pair, label = part
    right = [
        share(((values[pair == p] - mean) @ weights > 0) == label[pair == p])
        for p, mean, weights in fits
    ]
    return share(right)
