"""A person has the last word, and every file that is written says the same."""

import csv
import json
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonlib.grading.books.journal import Journal, Question, Record
from lessonlib.grading.books.marks import COLUMNS
from lessonlib.grading.books.reports import page_name
from lessonlib.grading.classroom.command import write_class
from lessonlib.grading.classroom.feedback import write_feedback
from lessonlib.grading.paper.terms import BY_A_PERSON, VERDICTS, Terms
from lessonlib.grading.runs import grading as run
from tests.grading.conftest import grade, rows, table
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
)

WRONG = RIGHT | {CAUSAL: WRONG_CAUSAL}


@pytest.fixture
def graded(graded_by, small_course):
    """A class of two, one of whom has a wrong answer, graded once."""
    hand_in(small_course / "submissions", "ada", handout(WRONG))
    hand_in(small_course / "submissions", "bo", handout(RIGHT | {WRITTEN: "another text"}))
    grade(small_course)
    graded_by.clear()
    return small_course


def say(course, learner, exercise="", question="", **said):
    """Add a line to the file, as a person does."""
    path = course / "gradebook" / "marks.csv"
    line = {"learner": learner, "exercise": exercise, "question": question} | said
    with path.open("a", newline="") as file:
        csv.DictWriter(file, COLUMNS, restval="").writerow(line)


def marks(course):
    with (course / "gradebook" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("points", "verdict"), [("2", "passed"), ("1.5", "partial"), ("0", "failed")]
)
@pytest.mark.parametrize(("question", "machine"), [(CAUSAL, "failed"), (MASKED, "passed")])
def test_any_verdict_of_the_machine_is_overruled(graded, question, machine, points, verdict):
    say(graded, "ada", EXERCISE, question, points=points, comment="seen", reason="asked in class")
    for _ in range(2):
        assert grade(graded) == 0
        row = rows(graded)["ada", question]
        assert (row["verdict"], row["points"]) == (verdict, float(points))
        told = {"machine": machine, "comment": "seen", "reason": "asked in class"}
        assert row["person"] == told
        assert "person" not in rows(graded)["bo", question]
    (line,) = [line for line in marks(graded) if line["question"] == question]
    assert line["version"], "so that it does not pass on to another answer"


def test_a_mark_does_not_pass_on_to_an_answer_that_comes_with_the_same_run(graded):
    say(graded, "ada", EXERCISE, CAUSAL, points="2", reason="close enough")
    hand_in(graded / "submissions", "ada", handout(WRONG | {CAUSAL: f"{WRONG_CAUSAL}  # new"}))
    grade(graded)
    assert rows(graded)["ada", CAUSAL]["points"] == 2  # the fake passes what is not the same
    assert "person" not in rows(graded)["ada", CAUSAL]
    assert marks(graded)[-1]["reason"] == "close enough"


def test_an_excuse_is_of_one_question_an_exercise_or_all(graded):
    full = [line[1:4] for line in table(graded, "gradebook.csv")[1:]]
    assert full == [["4", "8", "pending"], ["6", "8", "pending"]]
    say(graded, "ada", EXERCISE, WRITTEN, points="excused", reason="ill")
    say(graded, "bo", EXERCISE, points="EX", reason="ill")
    for _ in range(2):
        grade(graded)
        assert [line[1:4] for line in table(graded, "gradebook.csv")[1:]] == [
            ["4", "6", "graded"],
            ["0", "0", "excused"],
        ]
        # Platforms have one maximum: two thirds of six points are two thirds of eight.
        assert [line[-1] for line in table(graded, "canvas.csv")] == [EXERCISE, "8", "5.3333", "EX"]
        assert {rows(graded)["bo", name]["verdict"] for name in (CAUSAL, WRITTEN)} == {"excused"}
    hand_in(graded / "submissions", "bo", handout(RIGHT))
    grade(graded)
    assert rows(graded)["bo", CAUSAL]["verdict"] == "excused"


