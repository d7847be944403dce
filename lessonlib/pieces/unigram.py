"""The unigram language model: many pieces at first, and those that help least are dropped."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain

from lessonlib import checks
from lessonlib.pieces.tokenizer import Tokenizer, checked, known_or_bytes

LONGEST_PIECE = 16  # letters
LONGEST_UNIT = 24  # letters; the chances of a longer one would be too small for a float
KEPT = 0.75  # of the pieces, after each round
ROUNDS = 2  # of counting anew before each cut
RARELY = 0.5  # a piece that is expected less often goes
UNSEEN = 10.0  # nats below the worst piece: a letter that is none

Scores = dict[str, float]  # log-probabilities of pieces
Counts = Mapping[str, int]
Node = tuple[str, int, float]  # a piece, or "" for a letter that is none; where it ends; its score
Way = tuple[float, tuple[str, ...]]  # one way to cut a unit, and its score


class Unigram(Tokenizer):
    """The unigram model: of all ways to cut a unit the likeliest, each piece taken on its own.

    `scores` are the log-probabilities of the pieces; a letter that is none of them becomes the
    bytes that write it. Source: Kudo 2018, "Subword Regularization", section 3.2.
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        super().__init__(scores)
        self.scores = dict(scores)
        self._longest = max(map(len, scores), default=1)
        self._unseen = min(scores.values(), default=0.0) - UNSEEN

    @classmethod
    def learn(cls, counts: Counts, size: int, most: int = 1_000_000) -> "Unigram":
        """Begin with up to `most` stretches of letters and drop pieces until `size` are left.

        In each round, pieces get the chances that explain the text best as it is cut now (an EM
        algorithm); then the quarter goes without which the text loses least. `size` is at least
        the number of letters in `counts`; units of more than 24 letters are left out. Source: Kudo
        2018, section 3.2; in its details as in the library `tokenizers`.
        """
        counts = {unit: n for unit, n in checked(counts).items() if len(unit) <= LONGEST_UNIT}
        letters = sorted(set(chain.from_iterable(counts)))
        size = checks.integer(size, "size", max(len(letters), 1))
        if not counts:
            return cls({})
        wanted = size * 11 // 10 - 1  # the library counts the unknown piece, too
        model = cls(_seeds(counts, checks.integer(most, "most", 1)))
        while True:
            for _ in range(ROUNDS):
                model = cls(_explained(model, counts))
            fewer = model.scores
            if len(fewer) > wanted:
                fewer = _pruned(model, counts, wanted)
            if len(fewer) == len(model.scores):  # few enough, or none left that can go
                return cls(_final(fewer, letters, size))
            model = cls(fewer)

    def lattice(self, unit: str) -> list[list[Node]]:
        """List for each place of a unit which pieces can begin there."""
        found = []
        for start in range(len(unit)):
            ends = range(start + 1, min(len(unit), start + self._longest) + 1)
            stretches = ((unit[start:end], end) for end in ends)
            here = [(s, end, self.scores[s]) for s, end in stretches if s in self.scores]
            if not here or here[0][1] > start + 1:
                here.append(("", start + 1, self._unseen))
            found.append(here)
        return found

    def ways(self, unit: str, most: int = 1) -> list[Way]:
        """Return the likeliest ways to cut a unit, up to so many, the best first."""
        reached: list[list[Way]] = [[(0.0, ())], *([] for _ in unit)]
        for start, nodes in enumerate(self.lattice(unit)):
            best = sorted(reached[start], key=_score, reverse=True)[:most]
            for piece, end, score in nodes:
                reached[end] += [(before + score, (*way, piece)) for before, way in best]
        return sorted(reached[-1], key=_score, reverse=True)[:most]

    def _cut(self, unit: str) -> list[str]:
        pieces, place = [], 0
        ((_, way),) = self.ways(unit)
        for piece in way:
            pieces += [piece] if piece else known_or_bytes(unit[place], ())
            place += len(piece) or 1
        return pieces


def _score(way: Way) -> float:
    return way[0]


