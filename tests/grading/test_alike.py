"""Answers alike up to names, order of lines and comments, weighed by how common they are."""

import math

import pytest

from lessonlib.cli import main
from lessonlib.grading.classroom.alike import LONGEST, form
from tests.grading.simulated import PLACES, question, record, write_journal
from tests.grading.test_classroom import everything, tables
from tests.grading.test_copies import DISGUISES, ORIGINAL, OTHERS

PLACE = PLACES[2]
# What is equal up to names, order of lines and comments; a changed word is another answer.
EQUAL = {name: text for name, text in DISGUISES.items() if "one" not in name}


def swapped(source, one, other):
    """Swap two lines."""
    return source.replace(one, "\0").replace(other, one).replace("\0", other)


LINES = """\
def f(tokens, start):
    before = tokens[:start]
    after = tokens[start:]
    count = len(before) + 2 * len(after)
    for word in before:
        count += len(word)
        print(word, count)
    return before, after, count"""


@pytest.mark.parametrize("text", EQUAL.values(), ids=EQUAL)
def test_names_and_comments_make_no_difference(text):
    assert form(text) == form(ORIGINAL) != ""


@pytest.mark.parametrize(
    "text",
    [
        swapped(LINES, "    before = tokens[:start]\n", "    after = tokens[start:]\n"),
        swapped(LINES, "        count += len(word)\n", "        print(word, count)\n"),
        swapped(
            LINES.replace("before", "b"), "    b = tokens[:start]\n", "    after = tokens[start:]\n"
        ),
    ],
)
def test_the_order_of_lines_makes_no_difference(text):
    assert text != LINES
    assert form(text) == form(LINES)


@pytest.mark.parametrize(
    "text",
    [
        LINES.replace("return before, after", "return after, before"),
        LINES.replace("2 * len(after)", "2 * len(before)"),
        LINES.replace("        print(word, count)", "    print(word, count)"),
        LINES.replace("tokens[:start]", "tokens[: start + 1]"),
        *OTHERS.values(),
    ],
)
def test_what_does_something_else_is_not_alike(text):
    assert form(text) != form(LINES)


@pytest.mark.parametrize(
    "text", ["", "x = 1", "def f(", "no Python at all", "x = [" + "1," * LONGEST]
)
def test_what_is_too_short_too_long_or_none_is_like_nothing(text):
    assert form(text) == ""


def handed_in(learner, *answers):
    """Hand in an answer to each of some questions."""
    own = [
        question(f"{PLACE[1]}{n}", "failed", "odd", answer=each) for n, each in enumerate(answers)
    ]
    return record(learner, PLACE[0], own)


def different(number):
    return LINES.replace("2 *", f"{number} *")


def test_a_likeness_is_weighed_by_how_common_it_is(tmp_path):
    class_ = [handed_in(f"learner{n:02}", LINES, different(n)) for n in range(2, 20)]
    class_ += [
        handed_in("zoltan", different(2), different(50)),
        handed_in("bohdan", LINES, different(50)),
    ]
    assert main(["class", str(write_journal(tmp_path, class_)), "--alike"]) == 0
    (pair,) = tables(tmp_path, "alike")
    assert (pair["learner"], pair["other"]) == ("bohdan", "zoltan")
    assert [int(pair[name]) for name in ("alike_in", "wrote_so", "of")] == [1, 2, 20]
    assert float(pair["bits"]) == pytest.approx(math.log2(19), abs=1e-3)


def test_who_is_alike_is_not_told_unless_asked_for(tmp_path):
    class_ = [handed_in(name, LINES) for name in ("zoltan", "bohdan")]
    class_ += [handed_in(f"learner{n}", different(n)) for n in range(3, 9)]
    folder = str(write_journal(tmp_path, class_))
    main(["class", folder, "--alike"])
    assert "zoltan" in everything(tmp_path)
    main(["class", folder])
    assert "zoltan" not in everything(tmp_path)