def test_extra_points_come_on_top_also_of_what_the_machine_says(graded):
    say(graded, "ada", EXERCISE, CAUSAL, extra="0.5", reason="the idea was right")
    say(graded, "ada", EXERCISE, MASKED, extra="3")
    say(graded, "bo", EXERCISE, CAUSAL, extra="-5", reason="late")
    grade(graded)
    found = rows(graded)
    assert [found["ada", name]["points"] for name in (CAUSAL, MASKED)] == [0.5, 5]
    assert [found["ada", name]["verdict"] for name in (CAUSAL, MASKED)] == ["failed", "passed"]
    assert found["bo", CAUSAL]["points"] == 0
    assert found["ada", CAUSAL]["person"]["extra"] == 0.5


def test_who_overrules_without_saying_why_is_told(graded, capsys):
    say(graded, "ada", EXERCISE, CAUSAL, points="2")
    capsys.readouterr()
    grade(graded)
    assert "without a comment or a reason" in capsys.readouterr().err
    assert rows(graded)["ada", CAUSAL]["points"] == 2


def test_all_problems_are_told_at_once_and_cost_nothing_else(graded, capsys):
    say(graded, "ada", EXERCISE, CAUSAL, points="3", reason="x")
    say(graded, "ada", EXERCISE, MASKED, points="one", reason="x")
    say(graded, "bo", EXERCISE, "", points="1", reason="x")
    say(graded, "bo", EXERCISE, SPAN, points="1", reason="x")
    capsys.readouterr()
    assert grade(graded) == 0
    said = capsys.readouterr().err
    assert "3 marks in marks.csv do not count" in said
    assert all(text in said for text in ("3 is not between", "'one' is not", "without a question"))
    assert rows(graded)["bo", SPAN]["points"] == 1
    assert [line["points"] for line in marks(graded) if line["reason"]] == ["3", "one", "1", "1"]


def test_an_excuse_of_somebody_who_is_not_there_is_told_as_what_it_is(graded, capsys):
    say(graded, "adda", points="excused", reason="ill")
    say(graded, "bo", EXERCISE, extra="1")
    capsys.readouterr()
    grade(graded)
    said = capsys.readouterr().err
    assert "without an answer that is there, kept at the end of marks.csv:\n    adda\n" in said
    assert f"bo / {EXERCISE}: without a question" in said
    assert said.count(f"bo / {EXERCISE}") == 1


def test_partial_marks_are_no_failure_in_any_report(graded):
    say(graded, "ada", EXERCISE, CAUSAL, points="1", comment="half")
    say(graded, "ada", EXERCISE, WRITTEN, points="1", comment="half")
    say(graded, "bo", EXERCISE, WRITTEN, points="ex")
    grade(graded)
    ada, bo = ET.parse(graded / "gradebook" / "junit.xml").getroot()
    assert [ada.get(name) for name in ("failures", "errors", "skipped")] == list("000")
    assert [bo.get(name) for name in ("failures", "errors", "skipped")] == list("001")
    assert "half" in ET.tostring(ada, "unicode")


def test_a_comment_travels_to_every_file_that_a_learner_may_read(graded):
    say(graded, "ada", EXERCISE, WRITTEN, points="1", comment="=Mind the *order*")
    say(graded, "ada", EXERCISE, CAUSAL, comment="look at the ends")
    grade(graded)
    texts = {
        name: (graded / "gradebook" / name).read_text()
        for name in ("moodle.csv", "nbgrader.csv", "canvas_comments.csv", "junit.xml")
    } | {"report": (graded / "gradebook" / "reports" / "ada.html").read_text()}
    for name, text in texts.items():
        assert "Mind the *order*" in text, name
        assert "look at the ends" in text, name
        assert f"{WRITTEN} (1 of 2)" in text or name in ("junit.xml", "report")
    moodle = dict(zip(*table(graded, "moodle.csv")[:2], strict=True))
    assert moodle[f"{EXERCISE} feedback"].startswith("graded\n")


