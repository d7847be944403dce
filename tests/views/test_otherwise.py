"""Pictures and tables of other practice say what the rows say, whatever the rows are."""

from itertools import product

import pytest

from lessonlib.exams.measurement import NATIVE, WORKAROUND
from lessonlib.exams.results import rows as stored
from lessonlib.models import Config
from lessonlib.models.unmasking import RANDOM, SUREST
from lessonlib.views import explore_changes, otherwise
from tests.views.made import SEEDS, row


def write(folder, name, made):
    stored.write(folder / f"{name}.json", made, versions={})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "FOLDER", tmp_path)
    return tmp_path


def seeds(score, **more):
    """Rows of one cell: the score and a little more with every seed."""
    return [row(score + seed / 1000, seed=seed, **more) for seed in SEEDS]


def test_every_way_of_packing_is_shown_where_it_was_asked(folder):
    made = []
    for (number, way), steps, before in product(
        enumerate(("rows", "across", "inside")), (250, 1000), (0, 2)
    ):
        if way != "rows" or not before:
            more = {"packed": way, "steps": steps, "before": before, "metric": "cross_entropy"}
            made += seeds(0.1 * number + steps / 10_000 + 0.3 * (before > 0), **more)
    write(folder, "packing", made)
    alt = otherwise.packing_picture().alt
    assert alt.count("a row for each text") == 2
    assert "asked with other texts in front, after 1,000 steps: packed, looks across 50 ± <1" in alt
    assert "packed, looks inside 60 ± <1" in alt


def test_causal_stands_where_its_words_end_and_orders_are_not_mixed(folder):
    made = seeds(0.95, metric="valid", meanings="all", forward_passes=12.2)
    for order, passes in product((SUREST, RANDOM), (1, 4, 12)):
        score = passes / 20 + 0.2 * (order == SUREST)
        about = {"objective": "masked_diffusion", "order": order, "passes": passes}
        made += seeds(score, metric="valid", meanings="all", **about)
    write(folder, "passes", made)
    assert "Masked diffusion: 80 ± <1" in otherwise.passes_picture().alt
    assert "Masked diffusion: 60 ± <1" in otherwise.passes_picture(RANDOM).alt
    assert "Causal LM: 95 ± <1" in otherwise.passes_picture(RANDOM).alt


def test_both_weights_stand_side_by_side(folder):
    made = []
    for alike, (hidden, place) in product(
        ("answers", "texts"), (("one", None), ("half", None), ("all", None), (None, 1), (None, 4))
    ):
        score = 0.2 * (alike == "texts") + 0.1 * (hidden == "one") + 0.05 * (place or 0)
        more = {name: v for name, v in {"hidden": hidden, "place": place}.items() if v}
        made += seeds(score, alike=alike, metric="cross_entropy", **more)
    write(folder, "loss_weighting", made)
    rows = {name: cells for name, *cells in otherwise.weights_table().rows}
    assert rows["one blank"] == ["10 ± <1", "30 ± <1"]
    assert rows["the last sentence of a long text"] == ["20 ± <1", "40 ± <1"]
    assert len(rows) == 5


def test_each_ability_has_its_line_over_the_rates(folder):
    made = []
    for rate, (number, (ability, metric)) in product((0.05, 0.4), enumerate(otherwise.BY_RATE)):
        about = {"objective": "masked", "ability": ability, "rate": rate}
        made += seeds(rate + number / 10, metric=metric, **about)
        made += seeds(0.9, metric="something else", **about)
    write(folder, "masking_rate", made)
    alt = otherwise.masking_rates_picture().alt
    assert "Fill one blank: 40 ± <1" in alt
    assert "Missing stretch: word for word: 50 ± <1" in alt
    assert "Missing stretch: score by surprise: 60 ± <1" in alt
    assert "90" not in alt


def midway():
    """The score tells the share of causal LM and what came last."""
    for first, change in product(("causal", "masked"), (0.25, 0.5, 0.75, 1.0)):
        share = change if first == "causal" else 1 - change
        last = first if change == 1 else {"causal": "masked", "masked": "causal"}[first]
        for ability, metric in otherwise.AFTER_A_CHANGE:
            about = {"objective": first, "change": change, "ability": ability, "steps": 1000}
            yield from seeds(share / 2 + 0.4 * (last == "masked"), metric=metric, **about)
    for first, start in product(("causal", "masked"), ("converted", "from_scratch")):
        for ability, metric in otherwise.AFTER_A_CHANGE:
            about = {"objective": first, "change": 1.0, "ability": ability, "steps": 1250}
            score = 0.7 if start == "converted" else 0.6
            yield from seeds(score, metric=metric, later=250, start=start, **about)


@pytest.mark.parametrize(
    ("quarters", "said"),
    [
        (0, {"last: masked LM": 40}),
        (1, {"last: masked LM": 53, "last: causal LM": 13}),
        (2, {"last: masked LM": 65, "last: causal LM": 25}),
        (4, {"last: causal LM": 50}),
    ],
)
def test_a_slider_shows_what_came_last_and_how_much_of_it(folder, quarters, said):
    write(folder, "midway", list(midway()))
    panels = otherwise.after_change(quarters)
    assert set(panels) == set(said)
    for lines in panels.values():
        assert len(lines) == len(otherwise.AFTER_A_CHANGE)
        assert "Continue freely: score by surprise" in lines
        assert "Who gives, after 32 examples" in lines  # by one metric, which need not be named
    for name, lines in panels.items():
        for cell in lines.values():
            assert 100 * cell.mean == pytest.approx(said[name], abs=0.8)
            assert len(cell.each) == len(SEEDS)
    explorer = explore_changes()
    (slider,) = explorer.controls
    slider.value = quarters
    for name in said:
        assert name in explorer.view.value


