"""The experiments: what is counted is true, and every module can be run."""

import numpy as np
import pytest

from lessonlib.exams.experiments import (
    NAMES,
    Size,
    builder_bias,
    jobs,
    real_english,
    search,
)
from lessonlib.exams.experiments import fine_tuning_by_slots as slots
from lessonlib.exams.experiments.signal_density import density
from lessonlib.exams.results import stored_rows
from lessonlib.exams.results.rows import stored
from lessonlib.exams.sentences.shapes import EQUAL_WEIGHTS
from lessonlib.exams.sentences.subject import STEPS


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_has_a_quick_and_a_full_form(name, tmp_path):
    quick, full = (jobs(name, Size(quick=form)) for form in (True, False))
    assert 0 < len(quick) < len(full)
    assert all(callable(function) for function, *_ in full)
    kept = jobs(name, Size(kept=tmp_path))
    assert len({repr(job) for job in kept}) == len(kept)


def test_what_is_kept_is_not_measured_again(tmp_path):
    size = Size(kept=tmp_path)
    function, *arguments = size.job(builder_bias.coverage)
    rows = function(*arguments)
    (path,) = tmp_path.rglob("*.json")
    path.write_text("[]")
    assert rows
    assert function(*arguments) == []


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        (0.004, [0.002, 0.004, 0.008]),
        (0.003, [0.002, 0.004, 0.008]),
        (0.001, [0.002, 0.004, 0.008, 0.001, 0.0005]),
        (0.03, [0.002, 0.004, 0.008, 0.016, 0.032, 0.064]),
    ],
)
def test_rates_are_tried_until_the_best_is_between_others(monkeypatch, tmp_path, best, expected):
    asked = []

    def searched(objective, architecture, rate, steps):
        asked.append(rate)
        return {"raw": abs(np.log(rate / best))}

    monkeypatch.setattr(search, "searched", searched)
    rows = search.tried("causal", "decoder-only", 10, tmp_path)
    assert asked == pytest.approx(expected)
    lowest = min(range(len(rows)), key=lambda place: rows[place]["raw"])
    assert min(asked) < asked[lowest] < max(asked)
    assert search.tried("causal", "decoder-only", 10, tmp_path) == rows
    assert len(asked) == len(expected)  # nothing is trained twice


@pytest.fixture(scope="module")
def asked():
    shares = {}
    for row in builder_bias.coverage():
        shares.setdefault(row["objective"], {})[row["place"]] = row["raw"]
    return {name: np.array([found[n] for n in sorted(found)]) for name, found in shares.items()}


def test_the_stock_mask_never_asks_about_the_beginning_and_always_about_the_end(asked):
    stock = asked["t5_spans"]
    assert len(stock) == builder_bias.LENGTH
    assert stock[0] == 0
    assert stock[-1] == 1
    rolled = asked["t5_spans_rolled"]
    assert rolled == pytest.approx(stock.mean(), abs=0.03)


def test_what_the_other_builders_ask_about(asked):
    assert (asked["causal"] == 1).all()
    assert asked["masked"] == pytest.approx(0.15, abs=0.04)
    # A prefix of 1..12 of the 13 tokens (a start token first), all equally likely.
    assert asked["prefix_lm"] == pytest.approx(np.arange(1, 13) / 12, abs=0.04)


def test_density_of_labels(language):
    words, causal = density("causal", language)
    assert causal == pytest.approx(words, rel=0.02)
    assert density("masked", language)[1] == pytest.approx(0.15 * words, rel=0.15)
    # Three words on average, and two sentinels.
    assert density("span_corruption", language)[1] == pytest.approx(5, abs=0.3)


@pytest.mark.parametrize("ability", slots.ABILITIES)
def test_fine_tuning_counts_perfect_answers_as_right(language, ability):
    gaps = slots.draw(language, ability, 60, np.random.default_rng(0))
    truth = [gap.missing for gap in gaps]
    assert slots.share_right(language, ability, truth, gaps) == 1
    assert slots.share_right(language, ability, [[]] * 60, gaps) == 0
    chance, oracle = slots.limits(language, ability, gaps)
    assert 0 <= chance < 0.4 < oracle <= 1
    for (source, target), gap in zip(slots.as_pairs(language, gaps), gaps, strict=True):
        assert target == gap.missing
        assert len(source) == len(gap.left) + 1 + len(gap.right)


def test_real_text_is_split_by_topic_and_asks_about_known_words():
    documents = [f"the {'cat' if n % 2 else 'dog'} sat , and sat . " * 12 for n in range(20)]
    text = real_english.RealTexts(documents)
    assert text.ids.shape[1] == real_english.WINDOW
    assert np.exp(text.unigram).sum() == pytest.approx(1)
    for ability in ("continuation", "blank", "missing_span"):
        gaps = real_english.draw(text, ability, 40, np.random.default_rng(1))
        for gap in gaps:
            assert 1 <= len(gap.missing) <= 5
            assert gap.missing[0] != text.vocabulary[real_english.UNKNOWN]
            assert not (gap.right and ability == "continuation")


def test_real_text_hides_words_that_training_has_not_seen():
    documents = ["seen words only here " * 20] * 10
    documents[0] = "unheard things stand here " * 20  # the first topic is in the test
    text = real_english.RealTexts(documents)
    tokens = {t for row in text.test.ids for t in text.vocabulary.decode(row)}
    assert tokens == {"here", real_english.UNKNOWN}


@pytest.mark.parametrize("name", [name for name in stored() if not name.endswith("search")])
def test_stored_rows_have_several_seeds(name):
    seeds = {row["seed"] for row in stored_rows(name)} - {None}
    assert len(seeds) >= 2


def test_each_change_of_span_corruption_in_english_changes_one_thing():
    usual = ("span_corruption", EQUAL_WEIGHTS, real_english.KNOWN_WORDS)
    for changed in real_english.CHANGED.values():
        assert sum(a != b for a, b in zip(changed, usual, strict=True)) == 1


def test_english_is_practised_ten_times_as_long_as_sentences():
    assert max(real_english.LENGTHS) >= 10 * STEPS
