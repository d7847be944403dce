"""What is said of a class is exact, tells of nobody, and is safe whatever was handed in."""

import csv
import re
import resource
import time
import tracemalloc
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.cli import main
from lessonlib.grading.books.marks import Marks
from lessonlib.grading.classroom.answers import COUNTED
from lessonlib.grading.classroom.command import PAGE, write_class
from lessonlib.grading.classroom.counted import Parts
from lessonlib.grading.classroom.monday import MOST
from lessonlib.grading.classroom.saying import TITLES, called
from lessonlib.practice.questions import QUESTIONS
from lessonlib.words import Words
from tests.grading.simulated import (
    PLACES,
    handed_in_again,
    question,
    record,
    records_of,
    scaled,
    simulated,
    write_journal,
)
from tests.practice.answers import WRONG

FAILING = ("failed", "timeout")


def tables(folder, name):
    with (folder / "class" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def questions(folder):
    return {(line["exercise"], line["question"]): line for line in tables(folder, "questions")}


def causes(folder, verdict="failed"):
    return {
        (line["exercise"], line["question"], line["cause"]): int(line["learners"])
        for line in tables(folder, "causes")
        if line["verdict"] == verdict
    }


def text(folder):
    return (folder / PAGE).read_text("utf-8")


def everything(folder):
    paths = [folder / PAGE, *(folder / "class").iterdir()]
    return "".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("count", [20, 200, 2000])
def test_known_causes_come_out_exact(tmp_path, count):
    plans = scaled(count)
    write_class(write_journal(tmp_path, simulated(plans)))
    told = questions(tmp_path)
    for place, plan in plans.items():
        line = told[place]
        assert int(line["learners"]) == count
        for verdict in ("passed", "missing", "unreadable", "pending", "excused", "error"):
            planned = sum(number for (each, _), number in plan.items() if each == verdict)
            assert int(line[verdict]) == planned, (place, verdict)
        failed = {cause: n for (each, cause), n in plan.items() if each in FAILING}
        assert int(line["failed"]) == sum(failed.values())
        decided = int(line["passed"]) + sum(failed.values())
        assert int(line["decided"]) == decided
        assert float(line["right"]) == pytest.approx(int(line["passed"]) / decided, abs=1e-4)
    planned = {
        (*place, cause): number
        for place, plan in plans.items()
        for (verdict, cause), number in plan.items()
        if verdict in FAILING
    }
    assert causes(tmp_path) == planned
    page = text(tmp_path)
    assert all(
        f"<code>{cause}</code></th><td>{n} (" in page for (_, _, cause), n in planned.items()
    )


def test_intervals_shrink_as_the_class_grows(tmp_path):
    widths = []
    for count in (20, 80, 320):
        folder = write_journal(tmp_path / str(count), simulated(scaled(count)))
        write_class(folder)
        line = questions(folder)[PLACES[0]]
        low, right, high = (float(line[f"right{end}"]) for end in ("_low", "", "_high"))
        assert 0 <= low < right < high <= 1
        widths.append(high - low)
    assert widths[0] > 1.6 * widths[1] > 2.8 * widths[2]


def test_the_discrimination_is_the_correlation_with_all_other_questions(tmp_path):
    rng = np.random.default_rng(1)
    able = rng.normal(size=(60, 1)) + rng.normal(size=(60, len(PLACES)))
    right = able > 0.2
    learners = [f"learner{number}" for number in range(len(right))]
    outcomes = {
        place: {
            name: ("passed", "right") if right[row, column] else ("failed", "wrong")
            for row, name in enumerate(learners)
        }
        for column, place in enumerate(PLACES)
    }
    write_class(write_journal(tmp_path, records_of(outcomes, learners)))
    told = questions(tmp_path)
    for column, place in enumerate(PLACES):
        rest = np.delete(right, column, axis=1).sum(axis=1)
        expected = np.corrcoef(right[:, column], rest)[0, 1]
        line = told[place]
        assert float(line["telling"]) == pytest.approx(expected, abs=1e-4)
        assert float(line["telling_low"]) < expected < float(line["telling_high"])


def with_pair(count, together):
    """Return a class in which who has one cause has another, too; a third question goes its way."""
    learners = [f"learner{number:03}" for number in range(count)]
    right = "passed", "right"
    ideas = {
        PLACES[0]: lambda number: number < together and "one_idea",
        PLACES[2]: lambda number: number < together + 5 and "same_idea",
        PLACES[3]: lambda number: number % 2 and "something_else",
    }
    outcomes = {
        place: {
            each: ("failed", cause) if (cause := cause_of(number)) else right
            for number, each in enumerate(learners)
        }
        for place, cause_of in ideas.items()
    }
    return records_of(outcomes, learners)


def test_causes_that_come_together_are_found_and_others_are_not(tmp_path):
    write_class(write_journal(tmp_path, with_pair(60, 20)))
    (pair,) = tables(tmp_path, "together")
    assert (pair["one_cause"], pair["other_cause"]) == ("one_idea", "same_idea")
    numbers = [int(pair[name]) for name in ("both", "of_one", "of_other", "learners", "compared")]
    assert numbers == [20, 20, 25, 60, 3]
    assert "one_idea" in text(tmp_path)


def test_what_comes_together_by_chance_alone_is_seldom_told(tmp_path):
    told = 0
    for seed in range(40):
        plan = {("failed", f"cause{n}"): 10 for n in range(4)} | {("passed", "right"): 20}
        plans = dict.fromkeys(PLACES, plan)
        folder = write_journal(tmp_path / str(seed), simulated(plans, seed))
        write_class(folder)
        told += bool(tables(folder, "together")) + ("correlation" in str(tables(folder, "monday")))
    assert told <= 6


def test_a_question_that_goes_against_all_others_is_told(tmp_path):
    learners = [f"learner{number:03}" for number in range(60)]
    outcomes = {
        place: {
            each: ("passed", "right") if (n % 2 == 0) != (place == PLACES[2]) else ("failed", "odd")
            for n, each in enumerate(learners)
        }
        for place in PLACES
    }
    lines = write_class(write_journal(tmp_path, records_of(outcomes, learners)))
    (line,) = [line for line in lines if "correlation" in line]
    assert f"`{PLACES[2][1]}`" in line


def test_a_person_has_the_last_word(tmp_path):
    records = simulated(scaled(20))
    write_journal(tmp_path, records)
    marks = Marks.read(tmp_path / "marks.csv")
    marks.write(tmp_path / "marks.csv", records)
    wrong = [
        each.learner
        for each in records
        if each.exercise == PLACES[0][0] and each.questions[0].verdict == "failed"
    ]
    with (tmp_path / "marks.csv").open("a", encoding="utf-8", newline="") as file:
        for learner in wrong[:3]:
            csv.writer(file).writerow([learner, *PLACES[0], "", "", "2", "well argued"])
        csv.writer(file).writerow([wrong[3], *PLACES[0], "", "", "excused"])
    before = (tmp_path / "marks.csv").read_bytes(), (tmp_path / "journal.jsonl").read_bytes()
    write_class(tmp_path)
    line = questions(tmp_path)[PLACES[0]]
    assert [int(line[name]) for name in ("passed", "failed", "excused")] == [11, 8, 1]
    assert causes(tmp_path)[(*PLACES[0], "labels_not_shifted")] == 8
    after = (tmp_path / "marks.csv").read_bytes(), (tmp_path / "journal.jsonl").read_bytes()
    assert after == before


def test_points_for_a_part_count_as_their_share(tmp_path):
    half = question(PLACES[0][1], "partial", "marked_by_a_person", points=0.5)
    whole = question(PLACES[0][1])
    people = [*[half] * 6, *[whole] * 6]
    class_ = [record(f"l{n}", PLACES[0][0], [each]) for n, each in enumerate(people)]
    write_class(write_journal(tmp_path, class_))
    line = questions(tmp_path)[PLACES[0]]
    assert float(line["right"]) == pytest.approx((6 * 0.25 + 6) / 12)
    assert int(line["partial"]) == 6


COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 30), max_size=8)


