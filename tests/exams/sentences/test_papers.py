"""The protocol of every ability: who knows everything scores 1, who guesses scores 0."""

import numpy as np
import pytest

from lessonlib.exams.measurement import Measurement
from lessonlib.exams.sentences.features import BagOfWords
from lessonlib.exams.sentences.papers import PAPERS, draw_pairs, marks
from lessonlib.worlds.sentences import say
from tests.exams.sentences.handmade import Copying, Guessing, Perfect

SIZE = 200
# Three standard errors of a share near the chance of the ability, as a score.
NOISE = {"matching": 0.05, "classification": 0.11, "missing_span": 0.07}


def measured(candidate, ability, seed=1, size=SIZE):
    return PAPERS[ability].measure(candidate, size, np.random.default_rng(seed))


@pytest.mark.parametrize("ability", PAPERS)
def test_a_perfect_candidate_scores_one(language, ability):
    found = measured(Perfect(language), ability)
    assert found
    assert {one.answer for one in found} == {"native", "workaround"}
    for one in found:
        assert one.score == pytest.approx(1), one


@pytest.mark.parametrize("ability", PAPERS)
def test_guessing_scores_zero(language, ability):
    for one in measured(Guessing(language), ability):
        assert one.score == pytest.approx(0, abs=NOISE.get(ability, 1e-6)), one


@pytest.mark.parametrize("ability", PAPERS)
def test_the_primary_metric_comes_first(language, ability):
    assert measured(Perfect(language), ability)[0].metric == PAPERS[ability].metric


@pytest.mark.parametrize("ability", ["continuation", "blank", "missing_span"])
def test_questions_and_passes_are_counted(language, ability):
    for one in measured(Perfect(language), ability):
        assert one.forward_passes == pytest.approx(1)
        assert one.questions <= SIZE


def test_a_candidate_that_knows_no_way_has_no_row(language):
    candidate = Perfect(language)
    candidate.ways = {}
    assert all(not measured(candidate, ability) for ability in PAPERS)


def test_every_candidate_gets_the_same_questions(language):
    class Remembering(Perfect):
        def blank(self, gaps):
            self.asked = gaps
            return super().blank(gaps)

    first, second = Remembering(language), Remembering(language, seed=9)
    measured(first, "blank")
    measured(second, "blank")
    assert first.asked == second.asked


def test_oracle_and_chance_are_those_of_the_same_questions(language):
    one, other = (measured(Perfect(language), "blank", seed)[0] for seed in (1, 2))
    assert one.oracle != other.oracle
    assert one.raw == one.oracle


def test_comparing_words_does_not_find_paraphrases(language):
    (found,) = measured(BagOfWords(Perfect(language)), "matching", seed=3, size=1000)
    assert found.raw < 0.05


def test_counting_words_does_not_tell_who_gives(language):
    (found,) = measured(BagOfWords(Perfect(language)), "classification", seed=3, size=700)
    assert found.raw == pytest.approx(0.5, abs=0.05)


def test_a_baseline_is_asked_the_same_and_marked(language):
    rows = PAPERS["matching"].rows(Perfect(language), SIZE, seed=5)
    beside = [row for row in rows if row.get("baseline") == "bag of words"]
    assert len(beside) == 1
    assert len(rows) == 3  # two answers, and the baseline
    assert {row["questions"] for row in rows} == {SIZE}


def test_layer_and_pooling_are_not_chosen_on_the_test(language):
    """Many useless features: the best of them on the test would look better than chance."""

    class Lucky(Guessing):
        def features(self, asked):
            return {str(n): self.rng.normal(size=(len(asked), 8)) for n in range(4)}

    found = measured(Lucky(language), "classification")
    assert found[0].score == pytest.approx(0, abs=NOISE["classification"])


def test_copying_is_no_rewriting(language):
    for one in measured(Copying(language), "rewriting"):
        assert one.raw == 0


def test_rewriting_a_wrong_word_costs_a_part_of_the_meaning(language):
    pairs = draw_pairs(language, "paraphrase", 50, np.random.default_rng(0))
    right = [wanted for _, wanted in pairs]
    assert marks(language, right, pairs) == (1, 1)
    another = {"cold": "rain", "rain": "cold", "party": "trip", "trip": "party"}
    vocabulary = language.vocabulary
    other, expected = [], []
    for words in right:
        told = language.parse(words)
        meaning = told.meaning._replace(reason=another[told.meaning.reason])
        said = vocabulary.encode(say(meaning, told.wording))
        other.append(said)
        expected.append(6 / 7 if language.parse(said) else 0)
    kept, exact = marks(language, other, pairs)
    assert kept == pytest.approx(np.mean(expected))
    assert exact == 0


@pytest.mark.parametrize(("raw", "score"), [(0.2, 0), (0.9, 1), (0.55, 0.5), (0.1, -1 / 7)])
def test_score_is_the_share_of_the_achievable(raw, score):
    one = Measurement("native", "m", 10, raw, chance=0.2, oracle=0.9, forward_passes=1)
    assert one.score == pytest.approx(score)


def test_score_of_a_cost_counts_downwards():
    one = Measurement("native", "nats", 10, 1.0, chance=3.0, oracle=1.0, forward_passes=1)
    assert one.score == 1
