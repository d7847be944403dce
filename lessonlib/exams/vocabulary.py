"""Token ids for a world: its words first, then the special tokens of the objectives."""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessonlib.samples import MASK, MID, MODE, PRE, START, SUF, sentinel
from lessonlib.samples.pictures import NO, YES
from lessonlib.samples.special import END

Ids = NDArray[np.integer]

PAD = "<pad>"  # fills up short rows; nobody looks at it

SPECIALS = (PAD, MASK, START, END, PRE, SUF, MID, *MODE.values())

#: What builders of batches call the tokens that they need.
_NAMES = {"pad_id": PAD, "mask_id": MASK, "start_id": START, "end_id": END}
_NAMES |= {"prefix_id": PRE, "suffix_id": SUF, "middle_id": MID, "yes_id": YES, "no_id": NO}


class Vocabulary:
    """The words of a world, with the ids from 0 on, and then the special tokens."""

    def __init__(self, words: Sequence[str], sentinels: int = 2) -> None:
        # The batches count sentinels down from the last id, as T5 does.
        self.tokens = (*words, *SPECIALS, *map(sentinel, range(sentinels - 1, -1, -1)))
        self.words = len(words)
        self._id = {token: number for number, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __getitem__(self, token: str) -> int:
        return self._id[token]

    def batch(self, builder: Callable, *given: Any, rng: Any = None, **options: Any) -> Any:
        """Call a builder of batches with what it asks for by name, if `options` have no other."""
        known = {name: self[token] for name, token in _NAMES.items() if token in self._id}
        known |= {"vocab_size": len(self), "rng": rng}
        known["special_ids"] = list(range(self.words, len(self)))
        known["mode_ids"] = {name: self[token] for name, token in MODE.items()}
        wanted = {name: known[name] for name in signature(builder).parameters if name in known}
        return builder(*given, **wanted | options)

    def encode(self, tokens: Sequence[str]) -> list[int]:
        """Ids of several tokens."""
        return [self._id[token] for token in tokens]

    def decode(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Tokens of several ids."""
        return tuple(self.tokens[number] for number in ids)

    def padded(self, rows: Sequence[Sequence[int]], width: int = 0) -> Ids:
        """Rows of ids of different lengths as one array, filled up at the right."""
        array = np.full((len(rows), max(width, *map(len, rows))), self[PAD])
        for filled, row in zip(array, rows, strict=True):
            filled[: len(row)] = row
        return array
