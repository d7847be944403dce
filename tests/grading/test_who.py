"""``who.csv``: what a person says once is kept, whatever a spreadsheet program makes of it."""

import csv
import io
import os
from pathlib import Path

import pytest

from lessonlib.grading.intake import who
from lessonlib.grading.intake.submission import survey
from lessonlib.grading.paper.words import RefusedError

FIRST, SECOND = EXERCISES = "01_your_own_sentence", "02_why_causal_generates"


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")


class Desk:
    """A teacher's two folders."""

    def __init__(self, folder: Path):
        self.subs, self.table = folder / "subs", folder / "out" / "who.csv"

    def run(self):
        told = who.read(self.table)
        seen = survey(self.subs, EXERCISES, said=told.said)
        who.write(self.table, seen, self.subs, told.said)
        return {(each.learner, each.exercise): each.path.name for each in seen.submissions}

    def lines(self):
        with self.table.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def save(self, lines, separator=",", encoding="utf-8-sig"):
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=separator)
        writer.writerows([who.COLUMNS, *([line[each] for each in who.COLUMNS] for line in lines)])
        self.table.write_bytes(text.getvalue().encode(encoding))


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    put(desk.subs, *(f"Ann_{n}_assignsubmission_file_/{FIRST}.ipynb" for n in (7, 8)))
    put(desk.subs, f"Ann_9_assignsubmission_file_/{SECOND}.ipynb", f"007/{FIRST}.ipynb")
    return desk


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")]
)
def test_what_a_person_said_is_kept_and_counts(desk, separator, encoding):
    assert ("Ann (7)", SECOND) not in desk.run()
    first, *others = desk.lines()
    assert (first["path"], first["learner"]) == (
        f"Ann_9_assignsubmission_file_/{SECOND}.ipynb",
        "",
    )
    desk.save([*others, first | {"learner": " ann (7)"}], separator, encoding)
    for _ in range(3):
        assert ("Ann (7)", SECOND) in desk.run()
    assert {line["path"]: line["decided by"] for line in desk.lines()}[first["path"]] == "you"


def test_a_rules_line_can_be_changed_and_stays_changed(desk):
    desk.run()
    lines = [
        line | {"learner": "Cem" if "_8_" in line["path"] else line["learner"]}
        for line in desk.lines()
    ]
    desk.save(lines)
    for _ in range(2):
        assert {learner for learner, _ in desk.run()} == {"Ann (7)", "Cem", "007"}


def test_a_table_that_nobody_edited_decides_nothing(desk):
    before = desk.run()
    desk.save([line | {"learner": line["learner"].lstrip("0")} for line in desk.lines()])
    assert desk.run() == before  # a spreadsheet makes 7 of 007
    put(desk.subs, f"Ann_10_assignsubmission_file_/{FIRST}.ipynb")
    assert ("Ann (10)", FIRST) in desk.run()
    assert "you" not in {line["decided by"] for line in desk.lines()}


def test_a_teams_notebook_counts_for_each_who_is_named(desk):
    desk.run()
    first, *others = desk.lines()
    desk.save([first | {"learner": "Eve"}, first | {"learner": "Fay"}, *others])
    for _ in range(2):
        assert {"Eve", "Fay"} <= {learner for learner, _ in desk.run()}


def test_what_was_said_of_a_notebook_that_is_away_stays(desk):
    desk.run()
    first, *others = desk.lines()
    desk.save([first | {"learner": "Eve"}, *others])
    away = desk.subs / "Ann_9_assignsubmission_file_"
    away.rename(desk.subs.parent / "away")
    assert ("Eve", SECOND) not in desk.run()
    (desk.subs.parent / "away").rename(away)
    assert ("Eve", SECOND) in desk.run()


def test_every_notebook_stands_there_and_copies_say_so(desk):
    put(desk.subs, f"007/{FIRST} (1).ipynb", "007/essay.ipynb")
    desk.run()
    lines = {line["path"]: line["decided by"] for line in desk.lines()}
    assert set(lines) == {
        "/".join(path.relative_to(desk.subs).parts) for path in desk.subs.rglob("*.ipynb")
    }
    assert [path for path, by in lines.items() if "another copy counts" in by] == [
        f"007/{FIRST} (1).ipynb"
    ]


def test_names_like_formulas_come_back_as_they_are(desk):
    put(desk.subs, f"=cmd/{FIRST}.ipynb")
    desk.run()
    assert not [line for line in desk.lines() if line["path"].startswith("=")]
    assert ("=cmd", FIRST) in desk.run()


