"""Byte-pair encoding: what stands together most often becomes one piece, again and again."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from lessonlib import checks
from lessonlib.pieces.tokenizer import Tokenizer, checked, known_or_bytes

Pair = tuple[str, str]


def learn_merges(counts: Mapping[str, int], merges: int, inside: str = "") -> list[Pair]:
    """Find the commonest pair of neighbours, join it everywhere, and begin again, `merges` times.

    Every unit in `counts` begins as single letters; all but the first of a unit are marked by
    `inside`, if it is given. Of equally common pairs the one that is made of older pieces comes
    first; letters are as old as their code points are small. There are fewer merges if no two
    pieces stand together any more. Source: Sennrich et al. 2016, section 3.2.

    >>> learn_merges({"low": 5, "lower": 2, "newest": 6}, 3)
    [('w', 'e'), ('l', 'o'), ('e', 'we')]
    """
    merges = checks.integer(merges, "merges", 0)
    counts = checked(counts)
    words, often = [letters_of(unit, inside) for unit in counts], list(counts.values())
    age = {letter: number for number, letter in enumerate(alphabet(counts, inside))}
    paired: Counter[Pair] = Counter()
    found_in: dict[Pair, set[int]] = defaultdict(set)
    for number, word in enumerate(words):
        for pair in pairwise(word):
            paired[pair] += often[number]
            found_in[pair].add(number)

    def entry(pair: Pair) -> tuple:
        first, second = pair
        return -paired[pair], age[first], age[second], pair

    queue = [entry(pair) for pair in paired]
    heapify(queue)
    learned: list[Pair] = []
    while queue and len(learned) < merges:
        best = heappop(queue)
        *_, pair = best
        if not paired[pair] or best != entry(pair):
            continue  # it was counted anew since, and stands in the queue again
        learned.append(pair)
        age.setdefault(joined(pair, inside), len(age))
        changed = set()
        for number in found_in.pop(pair):
            before, after = words[number], merged(words[number], pair, inside)
            words[number] = after
            for old in pairwise(before):
                paired[old] -= often[number]
            for new in pairwise(after):
                paired[new] += often[number]
                found_in[new].add(number)
            changed |= {*pairwise(before), *pairwise(after)}
        for each in changed:
            if paired[each]:
                heappush(queue, entry(each))
    return learned


class BytePairs(Tokenizer):
    """Byte-pair encoding: a unit is cut by making the merges again, in their order.

    A letter that is not one of `letters` becomes the bytes that write it, so that every text has
    pieces. Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword
    Units"; the bytes as in Llama 2 (Touvron et al. 2023, section 2.2).
    """

    def __init__(self, letters: Sequence[str], merges: Sequence[Pair]) -> None:
        self.letters, self.merges = list(letters), list(merges)
        super().__init__(dict.fromkeys([*self.letters, *map("".join, self.merges)]))
        self._known = set(self.letters)
        self._rank = {pair: rank for rank, pair in enumerate(self.merges)}

    @classmethod
    def learn(cls, counts: Mapping[str, int], merges: int) -> "BytePairs":
        """Learn so many merges from how often each unit occurs."""
        return cls(alphabet(checked(counts)), learn_merges(counts, merges))

    def after(self, merges: int) -> "BytePairs":
        """Return what it was when it had learned so many merges."""
        merges = checks.integer(merges, "merges", 0, len(self.merges))
        return BytePairs(self.letters, self.merges[:merges])

    def _cut(self, unit: str) -> list[str]:
        pieces = known_or_bytes(unit, self._known)
        while True:
            ranked = [
                (self._rank[p], at) for at, p in enumerate(pairwise(pieces)) if p in self._rank
            ]
            if not ranked:
                return pieces
            _, at = min(ranked)
            pieces[at : at + 2] = ["".join(pieces[at : at + 2])]


def alphabet(counts: Mapping[str, int], inside: str = "") -> list[str]:
    """Return the letters of all units by their code points; then, marked, those inside of one."""
    letters = sorted({letter for unit in counts for letter in unit})
    marked = sorted({letter for unit in counts for letter in letters_of(unit, inside)[1:]})
    return list(dict.fromkeys([*letters, *marked]))


def letters_of(unit: str, inside: str = "") -> list[str]:
    """Split a unit into its letters, all but the first marked by `inside`."""
    return [letter if place == 0 else inside + letter for place, letter in enumerate(unit)]


def joined(pair: Pair, inside: str = "") -> str:
    """Make one piece of two neighbours; the mark in between goes."""
    first, second = pair
    return first + second.removeprefix(inside)


def merged(word: Sequence[str], pair: Pair, inside: str = "") -> list[str]:
    """Join a pair wherever it stands in a word, from left to right.

    >>> merged(["b", "a", "n", "a", "n"], ("a", "n"))
    ['b', 'an', 'an']
    """
    new, place = [], 0
    while place < len(word):
        found = tuple(word[place : place + 2]) == pair
        new.append(joined(pair, inside) if found else word[place])
        place += 1 + found
    return new
