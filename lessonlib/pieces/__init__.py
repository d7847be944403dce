"""Tokens as real models have them: pieces of words, learned from text.

A text is first cut into *units*, which no piece crosses (:func:`units`). How a unit is cut into
pieces is learned from how often each unit occurs, in one of three ways: byte-pair encoding
(:class:`BytePairs`), WordPiece (:class:`WordPieces`) and the unigram language model
(:class:`Unigram`). `counts` says how often each unit occurs. All raise TypeError or ValueError if
an argument is not of its kind or outside its range; the message says which, and what is allowed.
"""

from lessonlib.pieces.byte_pairs import BytePairs, learn_merges
from lessonlib.pieces.english import counted, installed_english
from lessonlib.pieces.tokenizer import SPACE, Tokenizer, places, units
from lessonlib.pieces.unigram import Unigram
from lessonlib.pieces.word_pieces import UNKNOWN, WordPieces

__all__ = [
    "SPACE",
    "UNKNOWN",
    "BytePairs",
    "Tokenizer",
    "Unigram",
    "WordPieces",
    "counted",
    "installed_english",
    "learn_merges",
    "places",
    "units",
]
