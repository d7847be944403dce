"""What the models practise: the batches of every row of the matrix."""

import numpy as np
import pytest

from lessonlib.exams.sentences.recipes import RECIPES, masked_at_every_rate
from lessonlib.exams.vocabulary import END, PAD
from lessonlib.samples import MID, MODE, PRE, START, SUF, sentinel


def batch_of(name, language, seed=4):
    return next(language.practice(RECIPES[name].make_batch, seed))


def tokens(language, ids):
    return [token for token in language.vocabulary.decode(ids) if token != PAD]


def sentence_behind(name, language, batch, row):
    """Put a row back together, from what is read and what must be said."""
    read = tokens(language, batch.inputs[row])
    said = tokens(language, batch.targets[row][batch.real[row]])
    whole = [*read[:1], *said]
    if name in ("causal", "prefix_lm"):
        return whole[1:]
    if name == "masked":
        return said
    if name == "fill_in_middle":
        if whole[0] == START:
            return whole[1:]
        assert (whole[0], whole[-1]) == (PRE, END)
        before, after = whole.index(SUF), whole.index(MID)
        return whole[1:before] + whole[after + 1 : -1] + whole[before + 1 : after]
    source = tokens(language, batch.source[row])
    if name == "ul2":
        assert source[0] in MODE.values()
        source = source[1:]
    assert (said[0], said[-1]) == (sentinel(0), sentinel(1))
    gap = source.index(sentinel(0))
    return source[:gap] + said[1:-1] + source[gap + 1 :]


@pytest.mark.parametrize("name", RECIPES)
def test_every_row_is_a_sentence_of_the_world(language, name):
    batch = batch_of(name, language)
    for row in range(len(batch)):
        words = tuple(sentence_behind(name, language, batch, row))
        assert language.oracle.probability(words) > 0, words


@pytest.mark.parametrize("name", RECIPES)
def test_every_objective_sees_the_same_sentences(language, name):
    def sentences(name, seed=4):
        batch = batch_of(name, language, seed)
        return [tuple(sentence_behind(name, language, batch, row)) for row in range(len(batch))]

    assert sentences(name) == sentences("causal")
    assert sentences(name) != sentences(name, seed=5)


def test_missing_stretches_of_all_lengths_are_practised_equally(language):
    stream = language.practice(RECIPES["span_corruption"].make_batch, 1)
    batches = [next(stream) for _ in range(40)]
    spans = np.concatenate([batch.choices["spans"] for batch in batches])
    lengths = np.bincount(spans[:, 2] - spans[:, 1])
    assert len(lengths) == 6
    assert lengths[0] == 0
    n, p = lengths.sum(), 0.2
    assert np.abs(lengths[1:] / n - p).max() < 4 * np.sqrt(p * (1 - p) / n)


def test_half_of_the_rows_fill_in_the_middle(language):
    batch = batch_of("fill_in_middle", language)
    first = batch.inputs[:, 0]
    assert (first == language.vocabulary[PRE]).sum() == len(batch) // 2
    assert (first == language.vocabulary[START]).sum() == len(batch) // 2


def test_modes_of_the_mixture(language):
    """R hides up to 5 words, S the end, X more than 5."""
    stream = language.practice(RECIPES["ul2"].make_batch, 2)
    for batch in (next(stream) for _ in range(5)):
        for row in range(len(batch)):
            source = tokens(language, batch.source[row])
            missing = batch.real[row].sum() - 2
            kind = {token: name for name, token in MODE.items()}[source[0]]
            assert kind != "R" or missing <= 5
            assert kind != "S" or source[-1] == sentinel(0)
            assert kind != "X" or missing > 5


def test_only_words_are_asked_of_a_masked_model(language):
    batch = batch_of("masked", language)
    assert (batch.targets[batch.loss_mask] < language.vocabulary.words).all()


def test_every_rate_is_practised(language):
    stream = language.practice(masked_at_every_rate, 0)
    rates = [b.loss_mask.sum() / b.real.sum() for b in (next(stream) for _ in range(60))]
    assert min(rates) < 0.2
    assert max(rates) > 0.85


def test_all_models_are_equally_big(language):
    sizes = [
        language.new_model(recipe.architecture, 0).parameter_count for recipe in RECIPES.values()
    ]
    assert max(sizes) <= 1.05 * min(sizes)


def test_a_seed_decides_everything(language):
    one, same, other = (language.new_model("decoder-only", seed) for seed in (1, 1, 2))
    assert (one.values == same.values).all()
    assert (one.values != other.values).any()
