"""The command line: going on after a kill, marks by hand, layouts, reports."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
import tracemalloc
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from lessonlib.cli import main
from lessonlib.grading.books.journal import Journal, Question, Record, record
from lessonlib.grading.books.reports import page_name
from lessonlib.grading.confined import sandbox
from lessonlib.grading.intake.assignment import Part
from lessonlib.grading.paper.terms import Ruling, Terms
from lessonlib.grading.runs import grading as run
from lessonlib.grading.runs.lock import only_one
from lessonlib.grading.verdicts import rules
from tests.grading.conftest import ROOT, grade, rows, table
from tests.grading.handouts import (
    CAUSAL,
    EXERCISE,
    MASKED,
    RIGHT,
    SPAN,
    WRITTEN,
    WRONG_CAUSAL,
    hand_in,
    handout,
    write,
)


def test_only_what_is_new_is_graded_again(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    hand_in(small_course / "submissions", "bo")
    grade(small_course)
    seed = rows(small_course)["ada", CAUSAL]["seed"]
    hand_in(small_course / "submissions", "bo", handout(RIGHT | {CAUSAL: WRONG_CAUSAL}))
    hand_in(small_course / "submissions", "cy")
    grade(small_course)
    assert graded_by == ["ada", "bo", "bo", "cy"]
    after = rows(small_course)
    assert after["bo", CAUSAL]["verdict"] == "failed"
    assert after["ada", CAUSAL]["seed"] == seed != after["bo", CAUSAL]["seed"]
    assert after["bo", CAUSAL]["seed"] == after["cy", CAUSAL]["seed"]


def test_a_run_that_was_killed_goes_on(graded_by, small_course):
    for learner in ("ada", "bo", "cy"):
        hand_in(small_course / "submissions", learner)
    grade(small_course)
    before = rows(small_course)
    journal = small_course / "gradebook" / "journal.jsonl"
    lines = journal.read_text().splitlines()
    journal.write_text("\n".join(lines[:1]) + "\n" + lines[1][:100])
    graded_by.clear()
    grade(small_course)
    assert graded_by == ["bo", "cy"]
    after = rows(small_course)
    assert after["ada", CAUSAL] == before["ada", CAUSAL]
    assert {key: row | {"seed": 0} for key, row in after.items()} == {
        key: row | {"seed": 0} for key, row in before.items()
    }


def test_another_seed_grades_anew(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    grade(small_course, "--seed", "1")
    grade(small_course, "--seed", "2")
    assert graded_by == ["ada", "ada"]
    grade(small_course, "--seed", "2")
    grade(small_course)
    assert graded_by == ["ada", "ada"]
    assert rows(small_course)["ada", CAUSAL]["seed"] == 2


def test_grading_one_exercise_keeps_the_grades_of_the_others(graded_by, small_course):
    for folder in ("solutions", "exercises"):
        source = small_course / folder / f"{EXERCISE}.ipynb"
        (small_course / folder / "02_another.ipynb").write_bytes(source.read_bytes())
    first = hand_in(small_course / "submissions", "ada")
    first.with_name("02_another.ipynb").write_bytes(first.read_bytes())
    grade(small_course)
    grade(small_course, "--only", "02_another")
    results = (small_course / "gradebook" / "results.jsonl").read_text().splitlines()
    assert {json.loads(line)["exercise"] for line in results} == {EXERCISE, "02_another"}
    assert graded_by == ["ada", "ada"]


def test_who_handed_in_nothing_is_missing_not_zero(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    (small_course / "submissions" / "bo").mkdir()
    grade(small_course)
    assert rows(small_course)["bo", CAUSAL]["cause"] == "not_handed_in"
    lines = table(small_course, "gradebook.csv")
    assert lines[2][:4] == ["bo", "0", "8", "missing"]


def test_marks_by_a_person_are_merged_and_stay(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    hand_in(small_course / "submissions", "bo", handout(RIGHT | {WRITTEN: "=2+2"}))
    grade(small_course)
    assert rows(small_course)["ada", WRITTEN]["verdict"] == "pending"
    page = small_course / "gradebook" / "to_mark" / f"{EXERCISE}-{WRITTEN}.html"
    assert "names the left-to-right order" in page.read_text()
    lines = table(small_course, "marks.csv")
    points, comment = lines[0].index("points"), lines[0].index("comment")
    lines[1][points], lines[1][comment] = "2", "=well said"
    lines[2][points] = "0,5"
    with (small_course / "gradebook" / "marks.csv").open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    for _ in range(2):
        grade(small_course)
        marked = rows(small_course)
        assert marked["ada", WRITTEN]["verdict"] == "passed"
        bo = marked["bo", WRITTEN]
        assert (bo["verdict"], bo["points"]) == ("partial", 0.5)
    assert "=well said" in (small_course / "gradebook" / "reports" / "ada.html").read_text()
    assert graded_by == ["ada", "bo"]
    hand_in(small_course / "submissions", "ada", handout(RIGHT | {WRITTEN: "another text"}))
    grade(small_course)
    assert rows(small_course)["ada", WRITTEN]["verdict"] == "pending"


def test_layouts_of_the_platforms(graded_by, small_course):
    submissions = small_course / "submissions"
    write(
        nbformat.writes(handout(RIGHT | {WRITTEN: "x"})),
        submissions / f"lovelaceada_4711_90001_{EXERCISE}.ipynb",
    )
    grade(small_course)
    marks = small_course / "gradebook" / "marks.csv"
    marks.write_text(marks.read_text().replace(",2,,", ",2,1,"))
    grade(small_course)
    canvas = table(small_course, "canvas.csv")
    assert canvas[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", EXERCISE]
    assert canvas[2] == ["lovelaceada", "4711", "", "", "", "7"]
    moodle = dict(zip(*table(small_course, "moodle.csv"), strict=True))
    assert (moodle["Full name"], moodle["ID number"], moodle[EXERCISE]) == ("lovelaceada", "", "7")
    nbgrader = dict(zip(*table(small_course, "nbgrader.csv"), strict=True))
    assert (nbgrader["student_id"], nbgrader["score"]) == ("lovelaceada_4711", "7")
    assert nbgrader["max_score"] == "8"


def test_points_that_are_still_open_are_not_exported(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    assert table(small_course, "canvas.csv")[2][-1] == ""
    assert table(small_course, "gradebook.csv")[1][3] == "pending"


def test_junit_says_failed_skipped_and_passed_apart(graded_by, small_course):
    hand_in(small_course / "submissions", "ada", handout(RIGHT | {CAUSAL: WRONG_CAUSAL}))
    grade(small_course)
    (suite,) = ET.parse(small_course / "gradebook" / "junit.xml").getroot()
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == list("4101")
    outcomes = {case.get("name"): [child.tag for child in case] for case in suite}
    assert outcomes == {CAUSAL: ["failure"], MASKED: [], SPAN: [], WRITTEN: ["skipped"]}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its headings, its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        self.text += data


NASTY = "<script>alert(1)</script><img src=x onerror=y> \x1b[31mred\x07 \u202eevil \x00 &amp;"


def test_nothing_in_a_submission_gets_out_of_its_report(graded_by, small_course):
    learner = "=cmd|' <b>x"
    hand_in(small_course / "submissions", learner, handout({CAUSAL: NASTY, WRITTEN: NASTY}))
    grade(small_course)
    page = Page((small_course / "gradebook" / "reports" / page_name(learner)).read_text())
    assert not {"script", "img", "b"} & set(page.tags)
    assert not {"onerror", "src"} & set(page.attributes)
    assert "<script>alert(1)</script>" in page.text
    assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(page.text)
    for name in ("gradebook.csv", "canvas.csv", "moodle.csv", "nbgrader.csv", "marks.csv"):
        cells = [cell for line in table(small_course, name) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    ET.parse(small_course / "gradebook" / "junit.xml")


def test_reports_can_be_read_by_everyone(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    for path in (small_course / "gradebook" / "reports").glob("*.html"):
        text = path.read_text()
        page = Page(text)
        headings = [int(tag[1]) for tag in page.tags if tag[0] == "h" and tag[1:].isdigit()]
        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(headings))
        assert '<html lang="en">' in text
        assert {"main", "caption", "title"} <= set(page.tags)
        assert "http" not in text.replace("http-equiv", "")


def test_learners_with_names_alike_have_pages_of_their_own():
    names = ["a b", "a-b", "a/b", "A-B", "..", "index", "ä", "ö"]
    assert len({page_name(name).lower() for name in names}) >= len(names) - 1
    assert page_name("index") != "index.html"


def test_the_same_answers_are_flagged_for_a_person(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    hand_in(small_course / "submissions", "bo")
    hand_in(
        small_course / "submissions",
        "cy",
        handout({CAUSAL: WRONG_CAUSAL, MASKED: "def f(): ...", WRITTEN: "own words"}),
    )
    grade(small_course)
    found = rows(small_course)
    assert found["ada", CAUSAL]["flags"] == ["same_answers_as:bo"]
    published = "equals_the_published_solution"
    assert found["ada", WRITTEN]["flags"] == [published, "same_answers_as:bo"]
    assert found["cy", CAUSAL]["flags"] == []
    assert found["ada", CAUSAL]["verdict"] == "passed"


def test_an_answer_that_half_the_class_gave_names_a_few_and_counts_the_rest(
    graded_by, small_course
):
    learners = [f"learner{number}" for number in range(9)]
    for learner in learners:
        hand_in(small_course / "submissions", learner)
    grade(small_course)
    assert rows(small_course)["learner1", CAUSAL]["flags"] == [
        "same_answers_as:learner0",
        "same_answers_as:learner2",
        "same_answers_as:learner3",
        "same_answers_as_5_more",
    ]


def record_in(course, learner):
    """Return a learner's line of the journal."""
    lines = (course / "gradebook" / "journal.jsonl").read_text().splitlines()
    (line,) = [line for line in map(json.loads, lines) if line["learner"] == learner]
    return line