def test_going_on_stands_between_nothing_and_all_along(folder):
    write(folder, "midway", list(midway()))
    rows = {name: cells for name, *cells in otherwise.conversion_table().rows}
    assert rows["Causal LM for 1,000 steps, then Masked LM for 250"] == ["70 ± <1"] * 5
    assert rows["Masked LM for 250 steps, from nothing"] == ["60 ± <1"] * 5
    assert rows["Masked LM for 1,000 steps"] == ["40 ± <1"] * 5
    assert rows["Causal LM for 1,000 steps"] == ["50 ± <1"] * 5


def test_names_are_told_by_side_and_by_way_of_asking(folder):
    made = []
    for ability, objective in product(
        ("as_practised", "turned_round"), ("causal", "masked_at_every_rate")
    ):
        score = 0.9 if ability == "as_practised" else 0.1
        about = {"ability": ability, "objective": objective, "meanings": None}
        made += seeds(score, metric="among_names", **about)
        if objective == "causal":
            made += seeds(0.5, metric="among_names", **about | {"answer": "workaround"})
    write(folder, "reversal", made)
    alt = otherwise.reversal_picture().alt
    assert "asked from the other: Causal LM 10 ± <1" in alt
    assert alt.count("trying every name 50 ± <1") == 2


def test_one_stack_shows_what_is_kept_beside_a_twin_without_a_past(folder):
    made = []
    for task, (start, score), (answer, more) in product(
        otherwise.MIXED,
        (("pretrained", 0.6), ("never pretrained", 0.2)),
        ((NATIVE, 0), (WORKAROUND, 0.1)),
    ):
        made += seeds(score + more, ability=task, metric="kept", start=start, answer=answer)
    made += seeds(0.9, ability="blank", metric="top1")
    write(folder, "one_stack", made)
    native, surest = otherwise.one_stack_table().rows
    assert native == ["Causal LM"] + ["60 ± <1 (20 ± <1)"] * 4
    assert surest == ["Causal LM, the surest blank first"] + ["70 ± <1 (30 ± <1)"] * 4


def test_what_is_written_is_told_with_how_rare_it_is(folder):
    made = seeds(0.95, metric="valid", meanings="all", forward_passes=12.2)
    made += seeds(7.4, metric="surprise", meanings="all")
    for order, passes in product((SUREST, RANDOM), (4, 12)):
        about = {"objective": "masked_diffusion", "order": order, "passes": passes}
        right, nats = (0.9, 6.2) if order == SUREST else (0.7, 7.5)
        made += seeds(right * passes / 12, metric="valid", meanings="all", **about)
        made += seeds(nats * 12 / passes, metric="surprise", meanings="all", **about)
    write(folder, "passes", made)
    causal, surest, random = otherwise.passes_table().rows
    assert causal[2:] == ["95 ± <1", "7.4"]
    assert surest[2:] == ["90 ± <1", "6.2"]  # with a pass for each word
    assert random[2:] == ["70 ± <1", "7.5"]


def test_looking_up_has_a_line_for_each_practice(folder):
    made = []
    for practice, examples in product(("causal", "causal_same_pairs", "masked"), (0, 1, 2)):
        score = examples / 4 if practice == "causal" else 0.125
        made += seeds(score, practice=practice, examples=examples, meanings=None)
    write(folder, "examples_in_text", made)
    alt = otherwise.look_up_picture().alt
    assert "Causal LM, new pairs in each text: 50 ± <1" in alt
    assert "Masked LM, new pairs in each text: 13 ± <1" in alt


def test_a_second_head_stands_below_the_first_alone_and_proposes(folder):
    made = []
    for number, practice in enumerate(("next", "next_two")):
        for metric in ("valid", "cross_entropy"):
            score = 0.8 + 0.1 * number
            made += seeds(score, ability="continuation", metric=metric, practice=practice)
    made += seeds(0.5, ability="propose", metric="confirmed", practice="next_two")
    write(folder, "looking_ahead", made)
    one, two = otherwise.looking_ahead_table().rows
    assert one == ["says the next word", "80 ± <1", "80 ± <1", "–"]
    assert two == ["says the next two words", "90 ± <1", "90 ± <1", "50 ± <1"]


def test_what_is_kept_need_not_be_multiplied_again():
    config = Config("decoder-only", 119, 200, width=64, heads=4, layers=2)
    table = otherwise.writing_table(config, 12, 100, passes=4)
    kept, again, passes, half, each = (
        [float(cell.replace(",", "")) for cell in cells] for _, *cells in table.rows
    )
    assert all(a < b for a, b in zip(kept, again, strict=True))
    assert again[1] / kept[1] > again[0] / kept[0]
    assert passes[0] > kept[0]
    assert all(a < b for a, b in zip(half, each, strict=True))
    assert each[1] > again[1] > passes[1]  # few passes are cheap, one for each word is dear
