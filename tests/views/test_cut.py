"""Words over their pieces: what is hidden is what the samples hide."""

import pytest

from lessonlib.pieces import places
from lessonlib.samples import MASK, masked, whole_word_masked
from lessonlib.views.cut import cut_picture
from tests.views.drawn import assert_nothing_is_cut_off_or_overlaps, boxes

WORDS = [["an"], ["un", "##believ", "##able"], ["story"], ["cat", "##s"]]
PIECES = [piece for word in WORDS for piece in word]


def lines(picture):
    """Read a picture line by line, without the lines' names."""
    found = {}
    for left, _, top, words in boxes(picture):
        found.setdefault(top, []).append((left, words))
    return [[words for _, words in sorted(line)][1:] for _, line in sorted(found.items())]


@pytest.mark.parametrize("piece", range(len(PIECES)))
def test_each_line_reads_as_its_sample(piece):
    (word,) = [places for places in places(WORDS) if piece in places]
    picture = cut_picture(WORDS, piece)
    drawn = [line for line in lines(picture) if line]
    assert ["an", "unbelievable", "story", "cats"] in drawn
    assert PIECES in drawn
    assert masked(PIECES, [piece]).inputs in drawn
    assert whole_word_masked(PIECES, [word]).inputs in drawn
    assert picture.svg.count(MASK) == 1 + len(word)
    assert_nothing_is_cut_off_or_overlaps(picture)