def test_grades_are_kept_of_whoever_is_not_there_any_more(graded_by, small_course, capsys):
    for learner in ("ada", "bo"):
        hand_in(small_course / "submissions", learner)
    grade(small_course)
    before = rows(small_course)
    (small_course / "submissions" / "bo").rename(small_course / "bo")
    capsys.readouterr()
    grade(small_course)
    assert {learner for learner, _ in rows(small_course)} == {"ada", "bo"}
    said = capsys.readouterr().err
    assert "1 grade kept" in said
    assert f"bo / {EXERCISE}" in said
    (small_course / "bo").rename(small_course / "submissions" / "bo")
    grade(small_course)
    assert graded_by == ["ada", "bo"]
    assert rows(small_course) == before


def test_another_folder_of_submissions_erases_no_grade_and_no_mark(graded_by, small_course, capsys):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    marks = small_course / "gradebook" / "marks.csv"
    marks.write_text(marks.read_text().replace(",2,,", ",2,1,"))
    (small_course / "submissions").rename(small_course / "first")
    hand_in(small_course / "submissions", "bo")
    grade(small_course)
    assert rows(small_course)["ada", WRITTEN]["points"] == 1
    assert {learner for learner, _ in rows(small_course)} == {"ada", "bo"}
    assert "ada" in capsys.readouterr().err


