"""What a class handed in is counted exactly, once for each learner, and tells of nobody."""

import csv
import json
import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.cli import main
from lessonlib.grading.classroom.by_form import by_form, by_form_lines
from lessonlib.grading.classroom.command import PAGE
from lessonlib.grading.classroom.expected import PREDICTION, expected, expected_lines
from lessonlib.grading.classroom.expected import WAYS as WAYS_OFF
from lessonlib.grading.classroom.tables import write_table
from lessonlib.grading.classroom.thinking import (
    PHASES,
    THINKING_TABLES,
    WAYS,
    calibration,
    foreseen,
    gathered,
    thinking,
    understood,
    understood_lines,
)
from lessonlib.grading.classroom.thinking_page import thinking_lines, thinking_section
from lessonlib.practice import class_file
from lessonlib.practice.class_file import Handed, Predicted
from lessonlib.practice.concepts import RIGHT, UNKNOWN, concepts
from lessonlib.practice.predictions import predictions
from tests.grading.simulated import scaled, simulated, write_journal

CONCEPT = concepts()["masked_loss"]
KINDS = [choice.misconception for choice in CONCEPT.choices if choice.says]
ONE, OTHER = KINDS[:2]
STATES = [RIGHT, UNKNOWN, *KINDS]


def learner(before, after, predicted=None, number=0, edition=1, name=""):
    """Return what one learner hands in on one question."""
    answers = {
        phase: {CONCEPT.name: state} if state else {}
        for phase, state in zip(PHASES, (before, after), strict=True)
    }
    return Handed(name, f"{number:016x}", edition, answers, predicted or {})


def class_of(**counts):
    """Return a class in which so many went from the one state to the other."""
    states = {"one": ONE, "other": OTHER, "right": RIGHT, "unknown": UNKNOWN, "nothing": ""}
    ways = [(way.split("_to_"), count) for way, count in counts.items()]
    return [learner(states[a], states[b]) for (a, b), count in ways for _ in range(count)]


def test_what_went_stayed_and_came_is_counted_exactly():
    handed = class_of(one_to_right=12, one_to_one=7, other_to_one=5, right_to_right=30)
    handed += class_of(other_to_nothing=9, nothing_to_right=9)  # there is nothing to compare
    found = understood(CONCEPT, handed)
    assert found.shown["before"].shown == {RIGHT: 30, ONE: 19, OTHER: 5}
    assert found.shown["after"].shown == {RIGHT: 42, ONE: 12}
    assert found.ways[ONE] == {"went": 12, "stayed": 7, "came": 5}
    assert found.ways[OTHER] == {"went": 5, "stayed": 0, "came": 0}
    turns = {"stayed_right": 30, "became_right": 12, "no_longer_right": 0, "stayed_wrong": 12}
    assert found.turns == turns


def test_one_who_is_left_behind_is_not_told():
    """Before and after are told, but not that one of those who had it still has it."""
    found = understood(CONCEPT, class_of(one_to_right=9, one_to_one=1, right_to_right=20))
    assert ONE not in found.ways
    assert found.turns == {}
    assert ONE not in found.shown["after"].shown


@given(st.lists(st.tuples(*[st.sampled_from(STATES)] * 2), max_size=60), st.integers(2, 7))
def test_no_number_that_is_told_is_of_too_few(pairs, smallest):
    found = understood(CONCEPT, [learner(*pair) for pair in pairs], smallest)
    for place, phase in enumerate(PHASES):
        parts = found.shown[phase]
        assert parts.others == 0 or parts.others >= smallest or not parts.shown
        for kind, count in parts.shown.items():
            assert smallest <= count == sum(pair[place] == kind for pair in pairs)
    for counts in [found.turns, *found.ways.values()]:
        assert all(count == 0 or count >= smallest for count in counts.values())
    for kind, ways in found.ways.items():
        for phase, lost in (("before", "went"), ("after", "came")):
            total = ways["stayed"] + ways[lost]
            assert found.shown[phase].shown.get(kind, 0) == total


def test_knowing_what_one_knows_is_measured():
    sure_and_wrong = [learner(ONE, RIGHT) for _ in range(10)]
    careful = [learner(UNKNOWN, RIGHT) for _ in range(10)]
    before, after = (calibration(sure_and_wrong + careful, phase) for phase in PHASES)
    assert before.learners == after.learners == 20
    assert before.sure.value == 0.5
    assert before.right.value == 0
    assert after.sure.value == after.right.value == 1
    assert before.right.low <= before.right.value < before.right.high
    assert calibration(careful[:4], "before").sure is None


