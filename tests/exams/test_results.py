"""The stored results: complete, in the agreed form, and such that anybody can recompute them."""

import json
import math

import pytest

from lessonlib.exams.exam import UNTRAINED, Plan, examine, trained
from lessonlib.exams.measurement import Measurement
from lessonlib.exams.results import Results, best_rows, interval, stored_rows
from lessonlib.exams.results.rows import KEYS, complete, read, stored, write
from lessonlib.exams.sentences.abilities import EXAMS
from lessonlib.exams.sentences.cells import RECIPES
from lessonlib.exams.sentences.subject import CROSSED, FULL, QUICK


def row(objective="causal", seed=0, score=0.5, **other):
    found = Measurement("native", "top1", 10, score, chance=0.0, oracle=1.0, forward_passes=1.0)
    who = {"objective": objective, "ability": "blank", "seed": seed, "train_seconds": 1.0}
    return complete(found.row(**who) | other)


def results(rows):
    return Results(rows, {"blank": "top1"}, {"command": "command"})


@pytest.fixture(scope="module")
def exam():
    return Results.stored()


@pytest.mark.parametrize("name", stored())
def test_every_row_has_the_agreed_keys_and_a_score_that_follows(name):
    rows = stored_rows(name)
    assert rows
    for one in rows:
        assert set(KEYS) <= set(one)
        assert one["experiment"] == name
        assert None not in (one["ability"], one["metric"], one["raw"], one["objective"])
        if one["chance"] is None or one["oracle"] is None:
            assert one["score"] is None
        else:
            share = (one["raw"] - one["chance"]) / (one["oracle"] - one["chance"])
            assert one["score"] == pytest.approx(share)


@pytest.mark.parametrize("name", stored())
def test_no_row_is_stored_twice(name):
    found = {"raw", "score", "chance", "oracle", "forward_passes", "chosen"}
    keys = [json.dumps({k: v for k, v in r.items() if k not in found}) for r in stored_rows(name)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("name", stored())
def test_it_is_said_how_the_results_were_made(name):
    _, made = read(stored()[name])
    assert {"python", "numpy", "lessonlib"} <= set(made["versions"])
    assert made["machine"]["cores"] >= 1


def test_every_objective_has_every_native_cell_with_enough_seeds(exam):
    for objective in ("causal", "masked", "span_corruption", "prefix_lm", "fill_in_middle", "ul2"):
        for ability in EXAMS:
            cells = [exam.matrix().get((objective, ability, "native"))]
            assert cells[0] is not None, (objective, ability)
            assert cells[0].seeds >= 3
            assert math.isfinite(cells[0].half)


def test_no_cheap_baseline_wins(exam):
    for one in exam.rows:
        if one.get("baseline") == "bag of words":
            same = {name: one[name] for name in ("ability", "metric", "meanings")}
            assert one["raw"] < max(row["raw"] for row in exam.found(**same))


def test_the_control_is_where_guessing_is(exam):
    for ability in ("continuation", "blank", "missing_span", "matching", "classification"):
        assert exam.matrix()["untrained", ability, "native"].mean < 0.1, ability


def test_the_control_can_be_recomputed():
    """The whole way of a row, without the training: the control has none."""
    plan = Plan(CROSSED, (RECIPES[UNTRAINED],), (0,), 0, {"classification": 300, "blank": 200})
    rows = [complete(row) for row in examine(RECIPES[UNTRAINED], 0, plan)]
    for one in rows:
        assert set(KEYS) <= set(one)
        assert one["train_seconds"] == 0
        if not one.get("baseline"):
            assert one["score"] < 0.2
    assert {one["meanings"] for one in rows} == {"read", "unread"}


def test_rows_survive_a_file_and_what_they_share_is_written_once(tmp_path):
    rows = [row(seed=seed, score=seed / 10, parameters={"rate": 0.15}) for seed in range(5)]
    rows += [row(seed=0, metric="cross_entropy", raw=1.0, chance=None, parameters={"rate": 0.15})]
    write(tmp_path / "rows.json", rows, command="said")
    found, made = read(tmp_path / "rows.json")
    assert made == {"command": "said"}
    by_seed = sorted(rows, key=lambda one: one["seed"])
    assert sorted(found, key=lambda one: one["seed"]) == by_seed
    assert (tmp_path / "rows.json").read_text().count("0.15") == 5


def test_interval_of_student():
    """Of 1, 2, 3: mean 2, deviation 1, t = 4.303 with two degrees of freedom."""
    assert interval([1, 2, 3]) == pytest.approx((2, 4.303 / math.sqrt(3)), rel=1e-3)
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


def test_a_lead_found_by_looking_is_clear_only_where_all_pairs_would_be():
    """Three random starts and three rows: one pair picked out of three."""
    noise = ((0.0, 0.05, -0.05), (0.02, -0.02, 0.0), (0.0, 0.01, 0.02))
    rows = [
        row(name, seed, level + own[seed])
        for name, level, own in zip(
            ("causal", "masked", "ul2"), (0.2, 0.3, 0.1), noise, strict=True
        )
        for seed in range(3)
    ]
    best, _ = best_rows(results(rows))
    scores = results(rows).by_seed("blank", "native", "top1")
    alone = interval([scores["masked"][seed] - scores["causal"][seed] for seed in range(3)])
    assert best.lead == pytest.approx(alone[0])
    assert best.half > 1.5 * alone[1]


def test_a_small_run_has_rows_in_the_agreed_form_and_can_be_resumed(tmp_path):
    recipe = RECIPES["masked"]
    plan = Plan(CROSSED, (recipe,), (0,), steps=3, questions={"blank": 40})
    rows = examine(recipe, 0, plan, tmp_path)
    assert len(rows) == 4  # two metrics, two parts of the meanings
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert len(before) == 3  # the model, what is said of it, and the rows
    assert examine(recipe, 0, plan, tmp_path) == rows
    assert {path: path.stat().st_mtime_ns for path in before} == before
    again = trained(recipe, CROSSED, 0, 3, tmp_path)
    assert (again.model.values == trained(recipe, CROSSED, 0, 3).model.values).all()
    assert again.practised["labels"] > 0


def test_the_quick_plan_is_the_lesson():
    assert QUICK.objectives == ("causal", "masked", "span_corruption")
    assert len(QUICK.questions) == 4
    assert len(QUICK.seeds) == 1
    usual, others = FULL
    assert set(usual.objectives) == set(RECIPES)
    cells = [(one.objective, one.architecture) for plan in FULL for one in plan.recipes]
    assert len(set(cells)) == len(cells) == 36
    assert len(usual.seeds) == len(others.seeds) == 5
