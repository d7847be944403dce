"""The matrix shows every score as measured; the poster shows one sentence three ways."""

import re
from collections import namedtuple
from math import nan
from xml.etree import ElementTree

import pytest

from lessonlib.samples import masked
from lessonlib.styles import CSS
from lessonlib.views import (
    Picture,
    curves_picture,
    matrix_picture,
    matrix_table,
    poster,
    routes_map,
)
from lessonlib.views.figures import ROUTES, colour_of
from lessonlib.views.strips import strip
from tests.views.drawn import assert_nothing_is_cut_off_or_overlaps
from tests.views.html_tables import read_tables

Cell = namedtuple("Cell", "mean half forward_passes each", defaults=((),))
CELLS = {
    ("causal", "continuation", "native"): Cell(0.96, 0.01, 10),
    ("causal", "blank", "native"): Cell(0.41, 0.03, 1),
    ("causal", "blank", "workaround"): Cell(0.93, 0.01, 61),
    ("masked", "continuation", "native"): Cell(0.02, nan, 10),
    ("masked", "blank", "native"): Cell(0.98, 0.01, 1),
    ("untrained", "blank", "native"): Cell(-0.01, 0.01, 1),
}
ALT = "Causal LM leads at continuing, masked LM at blanks."


def words_in(picture):
    return list(ElementTree.fromstring(picture.svg).itertext())


def test_the_table_has_every_native_score_with_its_interval():
    (table,) = read_tables(matrix_table(CELLS)._repr_html_())
    assert table == [
        ["Objective", "Continue freely", "Fill one blank"],
        ["Causal LM", "96 ± 1", "41 ± 3"],
        ["Masked LM", "2", "98 ± 1"],
        ["Untrained (control)", "–", "-1 ± 1"],
    ]


def test_the_table_of_work_arounds_has_those_and_no_others():
    (table,) = read_tables(matrix_table(CELLS, answer="workaround")._repr_html_())
    assert [cell for row in table[1:] for cell in row[1:] if cell != "–"] == ["93 ± 1"]


def test_the_picture_writes_every_number_and_stars_the_best_of_each_column():
    words = words_in(matrix_picture(CELLS, ALT))
    for number in ("96 ★", "41", "93", "2", "98 ★", "−1"):
        assert number in words


def long_names():
    abilities = ("held_out", "writing", "find_caption", "find_picture")
    return {
        (objective, ability, "native"): Cell(1.0, 0.1, 1)
        for objective in ("captioning", "masked_multimodal", "image_text_matching", "untrained")
        for ability in abilities
    }


@pytest.mark.parametrize("cells", [CELLS, long_names()], ids=["short", "long"])
def test_no_word_of_a_picture_is_cut_off_or_runs_into_the_next(cells):
    assert_nothing_is_cut_off_or_overlaps(matrix_picture(cells, ALT))


def test_a_route_has_its_colour_in_every_picture():
    native = {(name, "blank", "native"): Cell(0.5, 0.1, 1) for name in ROUTES}
    matrix = matrix_picture(native, ALT).svg
    line = [(0, Cell(0.1, 0.1, 1)), (8, Cell(0.5, 0.1, 1))]
    for order in (ROUTES, ROUTES[::-1]):
        curves = curves_picture(
            dict.fromkeys(order, line), "x", "y", ALT, objectives={name: name for name in order}
        )
        lines = re.findall(r"stroke: (#\w{6}); stroke-width: 1.5", curves.svg)
        assert [colour for colour in lines if colour in map(colour_of, ROUTES)][: len(order)] == [
            *map(colour_of, order)
        ]
    for name in ROUTES:
        assert f'fill="{colour_of(name)}"' in matrix
        assert colour_of(name) in CSS
        assert colour_of(name) in routes_map().svg
    assert len({*map(colour_of, ROUTES)}) == 3


def test_lines_that_are_no_route_have_no_route_s_colour():
    line = [(0, Cell(0.1, 0.1, 1)), (8, Cell(0.5, 0.1, 1))]
    svg = curves_picture(dict.fromkeys("abcdefg", line), "x", "y", ALT).svg
    assert not any(colour_of(name) in svg for name in ROUTES)


def test_a_drawing_turns_dark_with_the_page_and_a_photograph_does_not():
    drawing, photograph = (
        Picture("<svg/>", ALT, as_it_is=kept)._repr_html_() for kept in (False, True)
    )
    assert 'class="lesson-drawing"' in drawing
    assert "lesson-drawing" not in photograph


def test_a_curve_keeps_its_numbers_and_its_names():
    series = {
        "pretrained": [(0, Cell(0.1, 0.1, 1)), (8, Cell(0.5, 0.1, 1))],
        "from scratch": [(0, Cell(0.0, nan, 1)), (8, Cell(0.2, nan, 1))],
    }
    picture = curves_picture(series, "examples", "score", "Two lines that rise.", log_x=True)
    words = " ".join(words_in(picture))
    for text in ("pretrained", "from scratch", "examples", "score"):
        assert text in words
    again = curves_picture(series, "examples", "score", "Two lines that rise.", log_x=True)
    assert again.svg == picture.svg


def test_the_poster_shows_the_three_samples_and_saves_the_same_page(tmp_path):
    page = poster("the cat sat on the mat", masks=(1, 4), span=(2, 4))
    html = page._repr_html_()
    assert strip(masked("the cat sat on the mat".split(), [1, 4])) in html
    assert html.count("<section") == 3
    assert html in page.save(tmp_path / "poster.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("bad", [{"text": "word"}, {"masks": (9,)}, {"span": (3, 3)}])
def test_a_poster_that_cannot_be_drawn_is_refused(bad):
    with pytest.raises(ValueError, match=r"allowed|needs"):
        poster(**bad)