def test_a_table_without_its_columns_is_refused_in_words(desk):
    desk.run()
    desk.table.write_text("path,who\na,b\n")
    with pytest.raises(RefusedError, match="no column learner"):
        desk.run()


def with_a_line_more(lines, path, learner):
    (line,) = [each for each in lines if each["path"] == path]
    return [*lines, line | {"learner": learner}]


def test_a_line_repeated_with_another_learner_adds_one(desk):
    desk.run()
    desk.save(with_a_line_more(desk.lines(), f"007/{FIRST}.ipynb", "bob"))
    for _ in range(2):
        assert {("007", FIRST), ("bob", FIRST)} <= set(desk.run())


def test_a_name_that_is_told_has_nobody_elses_login(tmp_path):
    desk = Desk(tmp_path)
    put(desk.subs, *(f"section {each}/ann/{FIRST}.ipynb" for each in "AB"))
    desk.run()
    names = iter(["Ann Alder", "Bea Birch"])
    desk.save([line | {"learner": next(names)} for line in desk.lines()])
    told = who.read(desk.table).said
    learners = survey(desk.subs, EXERCISES, said=told).learners
    assert learners == {"Ann Alder": "", "Bea Birch": ""}


@pytest.mark.parametrize(
    ("folder", "cell", "learner"),
    [
        ("7", "007", "007"),
        ("10", "1_0", "1_0"),
        ("120", "12e1", "12e1"),
        ("Nan", "bob", "bob"),
        ("007", "7", "007"),
        ("12e1", "1.20E+02", "12e1"),
        ("1234567890123456", "1.23457E+15", "1234567890123456"),
        ("1234567890123456", "1,23457E+15", "1234567890123456"),
        ("0012345678901234567", "12345678901234500", "0012345678901234567"),
        ("Nan", "Nan", "Nan"),
    ],
)
def test_only_what_a_spreadsheet_makes_of_a_number_is_no_change(tmp_path, folder, cell, learner):
    desk = Desk(tmp_path)
    put(desk.subs, f"{folder}/{FIRST}.ipynb", f"zoe/{FIRST}.ipynb", f"yan/{SECOND}.ipynb")
    desk.run()
    path = f"{folder}/{FIRST}.ipynb"
    desk.save([line | ({"learner": cell} if line["path"] == path else {}) for line in desk.lines()])
    for _ in range(2):
        assert {name for name, _ in desk.run()} == {learner, "zoe", "yan"}


def test_a_grade_goes_with_its_notebook_whatever_the_learner_is_called(tmp_path):
    desk = Desk(tmp_path)
    put(desk.subs, f"Nan/{FIRST}.ipynb", f"bob/{SECOND}.ipynb")
    desk.run()
    desk.save([line | {"learner": "bob"} for line in desk.lines()])
    told = who.read(desk.table)
    seen = survey(desk.subs, EXERCISES, said=told.said)
    assert told.moved([("Nan", FIRST), ("bob", SECOND)], seen, desk.subs) == {("Nan", FIRST)}


def test_a_path_that_ends_in_a_space_can_be_told(tmp_path):
    desk = Desk(tmp_path)
    put(desk.subs, f"section A/ann/{FIRST}.ipynb ", f"section B/ann/{FIRST}.ipynb")
    desk.run()
    desk.save([line | {"learner": line["path"][8]} for line in desk.lines()])
    for _ in range(2):
        assert set(desk.run()) == {("A", FIRST), ("B", FIRST)}


def test_what_fits_no_path_is_named(desk):
    desk.run()
    first, *others = desk.lines()
    desk.save([first | {"path": "M?ller/x.ipynb", "learner": "Eve"}, *others])
    told = who.read(desk.table)
    seen = survey(desk.subs, EXERCISES, said=told.said)
    assert told.unused(seen, desk.subs) == ["M?ller/x.ipynb: Eve"]


def test_two_paths_that_look_the_same_are_never_mixed_up(tmp_path):
    desk = Desk(tmp_path)
    for raw in (b"M\xfcller", "Müller".encode()):
        put(desk.subs, f"{os.fsdecode(raw)}/{FIRST}.ipynb")
    desk.run()
    names = iter(["Eva", "Max"])
    desk.save([line | {"learner": next(names)} for line in desk.lines()])
    assert not desk.run()
    assert all("rename" in line["decided by"] for line in desk.lines())