def test_predictions_are_counted_and_judged_by_the_answer():
    fixed, measured = predictions()["causal_questions"], predictions()["best_continuer"]
    right = fixed.options.index(fixed.answer)
    handed = [
        learner("", "", {fixed.name: Predicted(each, (right,)), measured.name: Predicted(0)})
        for each in [right] * 6 + [0] * 14
    ]
    found = foreseen(fixed, handed)
    assert found.chosen.shown == {fixed.options[0]: 14, fixed.options[right]: 6}
    assert found.true.value == pytest.approx(0.3)
    assert foreseen(measured, handed).true is None  # nobody has measured it yet
    assert foreseen(fixed, handed[4:]).true is None  # the two who were right stay unnamed


def who_expected(guess, came, number=0):
    """Return who foretold so many right answers, and then gave so many."""
    names = list(concepts())
    after = {name: RIGHT if at < came else UNKNOWN for at, name in enumerate(names)}
    chosen = Predicted(predictions()[PREDICTION].options.index(str(guess)))
    return Handed("", f"{number:016x}", 1, {"before": {}, "after": after}, {PREDICTION: chosen})


def test_what_was_expected_is_held_against_what_came():
    assert predictions()[PREDICTION].number == [0, len(concepts())]
    handed = [who_expected(18, 12) for _ in range(8)] + [who_expected(15, 16) for _ in range(6)]
    unfinished = who_expected(len(concepts()), len(concepts()))
    unfinished.answers["after"].popitem()
    nobody = learner("", RIGHT)
    found = expected([*handed, unfinished, nobody])
    assert found.learners == 14
    assert found.expected.value == pytest.approx((8 * 18 + 6 * 15) / 14 / len(concepts()))
    assert found.right.value == pytest.approx((8 * 12 + 6 * 16) / 14 / len(concepts()))
    assert found.ways.shown == {"more": 8, "foreseen": 6}
    heads, line = expected_lines(found)
    assert heads[-3:] == [*WAYS_OFF]
    assert line[-3:] == [8, 6, None]
    assert line[0] == 14


def test_of_few_who_foretold_it_nothing_is_told():
    found = expected([who_expected(18, 12) for _ in range(4)])
    assert (found.expected, found.right, found.ways.shown) == (None, None, {})
    found = expected([who_expected(18, 12) for _ in range(9)] + [who_expected(3, 12)])
    assert found.ways.shown == {}  # or the one would be told by what is left


def asked_in(form, before, after):
    """Return who was asked in a form first, and in the other one after the course."""
    first = learner(before, after)
    forms = dict(zip(PHASES, (form, "ab".replace(form, "")), strict=True))
    return Handed(first.name, first.copy, 1, first.answers, {}, forms)


def test_a_form_that_is_harder_shows_and_cancels_out_of_the_whole():
    handed = [asked_in("a", RIGHT, ONE) for _ in range(6)]
    handed += [asked_in("b", ONE, RIGHT) for _ in range(6)]  # whoever has b does not know it
    found = {(each.phase, each.form): each.right.value for each in by_form(handed)}
    assert found == {
        ("before", "a"): 1,
        ("before", "b"): 0,
        ("after", "a"): 1,
        ("after", "b"): 0,
    }
    (whole,) = {tuple(each.right.value for each in thinking(handed).calibration.values())}
    assert whole == (0.5, 0.5)
    assert len([*by_form_lines(by_form(handed))]) == 5


def test_forms_of_too_few_are_not_compared_and_old_files_were_of_the_first():
    handed = [asked_in("a", RIGHT, RIGHT) for _ in range(9)]
    assert by_form([*handed, *[asked_in("b", RIGHT, RIGHT) for _ in range(4)]]) == []
    old = [learner(ONE, RIGHT) for _ in range(5)]
    found = by_form([*old, *[asked_in("b", RIGHT, RIGHT) for _ in range(5)]])
    assert [(each.phase, each.form, each.right.value) for each in found] == [
        ("before", "a", 0),
        ("before", "b", 1),
    ]


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 2), max_size=30), st.integers(2, 7))
def test_no_way_of_expecting_is_told_of_too_few(pairs, smallest):
    found = expected([who_expected(*pair) for pair in pairs], smallest)
    assert all(count >= smallest for count in found.ways.shown.values())
    assert not found.ways.shown or found.ways.others == 0 or found.ways.others >= smallest
    assert (found.expected is None) == (len(pairs) < smallest)


def put(folder, name, handed):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(handed.as_text(), "utf-8")


