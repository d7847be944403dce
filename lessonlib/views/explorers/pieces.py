"""Explorers for tokenizers: merges to be watched, and three ways to cut the same words."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import ipywidgets as widgets

from lessonlib.checks import instance
from lessonlib.pieces import BytePairs, Tokenizer, places
from lessonlib.samples import SENTENCE, masked, whole_word_masked
from lessonlib.samples.registry import DECODER
from lessonlib.views.explorers.base import (
    RUN_THIS_CELL,
    Control,
    Explorer,
    OneSentence,
    cannot_draw,
    sentence_box,
    slider,
)
from lessonlib.views.explorers.hiding import ClickableTokens
from lessonlib.views.explorers.layout import largest_strip
from lessonlib.views.live import reading_card
from lessonlib.views.strips import WIDEST, rows_strip, strip
from lessonlib.views.tables import WORDS

COLUMNS, LETTERS = 16, 7
LAST = 6  # merges that are told


class OfThisPython(OneSentence):
    """An explorer of what was learned from the English of this Python: nothing of it is stored.

    Another Python brings other English along, and what a page shows is compared with what was.
    """

    def reading_form(self) -> str:
        """Say what will be here."""
        return reading_card(RUN_THIS_CELL)


def _shape(pieces: Iterable[str]) -> tuple[int, int]:
    """Return how many columns there are, and of how many letters: a piece in two reads as two."""
    letters = min(WIDEST, max([LETTERS, *map(len, pieces)]))
    return COLUMNS * LETTERS // letters, letters


def merges_strip(tokens: Sequence[str], merges: int, tokenizer: BytePairs) -> str:
    """Draw the pieces of a text after so many merges, and say which came last."""
    then = tokenizer.after(merges)
    pieces = then.cut(" ".join(tokens))
    last = ", ".join(f"{first} + {second}" for first, second in then.merges[-LAST:])
    known = {"size": len(then.vocabulary), "words": len(tokens)}
    said = [WORDS("pieces.after", count=merges, pieces=len(pieces), **known)]
    said += [WORDS("pieces.last", merges=last)] * bool(last)
    row = (WORDS("pieces.row"), [(piece, "read") for piece in pieces])
    # The same for every number of merges, so that nothing jumps, and all letters fit one screen.
    return rows_strip([[row]], " ".join(said), DECODER, COLUMNS, LETTERS)


def cuts_strip(tokens: Sequence[str], tokenizers: Mapping[str, Tokenizer]) -> str:
    """Draw the pieces of a text, one row for each tokenizer by its name."""
    cuts = {name: tokenizer.cut(" ".join(tokens)) for name, tokenizer in tokenizers.items()}
    tables = [[(name, [(piece, "read") for piece in cut])] for name, cut in cuts.items()]
    counted = ", ".join(WORDS("pieces.counted", count=len(cut), name=n) for n, cut in cuts.items())
    said = WORDS("pieces.cuts", counted=counted, words=len(tokens))
    return rows_strip(tables, said, DECODER, *_shape(chain.from_iterable(cuts.values())))


def explore_merges(tokenizer: BytePairs, text: str = SENTENCE) -> OneSentence:
    """Show a text in pieces with a slider for how many merges were learned by then."""
    instance(tokenizer, "tokenizer", BytePairs, WORDS("errors.byte_pairs"))
    learned = slider("merges", min(50, len(tokenizer.merges)), len(tokenizer.merges))

    def drawn(tokens: Sequence[str], merges: int) -> str:
        return merges_strip(tokens, merges, tokenizer)

    def room(tokens: Sequence[str], _: int) -> str:
        letters = [*"".join(tokens), *tokens]
        longest = WORDS("pieces.last", merges=", ".join(["▁document + ation"] * LAST))
        row = (WORDS("pieces.row"), [(letter, "read") for letter in letters])
        return rows_strip([[row]], longest * 2, DECODER, COLUMNS, LETTERS)

    return OfThisPython(text, [(drawn, room)], {}, [learned])


class WholeWordsExplorer(Explorer):
    """A sentence in pieces to click, and a box to tick: hide the rest of their words, too."""

    def __init__(self, text: str, tokenizer: Tokenizer, positions: Sequence[int]) -> None:
        self._tokenizer, self.sentence = tokenizer, sentence_box(text)
        self.whole = widgets.Checkbox(False, description=WORDS("controls.whole_words"))
        tokens = tokenizer.cut(text)
        self.clickable = ClickableTokens(tokens, [at for at in positions if at < len(tokens)])
        controls = [self.sentence, self.clickable, self.whole]
        super().__init__(controls, [(self._drawn, self._room)], [controls])

    def reading_form(self) -> str:
        """Say what will be here, as in :class:`OfThisPython`."""
        return reading_card(RUN_THIS_CELL)

    def settle(self, moved: Control | None, old: object) -> None:
        """Cut another sentence into pieces."""
        if moved is self.sentence:
            self.clickable.tokens = self._tokenizer.cut(self.sentence.value)

    def _drawn(self, sentence: str, positions: Sequence[int], whole: bool) -> str:
        words = self._tokenizer.words(sentence)
        tokens = list(chain.from_iterable(words))
        if problem := cannot_draw(tokens):
            return problem
        if not whole:
            return strip(masked(tokens, positions))
        return strip(whole_word_masked(tokens, [w for w in places(words) if {*w} & {*positions}]))

    def _room(self, sentence: str, *_: object) -> str:
        tokens = self._tokenizer.cut(sentence)
        return cannot_draw(tokens) or largest_strip(masked(tokens, [0]), [(0, len(tokens))])


def explore_whole_words(tokenizer: Tokenizer, text: str = SENTENCE) -> WholeWordsExplorer:
    """Show pieces to click; one may be hidden alone, or with the rest of its word."""
    return WholeWordsExplorer(text, tokenizer, [1])


def explore_cuts(tokenizers: Mapping[str, Tokenizer], text: str = SENTENCE) -> OneSentence:
    """Show the same text in the pieces of several tokenizers, each by its name."""

    def drawn(tokens: Sequence[str]) -> str:
        return cuts_strip(tokens, tokenizers)

    return OfThisPython(text, [(drawn, drawn)], {})
