"""The smallest model that learns from practice: a table of counts."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence


class CountTable:
    """Notes for everything that is shown which answers were right, and how often."""

    def __init__(self) -> None:
        self._counts: dict[Hashable, Counter] = defaultdict(Counter)

    def note(self, shown: Hashable, answer: str) -> None:
        """Count one more right answer to what was shown."""
        self._counts[shown][answer] += 1

    def knows(self, shown: Hashable) -> bool:
        """Tell whether anything was noted for what is shown."""
        return shown in self._counts

    def noted(self, shown: Hashable) -> dict[str, int]:
        """Return how often each answer was right, the most frequent first."""
        counts = self._counts.get(shown, {}).items()
        return dict(sorted(counts, key=lambda pair: pair[::-1], reverse=True))

    def guess(self, shown: Hashable) -> str | None:
        """Return the answer that was right most often; None where nothing was noted."""
        return next(iter(self.noted(shown)), None)


def with_neighbours(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """List every word that stands between two others, as (word before, word, word after)."""
    return list(zip(words, words[1:], words[2:], strict=False))


def study(sentences: Sequence[Sequence[str]], memory: int) -> Callable[[Sequence[str]], str | None]:
    """Note what followed the last `memory` words; return what guesses the next one."""
    table = CountTable()

    def last_of(seen: Sequence[str]) -> tuple[str, ...]:
        return tuple(seen[max(0, len(seen) - memory) :])

    for words in sentences:
        for place in range(1, len(words)):
            table.note(last_of(words[:place]), words[place])
    return lambda seen: table.guess(last_of(seen))
