"""Effects that were put into made scores are found again, and nothing else."""

import numpy as np
import pytest

from lessonlib.exams.results.effects import differences, effects, student

OBJECTIVES, FORMS = ("a", "b", "c"), ("x", "y", "z", "w")


def rows(score, seeds=5):
    return [
        {"objective": one, "architecture": form, "seed": seed, "score": score(i, j, seed)}
        for seed in range(seeds)
        for i, one in enumerate(OBJECTIVES)
        for j, form in enumerate(FORMS)
    ]


@pytest.mark.parametrize(
    ("probability", "freedom", "quantile"),
    [(0.975, 1, 12.706), (0.975, 4, 2.776), (0.975, 30, 2.042), (0.9975, 4, 5.598)],
)
def test_quantiles_are_those_of_the_printed_tables(probability, freedom, quantile):
    assert student(probability, freedom) == pytest.approx(quantile, rel=1e-3)


@pytest.mark.parametrize(
    ("score", "cause"),
    [
        (lambda i, j, seed: i, "objective"),
        (lambda i, j, seed: j, "architecture"),
        (lambda i, j, seed: (i == 0) * (j == 0) - (i == 0) / 4 - (j == 0) / 3, "both"),
    ],
)
def test_one_cause_has_the_whole_share(score, cause):
    noise = np.random.default_rng(0)
    found = effects(rows(lambda *cell: score(*cell) + 0.01 * noise.normal()), OBJECTIVES, FORMS)
    assert found[cause].share > 0.95
    assert found[cause].half < 0.1


def test_chance_alone_moves_no_scores():
    spreads = []
    for number in range(30):
        noise = np.random.default_rng(number)
        found = effects(rows(lambda *_, noise=noise: noise.normal()), OBJECTIVES, FORMS)
        spreads.append([found[name].spread ** 2 for name in ("objective", "architecture", "both")])
    # Variances that come out below 0 count as 0, so a little is left.
    assert np.mean(spreads, axis=0) == pytest.approx([0, 0, 0], abs=0.08)


def test_more_comparisons_make_fewer_differences_clear():
    first = {seed: 0.5 + 0.1 * seed for seed in range(5)}
    second = {seed: score - 0.05 - 0.02 * seed for seed, score in first.items()}
    (alone,) = differences([(first, second)])
    (among,) = differences([(first, second)], comparisons=20)
    assert alone.mean == among.mean == pytest.approx(0.09)
    assert alone.clear
    assert not among.clear


def test_false_alarms_of_a_whole_page_are_one_in_twenty_at_most():
    noise = np.random.default_rng(1)
    alarms = 0
    for _ in range(300):
        pairs = [
            tuple({seed: noise.normal() for seed in range(5)} for _ in range(2)) for _ in range(10)
        ]
        alarms += any(one.clear for one in differences(pairs))
    assert alarms / 300 < 0.08
