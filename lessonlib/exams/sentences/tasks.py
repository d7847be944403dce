"""Text to text: read this, write that. Each task says how pairs are drawn, and what was kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import product

import numpy as np

from lessonlib.exams.exam import Found
from lessonlib.exams.measurement import Candidate, Measurement, share
from lessonlib.exams.sentences.candidates.pairs import Pair
from lessonlib.exams.sentences.language import Language
from lessonlib.exams.sentences.unread import READ, Asking
from lessonlib.samples import sentinel
from lessonlib.worlds.sentences import PEOPLE, REASONS, THINGS, VERBS, Meaning, Sentence

PAIRS = 64
STEPS = 150  # of fine-tuning
QUESTION = sentinel(9)  # a token that no text contains

Ids = Sequence[int]


@dataclass(frozen=True)
class Task:
    """Something to be learned from pairs."""

    draw: Callable[[Language, int, np.random.Generator], list[Pair]]
    # which part of what was wanted is there in what was written, 0 to 1
    kept: Callable[[Language, Ids, Pair], float]
    texts_read: int = 1  # how many sentences the first text has at most
    new_tokens: int = 0  # how many words the second text has that no sentence has


def taught(name: str, candidate: Candidate, asking: Asking) -> Iterator[Found]:
    """Let a candidate learn from a few pairs, and ask it about others.

    What is measured is the gain over a model of the same shape and random start that was never
    pretrained and has seen the same pairs: such a model is chance.
    """
    task, read = TASKS[name], asking.parts[READ]
    rng = np.random.default_rng([asking.seed, 15, sorted(TASKS).index(name)])
    pairs = task.draw(read, PAIRS, rng)
    questions = [(meanings, task.draw(part, asking.size, rng)) for meanings, part in asking.asked]
    sources = [source for _, drawn in questions for source, _ in drawn]
    given = pairs, sources, STEPS, asking.seed
    room = {"texts_read": task.texts_read, "new_tokens": task.new_tokens}
    never = candidate.never_pretrained(asking.seed)
    for answer, write, passes in candidate.known_ways("rewriting", asking.answers):
        both = [one(*given, **room) for one in (write, never.ways["rewriting", answer])]
        cost = passes() / len(sources)
        for number, (meanings, drawn) in enumerate(questions):
            some = slice(number * asking.size, (number + 1) * asking.size)
            reached, floor = (marks(read, task, pages[some], drawn) for pages in both)
            for metric, *limits in zip((name, f"{name}_exact"), reached, floor, strict=True):
                found = Measurement(answer, metric, asking.size, *limits, 1.0, cost)
                yield found, {"meanings": meanings}


def marks(
    language: Language, task: Task, pages: Sequence[Ids], pairs: Sequence[Pair]
) -> tuple[float, float]:
    """Mean share of what was to be kept, and share of answers that are right word for word."""
    both = list(zip(pages, pairs, strict=True))
    kept = share([task.kept(language, page, pair) for page, pair in both])
    return kept, share([list(page) == list(wanted) for page, (_, wanted) in both])


def _drawn(
    language: Language, count: int, rng: np.random.Generator, with_reason: bool = False
) -> list[Sentence]:
    """Draw sentences, or only such that give a reason."""
    found: list[Sentence] = []
    while len(found) < count:
        some = [language.world.sentences[row] for row in language.world.sample(count, rng)]
        found += [one for one in some if not with_reason or one.meaning.reason != "none"]
    return found[:count]


def _told_otherwise(
    how: str, language: Language, count: int, rng: np.random.Generator
) -> list[Pair]:
    """Tell sentences from the other side with every name swapped, or leave the reason out."""
    encode, rewrite = language.vocabulary.encode, getattr(language.world, how)
    some = _drawn(language, count, rng, with_reason=True)
    return [(encode(one.words), encode(rewrite(one))) for one in some]


def _meaning_kept(language: Language, page: Ids, pair: Pair) -> float:
    """Share of who, how many, does what, with what, to whom and why that is as it should be.

    Nothing for what is no sentence, is told from the wrong side, or has a reason where it should
    have none or the other way round: copying earns nothing, and any sentence earns little.
    """
    told, right = (language.parse(words) for words in (page, pair[1]))
    if (
        told is None
        or told.wording.subject != right.wording.subject
        or (told.meaning.reason == "none") != (right.meaning.reason == "none")
    ):
        return 0.0
    return share([a == b for a, b in zip(told.meaning, right.meaning, strict=True)])


def _who_gets(language: Language, count: int, rng: np.random.Generator) -> list[Pair]:
    """Ask who gets something: the answer is the word that the sentence has for that person."""
    pairs = []
    for one in _drawn(language, count, rng):
        known = names(one.meaning.receiver, one.meaning.receiver_number)
        (word,) = known & set(one.words)
        source = language.vocabulary.encode((*one.words, QUESTION))
        pairs.append((source, [language.vocabulary[word]]))
    return pairs


def _same_person(language: Language, page: Ids, pair: Pair) -> float:
    """Either name of the person is right; copying the other one is not."""
    (wanted,) = language.vocabulary.decode(pair[1])
    everybody = (names(person, number) for person in PEOPLE for number in ("one", "many"))
    right = next(known for known in everybody if wanted in known)
    return float(len(page) == 1 and language.vocabulary.decode(page)[0] in right)


def names(person: str, number: str) -> set[str]:
    """Return the words for one or several persons of a kind."""
    return {name + ("s" if number == "many" else "") for name in PEOPLE[person]}


def _in_another_language(language: Language, count: int, rng: np.random.Generator) -> list[Pair]:
    """Say sentences in a second little language, which has one word for each thing, and own order.

    What is done comes first, then the thing, who gives, who gets, and why.
    """
    first = len(language.vocabulary)
    pairs = []
    for one in _drawn(language, count, rng):
        words = [first + _new_words().index(part) for part in _in_order(one.meaning)]
        pairs.append((language.vocabulary.encode(one.words), words))
    return pairs


def _in_order(meaning: Meaning) -> list[tuple[str, ...]]:
    """Return what a sentence of the second language says, in its order; no reason is not said."""
    parts = [
        ("verb", meaning.verb),
        ("thing", meaning.thing),
        ("giver", meaning.giver, meaning.giver_number),
        ("receiver", meaning.receiver, meaning.receiver_number),
    ]
    return parts if meaning.reason == "none" else [*parts, ("reason", meaning.reason)]


@cache
def _new_words() -> list[tuple[str, ...]]:
    """Return the words of the second language, each by what it stands for.

    They are named without writing out a world, since whoever only looks at a picture imports this.
    """
    roles = product(("giver", "receiver"), PEOPLE, ("one", "many"))
    others = {"verb": VERBS, "thing": THINGS, "reason": REASONS}
    named = [(part, name) for part, names_of in others.items() for name in names_of]
    return sorted([*roles, *named])


def _parts_kept(language: Language, page: Ids, pair: Pair) -> float:
    """Share of the words that are right at their place; a wrong number of words earns nothing."""
    if len(page) != len(pair[1]):
        return 0.0
    return share([a == b for a, b in zip(page, pair[1], strict=True)])


def _about_the_same(language: Language, count: int, rng: np.random.Generator) -> list[Pair]:
    """Read two sentences about the same two persons, and write a third one about them."""
    rows, encode = _rows_about(language), language.vocabulary.encode
    pairs = []
    for one in _drawn(language, count, rng):
        others = rows[_persons(one.meaning)]
        second, third = (language.world.sentences[row] for row in rng.choice(others, 2))
        pairs.append((encode((*one.words, *second.words)), encode(third.words)))
    return pairs


@cache
def _rows_about(language: Language) -> dict[frozenset[str], np.ndarray]:
    found: dict[frozenset[str], list[int]] = {}
    drawn = getattr(language.world, "drawn", np.ones(len(language.world.sentences), bool))
    for row in np.flatnonzero(drawn):
        meaning = language.world.sentences[row].meaning
        found.setdefault(_persons(meaning), []).append(int(row))
    return {persons: np.array(rows) for persons, rows in found.items()}


def _persons(meaning: Meaning) -> frozenset[str]:
    return frozenset((meaning.giver, meaning.receiver))


def _goes_on(language: Language, page: Ids, pair: Pair) -> float:
    """Right is every sentence about the same two persons."""
    told, right = language.parse(page), language.parse(pair[1])
    return float(told is not None and _persons(told.meaning) == _persons(right.meaning))


#: What is taught, by name.
TASKS = {
    "paraphrase": Task(partial(_told_otherwise, "paraphrase"), _meaning_kept),
    "shorten": Task(partial(_told_otherwise, "shorten"), _meaning_kept),
    "answer": Task(_who_gets, _same_person),
    "translate": Task(_in_another_language, _parts_kept, new_tokens=len(_new_words())),
    "long_text": Task(_about_the_same, _goes_on, texts_read=2),
}
