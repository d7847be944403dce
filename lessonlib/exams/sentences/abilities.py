"""The abilities, each with two metrics or more, on meanings that were read and on unread ones.

Questions and what guessing and the oracle make of them are drawn once for each seed, and put to
every candidate. Scores of cross-entropies are the share of the way from the unigram model to the
oracle.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from lessonlib.exams.exam import Found, Paper
from lessonlib.exams.measurement import (
    ANSWERS,
    NATIVE,
    Candidate,
    Measurement,
    asked,
    cross_entropy,
    share,
)
from lessonlib.exams.sentences.candidates.base import ANY_LENGTH
from lessonlib.exams.sentences.features import (
    DRAWS,
    LABELLED,
    PENALTIES,
    BagOfWords,
    Twins,
    fit,
    labelled,
    twin_rows,
)
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
from lessonlib.exams.sentences.tasks import taught
from lessonlib.exams.sentences.unread import (
    PARTS,
    READ,
    UNREAD,
    Asking,
    PartOfLanguage,
    exchanged,
)
from lessonlib.worlds.sentences import Meaning, Wording, say

ALL = "all"  # written sentences are of read and of unread meanings
TOP_P = 0.98
GROUP = 100  # sentences among which the one that means the same is to be found
WORD_VECTORS = "word_vectors"

Exam = Callable[[Candidate, Asking], Iterator[Found]]


@dataclass(frozen=True, eq=False)
class Asked:
    """Questions with one word as the answer, or a stretch, and what others say to them."""

    gaps: list[Gap]
    truth: np.ndarray  # first missing word
    best: np.ndarray  # the oracle's log-probabilities; of stretches that of the truth alone
    likeliest: list[list[int]] | None = None  # the oracle's stretches

    def first(self, count: int) -> "Asked":
        """Return the first questions."""
        some = slice(count)
        likeliest = self.likeliest and self.likeliest[some]
        return Asked(self.gaps[some], self.truth[some], self.best[some], likeliest)


def write(candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Write sentences from nothing, and say the next word of given ones.

    A sentence is valid if the language has it, and new if nobody has read its meaning. Guessing
    writes no valid sentence; for the next word it says how common every word is.
    """
    language, unread = candidate.language, asking.parts[UNREAD]
    for metric, top_p in (("valid", 1.0), ("valid_top_p", TOP_P)):
        for answer, ask, passes in candidate.known_ways("writing", asking.answers):
            size = asked(answer, asking.size)
            pages = ask(size, np.random.default_rng(asking.seed), top_p)
            told, cost = [language.parse(page) for page in pages], passes() / size
            valid = share([sentence is not None for sentence in told])
            yield Measurement(answer, metric, size, valid, 0.0, 1.0, cost), {"meanings": ALL}
            if metric == "valid":
                new = share([one is not None and one.meaning in _meanings(unread) for one in told])
                found = Measurement(
                    answer, "valid_and_new", size, new, 0.0, unread.world.mass, cost
                )
                yield found, {"meanings": ALL}
    for meanings, part in asking.asked:
        for answer, ask, passes in candidate.known_ways("next_word", asking.answers):
            some = _next_words(part, asking.size, asking.seed).first(asked(answer, asking.size))
            yield from _of_words(answer, meanings, part, some, ask(some.gaps), passes)


