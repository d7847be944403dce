"""Where questions are in a packed window: as the samples say, and every token is drawn."""

import re

import numpy as np
import pytest

from lessonlib.samples import packed, prefix_lm
from lessonlib.views.figures import colour_of
from lessonlib.views.looking import KEPT
from lessonlib.views.window import CELL, COLUMNS, asked_places, window_picture
from tests.views.drawn import assert_nothing_is_cut_off_or_overlaps

LENGTHS = [9, 14, 6, 11, 10, 12, 8] * 40


def test_causal_lm_and_a_prefix_ask_what_their_samples_ask():
    lengths = [4, 3, 5]
    asked = asked_places(lengths, sum(lengths))
    texts = [["word"] * (length - 1) for length in lengths]
    assert [*asked["causal"]] == [False, *packed(texts).loss_mask]
    assert [*asked["prefix_lm"]] == [False, *prefix_lm(["word"] * 12, 6).loss_mask]


@pytest.mark.parametrize("size", [64, 128, 512])
def test_masked_lm_and_span_corruption_ask_about_as_much_in_pieces_of_other_sizes(size):
    asked = asked_places(LENGTHS, size)
    assert all(len(places) == size for places in asked.values())
    for name in ("masked", "span_corruption"):
        assert asked[name].mean() == pytest.approx(0.15, abs=3 * np.sqrt(0.15 * 0.85 / size))
    runs = {name: np.diff(places.astype(int), prepend=0) for name, places in asked.items()}
    assert (runs["span_corruption"] == 1).sum() < (runs["masked"] == 1).sum()


@pytest.mark.parametrize("size", [30, 64, 100, 512])
def test_every_token_is_a_square_and_those_that_are_asked_for_are_coloured(size):
    drawn, asked = window_picture(LENGTHS, size).svg, asked_places(LENGTHS, size)
    rows = re.findall(rf'width="(\d+)" height="{CELL}" fill="(#\w+)"', drawn)
    tokens = {}
    for width, fill in rows:
        tokens[fill] = tokens.get(fill, 0) + int(width) // CELL
    for fill in map(colour_of, asked):
        wanted = sum(places.sum() for name, places in asked.items() if colour_of(name) == fill)
        assert tokens[fill] == wanted
    assert tokens[KEPT] == sum((~places).sum() for places in asked.values())
    assert max(int(width) for width, _ in rows) <= CELL * COLUMNS


def test_it_says_how_much_is_asked_and_where():
    picture = window_picture(LENGTHS, 512)
    assert "Prefix LM: 256 of 512 tokens, all of the second half." in picture.alt
    assert_nothing_is_cut_off_or_overlaps(picture)
