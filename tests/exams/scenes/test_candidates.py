"""Each way of answering does what it says: checked on an untrained model, by hand."""

import numpy as np
import pytest

from lessonlib.exams.exam import Plan, examine
from lessonlib.exams.scenes.candidates import Aligner, Captioner, Filler, Matcher
from lessonlib.exams.scenes.gallery import LONGEST, VOCABULARY, Album, Gallery, as_patches
from lessonlib.exams.scenes.items import SEEN, Choice
from lessonlib.exams.scenes.papers import CHOICES, PAPERS
from lessonlib.exams.scenes.subject import RECIPES, SCENES
from lessonlib.exams.vocabulary import END, PAD
from lessonlib.samples import MASK, START
from lessonlib.worlds.scenes import is_complete, is_true, random_scene, right_captions

CAPTIONS = [
    ("a", "red", "square"),
    ("two", "shapes"),
    ("a", "blue", "cross", "above", "a", "red", "circle"),
]


@pytest.fixture(scope="module")
def model():
    model = Gallery().new_model("decoder-only", 0)
    model.values *= 2
    return model


@pytest.fixture(scope="module")
def patches():
    rng = np.random.default_rng(1)
    return as_patches([random_scene(rng) for _ in CAPTIONS], rng)


def one_by_one(candidate, patches, captions):
    return [candidate.fit(patches[k : k + 1], [words])[0] for k, words in enumerate(captions)]


@pytest.mark.parametrize("kind", [Aligner, Captioner, Filler, Matcher])
def test_scores_do_not_depend_on_the_other_rows(model, patches, kind):
    candidate = kind(model)
    scores = candidate.fit(patches, CAPTIONS)
    np.testing.assert_allclose(
        scores, one_by_one(candidate, patches, CAPTIONS), rtol=1e-3, atol=1e-5
    )
    table = candidate.fit_all(patches, CAPTIONS)
    np.testing.assert_allclose(np.diagonal(table), scores, rtol=1e-3, atol=1e-5)
    turned = candidate.fit(patches[[1, 2, 0]], CAPTIONS)
    np.testing.assert_allclose(
        turned, [table[1, 0], table[2, 1], table[0, 2]], rtol=1e-3, atol=1e-5
    )


def test_a_captioner_scores_a_caption_by_its_probability(model, patches):
    """Word by word, with what was written before, up to the end token."""
    caption = CAPTIONS[0]
    total = 0.0
    for k, word in enumerate([*caption, END]):
        ids = np.array([VOCABULARY.encode([START, *caption[:k]])])
        seen = np.concatenate([patches[:1], np.zeros((1, 16, 1), np.float32)], axis=2)
        length = 16 + ids.shape[1]
        mask = np.tri(length, dtype=bool)
        mask[:, :16] = True
        logits = model.logits(ids, mask, patches=seen)[-1].astype(float)
        total += logits[VOCABULARY[word]] - np.log(np.exp(logits).sum())
    assert Captioner(model).fit(patches[:1], [caption])[0] == pytest.approx(total, rel=1e-4)


def test_a_filler_never_sees_the_word_it_says(model, patches):
    options = tuple(("a", colour, "square") for colour in ("red", "green", "blue"))
    fill = Filler(model).ways["fill", "native"]
    (scores,) = fill(patches[:1], [Choice(None, options, (True, False, False), hole=1)])
    (turned,) = fill(patches[:1], [Choice(None, options[::-1], (False, False, True), hole=1)])
    np.testing.assert_allclose(scores, turned[::-1], rtol=1e-5)
    by_hand = Filler(model)._at(
        np.array([VOCABULARY.encode(["a", MASK, "square"])]), patches[:1], np.array([1])
    )
    np.testing.assert_allclose(scores, by_hand[0][VOCABULARY.encode(["red", "green", "blue"])])


