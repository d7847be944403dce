"""How candidates answer: what they may see, what it costs, and that scores are probabilities."""

import itertools

import numpy as np
import pytest

from lessonlib.exams.exam import UNTRAINED
from lessonlib.exams.sentences.candidates.base import added_up
from lessonlib.exams.sentences.candidates.pairs import PairLearner
from lessonlib.exams.sentences.candidates.writers import until
from lessonlib.exams.sentences.cells import RECIPES as EVERY
from lessonlib.exams.sentences.items import Gap, blanks, next_words, stretches
from lessonlib.exams.vocabulary import END
from lessonlib.samples import MASK

RECIPES = {name: one for name, one in EVERY.items() if name != UNTRAINED}
TASKS = ("next_word", "blank", "missing_span")


@pytest.fixture(scope="module")
def candidates(language):
    """Untrained models: what is true of the protocol is true without training."""
    return {
        name: recipe.candidate(language.new_model(recipe.architecture, 3), language)
        for name, recipe in RECIPES.items()
    }


def gaps_for(task, language, count=3):
    draw = {"next_word": next_words, "blank": blanks, "missing_span": stretches}[task]
    return draw(language, count, np.random.default_rng(11))


CELLS = list(itertools.product(RECIPES, TASKS))


def answers(candidate, task):
    """Return every way in which a candidate does a task."""
    return {answer: ask for (known, answer), ask in candidate.ways.items() if known == task}


@pytest.mark.parametrize(("name", "task"), CELLS)
def test_no_answer_depends_on_what_is_hidden(candidates, language, name, task):
    gaps = gaps_for(task, language)
    blinded = [Gap(gap.left, gap.right, [0] * 9, gap.unseen) for gap in gaps]
    for ask in answers(candidates[name], task).values():
        np.testing.assert_equal(ask(gaps), ask(blinded))


@pytest.mark.parametrize(("name", "task"), CELLS)
def test_only_a_work_around_is_told_how_long_the_sentence_is(candidates, language, name, task):
    gaps = gaps_for(task, language)
    longer = [Gap(gap.left, gap.right, gap.missing, gap.unseen + 3) for gap in gaps]
    ask = answers(candidates[name], task)["native"]
    np.testing.assert_equal(ask(gaps), ask(longer))


@pytest.mark.parametrize(("name", "task"), CELLS)
def test_answers_are_distributions_over_words_or_words(candidates, language, name, task):
    gaps = gaps_for(task, language)
    for ask in answers(candidates[name], task).values():
        said = ask(gaps)
        assert len(said) == len(gaps)
        if task == "missing_span":
            assert all(len(stretch) <= 6 for stretch in said)
        else:
            assert said.shape == (len(gaps), language.vocabulary.words)
            assert np.exp(said).sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "task", "answer", "passes"),
    [
        ("causal", "next_word", "native", 1),
        ("causal", "blank", "native", 1),
        ("causal", "blank", "workaround", "words"),
        ("masked", "blank", "native", 1),
        ("masked", "missing_span", "native", 5),
        ("span_corruption", "blank", "native", 1),
        ("span_corruption", "blank", "workaround", "words"),
        ("fill_in_middle", "blank", "native", 1),
    ],
)
def test_what_an_answer_costs(candidates, language, name, task, answer, passes):
    candidate = candidates[name]
    gaps = gaps_for(task, language)
    before = candidate.passes
    candidate.ways[task, answer](gaps)
    each = language.vocabulary.words if passes == "words" else passes
    assert candidate.passes - before == each * len(gaps)


@pytest.mark.parametrize("name", ["causal", "masked", "span_corruption"])
def test_writing_costs_one_pass_per_word(candidates, name):
    candidate = candidates[name]
    before = candidate.passes
    pages = candidate.ways["writing", "native"](4, np.random.default_rng(0), 1.0)
    spent = candidate.passes - before
    ends = len(pages) if name == "span_corruption" else 0
    written = sum(len(page) for page in pages)
    assert written <= spent <= written + ends


