"""What the models practise: the batches of every row of the matrix."""

import numpy as np
import pytest

from lessonlib import samples
from lessonlib.exams.exam import UNTRAINED
from lessonlib.exams.sentences.cells import CELLS, RECIPES
from lessonlib.exams.vocabulary import PAD
from lessonlib.samples import MODE, PRE, START, sentinel

PRACTISED = [name for name in CELLS if name != UNTRAINED]


def batch_of(name, language, seed=4):
    return next(language.practice(RECIPES[name].make_batch, seed))


def tokens(language, ids):
    return [token for token in language.vocabulary.decode(ids) if token != PAD]


def batch_of_sentences(name, language, seed=4):
    """Return a batch, and the sentences that it was made of."""
    sentences = []

    def make_batch(ids, vocabulary, rng):
        sentences.extend(tokens(language, row) for row in ids)
        return RECIPES[name].make_batch(ids, vocabulary, rng)

    return next(language.practice(make_batch, seed)), sentences


@pytest.mark.parametrize("name", PRACTISED)
def test_every_row_is_the_sample_of_its_objective(language, name):
    batch, sentences = batch_of_sentences(name, language)
    words = language.vocabulary.decode
    for row, sentence in enumerate(sentences):
        sample, decisions = batch.sample(row, lambda token: words([token])[0]), batch.decisions(row)
        if "replacements" in decisions:
            decisions["replacements"] = words(decisions["replacements"])
        if sample.inputs[0] == START and sample.source is None:
            sentence = [START, *sentence]
        assert sample == getattr(samples, sample.objective)(sentence, **decisions)
        if batch.objective != "masked":
            assert samples.restore(sample) == sentence


@pytest.mark.parametrize("name", PRACTISED)
def test_every_objective_sees_the_same_sentences(language, name):
    assert batch_of_sentences(name, language)[1] == batch_of_sentences("causal", language)[1]
    assert batch_of_sentences(name, language)[1] != batch_of_sentences(name, language, seed=5)[1]


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
    stream = language.practice(RECIPES["masked_at_every_rate"].make_batch, 0)
    rates = [b.loss_mask.sum() / b.real.sum() for b in (next(stream) for _ in range(60))]
    assert min(rates) < 0.2
    assert max(rates) > 0.85


def test_all_models_are_equally_big(language):
    sizes = [language.new_model(RECIPES[name].architecture, 0).values.size for name in PRACTISED]
    assert max(sizes) <= 1.05 * min(sizes)


def test_a_seed_decides_everything(language):
    one, same, other = (language.new_model("decoder-only", seed) for seed in (1, 1, 2))
    assert (one.values == same.values).all()
    assert (one.values != other.values).any()