def test_a_grade_stays_when_only_its_notebook_is_gone(graded_by, small_course):
    path = hand_in(small_course / "submissions", "ada")
    hand_in(small_course / "submissions", "bo")
    grade(small_course)
    path.unlink()
    grade(small_course)
    assert rows(small_course)["ada", CAUSAL]["verdict"] == "passed"


def test_marks_that_fit_nobody_are_told(graded_by, small_course, capsys):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    marks = small_course / "gradebook" / "marks.csv"
    marks.write_text(marks.read_text().replace(",2,,", ",2,1,").replace("ada", "Ada"))
    capsys.readouterr()
    assert grade(small_course) == 0
    said = capsys.readouterr().err
    assert "1 mark without an answer" in said
    assert "Ada" in said
    assert "Ada" in marks.read_text()


def test_a_slip_in_the_marks_is_told_before_grading(graded_by, small_course, capsys):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    (small_course / "gradebook" / "marks.csv").write_text("learner,points\nada,2\n")
    hand_in(small_course / "submissions", "bo")
    assert grade(small_course) == 2
    assert "no column exercise, question, version" in capsys.readouterr().err
    assert graded_by == ["ada"]


@pytest.fixture
def out_of_time(monkeypatch, graded_by):
    """Let one learner's first answer use up every budget of less than 20 seconds."""
    others = run.grade_here

    def grade_here(terms, *how):
        for job, graded in others(terms, *how):
            first, *more = graded.questions
            if job.learner == "slow" and terms.budget.cpu < 20:
                first = replace(first, verdict="timeout")
            yield job, replace(graded, questions=(first, *more))

    monkeypatch.setattr(run, "grade_here", grade_here)
    return graded_by


