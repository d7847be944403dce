"""The stored results on pictures are complete."""

import numpy as np
import pytest

from lessonlib.exams.results import Results
from lessonlib.exams.scenes.gallery import Gallery, as_patches
from lessonlib.exams.scenes.papers import CHOICES, PAPERS
from lessonlib.exams.scenes.subject import RECIPES, SCENES
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
        and not row.get("baseline")
    ]
    return np.array([row["score"] for row in sorted(found, key=lambda row: row["seed"])])


def test_every_cell_has_every_seed(results):
    seeds = {row["seed"] for row in results.rows}
    for objective in SCENES.recipes:
        for ability in PAPERS:
            if ability == "writing" and objective in CANNOT_WRITE:
                assert not len(scores(results, objective, ability))
            else:
                assert len(scores(results, objective, ability)) == len(seeds)


def test_scores_follow_from_raw_numbers(results):
    for row in results.rows:
        expected = (row["raw"] - row["chance"]) / (row["oracle"] - row["chance"])
        assert row["score"] == pytest.approx(expected)
        assert (row["train_seconds"] == 0) == (row["objective"] == "untrained")


def test_without_training_and_without_seeing_nothing_is_known(results):
    for ability in PAPERS:
        if ability != "completeness":  # an untrained captioner finds short captions more probable
            assert abs(scores(results, "untrained", ability).mean()) < 0.15
    for ability in ("truth", "relation"):
        for objective in RECIPES:
            shares = results.baseline(objective)
            assert set(shares) == set(CHOICES)
            assert abs(shares[ability] - 0.5) < 0.1


def test_cells_can_be_picked(results):
    picked = results.matrix("binding", "blank")
    assert {ability for _, ability, _ in picked} == {"binding", "blank"}
    assert {ability for _, ability, _ in results.matrix()} == set(PAPERS)


def test_the_models_that_come_with_the_course_know_what_they_practised():
    candidates = trained()
    assert set(candidates) == set(RECIPES)
    size = Gallery().new_model("decoder-only", 0).values.size
    assert all(s.model.values.size == size for s in candidates.values())
    places = ["top left", "bottom right"]
    pairs = [("red", "square"), ("blue", "circle"), ("green", "triangle"), ("yellow", "cross")]
    scenes = [
        Scene([Thing(*a, places[0]), Thing(*b, places[1])]) for a in pairs for b in pairs if a != b
    ]
    patches = as_patches(scenes)
    written = candidates["captioning"].write(patches, [0] * len(scenes))
    told = [is_true(words, scene) for words, scene in zip(written, scenes, strict=True)]
    assert np.mean(told) > 0.7
    captions = [("a", *a, "and", "a", *b) for a in pairs for b in pairs if a != b]
    table = candidates["contrastive"].fit_all(patches, captions)
    truth = np.array([[is_true(words, scene) for words in captions] for scene in scenes])
    picked = table.argmax(axis=1)
    assert truth[np.arange(len(scenes)), picked].mean() > 0.7
