"""Who is in the class, until when each has time, and what one of a group does for all."""

import csv
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonlib.grading.books.exports import EXPORTERS, write_gradebook
from lessonlib.grading.books.journal import Journal
from lessonlib.grading.books.marks import COLUMNS, Marks
from lessonlib.grading.books.register import Register, Together
from lessonlib.grading.books.roster import Roster
from lessonlib.grading.paper.words import RefusedError
from lessonlib.grading.runs import grading as run
from tests.grading.simulated import question, record

FIRST, SECOND = "01_your_own_sentence", "05_masking_80_10_10"
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = "learner,canvas,sid,login,email,group,exercise,due,extension\n"
CLASS = f"""{HEAD}Ada Lovelace,12,,,ada@example.org,red,,,
Bo,,,bo7,bo@example.org,red,,,2 days
Cy,,,,cy@example.org,,,,
,,,,,,{FIRST},2026-03-01 12:00Z,
,,,,,,,2026-04-01 12:00Z,
Cy,,,,,,{FIRST},,2026-03-08 12:00Z
"""


def roster(tmp_path, text=CLASS):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    return Roster.read(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    ("learner", "identity", "exercise", "until"),
    [
        ("Ada Lovelace_12", "canvas:12", FIRST, DUE),
        ("Ada Lovelace_12", "canvas:12", SECOND, DUE + timedelta(days=31)),
        ("somebody", "login:bo7", FIRST, DUE + timedelta(days=2)),
        ("cy", "", FIRST, DUE + timedelta(days=7)),
        ("cy", "", SECOND, DUE + timedelta(days=31)),
        ("stranger", "", FIRST, DUE),
    ],
)
def test_the_narrowest_due_date_counts_and_an_extension_never_shortens(
    tmp_path, learner, identity, exercise, until
):
    told = roster(tmp_path)
    assert told.until(told.person(learner, identity), exercise) == until


def test_another_of_the_same_name_is_another_person(tmp_path):
    told = roster(tmp_path)
    assert told.person("Ada Lovelace_12", "canvas:12").group == "red"
    assert told.person("Ada Lovelace_13", "canvas:13") is None


@pytest.mark.parametrize(
    "line",
    [
        "Dy,12,,,,,,,",
        "Ada Lovelace,13,,,,,,,",
        "Dy,,,,,,,3/4/2026,",
        "Dy,,,,,,,,soon",
        "Dy,,,,,,,soon,",
    ],
)
def test_what_cannot_be_is_refused_in_words(tmp_path, line):
    with pytest.raises(RefusedError, match=r"roster\.csv"):
        roster(tmp_path, f"{CLASS}{line}\n")


def graded(learner, answer="x = 1", points="passed", exercise=FIRST, time="", **more):
    own = question("build_causal_example", points, answer=answer)
    told = {"time": time, "time_from": "name"} | more
    return record(learner, exercise, [own], **told)


def blank(learner, exercise=FIRST):
    return record(learner, exercise, [question("build_causal_example", "missing")], digest="")


def written(folder, records):
    """Write the books of a class, and return each table by its name."""
    register = Register.read(folder)
    of = {(each.learner, each.exercise): each for each in records}
    together = Together(sorted(records, key=lambda each: each.learner), of.__getitem__, register)
    everyone = write_gradebook(folder, [*map(register.dated, together)], register)
    tables = {}
    for name in EXPORTERS:
        if name.endswith(".csv"):
            with (folder / name).open(encoding="utf-8-sig", newline="") as file:
                tables[name] = list(csv.reader(file))
    return everyone, tables, together


def test_lateness_costs_what_the_rule_says_in_every_file(tmp_path):
    roster(tmp_path)
    (tmp_path / "late.toml").write_text('cost = 25\nevery = "day"')
    late = graded("Ada Lovelace_12", time="2026-03-01T12:00:01+00:00", platform_id="canvas:12")
    extended = graded("Bo", "y = 2", time="2026-03-03T12:00:00+00:00", file="a/b.ipynb")
    _, tables, _ = written(tmp_path, [late, extended])
    assert [line[1] for line in tables["gradebook.csv"][1:3]] == ["1.5", "2"]
    assert [line[5] for line in tables["canvas.csv"][2:4]] == ["1.5", "2"]
    assert tables["moodle.csv"][2][3] == "bo@example.org"
    by_name = {line[3]: line for line in tables["nbgrader.csv"][1:]}
    assert by_name["Ada Lovelace_12"][7:10] == ["2", "0.5", "1.5"]
    assert by_name["Bo"][7:10] == ["2", "0", "2"]
    proof = {line[0]: line for line in tables["handed_in.csv"][1:]}
    assert proof["Ada Lovelace_12"][3:6] == ["2", "0.5", "1.5"]
    assert proof["Bo"][10:] == ["a/b.ipynb", "digest"]


@pytest.mark.parametrize(("proof", "lost"), [("false", "0"), ("true", "0.5")])
def test_the_date_of_a_file_costs_nothing_unless_the_rule_says_so(tmp_path, proof, lost):
    roster(tmp_path)
    (tmp_path / "late.toml").write_text(f"cost = 25\nfile_times = {proof}")
    late = graded("Bo", time="2027-01-01T00:00:00+00:00", time_from="file")
    _, tables, _ = written(tmp_path, [late])
    assert {line[0]: line for line in tables["handed_in.csv"]}["Bo"][4] == lost


def test_whoever_handed_in_nothing_at_all_is_named_and_has_a_line(tmp_path):
    roster(tmp_path)
    everyone, tables, _ = written(tmp_path, [graded("Bo"), blank("Zed")])
    assert everyone.absent == ["Cy"]  # Ada is in Bo's group
    assert "Cy" in {line[0] for line in tables["gradebook.csv"]}
    assert everyone.register.strangers(everyone.ids.items()) == ["Zed"]


