"""Every question on pictures agrees with the key, and cannot be answered without the picture."""

import itertools
from collections import Counter

import numpy as np
import pytest

from lessonlib.exams.scenes import items
from lessonlib.exams.scenes.items import SEEN
from lessonlib.exams.scenes.papers import CHOICES
from lessonlib.worlds.scenes import HELD_OUT, PAIRS, Naming, is_complete, is_true, parse

COUNT = 60
FILLED = {ability for ability, (_, task) in CHOICES.items() if task == "fill"}


def asked(ability, seed=0):
    ask, _ = CHOICES[ability]
    return ask(COUNT, np.random.default_rng(seed))


def named_pairs(caption):
    return {pair for pair in itertools.pairwise(caption) if pair in PAIRS}


@pytest.mark.parametrize("ability", CHOICES)
def test_the_key_decides_which_options_are_right(ability):
    for choice in asked(ability):
        judge = is_complete if ability == "completeness" else is_true
        assert choice.right == tuple(judge(option, choice.scene) for option in choice.options)
        assert any(choice.right)
        assert not all(choice.right)


@pytest.mark.parametrize("ability", CHOICES)
def test_a_seed_gives_the_same_questions(ability):
    assert asked(ability, 3) == asked(ability, 3)
    assert asked(ability, 3) != asked(ability, 4)


@pytest.mark.parametrize("ability", sorted(FILLED | {"truth", "held_out"}))
def test_options_differ_at_the_hole_alone(ability):
    for choice in asked(ability):
        for other in choice.options[1:]:
            first = choice.options[0]
            differs = [
                k for k, pair in enumerate(zip(first, other, strict=True)) if len({*pair}) > 1
            ]
            assert differs == [choice.hole]


@pytest.mark.parametrize("ability", ["binding", "relation"])
def test_the_same_words_stand_in_all_options(ability):
    for choice in asked(ability):
        assert len({tuple(sorted(option)) for option in choice.options}) == 1


@pytest.mark.parametrize("ability", sorted(set(CHOICES) - {"held_out", "blank"}))
def test_all_options_are_of_pairs_seen_in_training(ability):
    for choice in asked(ability):
        assert set(choice.scene.pairs) <= set(SEEN)
        for option in choice.options:
            assert named_pairs(option) <= set(SEEN)


def test_held_out_is_about_a_pair_that_was_never_seen():
    for choice in asked("held_out"):
        right, wrong = choice.options if choice.right[0] else choice.options[::-1]
        assert len(named_pairs(right) & set(HELD_OUT)) == 1
        assert named_pairs(wrong) <= set(SEEN)


def test_counting_has_both_answers_equally_often():
    right = Counter(choice.right for choice in asked("counting"))
    assert right == {(True, False): COUNT // 2, (False, True): COUNT // 2}


def test_complete_and_incomplete_captions_are_both_true():
    for choice in asked("completeness"):
        assert all(is_true(option, choice.scene) for option in choice.options)
        assert all(isinstance(parse(option), Naming) for option in choice.options)


def test_each_caption_of_a_group_is_true_of_one_picture_only():
    for scenes, captions in items.groups(3, np.random.default_rng(0)):
        truth = [[is_true(words, scene) for words in captions] for scene in scenes]
        assert truth == np.eye(len(scenes), dtype=bool).tolist()


@pytest.mark.parametrize("ability", CHOICES)
def test_the_order_of_the_options_gives_nothing_away(ability):
    ask, _ = CHOICES[ability]
    first = np.mean([choice.right[0] for choice in ask(200, np.random.default_rng(7))])
    guessing = np.mean([np.mean(choice.right) for choice in asked(ability)])
    assert abs(first - guessing) < 0.15
