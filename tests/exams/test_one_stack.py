"""Counting multiplications, by hand and by law; and tasks that one model learns together."""

from itertools import islice

import numpy as np
import pytest

from lessonlib.batches import Batch
from lessonlib.exams import multiplications
from lessonlib.exams.experiments import one_stack
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.tasks import TASKS
from lessonlib.exams.sentences.unread import read_village
from lessonlib.models import Config

SMALL = Config("decoder-only", 10, 6, width=4, heads=2, layers=1)


def test_a_batch_counted_by_hand():
    ids = np.array([[1, 2, 3], [4, 5, 0]])
    real = np.array([[True, True, True], [True, True, False]])
    asked = np.array([[False, True, True], [True, False, False]])
    batch = Batch("causal", None, ids, ids, asked, ("causal",), real)
    # Five words, each with 4 x 16 weights of attention and 2 x 4 x 16 behind it; looks at 6 and 3.
    by_hand = 5 * (4 * 16 + 2 * 64) + (6 + 3) * 2 * 4 + 3 * 4 * 10
    assert multiplications.practised(SMALL, batch) == by_hand


def test_two_stacks_counted_by_hand():
    config = Config("encoder-decoder", 10, 6, width=4, heads=2, layers=2)
    source, ids = np.array([[1, 2, 3]]), np.array([[4, 5]])
    there, real = np.ones((1, 3), bool), np.ones((1, 2), bool)
    batch = Batch("spans", source, ids, ids, real, ("encoder_decoder", there), real)
    encoder = 3 * (4 * 16 + 2 * 4 * 12) + 9 * 2 * 4
    decoder = 2 * (4 * 16 + 2 * 4 * 12) + 3 * 2 * 4
    crossing = 2 * 2 * 16 + 3 * 2 * 16 + 2 * 3 * 2 * 4
    assert multiplications.practised(config, batch) == encoder + decoder + crossing + 2 * 4 * 10


@pytest.mark.parametrize("words", [1, 2, 7, 40])
def test_writing_with_a_cache_takes_what_reading_the_whole_once_takes(words):
    ids = np.ones((1, words), int)
    real = np.ones(ids.shape, bool)
    batch = Batch("causal", None, ids, ids, real, ("causal",), real)
    kept = multiplications.written(SMALL, words)
    assert kept == multiplications.practised(SMALL, batch)
    again = multiplications.written(SMALL, words, kept=False)
    # Without it, the text so far is read for each word; only the answers are as many.
    head = words * SMALL.width * SMALL.vocab_size
    so_far = [multiplications.written(SMALL, n + 1) for n in range(words)]
    heads = [(n + 1) * SMALL.width * SMALL.vocab_size for n in range(words)]
    assert again - head == sum(so_far) - sum(heads)


def test_passes_counted_by_hand():
    each = 4 * 16 + 2 * 64
    two = multiplications.written(SMALL, 5, passes=2)
    assert two == 2 * (5 * each + 25 * 2 * 4) + (5 + 2) * 4 * 10
    costs = [multiplications.written(SMALL, 12, passes=n) for n in range(1, 13)]
    assert costs == sorted(set(costs))


@pytest.mark.parametrize("objective", one_stack.OBJECTIVES)
def test_all_take_as_many_multiplications(objective):
    steps = one_stack.steps_for_as_much(objective, 750)
    budget = 750 * one_stack.multiplications("causal")
    assert steps * one_stack.multiplications(objective) == pytest.approx(budget, rel=0.01)
    recipe, read = RECIPES[objective], read_village()
    config = read.new_model(recipe.architecture, 0).config
    others = islice(read.practice(recipe.make_batch, 7), 10)
    again = np.mean([multiplications.practised(config, batch) for batch in others])
    assert again == pytest.approx(one_stack.multiplications(objective), rel=0.05)


def test_a_sign_says_which_task_it_is_and_fits_into_the_room():
    read, rng = read_village(), np.random.default_rng(0)
    signs = set()
    for task in one_stack.SIGNS:
        pairs = one_stack.drawn(task, read, 60, rng)
        (sign,) = {source[-1] for source, _ in pairs}
        assert sign >= read.vocabulary.words
        signs.add(sign)
        assert max(len(source) for source, _ in pairs) <= read.longest + 1
        assert max(len(target) for _, target in pairs) <= read.longest
    assert len(signs) == len(one_stack.SIGNS)
    assert all(TASKS[task].texts_read == 1 for task in one_stack.SIGNS)
    assert {TASKS[task].new_tokens for task in one_stack.SIGNS} == {
        0,
        one_stack.ROOM["new_tokens"],
    }
