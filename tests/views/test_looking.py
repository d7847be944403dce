"""Pictures of masks: every square is a look that the sample allows, every answer one it asks."""

import base64
import re

import numpy as np
import pytest

from lessonlib.attention import EncoderDecoderMask
from lessonlib.samples import objectives
from lessonlib.samples.registry import BOTH, DECODER, ENCODER
from lessonlib.views.family import family_picture
from lessonlib.views.figures import colour_of
from lessonlib.views.looking import KEPT, cache_picture, looking_picture
from lessonlib.views.strips import NO_QUESTION
from lessonlib.views.tables import WORDS
from tests.views.drawn import assert_nothing_is_cut_off_or_overlaps

EVERY = pytest.mark.parametrize("name", objectives)


def looks(sample):
    mask = sample.attention_mask
    parts = [mask.cross, mask.decoder] if isinstance(mask, EncoderDecoderMask) else [mask]
    return sum(int(np.sum(part)) for part in parts)


@EVERY
def test_a_square_for_every_look_that_is_allowed(name):
    sample = objectives[name].example()
    drawn = looking_picture(sample).svg
    squares = re.findall(rf'<rect [^>]*rx="3" fill="{colour_of(name)}"/>', drawn)
    assert len(squares) == looks(sample)


@EVERY
def test_an_answer_for_every_question_and_a_dot_for_none(name):
    sample = objectives[name].example()
    drawn = looking_picture(sample).svg
    asked = sum(sample.loss_mask)
    assert drawn.count(">→ ") == asked
    assert drawn.count(f">{NO_QUESTION}<") == len(sample.loss_mask) - asked


@EVERY
def test_nothing_is_drawn_outside_of_the_picture(name):
    drawn = looking_picture(objectives[name].example()).svg
    width, height = map(float, re.search(r'width="([\d.]+)" height="([\d.]+)"', drawn).groups())
    for x, y in re.findall(r'<(?:rect|text) x="([\d.]+)" y="([\d.]+)"', drawn):
        assert 0 <= float(x) < width
        assert 0 <= float(y) < height


@pytest.mark.parametrize("size", [1, 2, 6, 9])
def test_the_cache_saves_all_but_the_newest_position(size):
    picture = cache_picture([f"w{n}" for n in range(size)])
    in_the_key = 1
    kept, all_looks = picture.svg.count(f'fill="{KEPT}"'), size * (size + 1) // 2
    assert kept == all_looks - size + in_the_key
    assert f"{size} in all" in picture.alt
    assert f"{all_looks} in all" in picture.alt


def test_the_family_is_told_in_order_whole_and_not_by_colour_alone():
    rows, picture = WORDS.texts["family"]["rows"], family_picture()
    years = [row["_year"] for row in rows]
    assert years == sorted(years)
    assert (years[0], years[-1]) == (2018, 2026)
    assert {row["_architecture"] for row in rows} == {DECODER, ENCODER, BOTH}
    for row in rows:
        assert all(row[key] in picture.alt for key in ("name", "hides", "asks", "looks"))
        assert f">{row['name']}<" in picture.svg
    signs = re.findall(r"<rect [^>]*stroke=", picture.svg)
    assert len(signs) == len(rows) + sum("_also" in row for row in rows)
    assert_nothing_is_cut_off_or_overlaps(picture)
    html = picture.html()
    assert base64.b64decode(re.search(r"base64,([^\"]+)", html)[1]).decode() == picture.svg
