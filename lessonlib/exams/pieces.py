"""What cutting into pieces changes, found by counting alone: no model is trained.

`texts` are paragraphs, `counts` says how often each unit occurs, and `cut` cuts a unit.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lessonlib import checks
from lessonlib.models.counting import CountTable
from lessonlib.pieces import SPACE, Tokenizer

TEST_SHARE = 10  # one text of so many is kept for the test

Cut = Callable[[str], Sequence[str]]


class Loss(NamedTuple):
    """How badly a model guesses a text, by two rulers."""

    tokens: int
    per_token: float  # cross-entropy, in nats
    bits_per_byte: float


def knows_words(cut: Cut, counts: Mapping[str, int]) -> Loss:
    """Measure a model that knows how often each unit comes, and says it piece by piece.

    After each beginning it says what comes next as often as it comes in the text, the end of the
    unit too. By the chain rule that makes the chance of the unit, however it is cut.
    """
    begun, ended = Counter(), Counter()
    for unit, n in counts.items():
        pieces = tuple(cut(unit))
        ended[pieces] += n
        for end in range(len(pieces) + 1):
            begun[pieces[:end]] += n
    bits = 0.0
    for pieces, n in ended.items():
        bits -= n * math.log2(n / begun[pieces])
        for end in range(len(pieces)):
            bits -= n * math.log2(begun[pieces[: end + 1]] / begun[pieces[:end]])
    return _loss(bits, cut, counts)


def knows_pieces(cut: Cut, counts: Mapping[str, int]) -> Loss:
    """Measure a model that knows how often each piece comes, and nothing of its neighbours."""
    often = Counter()
    for unit, n in counts.items():
        for piece in cut(unit):
            often[piece] += n
    bits = -sum(n * math.log2(n / often.total()) for n in often.values())
    return _loss(bits, cut, counts)


def _loss(bits: float, cut: Cut, counts: Mapping[str, int]) -> Loss:
    tokens = sum(n * len(cut(unit)) for unit, n in counts.items())
    size = sum(n * len(unit.replace(SPACE, " ").encode()) for unit, n in counts.items())
    return Loss(tokens, bits * math.log(2) / tokens, bits / size)


class Hidden(NamedTuple):
    """One piece of a word of several pieces, and what stands around it."""

    word: tuple[str, ...]
    at: int
    before: tuple[str, ...]  # the unit before the word, () where the text begins
    after: tuple[str, ...]

    def one_hidden(self) -> list[tuple]:
        """List what tells of the piece if nothing else is hidden, the most first."""
        rest = (*self.word[: self.at], None, *self.word[self.at + 1 :])
        beside = rest[max(self.at - 1, 0) : self.at + 2]
        return [(rest, self.before, self.after), (rest,), (beside, "beside"), ()]

    def word_hidden(self) -> list[tuple]:
        """List what tells of the piece if its whole word is hidden behind as many masks."""
        masks = (len(self.word), self.at)
        one_side = [(*masks, self.before, "before"), (*masks, self.after, "after")]
        return [(*masks, self.before, self.after), *one_side, masks]


#: What is hidden with a piece, by name: which contexts are left to guess it from.
HIDING = {"piece": Hidden.one_hidden, "word": Hidden.word_hidden}


def given_away(tokenizer: Tokenizer, texts: Sequence[str], hiding: str) -> float:
    """Return the share of hidden pieces that a counting pupil says rightly.

    It studies every piece of every word that has several, in nine tenths of the texts, and is
    asked about the rest. Of all contexts that it has seen it goes by the one that tells most.
    """
    contexts = HIDING[checks.one_of(hiding, "hiding", HIDING)]
    pupil, right, asked = CountTable(), 0, 0
    studied = (text for number, text in enumerate(texts) if number % TEST_SHARE)
    for hidden in _hidden(tokenizer, studied):
        for context in contexts(hidden):
            pupil.note(context, hidden.word[hidden.at])
    for hidden in _hidden(tokenizer, texts[::TEST_SHARE]):
        known = next(filter(pupil.knows, contexts(hidden)), None)
        right += pupil.guess(known) == hidden.word[hidden.at]
        asked += 1
    return right / asked


def _hidden(tokenizer: Tokenizer, texts: Iterable[str]) -> Iterator[Hidden]:
    for text in texts:
        words = [tuple(word) for word in tokenizer.words(text)]
        for number, word in enumerate(words):
            before = words[number - 1] if number else ()
            after = words[number + 1] if number + 1 < len(words) else ()
            if len(word) > 1:
                yield from (Hidden(word, at, before, after) for at in range(len(word)))


class Reach(NamedTuple):
    """What stretches of a fixed number of pieces reach over, on average."""

    words: float  # that have a piece in the stretch
    cut: float  # the share of stretches that begin or end inside a word


def reach(tokenizer: Tokenizer, texts: Iterable[str], length: int) -> Reach:
    """Look at every stretch of `length` pieces in the texts, and count the words it touches."""
    length = checks.integer(length, "length", 1)
    stretches = touched = cut = 0
    for text in texts:
        words = tokenizer.words(text)
        owner = [-1, *(number for number, word in enumerate(words) for _ in word), len(words)]
        for start in range(1, len(owner) - length):
            first, last = owner[start], owner[start + length - 1]
            stretches += 1
            touched += last - first + 1
            cut += owner[start - 1] == first or owner[start + length] == last
    return Reach(touched / stretches, cut / stretches)


def unseen(texts: Sequence[str], cut: Callable[[str], Sequence[str]]) -> float:
    """Return the share of tokens in every tenth text that no other text has."""
    known = {token for n, text in enumerate(texts) if n % TEST_SHARE for token in cut(text)}
    asked = [token for text in texts[::TEST_SHARE] for token in cut(text)]
    return sum(token not in known for token in asked) / len(asked)
