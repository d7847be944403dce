"""The stored results: complete, in the agreed form, and such that anybody can recompute them."""

import itertools
import json
import math

import numpy as np
import pytest

from lessonlib.exams.exam import Plan, examine
from lessonlib.exams.measurement import Measurement
from lessonlib.exams.results import Results, best_rows, interval
from lessonlib.exams.sentences.features import BagOfWords
from lessonlib.exams.sentences.papers import PAPERS
from lessonlib.exams.sentences.subject import FULL, QUICK, SENTENCES
from tests.exams.sentences.handmade import Guessing

KEYS = {
    "objective",
    "ability",
    "answer",
    "metric",
    "seed",
    "questions",
    "raw",
    "chance",
    "oracle",
    "score",
    "forward_passes",
    "train_seconds",
}


def row(objective="causal", seed=0, score=0.5, **other):
    found = Measurement("native", "top1", 10, score, chance=0.0, oracle=1.0, forward_passes=1.0)
    who = {"objective": objective, "ability": "blank", "seed": seed, "train_seconds": 1.0}
    return found.row(**who) | other


def results(rows):
    return Results(rows, "command", {}, {}, 1.0, "today", primary={"blank": "top1"})


@pytest.fixture(scope="module")
def stored():
    return Results.stored()


def test_every_row_has_the_agreed_keys_and_a_right_score(stored):
    for one in stored.rows:
        assert set(one) == KEYS
        share = (one["raw"] - one["chance"]) / (one["oracle"] - one["chance"])
        assert one["score"] == pytest.approx(share)
        assert one["questions"] >= 30
        assert one["forward_passes"] > 0


def test_no_row_is_stored_twice(stored):
    keys = [tuple(one[k] for k in ("objective", "ability", "answer", "metric", "seed"))
            for one in stored.rows]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_every_objective_has_every_native_cell_with_enough_seeds(stored):
    for objective, ability in itertools.product(SENTENCES.recipes, PAPERS):
        cell = stored.cell(objective, ability, "native", PAPERS[ability].metric)
        assert cell is not None, (objective, ability)
        assert cell.seeds >= 3
        assert math.isfinite(cell.half)


def test_it_is_said_how_the_results_were_made(stored):
    assert {"python", "numpy", "lessonlib"} <= set(stored.versions)
    assert stored.machine["cores"] >= 1


def test_no_cheap_baseline_wins(stored):
    for one in stored.baselines:
        best = max(
            row["raw"]
            for row in stored.rows
            if (row["ability"], row["metric"]) == (one["ability"], one["metric"])
        )
        assert one["raw"] < best


def test_baselines_are_found_by_ability(stored):
    shares = stored.baseline("causal")
    assert set(shares) == {"matching", "classification"}
    assert shares["classification"] == pytest.approx(0.5, abs=0.05)


def test_the_control_is_where_guessing_is(stored):
    for ability in ("continuation", "blank", "missing_span", "matching", "classification"):
        cell = stored.cell("untrained", ability, "native", PAPERS[ability].metric)
        assert cell.mean < 0.1, ability


def test_a_stored_baseline_comes_out_the_same_again(stored, language):
    one = next(one for one in stored.baselines if one["ability"] == "matching")
    rng = np.random.default_rng([one["seed"], 9])
    baseline = BagOfWords(Guessing(language))
    (again,) = PAPERS["matching"].measure(baseline, FULL.questions["matching"], rng)
    assert again.raw == pytest.approx(one["raw"], abs=0.002)


def test_the_stored_control_can_be_recomputed(stored):
    """The whole way of a row, without the training: the control has none."""
    plan = Plan(
        SENTENCES, ("untrained",), (0,), FULL.steps, {"classification": 2000, "matching": 1000}
    )
    for again in examine("untrained", 0, plan):
        if "baseline" in again:
            continue
        cell = stored.cell("untrained", again["ability"], again["answer"], again["metric"])
        assert again["score"] == pytest.approx(cell.mean, abs=cell.half + 0.05)


def test_interval_of_student():
    """Of 1, 2, 3: mean 2, deviation 1, t = 4.303 with two degrees of freedom."""
    assert interval([1, 2, 3]) == pytest.approx((2, 4.303 / math.sqrt(3)))
    mean, half = interval([0.7])
    assert mean == 0.7
    assert math.isnan(half)


def test_a_cell_sums_up_its_own_rows_only():
    rows = [
        row(seed=0, score=0.2),
        row(seed=1, score=0.4),
        row("masked", score=0.9),
        row(answer="workaround", score=1.0, forward_passes=99.0),
        row(metric="cross_entropy", score=0.0),
    ]
    cell = results(rows).cell("causal", "blank", "native", "top1")
    assert (cell.mean, cell.seeds) == (pytest.approx(0.3), 2)
    assert results(rows).cell("causal", "matching", "native", "top1") is None


def test_the_matrix_holds_the_primary_metric_of_every_way():
    rows = [
        row(metric="cross_entropy", score=0.1),
        row(score=0.6),
        row(answer="workaround", score=0.8),
        row("masked", score=0.9),
    ]
    found = results(rows).matrix()
    assert {key: cell.mean for key, cell in found.items()} == {
        ("causal", "blank", "native"): 0.6,
        ("causal", "blank", "workaround"): 0.8,
        ("masked", "blank", "native"): 0.9,
    }
    assert "0.60 / 0.80" in results(rows).table()
    assert "0.90 / -" in results(rows).table()


def test_the_best_row_is_found_by_paired_differences():
    """Seeds differ a lot, objectives by exactly 0.1 within a seed: the lead is sure."""
    rows = [row("causal", seed, level) for seed, level in enumerate((0.2, 0.5, 0.8))]
    rows += [row("masked", seed, level + 0.1) for seed, level in enumerate((0.2, 0.5, 0.8))]
    rows += [row("causal", seed, 0.95, answer="workaround") for seed in range(3)]
    native, around = best_rows(results(rows))
    assert (native.objective, native.runner_up, native.answer) == ("masked", "causal", "native")
    assert (native.lead, native.half) == (pytest.approx(0.1), pytest.approx(0))
    assert native.clear
    assert (around.objective, around.runner_up) == ("causal", "masked")
    assert not around.clear


def test_results_survive_json():
    one = results([row()])
    assert Results(**json.loads(json.dumps(one.to_json()))) == one


def test_a_small_run_has_rows_in_the_agreed_form_and_can_be_resumed(tmp_path):
    plan = Plan(SENTENCES, ("masked",), (0,), steps=3, questions={"blank": 40})
    rows = examine("masked", 0, plan, tmp_path)
    assert [set(one) for one in rows] == [KEYS] * 2
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert examine("masked", 0, plan, tmp_path) == rows
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_the_same_seed_gives_the_same_rows():
    plan = Plan(SENTENCES, ("span_corruption",), (0,), steps=3, questions={"blank": 40})
    first, second = (examine("span_corruption", 0, plan) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert one["raw"] == other["raw"]


def test_the_quick_plan_is_the_lesson():
    assert QUICK.objectives == ("causal", "masked", "span_corruption")
    assert len(QUICK.seeds) == 1
    assert set(FULL.objectives) == set(SENTENCES.recipes)
    assert len(FULL.seeds) == 5
