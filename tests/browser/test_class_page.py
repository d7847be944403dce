"""The page of a class as a browser shows it, whatever was handed in."""

import pytest

from lessonlib.grading.classroom.command import PAGE, write_class
from tests.grading.simulated import PLACES, handed_in_again, question, record, scaled, simulated
from tests.grading.test_thinking import ONE, OTHER, RIGHT, learner, put

from .sheets import assert_sound

HOSTILE = "</pre><img src=x onerror=alert(1)><script>alert(1)</script>" + "very_long" * 60


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The page of a class in which some mean harm, and many handed in again and what they think."""
    folder = tmp_path_factory.mktemp("gradebook")
    first, last = (simulated(scaled(40), seed) for seed in (1, 2))
    wrong = question(PLACES[0][1], "failed", "labels_not_shifted", answer=HOSTILE, message=HOSTILE)
    bad = [record(f"{HOSTILE}{n}", PLACES[0][0], [wrong]) for n in range(9)]
    handed_in_again(folder, first, [*last, *bad])
    ways = [(ONE, RIGHT), (ONE, ONE), (RIGHT, OTHER)]
    for number in range(30):
        thought = learner(*ways[number % 3], number=number, name="<img src=x>")
        put(folder / "answers", f"{number}.json", thought)
    write_class(folder, names=True, handed_in=folder / "answers")
    return folder / PAGE


def test_nothing_runs_loads_or_covers_and_all_is_reached(sheet, path):
    assert_sound(sheet, path)
    assert sheet.locator("h2").first.text_content().endswith("Monday")
    assert sheet.get_by_text("before and after").count()
    for number in range(sheet.locator("table").count()):
        assert sheet.locator("table").nth(number).locator("caption").count() == 1