def test_one_learner_or_one_question_is_graded_again(graded, graded_by, monkeypatch):
    grade(graded, "--again", "bo", "--reason", "the machine was busy")
    assert graded_by == ["bo"]
    assert rows(graded)["bo", CAUSAL]["person"] == {"again": "the machine was busy"}
    assert "person" not in rows(graded)["ada", CAUSAL]
    graded_by.clear()
    others = run.grade_here

    def all_wrong(*how):
        for job, record in others(*how):
            questions = tuple(
                Question(**vars(each) | {"verdict": "failed", "points": 0.0})
                for each in record.questions
            )
            yield job, Record(**vars(record) | {"questions": questions})

    monkeypatch.setattr(run, "grade_here", all_wrong)
    grade(graded, "--again", f"bo/{MASKED}")
    assert graded_by == ["bo"]
    grade(graded, "--again", SPAN)
    assert graded_by == ["bo", "ada", "bo"]
    found = {key: row["verdict"] for key, row in rows(graded).items()}
    assert found == {
        ("ada", CAUSAL): "failed",
        ("ada", MASKED): "passed",
        ("ada", SPAN): "failed",
        ("ada", WRITTEN): "pending",
        ("bo", CAUSAL): "passed",
        ("bo", MASKED): "failed",
        ("bo", SPAN): "failed",
        ("bo", WRITTEN): "pending",
    }
    assert rows(graded)["bo", CAUSAL]["person"] == {"again": "the machine was busy"}
    assert "person" not in rows(graded)["bo", SPAN], "which was graded once more, without a reason"
    assert grade(graded, "--again", "nobody") == 2
    assert grade(graded, "--reason", "of what?") == 2


def test_what_is_graded_again_draws_new_inputs_and_the_rest_keeps_its_own(graded, graded_by):
    def seeds():
        return {key: row["seed"] for key, row in rows(graded).items()}

    before = seeds()
    assert len({*before.values()}) == 1
    grade(graded, "--again", f"bo/{MASKED}")
    new = seeds()
    assert {key for key in new if new[key] != before[key]} == {("bo", MASKED)}
    grade(graded, "--again", f"bo/{SPAN}", "--seed", "5")
    assert seeds() == new | {("bo", SPAN): 5}
    grade(graded)
    assert seeds() == new | {("bo", SPAN): 5}
    assert graded_by == ["bo", "bo"]


def test_marks_hold_while_a_run_goes_on_and_when_it_is_stopped(graded, monkeypatch):
    say(graded, "ada", EXERCISE, CAUSAL, points="2", reason="x")
    grade(graded)

    def stopped(*how):
        assert rows(graded)["ada", CAUSAL]["points"] == 2
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(run, "grade_here", stopped)
    hand_in(graded / "submissions", "cy")
    assert grade(graded) == 130
    assert rows(graded)["ada", CAUSAL]["points"] == 2


QUESTIONS = ("one", "two", "three")
SAID = st.sampled_from(["", "0", "1", "1.5", "2", "9", "two", "excused"])
MARK = st.fixed_dictionaries(
    {
        "points": SAID,
        "extra": st.sampled_from(["", "", "0.5", "-1", "x"]),
        "comment": st.sampled_from(["", "good"]),
    }
)