def _seeds(counts: Counts, most: int) -> Scores:
    """Take all letters, and the stretches that come with different letters behind them."""
    letters: Counter[str] = Counter()
    often: Counter[str] = Counter()
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for unit, n in counts.items():
        for start, letter in enumerate(unit):
            letters[letter] += n
            for end in range(start + 2, min(len(unit), start + LONGEST_PIECE) + 1):
                often[unit[start:end]] += 1
                behind[unit[start:end]].add(unit[end : end + 1])
    stretches = {s: n * len(s) for s, n in often.items() if len(behind[s]) > 1}
    ordered = _heaviest_first(letters) + _heaviest_first(stretches)
    kept = dict(ordered[: max(most, len(letters) + 1)])
    total = math.log(sum(kept.values()))
    return {piece: math.log(weight) - total for piece, weight in kept.items()}


def _heaviest_first(weights: Counts) -> list[tuple[str, int]]:
    return sorted(weights.items(), key=lambda item: item[::-1], reverse=True)


def _explained(model: Unigram, counts: Counts) -> Scores:
    """Give each piece the score of how often it is expected, with little for what is rare."""
    expected = dict.fromkeys(model.scores, 0.0)
    for unit, n in counts.items():
        lattice = [[(p, end, math.exp(s)) for p, end, s in here] for here in model.lattice(unit)]
        before, behind = [1.0, *(0.0 for _ in unit)], [*(0.0 for _ in unit), 1.0]
        for start, nodes in enumerate(lattice):
            for _, end, chance in nodes:
                before[end] += before[start] * chance
        for start in reversed(range(len(unit))):
            behind[start] = sum(chance * behind[end] for _, end, chance in lattice[start])
        for start, nodes in enumerate(lattice):
            for piece, end, chance in nodes:
                if piece:
                    share = before[start] * chance * behind[end] / behind[0]
                    expected[piece] += n * share
    often = {piece: n for piece, n in expected.items() if n >= RARELY}
    total = _digamma(sum(often.values()))
    return {piece: _digamma(n) - total for piece, n in often.items()}


def _pruned(model: Unigram, counts: Counts, wanted: int) -> Scores:
    """Drop a quarter, but no more than leaves what is wanted: the pieces that are missed least.

    What a text loses without a piece is guessed from the second best way to write that piece.
    """
    used: Counter[str] = Counter()
    for unit, n in counts.items():
        ((_, way),) = model.ways(unit)
        for piece in way:
            used[piece] += n
    total, texts = sum(used.values()), sum(counts.values())
    kept, losses = {}, {}
    for piece, score in model.scores.items():
        (_, best), *others = model.ways(piece, 2)
        if not others or (used[piece] and len(best) > 1):
            kept[piece] = score
        elif used[piece] and len(best) == 1:
            ((_, instead),) = others
            more = math.log(total + used[piece] * (len(instead) - 1))
            replaced = sum(math.log(used[p] + used[piece]) - more for p in instead)
            chance = math.log(used[piece]) - math.log(total)
            losses[piece] = used[piece] / texts * (chance - replaced)
    room = max(wanted, int((len(model.scores) + 1) * KEPT) - 1) - len(kept)
    dearest = sorted(losses, key=losses.__getitem__, reverse=True)[: max(room, 0)]
    return kept | {piece: model.scores[piece] for piece in dearest}


def _final(scores: Scores, letters: list[str], size: int) -> Scores:
    """Keep so many pieces, the letters among them, whether they are used or not."""
    worst = min(scores.values())
    final = {letter: scores.get(letter, worst) for letter in letters}
    for piece, score in scores.items():
        if len(final) < size:
            final.setdefault(piece, score)
    return dict(sorted(final.items(), key=lambda item: -item[1]))


def _digamma(x: float) -> float:
    """Return the derivative of the logarithm of the gamma function.

    A piece of count n gets ``exp(digamma(n))``, which is nearly n - 1/2: rare ones lose most.
    """
    shift = 0.0
    while x < 7:
        shift += 1 / x
        x += 1
    x -= 0.5
    y = 1 / x**2
    series = y / 24 - 7 / 960 * y**2 + 31 / 8064 * y**3 - 127 / 30720 * y**4
    return math.log(x) + series - shift
