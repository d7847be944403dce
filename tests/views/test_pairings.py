"""Loss and valid sentences on one axis: every measured point is drawn where it belongs."""

import re

import pytest

from lessonlib.exams.sentences.pairings import Pairing
from lessonlib.views.pairings import COLOURS, HIGH, TOP, WIDE, pairings_picture
from tests.views.drawn import assert_nothing_is_cut_off_or_overlaps


def pairing(sees_future, losses, valid_after):
    last = valid_after[len(losses)]
    return Pairing(sees_future, losses, ["a sentence ."], last, valid_after)


RIGHT = pairing(False, [4.0] * 10 + [2.0] * 10, {0: 0.0, 10: 0.25, 20: 0.75})
WRONG = pairing(True, [4.0] * 10 + [0.0] * 10, {0: 0.0, 10: 0.0, 20: 0.0})


@pytest.mark.parametrize("name", COLOURS)
def test_the_share_of_valid_sentences_is_drawn_after_every_look(name):
    drawn, shown = pairings_picture(RIGHT, WRONG).svg, {"right_pairing": RIGHT}.get(name, WRONG)
    line = re.search(rf'd="M([^"]*)" fill="none" stroke="{COLOURS[name]}" stroke-width="4"', drawn)
    points = [tuple(map(float, point.split(","))) for point in line[1].split()]
    left = points[0][0]
    for (x, y), (steps, share) in zip(points, shown.valid_after.items(), strict=True):
        assert x - left == pytest.approx(WIDE * steps / 20, abs=1)
        assert TOP + HIGH - y == pytest.approx(HIGH * share, abs=1)


def test_both_losses_begin_at_the_top_and_the_words_say_where_they_end():
    picture = pairings_picture(RIGHT, WRONG)
    lines = re.findall(r'd="M(\d+),(\d+) [^"]*" fill="none" stroke="[^"]*" stroke-w', picture.svg)
    assert [int(y) for _, y in lines].count(TOP) == 2
    for said in ("ends at 50% of its first", "75% of what", "ends at 0% of", "0% of what"):
        assert said in picture.alt


def test_nothing_is_cut_off_or_overlaps():
    assert_nothing_is_cut_off_or_overlaps(pairings_picture(RIGHT, WRONG))
