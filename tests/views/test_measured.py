"""The tables of stored measurements say what the raw rows say."""

import re
from statistics import mean

import pytest

from lessonlib.exams.results import Cell, Results, ranking, stored_rows
from lessonlib.views import ability_name, measured
from tests.views.drawn import assert_nothing_is_cut_off_or_overlaps


def lines(table):
    """Numbers of a table: of each cell the first one, which is a mean."""
    return {row[0]: [float(re.split("[ ,]", cell)[0]) for cell in row[1:]] for row in table.rows}


def cell(score, passes=1):
    return Cell(score, 0.1, score, passes, 3)


CELLS = {
    ("causal", "blank", "native"): cell(0.5),
    ("causal", "blank", "workaround"): cell(0.9, passes=99),
    ("masked", "blank", "native"): cell(0.8),
    ("untrained", "blank", "workaround"): cell(0.95),
    ("masked", "continuation", "native"): cell(1.0),
}


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ({}, ["untrained", "causal", "masked"]),
        ({"answer": "native"}, ["masked", "causal"]),
        ({"among": ("causal", "masked")}, ["causal", "masked"]),
        ({"among": (), "answer": "native"}, []),
    ],
)
def test_a_ranking_goes_by_the_better_way_or_by_the_way_asked_for(wanted, order):
    assert ranking(CELLS, "blank", **wanted) == order


def test_scores_stand_beside_their_price():
    table = measured.price_table(CELLS, [("causal", "blank")])
    assert table.rows == [["Causal LM, fill one blank", "50", "1", "90", "99"]]


def test_a_picture_of_prices_has_both_ways_of_every_pair_and_says_both():
    picture = measured.price_picture(CELLS, [("causal", "blank")])
    assert picture.svg.count("<circle") == 1
    assert "Causal LM, fill one blank: 50 for 1 natively, 90 for 99 by a work-around" in picture.alt
    assert_nothing_is_cut_off_or_overlaps(picture)


def test_the_prices_of_the_page_have_room():
    pairs = [("causal", "blank"), ("causal", "missing_span"), ("masked", "continuation")]
    picture = measured.price_picture(Results.stored().matrix(), pairs)
    assert_nothing_is_cut_off_or_overlaps(picture)
    assert picture.svg.count("<circle") == len(pairs)


def test_six_starting_points_end_where_the_raw_rows_end():
    found = lines(measured.fine_tuning_table())
    assert len(found) == 6
    last = [
        row["score"]
        for row in stored_rows("fine_tuning_by_slots")
        if (row["objective"], row["start"]) == ("masked", "pretrained")
        and (row["ability"], row["examples"]) == ("missing_span", 512)
    ]
    assert found["Masked LM, pretrained"][-1] == pytest.approx(100 * mean(last), abs=0.51)


def test_each_objective_asks_its_share_of_the_words():
    density = lines(measured.signal_density_table())
    assert density["Causal LM"][0] >= 100
    assert 15 <= density["Masked LM"][0] < density["Span corruption"][0] < 100


def test_t5s_rule_asks_about_one_end_and_rolling_evens_it_out():
    asked = lines(measured.asked_places_table())
    assert set(asked["Causal LM"]) == {100}
    assert (asked["T5 spans"][0], asked["T5 spans"][-1]) == (0, 100)
    rolled = asked["T5 spans, rolled"]
    assert max(rolled) - min(rolled) <= 3
    filled = lines(measured.filled_places_table())
    assert min(filled["T5 spans, rolled"]) > max(filled["T5 spans"])


def test_the_columns_winners_are_those_of_the_three_routes():
    matrix = Results.stored().matrix()
    rows = {row[0]: row[1:] for row in measured.best_rows_table().rows}
    assert len(rows) == 6
    for ability in ("blank", "matching"):
        first, second, *_ = ranking(matrix, ability, measured.ROUTES, answer="native")
        names = [measured.objective_name(name) for name in (first, second)]
        assert rows[ability_name(ability)][:2] == names
    for *_, lead, clear in rows.values():
        mean, half = map(float, lead.split(" ± "))
        assert clear == ("yes" if mean > half else "no")


def test_in_a_harder_world_each_objective_leads_where_it_practised():
    matrix = Results.stored("harder_world").matrix()
    leaders = [
        ranking(matrix, ability, answer="native")[0]
        for ability in ("continuation", "blank", "missing_span")
    ]
    assert leaders == ["causal", "masked", "span_corruption"]
    first = measured.harder_world_table().rows[0]
    assert first[:2] == ["Causal LM", first[1]]
    assert first[1].startswith(str(round(100 * matrix["causal", "continuation", "native"].mean)))


def test_real_english_and_surprises_have_a_number_in_every_cell():
    english = lines(measured.real_english_table(20_000))
    assert len(english) == 3
    assert all(0 < number < english[name][-1] for name in english for number in english[name][:-1])
    assert all(len(numbers) == 3 for numbers in lines(measured.surprises_table()).values())


@pytest.mark.parametrize(
    ("draw", "named"),
    [
        (measured.fine_tuning_picture, ["Masked LM, never pretrained", "512"]),
        (measured.signal_density_picture, ["Causal LM", "Masked LM", "Span corruption", "1579"]),
    ],
    ids=["fine_tuning", "signal_density"],
)
def test_a_picture_names_its_lines_and_its_last_place(draw, named):
    assert all(f">{name}<" in draw().svg for name in named)


def test_the_stored_matrix_is_shown_whole_or_in_the_rows_asked_for():
    whole, part = measured.stored_matrix_table(), measured.stored_matrix_table("ul2", "causal")
    titles = [measured.objective_name(name) for name in ("causal", "ul2")]
    assert [row[0] for row in part.rows] == titles
    assert [row for row in whole.rows if row[0] in titles] == part.rows
    assert "untrained" in measured.stored_matrix_picture().alt.casefold()


@pytest.mark.parametrize("show", [measured.stored_matrix_table, measured.harder_world_table])
def test_a_small_matrix_has_the_rows_and_columns_that_are_named(show):
    whole, small = show(), show("masked", "causal", abilities=("blank", "continuation"))
    assert small.headings[1:] == [ability_name("continuation"), ability_name("blank")]
    titles = [measured.objective_name(name) for name in ("causal", "masked")]
    assert [row[0] for row in small.rows] == titles
    assert small.rows == [row[:3] for row in whole.rows if row[0] in titles]


def test_what_is_right_without_seeing_stands_beside_names_in_words():
    names = ("captioning", "masked_multimodal")
    table = measured.without_seeing_table(*names)
    for column, name in enumerate(names, 1):
        shares = Results.stored("scenes").baseline(name)
        assert table.headings[column].startswith(measured.objective_name(name))
        assert [row[0] for row in table.rows] == [ability_name(ability) for ability in shares]
        assert [row[column] for row in table.rows] == [f"{share:.0%}" for share in shares.values()]
