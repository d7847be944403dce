"""Semantic matching: find the sentence that means the same, with frozen features.

Visible: sentences all told in one way, and their paraphrases, all told in the opposite way: the
other side is the subject, the reason has the other place, and every name is another one. So a
pair shares no content word, and no other candidate does either: comparing words does not help.
Layer and pooling are chosen on other sentences. Guessing finds one in as many as there are.
"""

from collections.abc import Callable

import numpy as np

from lessonlib.exams.measurement import Measurement, share
from lessonlib.exams.sentences.candidates import TextCandidate
from lessonlib.exams.sentences.language import Language
from lessonlib.worlds.sentences import say

CANDIDATES = 100


def measure(candidate: TextCandidate, size: int, rng: np.random.Generator) -> list[Measurement]:
    """Count the sentences whose paraphrase is the nearest of 100."""
    choosing, *others = groups(candidate.language, size, rng)
    count = sum(len(asked) for asked, _ in others)
    chance, read_in_all = 1 / len(choosing[0]), count + len(choosing[0])
    found = []
    for answer, read, passes in candidate.known_ways("features"):
        chosen = every_way(read, *choosing)
        best = max(chosen, key=chosen.__getitem__)
        right = float(np.mean([every_way(read, *group)[best] for group in others]))
        cost = passes() / read_in_all
        found.append(Measurement(answer, "retrieved", count, right, chance, 1.0, cost))
    return found


def every_way(read: Callable, asked: list, wanted: list) -> dict[str, float]:
    """Share retrieved with every layer and pooling."""
    asked_states, wanted_states = read(asked), read(wanted)
    return {name: _retrieved(asked_states[name], wanted_states[name]) for name in asked_states}


def groups(
    language: Language, size: int, rng: np.random.Generator
) -> list[tuple[list[list[int]], list[list[int]]]]:
    """Sentences and their paraphrases: a first group to choose layer and pooling, then others."""
    candidates = min(CANDIDATES, size)
    return [_distinct_meanings(language, candidates, rng) for _ in range(1 + size // candidates)]


def _distinct_meanings(
    language: Language, count: int, rng: np.random.Generator
) -> tuple[list[list[int]], list[list[int]]]:
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
    asked, wanted = (_unit(side - side.mean(axis=0)) for side in (asked, wanted))
    similarity = asked @ wanted.T
    own = similarity.diagonal().copy()
    np.fill_diagonal(similarity, -np.inf)
    return share(own > similarity.max(axis=1))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12)
