"""Token ids for a world: its words first, then the special tokens of the objectives."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lessonlib.samples import MASK, MID, MODE, PRE, START, SUF, sentinel
from lessonlib.samples.special import END

Ids = NDArray[np.integer]

PAD = "<pad>"  # fills up short rows; nobody looks at it

# The batches count sentinels down from the last id, as T5 does.
SPECIALS = (PAD, MASK, START, END, PRE, SUF, MID, *MODE.values(), sentinel(1), sentinel(0))


class Vocabulary:
    """The words of a world, with the ids from 0 on, and then the special tokens."""

    def __init__(self, words: Sequence[str]) -> None:
        self.tokens = (*words, *SPECIALS)
        self.words = len(words)
        self._id = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, token: str) -> int:
        """Id of one token."""
        return self._id[token]

    def named(self, **tokens: str) -> dict[str, int]:
        """Ids of several tokens, by the names that a function has for them."""
        return {name: self._id[token] for name, token in tokens.items()}

    def encode(self, tokens: Sequence[str]) -> list[int]:
        """Ids of several tokens."""
        return [self._id[token] for token in tokens]

    def decode(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Tokens of several ids."""
        return tuple(self.tokens[number] for number in ids)

    def padded(self, rows: Sequence[Sequence[int]], width: int | None = None) -> Ids:
        """Rows of ids of different lengths as one array, filled up at the right."""
        longest = max(len(row) for row in rows)
        array = np.full((len(rows), max(longest, width or 0)), self[PAD])
        for filled, row in zip(array, rows, strict=True):
            filled[: len(row)] = row
        return array
