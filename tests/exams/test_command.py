"""The command that measures: what it runs, how it is told, and where the result goes."""

import json

import pytest

from lessonlib.exams import __main__ as command
from lessonlib.exams.experiments import NAMES
from lessonlib.exams.results import FOLDER, Results


@pytest.fixture
def asked(monkeypatch):
    """Stand in for the measuring, and remember what was to be measured."""
    asked = []

    def collect(jobs, said, primary, label):
        asked.append((label, said, jobs, primary))
        return Results([{"seed": 0}], said, {}, {}, 1.0, "today")

    monkeypatch.setattr(command, "collect", collect)
    return asked


def test_a_result_is_written_where_it_is_wanted(asked, tmp_path):
    output = tmp_path / "found.json"
    command.main(["surprises", "--seeds", "2", "--kept", str(tmp_path), "--output", str(output)])
    ((label, said, jobs, _),) = asked
    assert (label, said) == ("surprises", "python -m lessonlib.exams surprises --seeds 2")
    assert {seed for _, _, seed, *_ in jobs} == {0, 1}
    assert json.loads(output.read_text())["command"] == said


def test_a_quick_look_stores_nothing(asked, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "FOLDER", tmp_path / "must-not-be-written")
    command.main(["instructions", "--quick"])
    ((_, said, jobs, _),) = asked
    assert said.endswith("instructions --quick")
    assert all(kept is None for *_, kept in jobs)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_that_a_stored_result_names_makes_it(asked, tmp_path, name):
    said = json.loads((FOLDER / f"{name}.json").read_text())["command"]
    _, _, words = said.partition("python -m lessonlib.exams ")
    command.main([*words.split(), "--kept", str(tmp_path), "--output", str(tmp_path / "new.json")])
    assert [one[:2] for one in asked] == [(name, said)]


def test_all_can_be_measured_by_one_command(asked, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    command.main(["all", "--kept", str(tmp_path)])
    assert [label for label, *_ in asked] == list(NAMES)
    assert {path.stem for path in tmp_path.glob("*.json")} == set(NAMES)
    with pytest.raises(SystemExit):
        command.main(["all", "--output", "one.json"])


def test_a_matrix_is_told_its_primary_metrics(asked):
    command.main(["scenes", "--quick"])
    ((*_, primary),) = asked
    assert primary["writing"] == "true"
