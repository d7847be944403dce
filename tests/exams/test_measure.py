"""The two commands: what is measured, where the result goes, and what is shown of it."""

import json
from collections import Counter
from subprocess import CompletedProcess

import pytest

from lessonlib.cli import main
from lessonlib.exams import measure
from lessonlib.exams.experiments import NAMES
from lessonlib.exams.measured import as_table
from lessonlib.exams.results import Results, stored_rows
from lessonlib.exams.results.rows import KEYS, read, stored


@pytest.fixture
def asked(monkeypatch):
    """Stand in for the measuring, and remember what was to be measured."""
    asked = []

    def collect(jobs, said, primary, label, **live):
        asked.append((label, said, jobs, primary))
        row = {"objective": "causal", "ability": "blank", "metric": "top1", "seed": 0, "raw": 0.5}
        row |= {"experiment": "of the plan that is used", "chance": 0.0, "oracle": 1.0}
        return Results([row], primary or {}, {"command": said})

    monkeypatch.setattr(measure, "collect", collect)
    return asked


def test_a_result_is_written_where_it_is_wanted(asked, tmp_path):
    output = tmp_path / "found.json"
    kept = ("--kept", str(tmp_path))
    assert main(["measure", "surprises", "--seeds", "2", *kept, "--output", str(output)]) == 0
    ((label, said, jobs, _),) = asked
    assert (label, said) == ("surprises", "lessonlib measure surprises --seeds 2")
    assert len({path for _, path, *_ in jobs}) == len(jobs)
    assert all(path.is_relative_to(tmp_path) for _, path, *_ in jobs)
    (row,), made = read(output)
    assert made["command"] == said
    assert (row["experiment"], row["score"]) == ("surprises", 0.5)


def test_a_quick_look_stores_nothing(asked, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(measure, "FOLDER", tmp_path / "must-not-be-written")
    main(["measure", "instructions", "--quick"])
    ((_, said, jobs, _),) = asked
    assert said.endswith("instructions --quick")
    assert all(path is None for _, path, *_ in jobs)
    assert "0.500" in capsys.readouterr().out


def test_all_can_be_measured_by_one_command_each_after_what_was_searched_for_it(
    monkeypatch, tmp_path
):
    """Each in a fresh process: learning rates are read when a process starts."""
    started = []

    def start(command, check):
        name = command[4]
        started.append(name)
        assert command[1:4] == ["-m", "lessonlib", "measure"]
        assert command[5:] == ["--kept", str(tmp_path), "--seeds", "2"]
        return CompletedProcess(command, 3 if name == "scenes" else 0)

    monkeypatch.setattr(measure.subprocess, "run", start)
    given = ["--kept", str(tmp_path), "--seeds", "2"]
    assert main(["measure", "all", *given]) == 3
    assert started == list(NAMES)
    assert started.index("search") < started.index("exam")
    assert started.index("fine_tuning_search") < started.index("fine_tuning")
    started.clear()
    assert main(["measure", "scenes", "search", *given]) == 3
    assert started == ["scenes"]  # what follows may need what has failed
    assert main(["measure", "all", "--output", "one.json"]) == 2


def test_one_experiment_is_stored_where_the_course_reads_it(asked, monkeypatch, tmp_path):
    monkeypatch.setattr(measure, "FOLDER", tmp_path)
    main(["measure", "search", "--kept", str(tmp_path)])
    assert {path.stem for path in tmp_path.glob("*.json")} == {"search"}


def test_a_matrix_is_told_its_primary_metrics(asked):
    main(["measure", "scenes", "--quick"])
    ((*_, primary),) = asked
    assert primary["writing"] == "true"


def test_an_unknown_name_is_refused_and_the_known_ones_are_said(capsys):
    with pytest.raises(SystemExit):
        main(["measure", "nothing"])
    assert "real_english" in capsys.readouterr().err


def test_everything_that_is_stored_can_be_loaded_as_json(capsys):
    assert main(["measured", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == sum(len(stored_rows(name)) for name in stored())
    assert all(set(KEYS) <= set(row) for row in rows)
    assert {row["experiment"] for row in rows} == set(stored())
    abilities = {row["ability"] for row in rows if row["experiment"] == "exam"}
    assert {"continuation", "blank", "missing_span", "matching", "classification"} <= abilities


@pytest.mark.parametrize("name", stored())
def test_a_line_of_the_table_is_about_one_thing_in_several_random_starts(name):
    seeds = Counter(row["seed"] for row in stored_rows(name))
    lines = as_table(stored_rows(name)).splitlines()[1:]
    assert sum(int(line.split()[-1]) for line in lines) == sum(seeds.values())
    assert max(int(line.split()[-1]) for line in lines) <= len(seeds)


def test_the_table_has_a_line_for_each_cell_and_tells_no_certainty(capsys):
    main(["measured", "--experiment", "harder_world"])
    lines = capsys.readouterr().out.splitlines()
    assert all("harder_world" in line for line in lines[1:])
    assert "± 0.000" not in "".join(lines)
    (line,) = (line for line in lines if " causal " in line and " valid " in line)
    rows = [row for row in stored_rows("harder_world") if row["objective"] == "causal"]
    scores = [row["score"] for row in rows if row["metric"] == "valid"]
    assert f"{sum(scores) / len(scores):.3f} ±" in line
