"""The pages on which a person marks, as a browser shows them: nothing runs, loads or covers."""

import base64
import json
from dataclasses import replace

import pytest

from lessonlib.grading.books.journal import record
from lessonlib.grading.books.marking import write_marking_pages
from lessonlib.grading.intake.around import around
from lessonlib.grading.intake.assignment import Assignment
from lessonlib.grading.intake.merge import merge_job
from lessonlib.grading.paper.terms import Ruling, Terms
from tests.grading.handouts import CAUSAL, EXERCISE, RIGHT, WRITTEN, dumped, handout, solution
from tests.grading.test_marking import hostile_notebook, rich_notebook

from .sheets import assert_sound

LEARNERS = {
    "ada": rich_notebook(),
    "<img src=x onerror=alert(1)>": hostile_notebook(),
    "zoe": handout(RIGHT),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The pages of a class in which somebody means harm, and two questions wait."""
    out, assignment = tmp_path_factory.mktemp("gradebook"), Assignment(EXERCISE, solution())
    jobs = {
        learner: json.dumps(
            {"exercise": EXERCISE, "data": base64.b64encode(dumped(notebook)).decode()}
        )
        for learner, notebook in LEARNERS.items()
    }
    records = []
    for learner, job in jobs.items():
        answers = merge_job(json.loads(job), assignment).answers
        rulings = [
            Ruling(part.question, "pending" if part.question in (CAUSAL, WRITTEN) else "passed")
            for part in assignment.parts
        ]
        new = record(assignment, Terms(1), rulings, answers)
        records.append(replace(new, learner=learner))
    write_marking_pages(out, records, lambda each: around(jobs[each.learner], assignment))
    return out


def test_nothing_runs_loads_or_covers_and_all_is_reached(sheet, out):
    for path in (out / "to_mark.html", *sorted((out / "to_mark").iterdir())):
        assert_sound(sheet, path)


def test_a_marker_goes_from_answer_to_answer_with_the_keyboard(sheet, out):
    def press_on(words):
        """Go to the next link that says so, by the Tab key alone."""
        for _ in range(200):
            sheet.keyboard.press("Tab")
            if sheet.evaluate("document.activeElement.textContent").startswith(words):
                return sheet.keyboard.press("Enter")
        raise AssertionError(words)

    sheet.goto((out / "to_mark.html").as_uri())
    press_on(CAUSAL)
    sheet.wait_for_url(f"**/to_mark/{EXERCISE}-{CAUSAL}.html")
    for number in range(2, len(LEARNERS) + 1):
        press_on("Next answer")
        sheet.wait_for_url(f"**#a{number}")
        top = sheet.locator(f"#a{number}").evaluate("node => node.getBoundingClientRect().top")
        assert 0 <= top + 1 < 900
    sheet.goto((out / "to_mark" / f"{EXERCISE}-{CAUSAL}.html").as_uri())
    press_on("Next question")
    sheet.wait_for_url(f"**/{EXERCISE}-{WRITTEN}.html")