@given(COUNTS, st.integers(2, 7))
def test_no_part_of_too_few_can_be_worked_out(counts, smallest):
    parts = Parts.of(counts, smallest)
    assert parts.whole == sum(counts.values())
    assert parts.whole == sum(parts.shown.values()) + parts.others
    assert all(counts[name] == number >= smallest for name, number in parts.shown.items())
    left = counts.keys() - parts.shown.keys()
    if parts.shown and left:  # two parts at least stand for what is not shown, and enough learners
        assert len(left) > 1 or counts[next(iter(left))] >= smallest
        assert parts.others >= smallest
    assert Parts.of(counts, 1).shown == counts


def test_of_few_nothing_is_broken_down(tmp_path):
    plan = {("passed", "right"): 12, ("failed", "rare"): 3, ("failed", "rarest"): 1}
    plan |= {("failed", "common"): 6}
    few = {("passed", "right"): 18, ("failed", "two_of_them"): 4}
    hardly = {("missing", "unanswered"): 18, ("failed", "one_of_them"): 1, ("passed", "right"): 3}
    write_class(
        write_journal(tmp_path, simulated(dict(zip(PLACES, (plan, few, hardly), strict=False))))
    )
    told = everything(tmp_path)
    for cause in ("rare", "rarest", "two_of_them", "one_of_them"):
        assert f"{cause}<" not in told
        assert f",{cause}," not in told
        assert f"This is {cause}." not in told
    # The common one alone would leave 4.
    assert causes(tmp_path) == {(*PLACES[0], "others"): 10, (*PLACES[1], "others"): 4}
    line = questions(tmp_path)[PLACES[2]]
    assert (line["decided"], line["passed"], line["failed"], line["right"]) == ("4", "", "", "")
    write_class(tmp_path, smallest=1)
    assert causes(tmp_path)[(*PLACES[0], "rarest")] == 1
    assert causes(tmp_path)[(*PLACES[2], "one_of_them")] == 1


