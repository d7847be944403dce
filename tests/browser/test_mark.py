"""Marking in a browser: with the keyboard alone, saved at each key, and kept if the server dies."""

import threading
from contextlib import ExitStack

import pytest

from lessonlib.grading.books.journal import Journal, Question, Record
from lessonlib.grading.books.marks import Marks, key_of
from lessonlib.grading.by_hand.command import desk_of
from lessonlib.grading.paper.terms import Terms

from .notebook_page import axe_source
from .sheets import AXE, COVERED, OUT_OF_REACH

LEARNERS = ("ada", "<img src=x onerror=alert(1)>", "zoe")
RUBRIC = ("Says <b>what</b> is read.", "Says why.", "very_long" * 30)
WAY = "to_mark/02_why-why.html"


def waiting(learner):
    answer = f"answer of {learner}\n\n" + "- a point\n" * 40
    own = Question("why", "pending", max_points=2.0, answer=answer, written=True, rubric=RUBRIC)
    return Record(learner, "02_why", Terms(1), (own,), digest="digest")


def key(learner):
    record = waiting(learner)
    return key_of(record, record.questions[0])


@pytest.fixture
def folder(tmp_path):
    journal = Journal(tmp_path)
    for learner in LEARNERS:
        journal.add(waiting(learner))
    Marks.read(tmp_path / "marks.csv").write(tmp_path / "marks.csv", journal)
    (tmp_path / "comments.txt").write_text("Well said.\n" + "A long comment, again. " * 20 + "\n")
    return tmp_path


@pytest.fixture
def tab(browser):
    with browser.new_context() as context:
        yield context.new_page()


def said(folder, learner):
    return Marks.read(folder / "marks.csv", LEARNERS).said_of(key(learner))


@pytest.fixture
def serve(folder):
    """Start a server for the gradebook, and end it, as often as one likes."""
    with ExitStack() as stack:

        def start(**how):
            desk = stack.enter_context(desk_of(folder, **how))
            thread = threading.Thread(target=desk.serve_forever, args=(0.01,))
            thread.start()
            stack.callback(thread.join)
            stack.callback(desk.shutdown)
            return desk

        yield start


def opened(sheet, desk):
    sheet.goto(desk.address)
    sheet.goto(f"http://{desk.host}/{WAY}")
    return sheet.locator("form")


def states(sheet, form, state):
    sheet.wait_for_function(
        "([form, state]) => form.dataset.state === state", arg=[form.element_handle(), state]
    )


def test_nothing_runs_or_covers_and_all_is_reached_and_axe_finds_nothing(sheet, serve):
    desk = serve()
    forms = opened(sheet, desk)
    forms.first.get_by_label("Points, of 2").fill("3")
    states(sheet, forms.first, "refused")
    for way in ("", WAY):
        sheet.goto(f"http://{desk.host}/{way}")
        assert sheet.locator("h1").count() == 1
        assert sheet.evaluate(COVERED) == []
        assert sheet.evaluate(OUT_OF_REACH) == []
        assert sheet.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sheet.evaluate(axe_source())
        assert sheet.evaluate(AXE) == []
    assert all(url.startswith((f"http://{desk.host}/", "data:")) for url in sheet.asked)
    # What the browser says by itself of an answer that is no success is the only thing said.
    assert all("422" in text for text in sheet.said)


def test_labels_stand_above_their_fields(sheet, serve):
    opened(sheet, serve())
    boxes = sheet.evaluate(
        """() => [...document.querySelectorAll(
            'form label > :is(input:not([type=checkbox]), select, textarea)'
        )].map(field => {
            const range = document.createRange();
            range.selectNode(field.parentElement.firstChild);
            return [range.getBoundingClientRect().bottom, field.getBoundingClientRect().top];
        })"""
    )
    assert len(boxes) == 5 * len(LEARNERS)
    assert all(bottom <= top + 1 for bottom, top in boxes)


def test_a_marker_needs_no_mouse(tab, serve, folder):
    forms = opened(tab, serve())
    tab.keyboard.press("Alt+PageDown")
    tab.keyboard.press("Alt+PageDown")
    second = forms.nth(1)
    assert second.get_by_label("Points, of 2").evaluate("each => each === document.activeElement")
    tab.keyboard.type("1.5")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.type("Good, but ...")
    states(tab, second, "saved")
    (learner,) = [each for each in LEARNERS if said(folder, each)["points"]]
    assert learner == sorted(LEARNERS)[1]
    assert said(folder, learner)["comment"] == "Good, but ..."
    assert said(folder, learner)["points"] == "1.5"
    tab.keyboard.press("Alt+PageUp")
    top = forms.first.get_by_label("Points, of 2").bounding_box()["y"]
    assert forms.first.get_by_label("Points, of 2").evaluate("e => e === document.activeElement")
    assert top > -10_000


def test_lines_of_the_rubric_add_up_and_comments_are_used_again(tab, serve, folder):
    form, learner = opened(tab, serve()).first, sorted(LEARNERS)[0]
    boxes = form.get_by_role("checkbox")
    assert boxes.count() == len(RUBRIC)
    for number, points in enumerate(("0.6667", "1.3333", "2")):
        boxes.nth(number).focus()
        tab.keyboard.press("Space")
        states(tab, form, "saved")
        assert form.get_by_label("Points, of 2").input_value() == points
    form.get_by_label("Add to the comment").select_option("Well said.")
    states(tab, form, "saved")
    stands = said(folder, learner)
    assert (stands["rubric"], stands["points"], stands["comment"]) == ("1 2 3", "2", "Well said.")
    tab.reload()
    assert [each.is_checked() for each in boxes.all()] == [True] * 3


def test_what_was_typed_outlives_the_server(tab, serve, folder):
    first = serve()
    port, learner = first.server_address[1], sorted(LEARNERS)[0]
    form = opened(tab, first).first
    first.shutdown()
    first.server_close()
    form.get_by_label("Comment for the learner").fill("typed while nobody listened")
    states(tab, form, "unsaved")
    assert said(folder, learner)["comment"] == ""
    form = opened(tab, serve(port=port)).first
    states(tab, form, "saved")
    assert said(folder, learner)["comment"] == "typed while nobody listened"


def test_what_somebody_else_wrote_is_shown_and_not_overwritten(tab, serve, folder):
    form, learner = opened(tab, serve()).first, sorted(LEARNERS)[0]
    path = folder / "marks.csv"
    Marks.read(path, LEARNERS).say(key(learner), {"points": "1", "comment": "theirs"}).save(path)
    form.get_by_label("Points, of 2").fill("2")
    states(tab, form, "changed")
    assert "theirs" in form.get_by_role("status").text_content()
    assert said(folder, learner)["points"] == "1"
    form.get_by_label("Comment for the learner").fill("after I have seen it")
    states(tab, form, "saved")
    assert said(folder, learner)["points"] == "2"
