"""When something was handed in is known from programs, never from what a learner wrote."""

import os

import pytest

from lessonlib.grading.intake.times import BY_FILE, BY_NAME, BY_STAMP, handed_in

STAMP = "2026-03-01 10:00:00.123456 UTC"
TIME = "2026-03-01T10:00:00"
OF_THE_FILE = ("1970-01-02T00:00:00+00:00", BY_FILE)


@pytest.mark.parametrize(
    ("rule", "way", "told"),
    [
        ("blackboard_user", "w_ann_attempt_2026-03-01-10-00-00_x.ipynb", (TIME, BY_NAME)),
        (
            "blackboard_user",
            "w_ann_attempt_2026-03-01-10-00-00_y_attempt_2020-01-01-00-00-00_x.ipynb",
            (TIME, BY_NAME),
        ),
        ("nbgrader_id", f"ann+01+{STAMP} x/01.ipynb", (f"{TIME}+00:00", BY_NAME)),
        ("nbgrader_id", "ann/01/01.ipynb", (f"{TIME}+00:00", BY_STAMP)),
        ("moodle_name", "Ann_7_assignsubmission_file_/01.ipynb", OF_THE_FILE),
        ("folder", "ann_attempt_2020-01-01-00-00-00/01.ipynb", OF_THE_FILE),
    ],
)  # fmt: skip
def test_a_time_is_read_where_that_program_writes_it(tmp_path, rule, way, told):
    path = tmp_path / way
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    os.utime(path, (86400, 86400))
    path.with_name("timestamp.txt").write_text(f"{STAMP}\n")  # in every layout, by whomever
    found = handed_in(path, rule)
    assert (found.time, found.source) == told


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-45 10:00:00 UTC", "x" * 10_000, f"{STAMP}\nmore"]
)
def test_a_stamp_that_is_none_is_passed_over(tmp_path, text):
    path = tmp_path / "01.ipynb"
    path.write_text("{}")
    path.with_name("timestamp.txt").write_text(text)
    found = handed_in(path, "nbgrader_id")
    assert found.source == BY_FILE


def test_what_is_not_there_has_no_time(tmp_path):
    assert handed_in(tmp_path / "away.ipynb", "folder").time == ""
    assert handed_in(tmp_path / "a.zip" / "01.ipynb", "nbgrader_id").time == ""