def test_another_budget_grades_anew_who_ran_out_of_it(out_of_time, small_course):
    for learner in ("ada", "slow"):
        hand_in(small_course / "submissions", learner)
    grade(small_course, "--cpu-seconds", "5")
    grade(small_course, "--cpu-seconds", "5")
    assert rows(small_course)["slow", CAUSAL]["verdict"] == "timeout"
    assert out_of_time == ["ada", "slow"]
    grade(small_course, "--cpu-seconds", "30")
    assert rows(small_course)["slow", CAUSAL]["verdict"] == "passed"
    assert out_of_time == ["ada", "slow", "slow"]


def test_a_corrected_question_grades_anew(graded_by, small_course, monkeypatch):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    monkeypatch.setattr(rules, "rules", lambda: b"other rules")
    grade(small_course)
    grade(small_course)
    assert graded_by == ["ada", "ada"]


def test_a_journal_of_an_earlier_version_still_loads(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    old = record_in(small_course, "ada")
    del old["platform_id"]
    write(json.dumps(old) + "\n", small_course / "gradebook" / "journal.jsonl")
    grade(small_course)
    assert graded_by == ["ada"]


def damaged(line):
    first, *others = line["questions"]
    yield "[" * 100_000
    yield from ("7", "null", '"ada"', "{}", "[]", "\x00", "\udcff")
    for key, value in (("learner", 7), ("digest", None), ("questions", 5), ("questions", [7])):
        yield json.dumps(line | {key: value})
    for key, value in (("notes", [7]), ("notes", 7), ("notes", "x"), ("terms", []), ("other", 1)):
        yield json.dumps(line | {key: value})
    for key, value in (("seed", 1.5), ("sandbox", 1), ("budget", {"cpu": "x", "wall": 1})):
        yield json.dumps(line | {"terms": line["terms"] | {key: value}})
    for key, value in (("points", "2"), ("flags", [1]), ("verdict", "fine"), ("question", 7)):
        yield json.dumps(line | {"questions": [first | {key: value}, *others]})
    for key, value in (("answer", 7), ("rubric", [[]]), ("row", [])):
        yield json.dumps(line | {"questions": [first | {key: value}, *others]})


def test_damaged_lines_of_a_journal_are_graded_again(graded_by, small_course):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    journal = small_course / "gradebook" / "journal.jsonl"
    for line in damaged(record_in(small_course, "ada")):
        journal.write_bytes(line.encode("utf-8", "surrogateescape") + b"\n")
        graded_by.clear()
        assert grade(small_course) == 0
        assert graded_by == ["ada"], line[:100]


def test_the_gradebook_among_the_submissions_is_nobody(graded_by, small_course, monkeypatch):
    hand_in(small_course / "submissions", "ada")
    monkeypatch.chdir(small_course / "submissions")
    for _ in range(2):
        assert main(["grade", ".", "--course", ".."]) == 0
    lines = table(small_course / "submissions", "gradebook.csv")
    assert [line[0] for line in lines] == ["learner", "ada"]


def test_who_handed_in_an_unknown_notebook_is_told_and_so_is_the_grader(
    graded_by, small_course, capsys
):
    hand_in(small_course / "submissions", "ada")
    notes = new_notebook(cells=[new_code_cell("mine = 1")])  # nothing that the exercise has
    write(notes, small_course / "submissions" / "bo" / "Exercise 1.ipynb")
    grade(small_course)
    row = rows(small_course)["bo", CAUSAL]
    assert (row["verdict"], row["cause"]) == ("missing", "notebook_not_recognised")
    assert "Exercise 1.ipynb" in (small_course / "gradebook" / "reports" / "bo.html").read_text()
    said = capsys.readouterr().err
    assert "1 notebook not recognised" in said
    assert "Exercise 1.ipynb" in said


def test_a_notebook_of_another_exercise_is_not_unknown(graded_by, small_course, capsys):
    for folder in ("solutions", "exercises"):
        source = small_course / folder / f"{EXERCISE}.ipynb"
        (small_course / folder / "02_another.ipynb").write_bytes(source.read_bytes())
    first = hand_in(small_course / "submissions", "ada")
    first.with_name("02_another.ipynb").write_bytes(first.read_bytes())
    grade(small_course, "--only", EXERCISE)
    assert "not recognised" not in capsys.readouterr().err


def test_a_report_says_that_there_was_another_copy(graded_by, small_course):
    path = hand_in(small_course / "submissions", "ada")
    path.with_name(f"{EXERCISE} (1).ipynb").write_bytes(path.read_bytes())
    grade(small_course)
    page = (small_course / "gradebook" / "reports" / "ada.html").read_text()
    assert f"{EXERCISE} (1).ipynb" in page


def test_every_id_goes_into_the_column_of_its_kind_and_no_other(graded_by, small_course):
    folder = small_course / "submissions"
    for name in ("student_1", "Ann Smith_4711_assignsubmission_file_"):
        hand_in(folder, name)
    for code in ("kLm8n", "Zz9aB"):
        write(nbformat.writes(handout(RIGHT)), folder / f"anon_{code}_900_{EXERCISE}.ipynb")
    write(nbformat.writes(handout(RIGHT)), folder / f"doejane_12_900_{EXERCISE}.ipynb")
    hand_in(folder / "assignment_1_export", "submission_5")
    write(
        "submission_5:\n  :submitters:\n  - :name: Cem\n    :sid: '3031'\n",
        folder / "assignment_1_export" / "submission_metadata.yml",
    )
    grade(small_course)
    canvas = {line[0]: line[1:4] for line in table(small_course, "canvas.csv")[2:]}
    assert canvas == {
        "Ann Smith": ["", "", ""],
        "Cem": ["", "3031", ""],
        "anon_Zz9aB": ["", "", ""],
        "anon_kLm8n": ["", "", ""],
        "doejane": ["12", "", ""],
        "student_1": ["", "", "student_1"],
    }
    moodle = {line[0]: line[1:4] for line in table(small_course, "moodle.csv")[1:]}
    assert moodle == {name: ["", "", ""] for name in canvas} | {
        "Cem": ["", "3031", ""],
        "student_1": ["student_1", "", ""],
    }


def test_a_notebook_that_is_given_to_somebody_else_leaves_no_grade_behind(graded_by, small_course):
    for learner in ("ada", "bo"):
        hand_in(small_course / "submissions", learner)
    grade(small_course)
    who = small_course / "gradebook" / "who.csv"
    text = who.read_text(encoding="utf-8-sig")
    who.write_text(text.replace(",bo,", ",Cem,"), encoding="utf-8")
    for _ in range(2):
        grade(small_course)
        assert {learner for learner, _ in rows(small_course)} == {"ada", "Cem"}


def test_nothing_is_graded_as_somebodys_until_it_is_known_whose_it_is(
    graded_by, small_course, capsys
):
    for number in (1, 2):
        hand_in(small_course / "submissions" / f"week {number}", "Ann_7_assignsubmission_file_")
        hand_in(
            small_course / "submissions" / f"week {number}", f"Bo_{number}_assignsubmission_file_"
        )
    assert grade(small_course) == 0
    assert {learner for learner, _ in rows(small_course)} == {"Ann"}
    said = capsys.readouterr().err
    for number in (1, 2):
        assert f"week {number}/Bo_{number}_assignsubmission_file_/{EXERCISE}.ipynb" in said
    assert "1 notebook not counted" in said  # Ann's assignment was downloaded twice
    assert f"week 1/Ann_7_assignsubmission_file_/{EXERCISE}.ipynb" in said


def test_where_no_owner_is_known_the_files_are_named_and_listed(graded_by, small_course, capsys):
    for name in (f"{EXERCISE}.ipynb", f"{EXERCISE} (1).ipynb"):
        write(nbformat.writes(handout(RIGHT)), small_course / "submissions" / name)
    assert grade(small_course) == 2
    said = capsys.readouterr().err
    assert f"{EXERCISE} (1).ipynb" in said
    lines = table(small_course, "who.csv")
    assert [line[1] for line in lines[1:]] == ["", ""]
    who = small_course / "gradebook" / "who.csv"
    who.write_text(
        who.read_text("utf-8-sig").replace(f"{EXERCISE}.ipynb,,", f"{EXERCISE}.ipynb,Al,")
    )
    assert grade(small_course) == 0
    assert {learner for learner, _ in rows(small_course)} == {"Al"}


def test_a_number_is_known_once_one_record_knows_it(tmp_path):
    journal = Journal(tmp_path)
    for exercise, number in (("01", ""), ("02", "canvas:7"), ("03", "")):
        questions = (Question(CAUSAL, "passed", points=2, max_points=2),)
        journal.add(Record("ada_7", exercise, Terms(1), questions, (), "x", number))
    run.write_all(tmp_path, journal)
    with (tmp_path / "canvas.csv").open(newline="") as file:
        assert list(csv.reader(file))[2][:2] == ["ada", "7"]


def test_learners_with_damaged_names_have_pages_and_marks_of_their_own(graded_by, small_course):
    for raw in (b"J\xfcrgen", b"J\xf6rgen"):
        hand_in(small_course / "submissions", os.fsdecode(raw))
    grade(small_course)
    assert [line[0] for line in table(small_course, "gradebook.csv")[1:]] == ["Jörgen", "Jürgen"]
    assert len(list((small_course / "gradebook" / "reports").glob("*.html"))) == 3
    marks = small_course / "gradebook" / "marks.csv"
    marks.write_text(marks.read_text().replace(",2,,", ",2,1,"))
    for _ in range(2):
        grade(small_course)
        assert rows(small_course)["Jürgen", WRITTEN]["points"] == 1


def test_memory_does_not_grow_with_the_number_of_submissions(tmp_path):
    def peak(count):
        folder = tmp_path / str(count)
        rulings = [Ruling(WRITTEN, "pending", output="x" * 50_000)]
        part = Part(WRITTEN, points=2, written=True, cell="answer")
        assignment = SimpleNamespace(exercise=EXERCISE, parts=[part])
        journal = Journal(folder)
        tracemalloc.start()
        for number in range(count):
            words = f"{number} says what many say " * 2000
            graded = record(assignment, Terms(1), rulings, {WRITTEN: words})
            journal.add(replace(graded, learner=f"learner{number:03}", digest="digest"))
        tally = run.write_all(folder, Journal(folder))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert tally == {(EXERCISE, WRITTEN, "pending"): count}
        (page,) = (folder / "to_mark").iterdir()
        assert page.stat().st_size > count * 40_000
        return most

    one_record = 100_000
    peak(1)  # what is imported once
    assert peak(120) - peak(20) < 5 * one_record


def test_without_a_sandbox_it_is_refused_unless_told(small_course, monkeypatch, capsys):
    hand_in(small_course / "submissions", "ada")
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    assert grade(small_course) == 2
    assert "--unsafe" in capsys.readouterr().err
    assert not (small_course / "gradebook").exists()


def test_unsafe_is_said_loudly_and_in_every_row(graded_by, small_course, capsys):
    hand_in(small_course / "submissions", "ada")
    assert grade(small_course, "--unsafe") == 0
    assert "WITHOUT a sandbox" in capsys.readouterr().err
    assert {row["sandbox"] for row in rows(small_course).values()} == {"none"}
    assert "without a sandbox" in (small_course / "gradebook" / "reports" / "ada.html").read_text()


def test_mistakes_on_the_command_line_are_answered_in_words(small_course, capsys):
    assert grade(small_course) == 2
    (small_course / "submissions").mkdir()
    assert grade(small_course) == 2
    assert grade(small_course, "--only", "99_nothing") == 2
    said = capsys.readouterr().err
    assert "is not a folder" in said
    assert "named like an exercise" in said
    assert f"there are: {EXERCISE}" in said


@pytest.mark.parametrize("out", ["a_file", "a_file/below", "/proc/nowhere", "submissions"])
def test_a_place_that_cannot_be_written_to_is_refused_in_words(
    graded_by, small_course, capsys, out
):
    hand_in(small_course / "submissions", "ada")
    (small_course / "a_file").touch()
    assert grade(small_course, "--out", str(small_course / out)) == 2
    assert "lessonlib grade: " in capsys.readouterr().err
    assert graded_by == []


def test_the_course_itself_is_no_folder_of_submissions(small_course, capsys, monkeypatch):
    monkeypatch.chdir(small_course)
    assert main(["grade", "."]) == 2
    assert "holds the course itself" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--cpu-seconds", "--wall-seconds"])
@pytest.mark.parametrize("value", ["-1", "0", "nan", "inf", "soon"])
def test_a_budget_is_a_number_of_seconds(small_course, capsys, option, value):
    with pytest.raises(SystemExit):
        grade(small_course, f"{option}={value}")
    assert f"{value} is not a number of seconds above 0" in capsys.readouterr().err


def test_whoever_stops_the_grader_is_told_how_to_go_on(
    graded_by, small_course, capsys, monkeypatch
):
    for learner in ("ada", "bo"):
        hand_in(small_course / "submissions", learner)
    others = run.grade_here

    def stopped(*how):
        yield next(others(*how))
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "grade_here", stopped)
    assert grade(small_course) == 130
    assert "the same command goes on" in capsys.readouterr().err
    monkeypatch.setattr(run, "grade_here", others)
    assert grade(small_course) == 0
    assert graded_by == ["ada", "bo"]


