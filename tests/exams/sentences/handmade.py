"""Candidates made by hand: one that knows every answer, one that guesses, and some that cheat."""

from functools import cache

import numpy as np

from lessonlib.exams.measurement import Candidate
from lessonlib.exams.sentences.items import sentences


@cache
def how_common_words_are(language):
    """Log-probability of each word at a place chosen at random, counted word by word."""
    shares = np.zeros(language.vocabulary.words)
    for sentence in language.world.sentences:
        for word in sentence.words:
            shares[language.vocabulary[word]] += sentence.probability / len(sentence.words)
    return np.log(shares)


class HandMade(Candidate):
    """Has all ways to answer, each costing one pass per question."""

    def __init__(self, language, seed=0):
        self.language, self.vocabulary = language, language.vocabulary
        self.rng = np.random.default_rng(seed)
        tasks = "writing", "next_word", "blank", "missing_span", "features", "rewriting"
        self.ways = {
            (task, answer): self.counted(getattr(self, task))
            for task in tasks
            for answer in ("native", "workaround")
        }

    def counted(self, method):
        def answer(questions, *rest, **room):
            self.passes += questions if isinstance(questions, int) else len(questions)
            return method(questions, *rest, **room)

        return answer

    def words(self, ids):
        return self.vocabulary.decode(ids)

    def distributions(self, answers):
        rows = np.full((len(answers), self.vocabulary.words), -np.inf)
        for row, answer in zip(rows, answers, strict=True):
            for word, p in answer.items():
                row[self.vocabulary[word]] = np.log(p)
        return rows


class Perfect(HandMade):
    """Asks the oracle, and has the grammar in its head."""

    def writing(self, count, rng, top_p):
        return sentences(self.language, self.language.world.sample(count, rng))

    def next_word(self, gaps):
        oracle = self.language.oracle
        return self.distributions([oracle.next_word(self.words(gap.left)) for gap in gaps])

    def blank(self, gaps):
        oracle = self.language.oracle
        return self.distributions(
            [oracle.blank(self.words(gap.left), self.words(gap.right)) for gap in gaps]
        )

    def missing_span(self, gaps):
        oracle = self.language.oracle
        lengths = dict.fromkeys(range(1, 6), 0.2)
        return [
            self.vocabulary.encode(
                next(iter(oracle.stretch(self.words(gap.left), self.words(gap.right), lengths)))
            )
            for gap in gaps
        ]

    def features(self, asked):
        """One number for each part of the meaning; the same for all ways to tell it."""
        meanings = [self.language.parse(sentence).meaning for sentence in asked]
        kinds = sorted({(field, v) for m in meanings for field, v in m._asdict().items()})
        place = {kind: n for n, kind in enumerate(kinds)}
        exact = np.zeros((len(meanings), len(kinds)))
        for row, meaning in zip(exact, meanings, strict=True):
            row[[place[kind] for kind in meaning._asdict().items()]] = 1
        return {"useless": self.rng.normal(size=exact.shape), "meaning": exact}

    def never_pretrained(self, seed):
        return Guessing(self.language)

    def rewriting(self, pairs, sources, steps, seed, **room):
        world = self.language.world
        first = self.language.parse(pairs[0][0])
        shorten = self.words(pairs[0][1]) == world.shorten(first)
        rewrite = world.shorten if shorten else world.paraphrase
        return [self.vocabulary.encode(rewrite(self.language.parse(s))) for s in sources]


class Guessing(HandMade):
    """Knows how common words and stretches are, and nothing else."""

    def writing(self, count, rng, top_p):
        p = np.exp(self.common())
        return [rng.choice(len(p), size=12, p=p / p.sum()).tolist() for _ in range(count)]

    def common(self):
        return how_common_words_are(self.language)

    def next_word(self, gaps):
        return np.tile(self.common(), (len(gaps), 1))

    blank = next_word

    def missing_span(self, gaps):
        return [[self.vocabulary["the"]]] * len(gaps)

    def features(self, asked):
        return {"noise": self.rng.normal(size=(len(asked), 8))}

    def never_pretrained(self, seed):
        return self

    def rewriting(self, pairs, sources, steps, seed, **room):
        return [pairs[n % len(pairs)][1] for n in range(len(sources))]


class Copying(Guessing):
    """Hands the sentence back as it was."""

    def rewriting(self, pairs, sources, steps, seed, **room):
        return sources
