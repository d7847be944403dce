"""Pictures of the picture world show what is there, and say so in words."""

import re
from base64 import b64decode

import numpy as np
import pytest

from lessonlib.samples.pictures import patch, picture_objectives
from lessonlib.views import show, show_patches, show_pictures, show_scenes, show_sound
from lessonlib.views.figures import colour_of
from lessonlib.views.pictures import (
    LOOKS_NOT,
    in_words,
    looks_picture,
    picture_strip,
)
from lessonlib.worlds.scenes import (
    COLOURS,
    GRID,
    Scene,
    Thing,
    draw,
    random_scene,
)
from lessonlib.worlds.sounds import Note
from tests.views.html_tables import read_tables

SCENE = Scene([Thing("red", "square", "top left"), Thing("blue", "circle", "bottom right")])


def ink(svg, colour):
    """Area painted in a colour, in square pixels."""
    paint = "#" + "".join(f"{part:02x}" for part in COLOURS[colour])
    strokes = "".join(re.findall(rf'd="([^"]*)" fill="{paint}"', svg))
    return sum(int(width) * int(height) for width, height in re.findall(r"h(\d+)v(\d+)", strokes))


@pytest.mark.parametrize("view", [show_scenes, show_patches])
def test_every_pixel_is_painted(view):
    picture = draw(SCENE)
    for colour, paint in COLOURS.items():
        pixels = (picture == paint).all(axis=2).sum()
        assert ink(view(SCENE).svg, colour) == pixels * 7 * 7


def test_the_alt_text_names_everything():
    for seed in range(20):
        scene = random_scene(np.random.default_rng(seed))
        for thing in scene.things:
            assert f"a {thing.colour} {thing.shape} " in in_words(scene)
            assert thing.place in in_words(scene)
        assert in_words(scene).count("inside it") == sum(thing.inner for thing in scene.things)
        assert in_words(scene) in show_scenes(SCENE, scene).alt
        assert in_words(scene) in show_patches(scene).alt


def test_titles_stand_over_pictures():
    shown = show_pictures([draw(SCENE)] * 2, ["before", "a < b"], "the same picture twice")
    assert "before" in shown.svg
    assert "a &lt; b" in shown.svg
    assert shown.alt == "the same picture twice"


@pytest.mark.parametrize("row", picture_objectives.values(), ids=picture_objectives)
def test_samples_about_pictures_are_drawn_as_all_others(row):
    sample = row.example()
    assert row.title in show(sample)._repr_html_()
    assert row.slogan in repr(show(sample))


@pytest.mark.parametrize("row", picture_objectives.values(), ids=picture_objectives)
def test_patches_get_small_images_and_keep_their_names(row):
    sample = row.builder(row.text, **{**row.decisions, "patches": GRID**2})
    html = picture_strip(sample, draw(SCENE))
    shown = [cell for table in read_tables(html) for cells in table for cell in cells]
    for k in range(GRID**2):
        assert patch(k) in shown
    assert html.count('aria-hidden="true"') == GRID**2
    assert ink(html, "red") == (draw(SCENE) == COLOURS["red"]).all(axis=2).sum() * 4 * 4


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("contrastive", "none of the caption; the caption sees none of the picture and all of"),
        ("captioning", "none of the caption; the caption sees all of the picture and the past of"),
        ("masked_multimodal", "all of the caption; the caption sees all of the picture and all"),
        ("image_text_matching", "all of the caption; the caption sees all of the picture and all"),
    ],
)
def test_who_may_look_is_drawn_and_said(name, says):
    sample = picture_objectives[name].example()
    shown = looks_picture(sample)
    assert says in shown.alt
    squares = {
        fill: d.count("M") for d, fill in re.findall(r'd="(M[^"]*z)" fill="(\S+)"', shown.svg)
    }
    assert squares.get(colour_of(name), 0) == sample.attention_mask.sum()
    assert squares.get(LOOKS_NOT, 0) == (~sample.attention_mask).sum()


def test_the_picture_is_an_image_with_alt_text():
    html = show_scenes(SCENE)._repr_html_()
    assert b64decode(re.search(r"base64,([^\"]+)", html)[1]).startswith(b"<svg")
    assert 'alt="Picture 1: ' in html


def test_hidden_patches_are_grey():
    picture = draw(SCENE)
    picture[:6, 18:] = 128
    shown = show_pictures([picture], ["x"], "one patch is hidden")
    assert 'fill="#808080"' in shown.svg


def test_a_sound_is_drawn_slice_by_slice():
    shown = show_sound([Note("low", "flute"), Note("high", "buzzer")])
    assert "a low flute, then a high buzzer, cut into 8 slices" in shown.alt
    assert all(f">{k}</text>" in shown.svg for k in range(8))
