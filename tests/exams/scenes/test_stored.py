"""The stored results on pictures are complete, and say what the notebook says about them."""

import numpy as np
import pytest

from lessonlib.exams.results import Results
from lessonlib.exams.scenes.candidates import STUDENTS
from lessonlib.exams.scenes.matrix import stored_cells, without_seeing
from lessonlib.exams.scenes.papers import ABILITIES, CHOICES
from lessonlib.exams.scenes.recipes import RECIPES, as_patches, new_model
from lessonlib.exams.scenes.trained import trained
from lessonlib.worlds.scenes import Scene, Thing, is_true

CANNOT_WRITE = {"contrastive", "sigmoid", "image_text_matching"}


@pytest.fixture(scope="module")
def results():
    return Results.stored("scenes")


def scores(results, objective, ability):
    """By seed, whichever way the answer was found."""
    found = [
        row
        for row in results.rows
        if (row["objective"], row["ability"]) == (objective, ability)
        and row["metric"] != "complete"
    ]
    return np.array([row["score"] for row in sorted(found, key=lambda row: row["seed"])])


def test_every_cell_has_every_seed(results):
    seeds = {row["seed"] for row in results.rows}
    for objective in STUDENTS:
        for ability in ABILITIES:
            if ability == "writing" and objective in CANNOT_WRITE:
                assert not len(scores(results, objective, ability))
            else:
                assert len(scores(results, objective, ability)) == len(seeds)


def test_scores_follow_from_raw_numbers_and_no_training_took_long(results):
    for row in results.rows:
        expected = (row["raw"] - row["chance"]) / (row["oracle"] - row["chance"])
        assert row["score"] == pytest.approx(expected)
        assert row["train_seconds"] <= 40
        assert (row["train_seconds"] == 0) == (row["objective"] == "untrained")


def test_without_training_and_without_seeing_nothing_is_known(results):
    for ability in ABILITIES:
        if ability != "completeness":  # an untrained captioner finds short captions more probable
            assert abs(scores(results, "untrained", ability).mean()) < 0.15
    for ability in ("truth", "relation"):
        for objective in RECIPES:
            shares = without_seeing(objective)
            assert set(shares) == set(CHOICES)
            assert abs(shares[ability] - 0.5) < 0.1


def test_what_the_notebook_says(results):
    def ahead(ability, better, worse):
        return (scores(results, better, ability) > scores(results, worse, ability)).all()

    for ability in ("binding", "relation", "truth", "blank"):
        assert ahead(ability, "captioning", "contrastive")
    for ability in ("held_out", "completeness"):
        assert ahead(ability, "contrastive", "captioning")
    assert (scores(results, "masked_multimodal", "held_out") < -0.5).all()
    for ability in ("truth", "find_caption", "blank"):
        assert ahead(ability, "contrastive", "image_text_matching")


def test_cells_can_be_picked():
    assert {ability for _, ability, _ in stored_cells("binding", "blank")} == {"binding", "blank"}
    assert {ability for _, ability, _ in stored_cells()} == set(ABILITIES)


def test_the_models_that_come_with_the_course_know_what_they_practised():
    students = trained()
    assert set(students) == set(RECIPES)
    assert all(s.model.parameter_count == new_model(0).parameter_count for s in students.values())
    places = ["top left", "bottom right"]
    pairs = [("red", "square"), ("blue", "circle"), ("green", "triangle"), ("yellow", "cross")]
    scenes = [
        Scene([Thing(*a, places[0]), Thing(*b, places[1])]) for a in pairs for b in pairs if a != b
    ]
    patches = as_patches(scenes)
    written = students["captioning"].write(patches, [0] * len(scenes))
    told = [is_true(words, scene) for words, scene in zip(written, scenes, strict=True)]
    assert np.mean(told) > 0.7
    captions = [("a", *a, "and", "a", *b) for a in pairs for b in pairs if a != b]
    table = students["contrastive"].fit_all(patches, captions)
    truth = np.array([[is_true(words, scene) for words in captions] for scene in scenes])
    picked = table.argmax(axis=1)
    assert truth[np.arange(len(scenes)), picked].mean() > 0.7
