"""How students answer: what they may see, what it costs, and that scores are probabilities."""

import itertools

import numpy as np
import pytest

from lessonlib.exams.sentences.candidates.decoder import _until, added_up
from lessonlib.exams.sentences.items import Gap, blanks, next_words, stretches
from lessonlib.exams.sentences.recipes import RECIPES, new_model, ways_in_words

TASKS = ("next_word", "blank", "missing_span")


@pytest.fixture(scope="module")
def students(language):
    """Untrained models: what is true of the protocol is true without training."""
    return {
        name: recipe.student(new_model(recipe.architecture, language, 3), language)
        for name, recipe in RECIPES.items()
    }


def gaps_for(task, language, count=3):
    draw = {"next_word": next_words, "blank": blanks, "missing_span": stretches}[task]
    return draw(language, count, np.random.default_rng(11))


CELLS = list(itertools.product(RECIPES, TASKS))


def answers(student, task):
    """Return every way in which a student does a task."""
    return {answer: ask for (known, answer), ask in student.ways.items() if known == task}


@pytest.mark.parametrize(("name", "task"), CELLS)
def test_no_answer_depends_on_what_is_hidden(students, language, name, task):
    gaps = gaps_for(task, language)
    blinded = [Gap(gap.left, gap.right, [0] * 9, gap.unseen) for gap in gaps]
    for ask in answers(students[name], task).values():
        np.testing.assert_equal(ask(gaps), ask(blinded))


@pytest.mark.parametrize(("name", "task"), CELLS)
def test_only_a_work_around_is_told_how_long_the_sentence_is(students, language, name, task):
    gaps = gaps_for(task, language)
    longer = [Gap(gap.left, gap.right, gap.missing, gap.unseen + 3) for gap in gaps]
    ask = answers(students[name], task)["native"]
    np.testing.assert_equal(ask(gaps), ask(longer))


@pytest.mark.parametrize(("name", "task"), CELLS)
def test_answers_are_distributions_over_words_or_words(students, language, name, task):
    gaps = gaps_for(task, language)
    for ask in answers(students[name], task).values():
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
def test_what_an_answer_costs(students, language, name, task, answer, passes):
    student = students[name]
    gaps = gaps_for(task, language)
    before = student.passes
    student.ways[task, answer](gaps)
    each = language.vocabulary.words if passes == "words" else passes
    assert student.passes - before == each * len(gaps)


@pytest.mark.parametrize("name", ["causal", "masked", "span_corruption"])
def test_writing_costs_one_pass_per_word(students, name):
    student = students[name]
    before = student.passes
    pages = student.ways["writing", "native"](4, np.random.default_rng(0), 1.0)
    spent = student.passes - before
    ends = len(pages) if name == "span_corruption" else 0
    written = sum(len(page) for page in pages)
    assert written <= spent <= written + ends


def test_whole_sentence_score_is_the_sum_of_next_words(students, language):
    """Trying every word must rank whole sentences by the chain rule."""
    student = students["causal"]
    gap = blanks(language, 1, np.random.default_rng(2))[0]
    (score,) = student._sentence_scores([(gap, gap.missing)])
    rest = [*gap.missing, *gap.right]
    prefixes = [Gap([*gap.left, *rest[:n]], [], []) for n in range(len(rest))]
    rows = student._after_start([prefix.left for prefix in prefixes])
    steps = student.reader.log_probabilities(rows, [[len(row) - 1] for row in rows])
    assert score == pytest.approx(steps[np.arange(len(rest)), rest].sum(), abs=1e-4)


def test_a_causal_model_never_looks_right_and_the_others_do(students, language):
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
        ask = students[name].ways["blank", "native"]
        assert np.allclose(ask(gaps), ask(turned)) != looks_right, name


@pytest.mark.parametrize("name", RECIPES)
def test_features_do_not_depend_on_the_neighbours_in_the_batch(students, language, name):
    rows = [gap.left + gap.missing + gap.right for gap in gaps_for("blank", language, 4)]
    together = students[name].ways["features", "native"](rows)
    for number, row in enumerate(rows):
        alone = students[name].ways["features", "native"]([row])
        for layer, vectors in together.items():
            np.testing.assert_allclose(vectors[number], alone[layer][0], atol=2e-5)


@pytest.mark.parametrize("name", ["masked", "span_corruption", "prefix_lm"])
def test_pairs_can_be_learned_and_the_model_stays_as_it_was(students, language, name):
    """Ten sentences that all become the same one: easy, so it must work for everybody."""
    student = students[name]
    before = student.reader.model.values.copy()
    sources = [gap.left + gap.missing + gap.right for gap in gaps_for("blank", language, 4)]
    wanted = language.vocabulary.encode("the cook sells a cake .".split())
    pages = student.ways["rewriting", "native"]([(s, wanted) for s in sources], sources, 40, 1)
    assert sum(page == wanted for page in pages) >= 3
    np.testing.assert_array_equal(student.reader.model.values, before)


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
    assert _until(page, right) == stretch


def test_added_up_sums_each_row():
    table = np.log(np.array([[0.5, 0.5], [0.1, 0.9], [0.2, 0.8]]))
    assert np.exp(added_up(table, [[0, 1], [0]])) == pytest.approx([0.45, 0.2])


def test_every_way_is_told_in_a_sentence(language):
    told = ways_in_words(language)
    assert {row["objective"] for row in told} == set(RECIPES)
    for row in told:
        assert row["how"][0].isupper()
        assert row["how"].endswith(".")
        assert row["answer"] in ("native", "workaround")
