"""``who.csv``: what a person says once is kept, whatever a spreadsheet program makes of it."""

import csv
import io
from pathlib import Path

import pytest

from lessonlib.grading import who
from lessonlib.grading.submission import survey

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
    with pytest.raises(who.WhoError, match="no column learner"):
        desk.run()
