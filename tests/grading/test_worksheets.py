"""A platform's own table comes back as it was, with grades where that platform looks for them."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonlib.grading.books.gradebook import Class
from lessonlib.grading.books.register import Register
from lessonlib.grading.books.worksheets import fill_in
from tests.grading.simulated import question, record

EXERCISE, OTHER = "01_your_own_sentence", "05_masking_80_10_10"
WORKSHEET = f"Grades-TEXT-{EXERCISE}-4711.csv"
HEAD = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
HEAD += "Last modified (submission),Last modified (grade),Feedback comments\r\n"
DATE = '"Sunday, 1 March 2026, 10:00 AM"'


def line(number, name, email="", grade="", most="2.00", feedback=""):
    return (
        f"Participant {number},{name},{email},Submitted for grading,{grade},{most},Yes,"
        f"{DATE},{DATE},{feedback}\r\n"
    )


def graded(learner, points="passed", exercise=EXERCISE, comment="", **more):
    own = question("build_causal_example", points, comment=comment)
    return record(learner, exercise, [own], **more)


def handed_in(name, number):
    return f"a/{name}_{number}_assignsubmission_file_/{EXERCISE}.ipynb"


def filled(folder, text, records, name=WORKSHEET, encoding="utf-8"):
    (folder / "platforms").mkdir(exist_ok=True)
    (folder / "platforms" / name).write_bytes(text.encode(encoding))
    everyone = Class(records, Register.read(folder))
    counts, problems = fill_in(folder, everyone)
    path = folder / "filled_in" / name
    found = path.read_text("utf-8") if path.exists() else ""
    return list(csv.reader(io.StringIO(found, newline=""))), counts.get(name), problems


def table(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_moodle_knows_participant_and_version_again(tmp_path):
    text = HEAD + line(7, "Ada Lovelace") + line(8, "Bo") + line(9, "Nobody", grade="1.00")
    class_ = [
        graded("Ada Lovelace", file=handed_in("Ada Lovelace", 7), comment="a < b\n& c"),
        graded("Bo", "failed", file=handed_in("Bo", 8)),
    ]
    found, count, problems = filled(tmp_path, text, class_)
    given, before = found[1:], table(text)[1:]
    assert found[0] == table(text)[0]
    assert [row[4] for row in given] == ["2", "0", "1.00"]
    assert (count, problems) == (2, [])
    for row, old in zip(given, before, strict=True):
        assert [row[n] for n in (0, 1, 2, 3, 5, 6, 7, 8)] == [
            old[n] for n in (0, 1, 2, 3, 5, 6, 7, 8)
        ]
    assert given[0][9].endswith("a &lt; b<br>&amp; c")
    assert given[1][9] == ""


def test_two_of_one_name_are_told_apart_by_their_numbers(tmp_path):
    text = HEAD + line(7, "Ann") + line(8, "Ann")
    class_ = [
        graded("Ann (1)", file=handed_in("Ann", 8)),
        graded("Ann (2)", "failed", file=handed_in("Ann", 7)),
    ]
    found, _, _ = filled(tmp_path, text, class_)
    assert [row[4] for row in found[1:]] == ["0", "2"]


def test_without_numbers_an_address_or_the_only_one_of_a_name_counts(tmp_path):
    (tmp_path / "roster.csv").write_text("learner,email\nAnn,ann@example.org\n")
    text = HEAD + line(1, "Another name", "ANN@example.org") + line(2, "Bo") + line(3, "Cy")
    found, _, _ = filled(tmp_path, text, [graded("Ann"), graded("bo")])
    assert [row[4] for row in found[1:]] == ["2", "2", ""]
    text = HEAD + line(1, "Ann", "other@example.org")
    found, _, _ = filled(tmp_path, text, [graded("Ann")])
    assert found[1][4] == "", "another address is another person"


@pytest.mark.parametrize(("verdict", "grade"), [("pending", ""), ("missing", ""), ("excused", "")])
def test_what_is_open_stays_open(tmp_path, verdict, grade):
    text = HEAD + line(7, "Ann", grade=grade)
    found, count, _ = filled(tmp_path, text, [graded("Ann", verdict)])
    assert (found[1][4], count) == (grade, 0)


@pytest.mark.parametrize(("most", "given"), [("100.00", "100"), ("1,5", "1.5"), ("Good", "2")])
def test_a_grade_is_out_of_the_platforms_maximum(tmp_path, most, given):
    text = HEAD + line(7, "Ann", most=f'"{most}"')
    found, _, _ = filled(tmp_path, text, [graded("Ann")])
    assert found[1][4].replace(",", ".") == given


def test_what_a_learner_is_called_is_no_formula(tmp_path):
    text = HEAD + line(7, "=1+1") + line(8, "@SUM(A1)")
    found, _, _ = filled(tmp_path, text, [graded("=1+1", comment="=2+2")])
    assert [row[1][0] for row in found[1:]] == ["'", "'"]


@pytest.mark.parametrize("name", ["Grades-TEXT-week 1-4711.csv", f"{EXERCISE} and {OTHER}.csv"])
def test_a_worksheet_of_no_known_exercise_is_refused_and_others_are_filled_in(tmp_path, name):
    class_ = [graded("Ann"), graded("Ann", exercise=OTHER)]
    found, _, _ = filled(tmp_path, HEAD + line(7, "Ann"), class_)
    assert found
    found, count, problems = filled(tmp_path, HEAD + line(7, "Ann"), class_, name)
    assert (found, count) == ([], None)
    assert [name in each for each in problems] == [True]


CANVAS = f"""Student,ID,SIS User ID,SIS Login ID,Section,{EXERCISE} (55),Essay (56),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,2,10,(read only)
"Lovelace, Ada",12,s12,ada,A,,7,1
"Lovelace, Ada",13,s13,ada2,A,1,8,2
Bo,14,s14,bo,A,,,
"""


def test_canvas_gets_only_what_was_graded_under_its_own_titles(tmp_path):
    (tmp_path / "roster.csv").write_text("learner,login\nsomebody,bo\n")
    class_ = [
        graded("Ada Lovelace_12", platform_id="canvas:12"),
        graded("somebody", "excused"),
        graded("somebody", exercise=OTHER),
    ]
    found, count, problems = filled(tmp_path, CANVAS, class_, "Grades-TEXT.csv")
    before = table(CANVAS)
    assert found[0] == [*before[0][:5], f"{EXERCISE} (55)"]
    assert found[1:3] == [before[1][:6], before[2][:6]]
    assert [row[:5] for row in found] == [row[:5] for row in before]
    assert [row[5] for row in found[3:]] == ["2", "1", "EX"]
    assert count == 2
    assert len(problems) == 1, "the other exercise has no column there"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(
    text=st.text(max_size=300) | st.binary(max_size=300), kind=st.sampled_from(["", HEAD, CANVAS])
)
def test_any_file_is_filled_in_or_refused_in_words(tmp_path, text, kind):
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    (tmp_path / "platforms").mkdir(exist_ok=True)
    (tmp_path / "platforms" / WORKSHEET).write_bytes(kind.encode() + data)
    counts, problems = fill_in(tmp_path, Class([graded("Ann")]))
    assert counts or any(WORKSHEET in each for each in problems)
