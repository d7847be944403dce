"""What counts alike in the loss is what it says, and its way back is its slope."""

import numpy as np
import pytest

from lessonlib.batches import Batch
from lessonlib.exams.sentences import hiding
from lessonlib.exams.sentences.weighting import by_answer, by_text
from lessonlib.models import Config, Transformer

ROWS = [[1, 2, 3, 4], [5, 6, 7, 0]]


def batch(asked):
    ids, flags = np.array(ROWS), np.array(asked, bool)
    return Batch("masked", None, ids, ids, flags, ("bidirectional",), np.ones(ids.shape, bool))


@pytest.fixture
def model():
    config = Config("encoder-only", 9, 4, width=8, heads=2, layers=1)
    return Transformer(config, np.random.default_rng(0), np.float64)


def each_text(model, asked):
    """Loss of every row by itself."""
    return [
        by_answer(model, batch([row if n == own else [0] * 4 for n, row in enumerate(asked)]))
        for own in range(len(asked))
    ]


@pytest.mark.parametrize(
    "asked", [[[1, 1, 1, 1], [0, 1, 0, 0]], [[1, 0, 1, 0], [1, 1, 1, 0]], [[0, 1, 0, 0], [1] * 4]]
)
def test_every_text_counts_alike(model, asked):
    assert by_text(model, batch(asked)) == pytest.approx(np.mean(each_text(model, asked)))
    assert by_text(model, batch(asked)) != pytest.approx(by_answer(model, batch(asked)))


def test_where_all_ask_equally_often_both_are_the_same(model):
    asked = [[1, 1, 0, 0], [0, 1, 1, 0]]
    gradients = []
    for loss in (by_answer, by_text):
        model.gradients[:] = 0
        gradients.append((loss(model, batch(asked)), model.gradients.copy()))
    assert gradients[0][0] == pytest.approx(gradients[1][0])
    assert gradients[0][1] == pytest.approx(gradients[1][1])


def test_a_text_that_asks_nothing_does_not_count(model):
    assert by_text(model, batch([[1, 0, 1, 1], [0] * 4])) == pytest.approx(
        by_answer(model, batch([[1, 0, 1, 1], [0] * 4]))
    )


def test_the_way_back_is_the_slope(model):
    some = batch([[1, 1, 1, 1], [0, 1, 0, 0]])
    model.gradients[:] = 0
    by_text(model, some)
    found = model.gradients.copy()
    for place in (3, 40, 150, len(found) - 5):
        around = []
        for step in (1e-6, -1e-6):
            model.values[place] += step
            around.append(by_text(model, some))
            model.values[place] -= step
        assert (around[0] - around[1]) / 2e-6 == pytest.approx(found[place], abs=1e-7)


def test_any_number_of_words_is_hidden_each_equally_often():
    lengths = np.array([1, 3, 8] * 3000)
    hidden = hiding.any_number(lengths, np.random.default_rng(0))
    assert not (hidden & (np.arange(8) >= lengths[:, None])).any()
    for length in (1, 3, 8):
        counts = np.bincount(hidden[lengths == length].sum(axis=1), minlength=length + 1)
        assert counts[0] == 0
        assert counts[1:] / counts.sum() == pytest.approx(1 / length, abs=0.03)
        places = hidden[lengths == length, :length].mean(axis=0)
        assert places == pytest.approx((length + 1) / 2 / length, abs=0.04)