@pytest.mark.sandbox
def test_unsafe_grading_comes_to_the_same_verdicts(small_course):
    hand_in(small_course / "submissions", "ada", handout(RIGHT | {CAUSAL: WRONG_CAUSAL}))
    assert grade(small_course, "--unsafe") == 0
    found = rows(small_course)
    assert found["ada", CAUSAL]["cause"] == "shifted_the_wrong_way"
    assert found["ada", MASKED]["verdict"] == found["ada", SPAN]["verdict"] == "passed"


@pytest.mark.sandbox
def test_a_killed_grader_loses_nothing(sandbox, small_course):
    learners = [f"learner{number}" for number in range(8)]
    for learner in learners:
        hand_in(small_course / "submissions", learner)
    words = [sys.executable, "-m", "lessonlib", "grade", "submissions"]
    results = small_course / "gradebook" / "results.jsonl"
    first = subprocess.Popen(
        words,
        cwd=small_course,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if results.exists() and results.read_text().count("\n") >= 8:
            break
        time.sleep(0.02)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    journal = small_course / "gradebook" / "journal.jsonl"
    done = journal.read_text().splitlines()
    assert grade(small_course) == 0
    assert {learner for learner, _ in rows(small_course)} == set(learners)
    assert {row["verdict"] for row in rows(small_course).values()} == {"passed", "pending"}
    assert set(done[:-1]) <= set(journal.read_text().splitlines())  # they may end in any order


def test_a_folder_that_cannot_be_read_is_unreadable_not_missing(graded_by, small_course, capsys):
    hand_in(small_course / "submissions", "bob")
    (small_course / "submissions" / "ann").symlink_to("nowhere")
    assert grade(small_course) == 0
    assert rows(small_course)["ann", CAUSAL]["verdict"] == "unreadable"
    assert "1 folder not readable" in capsys.readouterr().err
    assert table(small_course, "gradebook.csv")[1][3] == "unreadable"
    assert "Not readable" in (small_course / "gradebook" / "reports" / "ann.html").read_text()


def test_a_second_run_into_one_folder_is_refused_in_a_sentence(graded_by, small_course, capsys):
    hand_in(small_course / "submissions", "ada")
    grade(small_course)
    before = rows(small_course)
    capsys.readouterr()
    with only_one(small_course / "gradebook"):
        assert grade(small_course) == 2
    assert "is grading into" in capsys.readouterr().err
    assert rows(small_course) == before


def unmarked(page):
    """Return the words of a page that are in no language, but for code and what learners wrote."""
    page = re.sub(r"<(style|pre|code|bdi|title)\b.*?</\1>|^  .*$", " ", page, flags=re.S | re.M)
    page = re.sub(r"<[^>]*>|&\w+;", " ", page)
    while page != (page := re.sub(r"⟦[^⟦⟧]*⟧", " ", page)):
        continue
    return re.findall(r"[^\W\d_]{2,}", page)


def test_reports_are_in_the_language_of_the_day(graded_by, small_course, monkeypatch, capsys):
    monkeypatch.setenv("LESSONLIB_LANGUAGE", "pseudo")
    for learner in ("ada", "bo"):
        hand_in(small_course / "submissions", learner, handout(RIGHT | {CAUSAL: WRONG_CAUSAL}))
    (small_course / "submissions" / "cy").mkdir()
    grade(small_course)
    pages = [*(small_course / "gradebook" / "reports").glob("*.html")]
    assert len(pages) == 4
    for path in [*pages, small_course / "gradebook" / "to_mark.html"]:
        text = path.read_text().replace("names the left-to-right order", "")  # the notebook's
        assert '<html lang="pseudo">' in text
        assert unmarked(text) == []
        assert EXERCISE not in text.replace(f'href="to_mark/{EXERCISE}', "")
    own = table(small_course, "gradebook.csv")
    assert unmarked(" ".join([*own[0], *(cell for line in own[1:] for cell in line[1:])])) == []
    moodle = dict(zip(*table(small_course, "moodle.csv")[:2], strict=True))
    assert unmarked(moodle[f"{EXERCISE} feedback"]) == []
    heads, *_ = capsys.readouterr().out.splitlines()
    assert unmarked(heads) == []
    monkeypatch.setenv("LESSONLIB_LANGUAGE", "en")
    graded_by.clear()
    grade(small_course)
    assert "ada" in graded_by  # the words of a verdict are kept with it


@pytest.mark.sandbox
def test_a_learner_is_answered_in_the_language_of_the_class(sandbox, small_course, monkeypatch):
    """Also in what only the sandbox can tell of a value."""
    monkeypatch.setenv("LESSONLIB_LANGUAGE", "pseudo")
    huge = "def build_causal_example(tokens):\n    return 10**5000, tokens"
    stopped = "raise SystemError"
    hand_in(small_course / "submissions", "ada", handout(RIGHT | {CAUSAL: huge, SPAN: stopped}))
    grade(small_course)
    page = (small_course / "gradebook" / "reports" / "ada.html").read_text()
    came_out = [text for text in re.findall(r"<pre.*?>(.*?)</pre>", page, re.DOTALL) if "⟦" in text]
    assert len(came_out) == 4
    assert "làrgé" in page
    assert [unmarked(re.sub(r"`[^`]*`|</?bdi>", "", text)) for text in came_out] == [[]] * 4