def test_of_each_learner_the_newest_file_counts_wherever_it_lies(tmp_path):
    put(tmp_path / "a_1_assignsubmission_file", class_file.FILE, learner(ONE, "", number=1))
    put(tmp_path / "b", "ada_(1).JSON", learner(ONE, RIGHT, number=1, edition=2))
    put(tmp_path / "b", "bob.json", learner(ONE, ONE, number=2))
    put(tmp_path / "c", "bob again.json", learner(ONE, ONE, number=2))
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / f"carl_{class_file.FILE}").write_text("{")
    (tmp_path / f"link_{class_file.FILE}").symlink_to(tmp_path / "b" / "bob.json")
    found = gathered(tmp_path)
    assert sorted(each.answers["after"][CONCEPT.name] for each in found.handed) == sorted(
        [RIGHT, ONE]
    )
    assert {path.name[:4] for path, _ in found.problems} == {"carl", "link"}
    assert all(why for _, why in found.problems)


def test_nameless_files_of_people_who_answered_alike_are_all_counted(tmp_path):
    for number in range(6):
        put(tmp_path, f"{number}.json", learner(ONE, RIGHT, number=number))
    assert len(gathered(tmp_path).handed) == 6


def test_tables_hold_no_formulas_and_no_names(tmp_path):
    handed = [learner(ONE, RIGHT, number=each, name="=Ada()") for each in range(9)]
    found = thinking(handed)
    for name, lines in THINKING_TABLES.items():
        path = tmp_path / f"{name}.csv"
        write_table(path, lines(found))
        rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
        assert len({*map(len, rows)}) == 1
        assert "Ada" not in path.read_text("utf-8")
    rows = {row[1]: row for row in understood_lines(found)}
    assert rows[ONE][4:] == [9, None, 9, 0, 0]
    assert rows["shows"][-3:] == [*WAYS]


def test_a_class_of_two_thousand_takes_seconds(tmp_path):
    dice = random.Random(1)
    for number in range(2000):
        answers = {
            phase: {
                name: dice.choice([each.misconception for each in concept.choices])
                for name, concept in concepts().items()
            }
            for phase in PHASES
        }
        put(tmp_path, f"{number}.json", Handed("", f"{number:016x}", 1, answers, {}))
    begun = time.process_time()
    found = thinking(gathered(tmp_path).handed)
    assert time.process_time() - begun < 8
    assert found.learners == found.both == 2000
    assert json.dumps([*understood_lines(found)])
    assert all(each.ways for each in found.understood)


def test_the_section_says_every_number_and_escapes_all_else():
    handed = class_of(one_to_right=12, one_to_one=7, other_to_one=5, right_to_right=30)
    html = thinking_section(thinking(handed))
    says = CONCEPT.choice(ONE).says
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if says in row]
    cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
    assert cells[-5:] == ["19 (35 %)", "12 (22 %)", "12", "7", "5"]
    assert f"{CONCEPT.topic}<br>54</th>" in html
    assert html.count("<section>") == html.count("</section>") == 1
    assert not re.findall(r"<extra_id|\{\w*\}", html)


def test_what_to_talk_about_is_what_stayed_and_what_came():
    handed = class_of(one_to_one=9, one_to_right=6, right_to_other=8, right_to_right=20)
    stayed, came = thinking_lines(thinking(handed))
    assert "9 (21 %)" in stayed
    assert CONCEPT.choice(ONE).says in stayed
    assert "8 (19 %)" in came
    assert CONCEPT.choice(OTHER).says in came
    assert thinking_lines(thinking(handed[:3])) == []


def test_the_command_puts_it_on_the_page_and_into_tables(tmp_path, capsys):
    handed_in = tmp_path / "handed_in"
    for number in range(9):
        put(handed_in, f"{number}.json", learner(ONE, ONE, number=number, name="<b>Ada"))
    (handed_in / f"x_{class_file.FILE}").write_text("no JSON")
    write_journal(tmp_path, simulated(scaled(20)))
    assert main(["class", str(tmp_path), "--answers", str(handed_in)]) == 0
    page = (tmp_path / PAGE).read_text("utf-8")
    assert CONCEPT.choice(ONE).says in page
    assert "Ada" not in page
    told = capsys.readouterr()
    assert "x_" in told.err
    numbered = re.findall(r"^(\d+)\. (.*)", told.out, re.MULTILINE)
    assert len(numbered) <= 5
    assert sum(CONCEPT.topic in line for _, line in numbered) == 1
    assert (tmp_path / "class" / "thinking.csv").exists()
    assert main(["class", str(tmp_path)]) == 0
    assert CONCEPT.choice(ONE).says not in (tmp_path / PAGE).read_text("utf-8")
    assert not (tmp_path / "class" / "thinking.csv").exists()
    assert main(["class", str(tmp_path), "--answers", str(tmp_path / "none")]) == 2
