"""The scene explorer draws what its builders make, for every setting a learner can reach."""

import numpy as np
import pytest

from lessonlib.samples.pictures import captioning, image_text_matching, picture_objectives
from lessonlib.views import explore_scenes
from lessonlib.views.explorers.scenes import (
    INSIDE,
    OTHERS_CAPTION,
    STRANGER,
    answers_view,
    scene_of,
)
from lessonlib.views.pictures import picture_strip
from lessonlib.worlds.scenes import GRID, draw, is_true, right_captions
from tests.views.html_tables import read_rows, read_tables


@pytest.fixture
def explorer():
    return explore_scenes()


def test_its_stored_text_names_every_control(explorer):
    text = explorer._repr_mimebundle_()["text/plain"]
    for control in explorer.controls:
        assert f"{control.description}: {control.value}" in text


def test_no_reachable_setting_raises(explorer):
    for count in (1, 2, 3):
        explorer.how_many.value = count
        for control in explorer.controls[1:]:
            start = control.value
            values = control.options if hasattr(control, "options") else (control.min, control.max)
            for value in (values[0], values[len(values) // 2], values[-1]):
                control.value = value
                assert explorer.view.value
            if not hasattr(control, "options") or start in control.options:
                control.value = start


def test_the_captions_offered_are_the_right_ones(explorer):
    for place in ("bottom left", INSIDE, "top right"):
        explorer.things[1][2].value = place
        *offered, stranger = explorer.caption.options
        assert offered == [" ".join(caption) for caption in right_captions(explorer.scene)]
        assert stranger == OTHERS_CAPTION
        assert is_true(explorer.caption.value, explorer.scene)


def test_a_caption_stays_chosen_while_it_is_right(explorer):
    explorer.caption.value = "a red square"
    explorer.things[1][0].value = "green"
    assert explorer.caption.value == "a red square"
    explorer.things[0][0].value = "blue"
    assert explorer.caption.value != "a red square"


def test_the_strip_is_that_of_the_builder(explorer):
    explorer.objective.value = picture_objectives["captioning"].title
    sample = captioning(explorer.caption.value.split(), GRID**2)
    assert picture_strip(sample, draw(explorer.scene)) in explorer.view.value


def test_the_caption_of_another_picture_asks_for_a_no(explorer):
    explorer.objective.value = picture_objectives["image_text_matching"].title
    explorer.caption.value = OTHERS_CAPTION
    sample = image_text_matching(STRANGER.split(), GRID**2, matches=False)
    assert picture_strip(sample, draw(explorer.scene)) in explorer.view.value
    assert "is false of this picture" in explorer.view.value


def test_as_many_patches_are_hidden_as_wanted(explorer):
    explorer.objective.value = picture_objectives["masked_multimodal"].title
    explorer.caption.value = "a red square"
    for count in (0, 5, 15):
        explorer.blanks.value = count
        (table,) = read_tables(explorer.view.value)
        assert read_rows(table, "reads").count("[MASK]") == count + 1


def test_things_in_each_others_place_are_answered_in_place(explorer):
    explorer.things[1][2].value = explorer.things[0][2].value
    assert "same place" in explorer.view.value
    assert "lesson-message" in explorer.view.value
    explorer.things[1][2].value = INSIDE
    assert "same place" not in explorer.view.value
    assert "right captions in all" in explorer.view.value


def test_only_the_controls_of_things_in_the_scene_are_shown(explorer):
    for count in (1, 3, 2):
        explorer.how_many.value = count
        shown = [thing[0].layout.display != "none" for thing in explorer.things]
        assert sum(shown) == count
        assert len(explorer.scene.things) == count


def test_inside_means_in_the_place_of_the_first_thing():
    scene = scene_of([("red", "square", "top right"), ("blue", "cross", INSIDE)])
    assert scene.holds("inside", 1, 0)


class Knowing:
    """A student who knows the key of one scene."""

    def __init__(self, scene, says):
        self.scene, self.says = scene, says

    def choose(self, patches, options):
        return [np.array([is_true(words, self.scene) for words in options[0]], float)]

    def write(self, patches, lengths):
        return self.says


def test_answers_are_marked_with_the_key(explorer):
    scene = explorer.scene
    students = {
        "captioning": Knowing(scene, [("a", "red", "square")]),
        "masked_multimodal": Knowing(scene, [("a", "red", "red")]),
        "image_text_matching": Knowing(scene, [("a", "blue", "square")]),
        "contrastive": Knowing(scene, None),
    }
    (table,) = read_tables(answers_view(scene, students))
    assert [row[0] for row in table[1:]] == [picture_objectives[name].title for name in students]
    assert all("✓" in row[1] for row in table[1:])
    verdicts = ["✓ true", "✗ no caption", "✗ false", "cannot write"]
    assert all(verdict in row[2] for verdict, row in zip(verdicts, table[1:], strict=True))


def test_an_explorer_with_students_shows_what_they_answer(explorer):
    assert "What trained models answer" not in explorer.view.value
    asked = explore_scenes({"captioning": Knowing(explorer.scene, None)})
    assert "What trained models answer" in asked.view.value