def test_one_of_a_group_hands_in_for_all_and_nobody_loses_their_own(tmp_path):
    roster(tmp_path)
    for class_ in ([graded("Bo")], [graded("Bo"), blank("Ada Lovelace")]):
        _, tables, together = written(tmp_path, class_)
        points = {line[0]: line[1] for line in tables["gradebook.csv"]}
        assert (points["Ada Lovelace"], points["Bo"]) == ("2", "2")
        assert together.shared == {("Ada Lovelace", FIRST)}
        assert together.disputed == []
    own = [graded("Bo"), graded("Ada Lovelace", "y = 2", "failed")]
    _, tables, together = written(tmp_path, own)
    points = {line[0]: line[1] for line in tables["gradebook.csv"]}
    assert (points["Ada Lovelace"], points["Bo"]) == ("0", "2")
    assert together.disputed == [f"red / {FIRST}"]


def test_the_records_stay_in_order(tmp_path):
    told = Register(roster(tmp_path))
    class_ = [graded("Bo"), blank("Cy"), graded("Zed")]
    of = {(each.learner, each.exercise): each for each in class_}
    found = [(each.learner, each.exercise) for each in Together(class_, of.__getitem__, told)]
    assert found == sorted({*of, ("Ada Lovelace", FIRST)})


def test_what_is_said_by_name_of_a_member_stays_theirs(tmp_path):
    told = Register(roster(tmp_path))
    class_ = [graded("Bo")]
    word = lambda each: replace(each, notes=(each.learner,))  # noqa: E731
    of = {(each.learner, each.exercise): each for each in class_}
    notes = [each.notes for each in Together(class_, of.__getitem__, told, word)]
    assert notes == [("Ada Lovelace",), ()]


def test_marks_of_members_survive_and_one_line_is_enough_for_a_group(tmp_path, capsys):
    roster(tmp_path)
    journal = Journal(tmp_path)
    own = question("why", "pending", answer="ours", written=True)
    journal.add(record("Bo", FIRST, [own]))
    journal.add(record("Ada Lovelace", FIRST, [question("why", "missing", answer="")], ""))

    def lines():
        with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def points():
        run.write_all(tmp_path, journal)
        rows = map(json.loads, (tmp_path / "results.jsonl").read_text().splitlines())
        return {row["learner"]: row["points"] for row in rows}

    assert points() == {"Ada Lovelace": 0, "Bo": 0}
    assert [line["learner"] for line in lines()] == ["Bo"]
    (line,) = lines()
    said = [line | {"points": "1.5"}]
    for more in (None, {"points": "2", "reason": "alone", "version": ""}):
        said += [line | {"learner": "Ada Lovelace"} | more] if more else []
        with (tmp_path / "marks.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, line)
            writer.writeheader()
            writer.writerows(said)
        for _ in range(2):
            assert points() == {"Ada Lovelace": 2 if more else 1.5, "Bo": 1.5}
    assert {each["learner"]: each["points"] for each in lines()} == {
        "Ada Lovelace": "2",
        "Bo": "1.5",
    }
    assert all(each["version"] for each in lines())
    assert "without an answer" not in capsys.readouterr().err


def lines_of(**columns):
    """Return how random lines of a table are drawn."""
    cells = {name: st.sampled_from(["", *those]) for name, those in columns.items()}
    return st.lists(st.fixed_dictionaries(cells), max_size=6)


PEOPLE = ("Ada", "Bo", "Cy")
ROSTER = lines_of(
    learner=(*PEOPLE, "Dy", "=1+1"),
    group=("red", "blue"),
    exercise=(FIRST, SECOND),
    due=("2026-03-01 12:00Z", "2026-01-01"),
    extension=("2 days", "2026-05-01"),
)
MARKS = lines_of(
    learner=(*PEOPLE, "Dy"),
    exercise=(FIRST, SECOND),
    question=("build_causal_example", "another"),
    points=("0", "1.5", "2", "7", "excused", "two"),
    comment=("good", "=1+1", "'007"),
    extra=("1", "x"),
    reason=("why not",),
)


def by_people(path):
    """Return what people said in a table, whatever version of an answer it was said of."""
    marks = Marks.read(path, PEOPLE)
    every = [(key, each) for key in marks.given for each in marks._of(key) if each.by_a_person]
    return {(*key[:3], *each.said.items()) for key, each in every}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(people=ROSTER, said=MARKS, data=st.data())
def test_no_mark_is_lost_whatever_the_roster_says(tmp_path_factory, people, said, data):
    out = tmp_path_factory.mktemp("gradebook")
    journal = Journal(out)
    for learner in PEOPLE:
        for exercise in (FIRST, SECOND):
            verdict = data.draw(st.sampled_from(["passed", "failed", "pending", "missing"]))
            digest = data.draw(st.sampled_from(["", "d"]))
            one = graded(learner, f"of {learner}", verdict, exercise, "2026-03-02T00:00:00+00:00")
            journal.add(replace(one, digest=digest))
    tables = {"roster.csv": (HEAD.strip().split(","), people), "marks.csv": (COLUMNS, said)}
    for name, (columns, lines) in tables.items():
        with (out / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(lines)
    (out / "late.toml").write_text("cost = 10\n")
    before = by_people(out / "marks.csv")
    for _ in range(2):
        with suppress(RefusedError):  # of a roster that says of one thing two
            run.write_all(out, journal)
        assert before <= by_people(out / "marks.csv")
