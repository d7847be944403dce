"""Every card says where its figures stand, and its verdict follows from the stored rows."""

import pytest

from lessonlib.exams.measurement import NATIVE
from lessonlib.exams.results import Results
from lessonlib.practice.predictions import predictions
from lessonlib.views.shelf import WORDS, Card, Lead, lead, lead_of_rows, shelf_card, shelf_table

CARDS = WORDS.texts["cards"]


@pytest.mark.parametrize("name", CARDS)
def test_a_card_names_its_paper_and_the_place_in_it(name):
    said = repr(shelf_card(name))
    row = CARDS[name]
    assert row["paper"] in said
    assert any(year in row["paper"] for year in map(str, range(2018, 2027)))
    assert row["place"].split(",")[0].split()[0] in ("abstract", "abstract;", "table", "STS")
    assert said.endswith(("agrees.", "disagrees.", "cannot say."))


@pytest.mark.parametrize("name", CARDS)
def test_a_card_compares_or_says_why_it_cannot(name):
    row = CARDS[name]
    assert sum(key in row for key in ("_compare", "_rows", "cannot")) == 1
    if "cannot" in row:
        assert Card(name).verdict == "cannot_say"


@pytest.mark.parametrize("name", CARDS)
def test_every_card_is_predicted_before_it_is_seen(name):
    assert f"shelf_{name}" in predictions()


def test_figures_on_the_shelf_are_those_of_the_stored_matrix():
    found = lead("continuation", "causal", "masked")
    cells = Results.stored().matrix("continuation")
    assert found.one == pytest.approx(100 * cells["causal", "continuation", NATIVE].mean)
    assert found.other == pytest.approx(100 * cells["masked", "continuation", NATIVE].mean)
    assert found.lead == pytest.approx(found.one - found.other)


def test_rows_of_an_experiment_are_compared_start_by_start():
    rows = CARDS["order_of_objectives"]["_rows"]
    found = lead_of_rows(CARDS["order_of_objectives"]["compared"], rows)
    turned = lead_of_rows(["", "", ""], rows | {"first": rows["second"], "second": rows["first"]})
    assert found.seeds == 5
    assert found.lead == pytest.approx(found.one - found.other) == pytest.approx(-turned.lead)
    itself = lead_of_rows(["", "", ""], rows | {"second": rows["first"]})
    assert (itself.lead, itself.half) == (0, 0)


def test_rows_that_do_not_say_which_of_two_are_meant_are_refused():
    rows = CARDS["order_of_objectives"]["_rows"]
    with pytest.raises(ValueError, match="two with the same random start"):
        lead_of_rows(["", "", ""], rows | {"first": {}})


@pytest.mark.parametrize(
    ("ahead", "half", "verdict"),
    [(5, 2, "agrees"), (-5, 2, "disagrees"), (1, 2, "cannot_say"), (-1, 2, "cannot_say")],
)
def test_a_verdict_needs_an_interval_on_one_side_of_zero(ahead, half, verdict):
    assert Lead("blank", "masked", "causal", 50 + ahead, 50, ahead, half, 5).verdict == verdict


def test_turning_a_comparison_round_turns_its_verdict_round():
    turned = {"agrees": "disagrees", "disagrees": "agrees", "cannot_say": "cannot_say"}
    for row in CARDS.values():
        if "_compare" in row:
            ability, first, second = row["_compare"]
            verdict = lead(ability, first, second).verdict
            assert lead(ability, second, first).verdict == turned[verdict]


def test_the_summary_has_each_card_once_and_its_verdict():
    assert [row[0] for row in shelf_table().rows] == [row["title"] for row in CARDS.values()]


def test_an_unknown_card_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="ettin_reading"):
        shelf_card("ettin")
