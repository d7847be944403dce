"""The table of objectives is complete, true and enough to work with."""

import inspect
import subprocess
import sys
from itertools import chain

import pytest

from lessonlib import samples
from lessonlib.samples import SENTENCE, objectives, restore
from lessonlib.samples.pictures import picture_objectives

every_row = pytest.mark.parametrize("row", objectives.values(), ids=list(objectives))


def test_every_builder_has_a_row_under_its_own_name():
    offered = {name: getattr(samples, name) for name in samples.__all__}
    builders = {
        name: function
        for name, function in offered.items()
        if inspect.isfunction(function) and function.__annotations__.get("return") is samples.Sample
    }
    assert {name: row.builder for name, row in objectives.items()} == builders


def test_the_lessons_three_come_first():
    assert list(objectives)[:3] == ["causal", "masked", "span_corruption"]


@every_row
def test_a_row_builds_its_example(row):
    sample = row.example()
    assert sample.objective == row.name
    assert any(sample.loss_mask)
    decided = list(inspect.signature(row.builder).parameters)[1:]
    assert set(row.decisions) <= set(decided)


@every_row
def test_the_example_is_about_the_lessons_sentence(row):
    tokens = row.text if isinstance(row.text[0], str) else list(chain.from_iterable(row.text))
    assert " ".join(tokens).replace(" ##", "") == SENTENCE


@every_row
def test_the_architecture_is_the_one_the_builder_builds_for(row):
    pattern = row.example().attention[0]
    expected = {"bidirectional": "encoder-only", "encoder_decoder": "encoder-decoder"}
    assert row.architectures[0] == expected.get(pattern, "decoder-only")
    assert set(row.architectures) <= {"decoder-only", "encoder-only", "encoder-decoder"}
    assert all(architecture in row.architecture for architecture in row.architectures)


@pytest.mark.parametrize("row", [*objectives.values(), *picture_objectives.values()])
def test_every_cell_of_a_row_says_something_of_its_own(row):
    cells = [row.title, row.slogan, row.family, row.reads, row.asked, row.practises, row.paper]
    assert all(cell and cell == cell.strip() for cell in cells)
    assert len(set(cells)) == len(cells)


@pytest.mark.parametrize("column", ["title", "practises", "slogan"])
def test_no_two_objectives_are_told_apart_by_nothing(column):
    cells = [getattr(row, column) for row in objectives.values()]
    assert len(set(cells)) == len(cells)


@every_row
def test_the_builder_says_what_it_takes_and_where_it_comes_from(row):
    said = inspect.getdoc(row.builder)
    assert "Source: " in said
    assert ">>> " in said
    assert all(name in said for name in inspect.signature(row.builder).parameters)


def test_restore_says_which_objectives_it_cannot_undo():
    told = {"replaced_token_detection": "replaced-token detection", "glm": "GLM"}
    for name, row in objectives.items():
        try:
            restore(row.example())
        except ValueError:
            assert told[name] in inspect.getdoc(restore)


def test_building_needs_no_numpy_until_a_mask_is_asked_for():
    program = (
        "import sys; from lessonlib.samples import objectives\n"
        "samples = [row.example() for row in objectives.values()]\n"
        "assert 'numpy' not in sys.modules\n"
        "samples[0].attention_mask\n"
        "assert 'numpy' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
