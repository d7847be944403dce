"""What all tokenizers share: units, pieces, and the way back to the text."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate, chain, pairwise

from lessonlib import checks
from lessonlib.words import Words

WORDS = Words("pieces")

#: Stands for the space before a word, so that pieces can be put together again (SentencePiece).
SPACE = "▁"

_UNIT = re.compile(rf"{SPACE}?(?:[^\W\d_]+|\d+|(?:(?!{SPACE})[\W_])+)")
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")


def units(text: str) -> list[str]:
    """Cut a text at its spaces, and where letters, digits and all else meet.

    The space before a unit is part of it, written ``▁``; that character in the text itself is
    read as a space. Source: Kudo and Richardson 2018 (SentencePiece), section 3.2, for the mark;
    Radford et al. 2019 (GPT-2), section 2.2, for the cuts.

    >>> units("learn 3 tokens!")
    ['▁learn', '▁3', '▁tokens', '!']
    """
    words = checks.instance(text, "text", str, WORDS("wanted.text")).replace(SPACE, " ").split()
    return _UNIT.findall("".join(SPACE + word for word in words))


class Tokenizer(ABC):
    """Cuts units into pieces, and puts pieces together again.

    `vocabulary` is all pieces that it uses for text like that from which it was learned.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.vocabulary = list(vocabulary)
        self._cut_before: dict[str, list[str]] = {}  # units come again and again

    def pieces(self, unit: str) -> list[str]:
        """Cut one unit."""
        if unit not in self._cut_before:
            self._cut_before[unit] = self._cut(unit)
        return self._cut_before[unit][:]

    @abstractmethod
    def _cut(self, unit: str) -> list[str]:
        """Cut a unit that comes for the first time."""

    def words(self, text: str) -> list[list[str]]:
        """Cut a text: the pieces of each unit."""
        return [self.pieces(unit) for unit in units(text)]

    def cut(self, text: str) -> list[str]:
        """Cut a text: all its pieces in a row."""
        return list(chain.from_iterable(self.words(text)))

    def text(self, pieces: Iterable[str]) -> str:
        """Put pieces together; what stood between two words is one space now."""
        written = bytearray()
        for piece in pieces:
            byte = _BYTE.fullmatch(piece)
            written += bytes.fromhex(byte[1]) if byte else piece.replace(SPACE, " ").encode()
        return written.decode(errors="replace").removeprefix(" ")


def places(words: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return where the pieces of each word stand, as whole-word masking takes it.

    >>> places([["un", "##like", "##ly"], ["so"]])
    [[0, 1, 2], [3]]
    """
    ends = accumulate(map(len, words), initial=0)
    return [list(range(start, end)) for start, end in pairwise(ends)]


def known_or_bytes(unit: str, known: Collection[str]) -> list[str]:
    """Split a unit into its letters; one that is not known becomes the bytes that write it."""
    return [
        piece
        for letter in unit
        for piece in ([letter] if letter in known else (f"<0x{b:02X}>" for b in letter.encode()))
    ]


def checked(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how often each unit occurs; refuse what is no such table."""
    checks.instance(counts, "counts", Mapping, WORDS("wanted.counts"))
    units = checks.tokens(list(counts), least=0, name="counts")
    often = (checks.integer(counts[unit], f"counts[{unit!r}]", 0) for unit in units)
    return {unit: n for unit, n in zip(units, often, strict=True) if unit and n}
