"""What lateness costs: nothing in time, never more than there is, and never less for later."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessonlib.grading.books.late import Rule, duration, moment
from lessonlib.grading.paper.words import RefusedError

BERLIN = ZoneInfo("Europe/Berlin")
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
TEN_A_DAY = """
grace = "15 minutes"
cost = 10
every = "day"
at_most = 50
until = "7 days"
"""


def rule(tmp_path, text):
    path = tmp_path / "late.toml"
    path.write_text(text, encoding="utf-8")
    return Rule.read(path)


@pytest.mark.parametrize(
    ("late", "lost"),
    [
        (-DAY, 0),
        (timedelta(), 0),
        (timedelta(minutes=15), 0),
        (timedelta(minutes=15, seconds=1), 0.8),
        (DAY, 0.8),
        (DAY + SECOND, 1.6),
        (4 * DAY + SECOND, 4),
        (6 * DAY + SECOND, 4),  # not more than half
        (7 * DAY, 4),
        (7 * DAY + SECOND, 8),
    ],
)
def test_each_begun_day_costs_a_tenth_of_what_was_reached(tmp_path, late, lost):
    assert rule(tmp_path, TEN_A_DAY).penalty(late, 8, 10) == lost


@pytest.mark.parametrize(
    ("of", "points", "lost"), [("points", 4, 1), ("whole", 4, 2.5), ("whole", 1.5, 1.5)]
)
def test_a_share_of_what_was_reached_or_of_the_whole(tmp_path, of, points, lost):
    made = rule(tmp_path, f'cost = 25\nof = "{of}"')
    assert made.penalty(SECOND, points, 10) == lost


def test_without_a_rule_nothing_costs_anything(tmp_path):
    assert Rule.read(tmp_path / "late.toml").penalty(1000 * DAY, 8, 10) == 0


POINTS = st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 2))
SPANS = st.integers(-(10**7), 10**7).map(lambda seconds: timedelta(seconds=seconds))
RULES = st.builds(
    Rule,
    grace=st.integers(0, 10**5).map(lambda seconds: timedelta(seconds=seconds)),
    cost=st.fractions(0, 1),
    every=st.none() | st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    of_the_whole=st.booleans(),
    at_most=st.fractions(0, 1),
    until=st.none() | st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
)


@given(RULES, SPANS, SPANS, POINTS, POINTS)
def test_later_never_costs_less_and_never_more_than_there_is(made, one, other, points, more):
    sooner, later = sorted((one, other))
    costs = [made.penalty(late, points, points + more) for late in (sooner, later)]
    assert 0 <= costs[0] <= costs[1] <= points
    if later <= made.grace:
        assert costs == [0, 0]
    if made.until is None and not made.of_the_whole:
        assert Fraction(costs[1]) <= made.at_most * Fraction(points) * Fraction(1 + 1e-12)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-01 23:59", datetime(2026, 3, 1, 22, 59, tzinfo=UTC)),
        ("2026-03-01T23:59:30", datetime(2026, 3, 1, 22, 59, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, 23, tzinfo=UTC)),  # until the day is over
        ("1.3.2026 23:59", datetime(2026, 3, 1, 22, 59, tzinfo=UTC)),
        ("2026-03-01 23:59Z", datetime(2026, 3, 1, 23, 59, tzinfo=UTC)),
        ("2026-03-01 23:59 -0500", datetime(2026, 3, 2, 4, 59, tzinfo=UTC)),
        ("2026-03-29 23:59", datetime(2026, 3, 29, 21, 59, tzinfo=UTC)),  # clocks went forward
    ],
)
def test_dates_are_read_on_the_clocks_of_the_class(text, told):
    assert moment(text, BERLIN) == told


@pytest.mark.parametrize(
    "text",
    ["", "3/4/2026", "2026-13-01", "2026-02-30", "soon", "=1+1", "2026-03-01 25:00", "9" * 99],
)
def test_what_is_no_date_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        moment(text, BERLIN)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text):
    for read in (moment, duration):
        try:
            read(text)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("36 h", 1.5 * DAY),
        ("day", DAY),
        ("+2 days", 2 * DAY),
        ("0.5 hours", HOUR / 2),
        ("1w", 7 * DAY),
    ],
)
def test_durations(text, told):
    assert duration(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "cost = 101",
        "cost = -1",
        "cost = nan",
        "cost = true",
        'cost = "10"',
        "costs = 10",
        'every = "0 days"',
        'grace = "soon"',
        'of = "all"',
        "file_times = 1",
        'timezone = "Atlantis"',
        'timezone = "../../etc/passwd"',
        "until = 7",
        "cost",
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_in_words(tmp_path, text):
    with pytest.raises(RefusedError, match=r"late\.toml"):
        rule(tmp_path, text)
