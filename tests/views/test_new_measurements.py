"""Tables and pictures of the measurements say what the rows say, whatever the rows are."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from lessonlib.exams.results import rows as stored
from lessonlib.views import compared, explore_scores, measured, objective_name, understanding
from lessonlib.views.dots import by_score, dots_picture, summed_up
from lessonlib.views.matrix import in_words
from tests.views.made import SEEDS, THREE, row, write_all


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("results")
    write_all(made)
    return made


@pytest.fixture(autouse=True)
def made(folder, monkeypatch):
    """Let the course read made rows instead of the stored ones."""
    monkeypatch.setattr(stored, "FOLDER", folder)


def words_in(picture):
    return list(ElementTree.fromstring(picture.svg).itertext())


def cell_of(*scores):
    return summed_up([row(score) for score in scores])


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ((0.5,), "50"),
        ((0.5, 0.5, 0.5), "50 (all 3)"),
        ((0.5, 0.5001), "50 ± <1"),
        ((0.4, 0.6), "50 ± 127"),
        ((), "–"),
    ],
)
def test_no_interval_is_said_to_be_nothing(scores, said):
    assert in_words(cell_of(*scores)) == said


def test_every_random_start_is_a_dot_and_stands_where_its_score_is():
    low, high = cell_of(0.2, 0.3), cell_of(0.8, 0.9, 1.0)
    picture = dots_picture({"asked": {"low": low, "high": high, "none": None}}, "Two rows of dots.")
    found = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', picture.svg)]
    assert len(found) == 5
    steps = [b - a for a, b in pairwise(found)]
    assert steps == pytest.approx([30, 150, 30, 30], abs=0.2)  # a hundred points are 300 wide
    assert list(by_score({"low": low, "high": high, "none": None})) == ["high", "low"]
    assert "none" not in words_in(picture)


def test_what_differs_is_said_of_every_objective_in_a_column_of_its_own():
    table = compared.what_differs_table()
    cells = dict(zip(table.headings, zip(*table.rows, strict=True), strict=True))
    assert cells["Span corruption"][0] == "spans: 1; lengths: 1 to 5, uniform"
    assert cells["Span corruption"][-1] == "Missing stretch"
    assert cells["Masked LM"][-1] == "–"
    assert cells["Masked LM"][-2] == "0.800 → 0.750"
    assert cells["Untrained (control)"][-5:] == ("–",) * 5
    others = compared.what_differs_table("span_corruption", usual=False)
    assert others.headings[1:] == ("Span corruption",) * 5


def test_what_differs_between_three_fits_a_narrow_page():
    """No row is wider than a line of text, even if no cell is broken but between words."""
    for three in (
        ("causal", "masked", "span_corruption"),
        ("span_corruption", "t5_spans", "t5_spans_rolled"),
    ):
        table = compared.what_differs_table(*three)
        columns = zip(table.headings, *table.rows, strict=True)
        words = [max(len(word) for cell in column for word in cell.split()) for column in columns]
        assert sum(words) < 60, words


def test_what_architectures_do_is_told_apart_from_what_objectives_do():
    table = compared.effects_table(1)
    by_name = {line[0]: line[1:] for line in table.rows}
    own = by_name["Fill one blank: the most likely word is right"]
    shares = [int(said.split()[0]) for said in own]
    assert shares[0] > 95  # masked leads by 70 points, the prefix decoder by 2
    assert sum(shares) == pytest.approx(100, abs=1)
    assert "points" in own[0]
    assert not any("rewrit" in name.casefold() for name in by_name)  # not asked of all cells
    picture = compared.crossed_picture("blank", "top1", 1)
    assert picture.svg.count("<circle") == 3 * 4 * len(SEEDS)


def test_another_metric_shows_other_scores_of_the_same_models():
    explorer = explore_scores()
    explorer.ability.value = "Fill one blank"
    first = explorer.view.value
    assert first.count("<img") == 1
    explorer.metric.value = "score by surprise"
    assert explorer.view.value != first
    assert "97 ± 2" in explorer.view.value  # masked LM: 90 and 5, and 2 for the seeds
    explorer.meanings.value = "meanings that were read"
    assert "100 ± 2" in explorer.view.value
    explorer.ability.value = "Missing stretch"
    assert explorer.metric.value == "score by surprise"  # it has that, too
    explorer.ability.value = "Who does what"
    assert explorer.metric.value == "right answers"


def test_only_what_is_named_is_explored_and_drawn():
    explorer = explore_scores("causal", "masked", abilities=("blank", "classification"))
    assert list(explorer.ability.options) == ["Fill one blank", "Who does what"]
    assert objective_name("masked") in explorer.view.value
    assert objective_name("span_corruption") not in explorer.view.value
    few = compared.text_to_text_picture("shorten", objectives=["causal", "span_corruption"])
    assert few.svg.count("<circle") == 2 * len(SEEDS)


def test_matching_stands_beside_word_vectors_and_one_bag_of_words():
    rows = understanding.matching_table(*THREE).rows
    names = [line[0] for line in rows]
    assert len(names) == 7
    assert names[-1] == "bag of words"
    numbers = {line[0]: int(line[1].split()[0]) for line in rows}
    for name in map(objective_name, THREE):
        assert numbers[f"{name}: its word vectors alone"] == numbers[name] - 10
    chosen = understanding.chosen_table("matching", "causal").rows
    assert chosen == [["Causal LM", *["encoder.0, mean (5 x)"] * 3]]


def test_what_was_chosen_equally_often_has_the_order_of_the_starts(monkeypatch):
    """A page must show the same in each run, and Python orders no set of words the same twice."""
    ways = [f"encoder.{layer}, {pooling}" for layer in "3120" for pooling in ("max", "mean")]
    about = {"objective": "causal", "ability": "matching", "meanings": "unread", "usual": True}
    rows = [about | {"metric": "retrieved", "chosen": way} for way in [*ways, *ways, "last"]]
    monkeypatch.setattr(understanding, "stored_rows", lambda _: rows)
    ((_, said),) = understanding.chosen_table("matching", "causal").rows
    assert said == "; ".join([*(f"{way} (2 x)" for way in ways), "last (1 x)"])


def test_a_heat_map_has_a_number_for_each_layer_and_pooling():
    picture = understanding.features_picture("matching", "retrieved")
    numbers = [word for word in words_in(picture) if word.isdigit()]
    assert numbers == ["32"] * 6 + ["42"] * 6 + ["52"] * 6
    assert "layer 0" in words_in(picture)


@pytest.mark.parametrize(
    ("draw", "dots"),
    [
        (understanding.contrastive_picture, 3 * 3 * 4 * 5),
        (lambda: compared.text_to_text_picture("answer", "translate"), 2 * 3 * 5),
        (lambda: compared.text_to_text_picture("shorten"), 11 * 5),  # masked LM in two ways
    ],
    ids=["contrastive", "two", "shorten"],
)
def test_pictures_have_a_dot_for_each_random_start(draw, dots):
    assert draw().svg.count("<circle") == dots


def test_heads_have_a_line_and_a_row_for_each_start():
    said = " ".join(words_in(understanding.heads_picture("extraction")))
    assert "Masked LM, never pretrained" in said
    table = understanding.heads_table("extraction")
    assert table.headings == ["mark the giver", *(f"{n} examples" for n in (8, 32, 128, 512))]
    assert len(table.rows) == 6
    assert all("±" in cell for line in table.rows for cell in line[1:])


def test_real_english_has_every_ability_after_each_length_and_every_change():
    names = ["Continue freely", "Fill one blank", "Missing stretch"]
    longer = {steps: measured.real_english_table(steps).rows for steps in (2000, 20_000)}
    assert all([line[0] for line in rows] == names for rows in longer.values())
    assert longer[20_000][2][1:] == ["2.70, 2.69", "2.60, 2.59", "2.50, 2.49", "5.00"]
    assert longer[2000][2][3] == "3.40, 3.39"
    changes = {line[0]: line[1:] for line in measured.real_english_changes_table().rows}
    assert changes["Nothing"] == ["3.40"] * 3
    assert changes["Two layers in each stack"] == ["2.50"] * 3


def test_signal_density_can_be_shown_in_either_metric():
    first, other = (measured.signal_density_picture(metric) for metric in (None, "cross_entropy"))
    assert first.svg != other.svg


def test_questions_have_a_row_for_each_practice_and_kind_of_examples():
    lines = {name for name, *_ in measured.questions_table("who_gives").rows}
    assert len(lines) == 4
    assert sum("other sentences" in line for line in lines) == 2


def test_tables_have_an_interval_in_every_cell():
    for table in (measured.stored_matrix_table(*THREE), understanding.matching_table(*THREE)):
        said = [cell for line in table.rows for cell in line[1:]]
        assert all("±" in cell or cell == "–" for cell in said)
        assert not any(re.search(r"± 0\b", cell) for cell in said)