def fill(candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Say the one word that is missing. Guessing says how common words are."""
    for meanings, part in asking.asked:
        for answer, ask, passes in candidate.known_ways("blank", asking.answers):
            some = _blanks(part, asking.size, asking.seed).first(asked(answer, asking.size))
            yield from _of_words(answer, meanings, part, some, ask(some.gaps), passes)


def restore(candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Write a missing stretch of one to five words. Guessing says the commonest one.

    Visible: both sides, and that one to five words are missing.
    """
    for meanings, part in asking.asked:
        more = {"meanings": meanings}
        everything = _stretches(part, asking.size, asking.seed)
        for answer, ask, passes in candidate.known_ways("missing_span", asking.answers):
            some = everything.first(asked(answer, asking.size))
            size, wanted = len(some.gaps), [gap.missing for gap in some.gaps]
            pages = ask(some.gaps), [commonest_stretch(part)] * size, some.likeliest
            right = (exact(one, wanted) for one in pages)
            yield Measurement(answer, "exact", size, *right, passes() / size), more
        for answer, ask, passes in candidate.known_ways("stretch", asking.answers):
            some = everything.first(asked(answer, asking.size))
            common, size = common_words(part), len(some.gaps)
            chance = [ANY_LENGTH + sum(common[word] for word in gap.missing) for gap in some.gaps]
            costs = (-float(np.mean(one)) for one in (ask(some.gaps), chance, some.best))
            yield Measurement(answer, "cross_entropy", size, *costs, passes() / size), more


def exact(pages: Sequence, wanted: Sequence) -> float:
    """Share of the pages that are what was wanted, word for word."""
    return share([list(page) == list(right) for page, right in zip(pages, wanted, strict=True)])


def match(candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Find the sentence that means the same, also where each has a twin with exchanged roles.

    Layer and pooling are chosen on other, read meanings, for each metric by itself.
    """
    ways = candidate.known_ways("features", (NATIVE,) if NATIVE in asking.answers else ())
    for answer, read, passes in ways:
        yield from _matched(candidate, asking, answer, read, passes)


def _matched(
    candidate: Candidate, asking: Asking, answer: str, read: Callable, passes: Callable[[], int]
) -> Iterator[Found]:
    bag = BagOfWords(candidate)
    rng = np.random.default_rng([asking.seed, 13])
    choosing = every_way(read, pairs(asking.parts[READ], rng))
    for meanings, part in asking.asked:
        each = min(GROUP, len(_with_twins(part)))
        groups = [pairs(part, rng) for _ in range(-(-asking.size // each))]
        count = sum(len(some) for some, _, _ in groups)
        before = passes()
        tables = [every_way(read, one) for one in groups]
        cost = (passes() - before) / (3 * count)
        words = [every_way(bag.ways["features", NATIVE], one)[bag.name] for one in groups]
        for metric in MATCHED:
            best = max(choosing, key=lambda name, metric=metric: choosing[name][metric])
            first = next(iter(choosing))  # the mean of the embeddings, before any layer
            chance = chance_of_matching(metric, each)
            for more, found in (
                ({"chosen": best}, [table[best][metric] for table in tables]),
                ({"baseline": WORD_VECTORS}, [table[first][metric] for table in tables]),
                ({"baseline": bag.name}, [table[metric] for table in words]),
            ):
                raw = float(np.mean(found))
                one = Measurement(answer, metric, count, raw, chance, 1.0, cost)
                yield one, {"meanings": meanings, **more}


def chance_of_matching(metric: str, each: int) -> float:
    """Return what guessing reaches where a group has so many sentences."""
    rivals = {"retrieved": each, "retrieved_with_twins": 2 * each, "told_from_twin": 2}
    return 1 / rivals[metric]


MATCHED = ("retrieved", "retrieved_with_twins", "told_from_twin")
TIE = 1e-5  # cosines that are so close are the same


def every_way(read: Callable, group: tuple[list[list[int]], ...]) -> dict[str, dict[str, float]]:
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


def pairs(part: PartOfLanguage, rng: np.random.Generator) -> tuple[list[list[int]], ...]:
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


def classify(candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Say who gives, by a linear rule on frozen features that has seen 8 examples of each.

    Examples, layer, pooling and penalty come from read meanings.
    """
    beside = ({}, candidate), ({"baseline": BagOfWords.name}, BagOfWords(candidate))
    for baseline, one in beside if NATIVE in asking.answers else ():
        for answer, read, _ in one.known_ways("features", (NATIVE,)):
            yield from _classified(asking, answer, read, baseline)


def _classified(
    asking: Asking, answer: str, read: Callable, baseline: dict[str, str]
) -> Iterator[Found]:
    tables = told(asking, read)
    for place, metric in enumerate(("right", "ranked")):
        best = max(tables, key=lambda key: tables[key][0][place])
        for number, meanings in enumerate(asking.meanings, 1):
            found = Measurement(
                answer, metric, asking.size, tables[best][number][place], 0.5, 1.0, 1.0
            )
            chosen = baseline or {"chosen": f"{best[0]}, {best[1]:g}"}
            yield found, {"meanings": meanings, **chosen}


Judged = list[tuple[float, float]]


def told(asking: Asking, read: Callable) -> dict[tuple[str, float], Judged]:
    """Judge every layer and pooling with every penalty: where it is chosen, and on each part."""
    rng = np.random.default_rng([asking.seed, 14])
    sets = [_twins(asking.parts[READ], LABELLED, rng) for _ in range(2)]
    _, pair, label = sets[0]
    drawn = {
        two: np.stack([labelled(pair == two, label, rng) for _ in range(DRAWS)])
        for two in np.unique(pair)
    }
    sets += [_twins(part, asking.size, rng) for _, part in asking.asked]
    states = [read(rows) for rows, _, _ in sets]
    tables: dict[tuple[str, float], Judged] = {}
    for name, values in states[0].items():
        scale = np.linalg.norm(values - values.mean(axis=0), axis=1).mean()
        train, *others = (some[name] / scale for some in states)
        for penalty in PENALTIES:
            fits = {two: fit(train[rows], label[rows], penalty) for two, rows in drawn.items()}
            both = zip(others, sets[1:], strict=True)
            tables[name, penalty] = [_judged(fits, some, one) for some, one in both]
    return tables


def rewrite(candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Tell sentences otherwise, after a few pairs: from the other side, or without the reason."""
    for task in ("paraphrase", "shorten"):
        yield from taught(task, candidate, asking)


def _judged(fits: Mapping[int, tuple], values: np.ndarray, some: Twins) -> tuple[float, float]:
    """Share of answers that are right, and of pairs of both labels that are ranked right."""
    _, pair, labels = some
    right, ranked = [], []
    for two, (weights, subtracted) in fits.items():
        there = pair == two
        if there.any():
            label = labels[there]
            scores = (values[there] @ weights - subtracted)[..., 0]  # (draws, sentences)
            right += [np.mean((scores > 0) == label, axis=1)]
            gap = scores[:, label == 1, None] - scores[:, None, label == 0]
            ranked += [np.mean((gap > TIE) + 0.5 * (np.abs(gap) <= TIE), axis=(1, 2))]
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
        for twins in twin_rows(_whole(part.world.whole))
    ]


@cache
def _whole(world: object) -> Language:
    return Language(world)


def _of_words(
    answer: str,
    meanings: str,
    part: Language,
    some: Asked,
    said: np.ndarray,
    passes: Callable[[], int],
) -> Iterator[Found]:
    size, truth, common = len(some.gaps), some.truth, common_words(part)
    shares = (
        share(said.argmax(axis=1) == truth),
        share(truth == common.argmax()),
        share(some.best.argmax(axis=1) == truth),
    )
    costs = (cross_entropy(one, truth) for one in (said, np.tile(common, (size, 1)), some.best))
    for metric, limited in (("top1", shares), ("cross_entropy", costs)):
        found = Measurement(answer, metric, size, *limited, passes() / size)
        yield found, {"meanings": meanings}


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


@cache
def _meanings(part: PartOfLanguage) -> set[Meaning]:
    return {part.world.sentences[row].meaning for row in np.flatnonzero(part.world.drawn)}


#: How each ability is measured, and the metric that stands in the matrix.
EXAMS: dict[str, tuple[Exam, str]] = {
    "continuation": (write, "valid"),
    "blank": (fill, "top1"),
    "missing_span": (restore, "exact"),
    "matching": (match, "retrieved_with_twins"),
    "classification": (classify, "right"),
    "rewriting": (rewrite, "paraphrase"),
}


@dataclass(frozen=True)
class Examination:
    """An ability as a paper asks for it: which answers are asked for, and about which meanings."""

    ability: str
    answers: Sequence[str] = ANSWERS
    meanings: Sequence[str] = PARTS

    def __call__(self, candidate: Candidate, size: int, seed: int) -> Iterator[Found]:
        """Ask a candidate, who knows the parts of its language."""
        parts = candidate.language.parts
        asking = Asking(parts, size, seed, self.answers, self.meanings)
        return EXAMS[self.ability][0](candidate, asking)


def papers(**options: Any) -> dict[str, Paper]:
    """Return the papers by ability; see `Examination` for the options."""
    return {
        ability: Paper(ability, metric, Examination(ability, **options))
        for ability, (_, metric) in EXAMS.items()
    }