class Cells(HTMLParser):
    """The cells of the tables on a page, line by line."""

    def __init__(self, text):
        super().__init__()
        self.lines, self.inside = [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag in ("td", "th") or (self.inside and tag not in ("tr", "section"))
        if tag == "tr":
            self.lines.append([])
        elif tag in ("td", "th"):
            self.lines[-1].append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        if self.inside:
            self.lines[-1][-1] += data


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_results_gradebook_and_reports_never_disagree(tmp_path_factory, data):
    out = tmp_path_factory.mktemp("gradebook")
    journal = Journal(out)
    keys = []
    for learner in ("ada", "bo"):
        for exercise in ("first", "second"):
            verdicts = data.draw(st.tuples(*[st.sampled_from(VERDICTS)] * len(QUESTIONS)))
            questions = tuple(
                Question(name, verdict, points=2.0 * (verdict == "passed"), max_points=2)
                for name, verdict in zip(QUESTIONS, verdicts, strict=True)
            )
            journal.add(Record(learner, exercise, Terms(1), questions, digest="x"))
            keys += [(learner, exercise, name) for name in ("", *QUESTIONS)]
    with (out / "marks.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for key in data.draw(st.lists(st.sampled_from(keys), max_size=8)):
            writer.writerow(dict(zip(COLUMNS, key, strict=False)) | data.draw(MARK))
    tally = run.write_all(out, journal)

    found = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    points, most, verdicts = defaultdict(float), defaultdict(float), defaultdict(list)
    for row in found:
        key = row["learner"], row["exercise"]
        points[key] += row["points"]
        most[key] += row["max_points"]
        verdicts[key].append(row["verdict"])
        assert 0 <= row["points"] <= row["max_points"] + row.get("person", {}).get("extra", 0)
        assert row["verdict"] in VERDICTS or row["person"]["machine"]
    assert sum(tally.values()) == len(found)
    assert all(tally[row["exercise"], row["question"], row["verdict"]] for row in found)

    def read(name):
        with (out / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    own = {line[0]: line[1:] for line in read("gradebook.csv")[1:]}
    nbgrader = {(line[3], line[0]): line for line in read("nbgrader.csv")[1:]}
    canvas = {line[0]: line[5:] for line in read("canvas.csv")[2:]}
    moodle = {line[0]: line[4:] for line in read("moodle.csv")[1:]}
    suites = {suite.get("name"): suite for suite in ET.parse(out / "junit.xml").getroot()}
    for number, exercise in enumerate(("first", "second")):
        for learner in ("ada", "bo"):
            key = learner, exercise
            reached, whole, status = own[learner][3 * number : 3 * number + 3]
            assert (float(reached), float(whole)) == (points[key], most[key])
            page = Cells((out / "reports" / page_name(learner)).read_text())
            (line,) = [line for line in page.lines[1:] if line[0] == exercise]
            assert line[1] == f"{points[key]:g} of {most[key]:g}"
            final = nbgrader[key][9]
            assert canvas[learner][number] == ("EX" if status == "excused" else final)
            assert moodle[learner][number] == final
            assert (final != "") == (status == "graded")
            if final and most[key]:
                assert float(final) == pytest.approx(points[key] * 6 / most[key], abs=1e-3)
            skipped = sum(verdict in ("pending", "excused") for verdict in verdicts[key])
            assert suites[f"{learner}/{exercise}"].get("skipped") == str(skipped)
            tags = [child.tag for case in suites[f"{learner}/{exercise}"] for child in case]
            right = sum(verdict in ("passed", "partial") for verdict in verdicts[key])
            failed = tags.count("failure") + tags.count("error")
            assert failed == len(QUESTIONS) - right - skipped
    listed = Cells((out / "to_mark.html").read_text()).lines[1:]
    for exercise, question in {(row["exercise"], row["question"]) for row in found}:
        own = [r for r in found if (r["exercise"], r["question"]) == (exercise, question)]
        ever = [r for r in own if "pending" in (r["verdict"], r.get("person", {}).get("machine"))]
        still = sum(row["verdict"] == "pending" for row in own)
        told = [line[2:] for line in listed if line[:2] == [question, exercise]]
        assert told == ([[str(len(ever)), str(still)]] if ever else [])
    assert {verdict for those in verdicts.values() for verdict in those} <= {
        *VERDICTS,
        *BY_A_PERSON,
    }

    marked = (out / "marks.csv").read_bytes()
    write_class(out, smallest=1)
    write_feedback(out)
    assert (out / "marks.csv").read_bytes() == marked
    told = Counter((row["exercise"], row["question"], row["verdict"]) for row in found)
    for line in csv.DictReader((out / "class" / "questions.csv").open(encoding="utf-8-sig")):
        for verdict in {*VERDICTS, *BY_A_PERSON} - {"timeout"}:
            which = {verdict} | ({"timeout"} if verdict == "failed" else set())
            counts = (told[line["exercise"], line["question"], each] for each in which)
            assert int(line[verdict]) == sum(counts)