def test_whole_sentence_score_is_the_sum_of_next_words(candidates, language):
    """Trying every word must rank whole sentences by the chain rule."""
    candidate = candidates["causal"]
    gap = blanks(language, 1, np.random.default_rng(2))[0]
    (score,) = candidate._sentence_scores([(gap, gap.missing)])
    rest = [*gap.missing, *gap.right]
    prefixes = [Gap([*gap.left, *rest[:n]], [], []) for n in range(len(rest))]
    rows = candidate._after_start([prefix.left for prefix in prefixes])
    steps = candidate.log_probabilities(rows, [[len(row) - 1] for row in rows])
    assert score == pytest.approx(steps[np.arange(len(rest)), rest].sum(), abs=1e-4)


def test_a_causal_model_never_looks_right_and_the_others_do(candidates, language):
    gaps = [Gap(gap.left, gap.right, gap.missing) for gap in gaps_for("blank", language, 6)]
    gaps = [gap for gap in gaps if len(gap.right) > 1]
    turned = [Gap(gap.left, gap.right[::-1], gap.missing) for gap in gaps]
    for name, looks_right in [
        ("causal", False),
        ("prefix_lm", False),
        ("masked", True),
        ("span_corruption", True),
        ("fill_in_middle", True),
    ]:
        ask = candidates[name].ways["blank", "native"]
        assert np.allclose(ask(gaps), ask(turned)) != looks_right, name


@pytest.mark.parametrize("name", RECIPES)
def test_features_do_not_depend_on_the_neighbours_in_the_batch(candidates, language, name):
    rows = [gap.left + gap.missing + gap.right for gap in gaps_for("blank", language, 4)]
    together = candidates[name].ways["features", "native"](rows)
    for number, row in enumerate(rows):
        alone = candidates[name].ways["features", "native"]([row])
        for layer, vectors in together.items():
            np.testing.assert_allclose(vectors[number], alone[layer][0], atol=2e-5)


@pytest.mark.parametrize("name", ["masked", "span_corruption", "prefix_lm"])
def test_pairs_can_be_learned_and_the_model_stays_as_it_was(candidates, language, name):
    """Ten sentences that all become the same one: easy, so it must work for everybody."""
    candidate = candidates[name]
    before = candidate.model.values.copy()
    sources = [gap.left + gap.missing + gap.right for gap in gaps_for("blank", language, 4)]
    wanted = language.vocabulary.encode("the cook sells a cake .".split())
    pages = candidate.ways["rewriting", "native"]([(s, wanted) for s in sources], sources, 40, 1)
    assert sum(page == wanted for page in pages) >= 3
    np.testing.assert_array_equal(candidate.model.values, before)


def test_a_model_that_says_the_mask_fills_each_place_once_all_the_same(candidates, language):
    """Few examples can teach that; every pass must leave one place less, in every text."""
    learner = PairLearner(candidates["masked"].model, language)
    mask, end = language.vocabulary.encode([MASK, END])
    asked = []

    def logits(inputs, visible, places):
        asked.append(places.sum(axis=1).tolist())
        said = np.zeros((int(places.sum()), len(language.vocabulary)))
        text = np.nonzero(places)[0]
        said[np.arange(len(text)), np.where(text == 0, mask, end)] = 9  # the first says the mask
        return said

    learner.model.logits = logits
    pages = learner.write_surest_first([[5, 6, 7], [8, 9]])
    assert asked == [[left, left] for left in range(learner.room, 0, -1)]
    assert pages == [[mask] * learner.room, []]


@pytest.mark.parametrize(
    ("page", "right", "stretch"),
    [
        ([1, 2, 3, 4, 5, 6], [3, 9], [1, 2]),
        ([3, 3, 4], [3], [3]),
        ([1, 2, 3, 4, 5, 6], [9], [1, 2, 3, 4, 5]),
        ([1, 2], [], [1, 2]),
    ],
)
def test_writing_stops_where_the_right_side_begins(page, right, stretch):
    assert until(page, right) == stretch


def test_added_up_sums_each_row():
    table = np.log(np.array([[0.5, 0.5], [0.1, 0.9], [0.2, 0.8]]))
    assert np.exp(added_up(table, [[0, 1], [0]])) == pytest.approx([0.45, 0.2])