def test_written_captions_have_the_length_that_was_given_or_an_end(model, patches):
    assert [len(words) for words in Filler(model).write(patches, [3, 5, 1])] == [3, 5, 1]
    for words in Captioner(model).write(patches, [3, 5, 1]):
        assert END not in words
        assert len(words) <= LONGEST + 1
    assert Matcher(model).write(patches, [3, 5, 1]) is None


def test_passes_are_counted(model, patches):
    for kind, passes in [(Aligner, 3), (Captioner, 3), (Matcher, 3), (Filler, 3 + 2 + 7)]:
        candidate = kind(model)
        candidate.fit(patches, CAPTIONS)
        assert candidate.passes == passes


def test_training_shows_seen_pairs_and_right_captions_only():
    rng = np.random.default_rng(2)
    album = Album(rng, 50)
    by_picture = dict(zip([p.tobytes() for p in album.patches], album.scenes, strict=True))
    ids, patches = album.draw(rng, 200)
    for row, picture in zip(ids, patches, strict=True):
        scene = by_picture[picture.tobytes()]
        words = [word for word in VOCABULARY.decode(row) if word != PAD]
        assert set(scene.pairs) <= set(SEEN)
        assert is_true(words, scene)
        assert len(words) <= LONGEST


def test_all_objectives_practise_on_the_same_pictures():
    gallery = Gallery(count=20)
    first = [next(gallery.practice(r.make_batch, 5)).patches for r in RECIPES.values()]
    for other in first[1:]:
        np.testing.assert_array_equal(other, first[0])


class Perfect(Captioner):
    """Knows the key by heart: it is shown the scenes."""

    def __init__(self, model, scenes):
        super().__init__(model)
        self.scenes = scenes

    def fit(self, patches, captions):
        scenes = [self.scenes[p.tobytes()] for p in patches]
        pairs = zip(captions, scenes, strict=True)
        return np.array([is_true(words, s) + is_complete(words, s) / 2 for words, s in pairs])

    def write(self, patches, lengths):
        scenes = [self.scenes[p.tobytes()] for p in patches]
        return [next(c for c in right_captions(s) if is_complete(c, s)) for s in scenes]


class Remembering(dict):
    """Stands in for the drawing, and remembers what was drawn."""

    def __call__(self, scenes, rng=None):
        patches = as_patches(scenes, rng)
        self.update(zip([p.tobytes() for p in patches], scenes, strict=True))
        return patches


@pytest.mark.parametrize("ability", PAPERS)
def test_who_knows_the_key_gets_everything_right(model, monkeypatch, ability):
    drawn = Remembering()
    monkeypatch.setattr("lessonlib.exams.scenes.papers.as_patches", drawn)
    rows = PAPERS[ability].rows(Perfect(model, drawn), 60, 0)
    seeing = [row for row in rows if "baseline" not in row]
    assert seeing
    for row in seeing:
        assert row["raw"] == 1
        assert row["score"] == 1
    blindfolded = [row for row in rows if "baseline" in row]
    assert bool(blindfolded) == (ability in CHOICES)
    if ability in ("truth", "binding"):
        assert blindfolded[0]["raw"] < 0.8


@pytest.mark.parametrize("objective", ["masked_multimodal", "untrained"])
def test_a_small_run_has_a_row_for_every_cell(objective):
    recipe = SCENES.recipes[objective]
    plan = Plan(SCENES, (recipe,), (0,), steps=3, questions=dict.fromkeys(PAPERS, 16))
    found = examine(recipe, 0, plan)
    assert {row["ability"] for row in found if "baseline" not in row} == set(PAPERS)
    assert {row["ability"] for row in found if "baseline" in row} == set(CHOICES)
    for row in found:
        assert 0 <= row["raw"] <= 1
        assert row["forward_passes"] > 0


def test_each_paper_can_be_answered_in_one_way_at_most(model):
    for recipe in RECIPES.values():
        tasks = [task for task, _ in recipe.candidate(model).ways]
        assert {"choose", "fill", "retrieve"} <= set(tasks)
        assert len(tasks) == len(set(tasks))