def test_of_a_pair_no_number_tells_of_too_few(tmp_path):
    class_ = with_pair(60, 20)
    for at, each in enumerate(class_):  # one of them alone has not the other cause
        if (each.learner, each.exercise) == ("learner000", PLACES[2][0]):
            class_[at] = record(each.learner, each.exercise, [question(PLACES[2][1])])
    write_class(write_journal(tmp_path, class_))
    (pair,) = tables(tmp_path, "together")
    assert [pair[name] for name in ("both", "of_one", "of_other", "learners")] == [""] * 4


def test_a_class_that_is_too_small_is_refused(tmp_path, capsys):
    plans = {PLACES[0]: {("passed", "right"): 3, ("failed", "somebodys"): 1}}
    write_journal(tmp_path, simulated(plans))
    assert main(["class", str(tmp_path)]) == 2
    assert "4 learners" in capsys.readouterr().err
    assert not (tmp_path / PAGE).exists()
    assert main(["class", str(tmp_path), "--smallest", "1"]) == 0


def test_what_is_no_gradebook_is_refused_and_left_alone(tmp_path, capsys):
    assert main(["class", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_named_unless_asked_for(tmp_path):
    code = (
        '"""Zoltan Quixote"""\ndef build_causal_example(tokens):  # by Zoltan\n'
        "    quixote = tokens  # zoltan@example.org\n    n = 1234567\n    return 'Zoltan', quixote"
    )
    wrong = question(
        PLACES[0][1], "failed", "labels_not_shifted", answer=code, message="Zoltan: no."
    )
    class_ = [record(f"Quixote, Zoltan {n:04}", PLACES[0][0], [wrong]) for n in range(6)]
    write_class(write_journal(tmp_path, class_))
    told = everything(tmp_path).casefold()
    assert "def build_causal_example" in told
    assert not any(each in told for each in ("quixote", "zoltan", "1234567", "0003"))
    write_class(tmp_path, names=True)
    told = everything(tmp_path)
    assert "Quixote, Zoltan 0000" in told
    assert "by Zoltan" in told


HOSTILE = (
    "</pre><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.org")',
    "@SUM(1)",
    "\x1b[31m\x00\x07\u202egnihtemos",
    "\ud800half",
    "{slot} %s {0}",
    "line\r\nbreak\u2028",
)


class Elements(HTMLParser):
    """The elements of a page, and their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("names", [False, True])
def test_nothing_that_was_handed_in_gets_out_of_its_box(tmp_path, names):
    for number, bad in enumerate(HOSTILE):
        wrong = question(bad, "failed", bad, answer=bad, message=bad, output=bad)
        class_ = [record(f"{bad}{n}", bad, [wrong]) for n in range(6)]
        folder = write_journal(tmp_path / str(number), class_)
        write_class(folder, names=names)
        page = Elements(text(folder))
        assert {tag for tag, _ in page.found} & {"script", "img", "iframe", "object"} == set()
        assert all(own["href"].startswith("#q") for tag, own in page.found if tag == "a")
        assert not any(name.startswith("on") for _, own in page.found for name in own)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text(folder).replace("\r", ""))
        for path in (folder / "class").iterdir():
            with path.open(encoding="utf-8-sig", newline="") as file:
                cells = [cell for line in csv.reader(file) for cell in line]
            assert not any(cell.lstrip().startswith(("=", "+", "@", "-")) for cell in cells)
            assert not any(re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", cell) for cell in cells)


def test_what_changed_is_counted_by_the_answers(tmp_path):
    def handed_in(number, verdict, cause, answer):
        own = question(PLACES[0][1], verdict, cause, answer=answer)
        return record(f"learner{number:02}", PLACES[0][0], [own])

    right, wrong = ("passed", "right"), ("failed", "labels_not_shifted")
    stages = [(wrong, right)] * 7 + [(wrong, wrong)] * 6 + [(right, right)] * 5
    first = [handed_in(n, *before, f"old{n}") for n, (before, _) in enumerate(stages)]
    last = [handed_in(n, *after, f"new{n}") for n, (_, after) in enumerate(stages)]
    same = [handed_in(n, *wrong, "kept") for n in range(20, 26)]
    write_class(handed_in_again(tmp_path, first + same, last + same))
    (line,) = tables(tmp_path, "changes")
    ways = ("handed_in_again", "stayed_right", "became_right", "same_cause", "became_wrong")
    assert [int(line[way]) for way in ways] == [18, 5, 7, 6, 0]
    # Of one less, somebody could be told by the numbers.
    write_class(handed_in_again(tmp_path / "few", [*first[:-1], *same], [*last[:-1], *same]))
    (line,) = tables(tmp_path / "few", "changes")
    assert [line[way] for way in ways] == ["17", "", "", "", ""]


def test_another_gradebook_may_hold_what_was_before(tmp_path):
    plans = {PLACES[0]: {("failed", "labels_not_shifted"): 10}}
    write_journal(tmp_path / "before", simulated(plans))
    after = write_journal(tmp_path / "after", simulated({PLACES[0]: {("passed", "right"): 10}}))
    write_class(after, before=tmp_path / "before")
    assert tables(after, "changes")[0]["became_right"] == "10"


def test_there_are_five_lines_for_monday_at_most_each_with_its_numbers(tmp_path):
    plans = scaled(200)
    lines = write_class(write_journal(tmp_path, simulated(plans)))
    assert 3 <= len(lines) <= MOST
    assert all(re.search(r"\d", line) for line in lines)
    assert "120 of 200" in lines[0]
    assert called(PLACES[0][1], "labels_not_shifted") in lines[0]
    assert "labels_not_shifted" not in lines[0]
    assert len(set(lines)) == len(lines)
    assert [line["text"] for line in tables(tmp_path, "monday")] == lines


def test_every_cause_has_words_for_who_teaches_and_no_words_are_left_over():
    known = {(question, cause) for question, cause, _ in WRONG}
    known |= {(each.name, cause.name) for each in QUESTIONS.values() for cause in each.causes}
    for name, cause in known:
        assert called(name, cause) != cause
        assert "_" not in re.sub("`[^`]*`", "", called(name, cause))
    said = {*Words("grading").texts["causes"], *Words("faults").texts}
    said |= {*Words("causes").texts["any_question"], *COUNTED}
    assert {*TITLES.texts["any"]} <= said
    for name in TITLES.texts.keys() - {"any", "named"}:
        assert {(name, cause) for cause in TITLES.texts[name]} <= known


def test_titles_of_one_question_are_told_apart():
    for name in QUESTIONS:
        titles = [called(name, cause) for cause in {each.name for each in QUESTIONS[name].causes}]
        assert len(titles) == len({*titles})


@pytest.mark.parametrize("count", [20, 200, 2000])
def test_what_a_group_handed_in_counts_once_and_is_missing_for_nobody(tmp_path, count):
    """In pairs one hands in for both; the other stands in the books with nothing, or the same."""
    plans = {place: plan for place, plan in scaled(count).items() if place != PLACES[2]}
    records = simulated(plans)
    partners = [f"partner{number:04}" for number in range(count)]
    absent = question(PLACES[0][1], "missing", "not_handed_in", answer="")
    half = count // 2
    more = [record(name, PLACES[0][0], [absent], digest="") for name in partners[:half]]
    own = {each.learner: each for each in records if each.exercise == PLACES[0][0]}
    same = [own[f"learner{n:04}"] for n in range(half, count)]
    more += [replace(each, learner=partners[half + n]) for n, each in enumerate(same)]
    write_journal(tmp_path, [*records, *more])
    lines = ["learner,group,due", *(f"learner{n:04},g{n},2026-03-01" for n in range(count))]
    lines += [f"{name},g{n}," for n, name in enumerate(partners)]
    (tmp_path / "roster.csv").write_text("\n".join(lines))
    write_class(tmp_path)
    line = questions(tmp_path)[PLACES[0]]
    told = [int(line[name]) for name in ("learners", "decided", "passed", "failed", "missing")]
    by = count // 20
    assert told == [count, count, 8 * by, 12 * by, 0]
    assert causes(tmp_path)[(*PLACES[0], "labels_not_shifted")] == 12 * by
    (tmp_path / "roster.csv").unlink()
    write_class(tmp_path)
    line = questions(tmp_path)[PLACES[0]]
    assert [int(line[name]) for name in ("learners", "missing")] == [2 * count, half]


def test_a_cause_that_nobody_knows_is_called_by_its_name():
    assert called("nobodys", "nobody_knows") == "nobody_knows"
    assert "KeyError" in called("nobodys", "raised_KeyError")
    assert "`labels`" in called("nobodys", "labels_of_wrong_length")


def test_a_large_class_takes_seconds_and_little_memory(tmp_path):
    write_journal(tmp_path, simulated(scaled(200)))
    began = time.process_time()
    write_class(tmp_path)
    assert time.process_time() - began < 10
    tracemalloc.start()
    try:
        write_class(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


def as_long_as_the_courses(each):
    own = (
        replace(one, answer=f"{one.answer}\n{'    # so it is' * 40}", asked="x" * 1500)
        for one in each.questions
    )
    return replace(each, questions=tuple(own))


def test_a_class_of_two_thousand_with_all_exercises_takes_ten_seconds(tmp_path):
    plan = {("passed", "right"): 1000} | {("failed", f"cause{n}"): 200 for n in range(5)}
    places = [(f"{number:02}_exercise", f"question{q}") for number in range(11) for q in (1, 2)]
    records = simulated(dict.fromkeys(places, plan))
    write_journal(tmp_path, map(as_long_as_the_courses, records))
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write_class(tmp_path)
    assert time.process_time() - began < 10
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 300
