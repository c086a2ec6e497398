"""Deadlines are exclusive instants, and each level's own is computed back from the top one."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from quetsach_portal.campaigns.deadlines import (
    after_last_moment,
    due_at_depth,
    earlier,
    exclusive,
    lead_at,
)

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
SEED = datetime(2022, 9, 29, tzinfo=HERE)
"""Before 29/9/2022, a Thursday: the last day in time is Wednesday 28/9."""


def test_before_a_day_is_the_instant_at_which_it_begins_here() -> None:
    assert exclusive(date(2022, 9, 29)) == SEED
    assert exclusive(date(2022, 9, 28), time(17)) == datetime(2022, 9, 28, 17, tzinfo=HERE)


def test_the_last_second_of_a_letter_becomes_the_instant_after_it() -> None:
    assert after_last_moment(datetime(2022, 9, 28, 23, 59, 59, tzinfo=HERE)) == SEED


@pytest.mark.parametrize(
    ("days", "due"),
    [
        (0, (2022, 9, 29)),
        (1, (2022, 9, 28)),
        (2, (2022, 9, 27)),
        # Three working days before Wednesday 28/9 is Friday 23/9, so it is due before Saturday.
        (3, (2022, 9, 24)),
        (8, (2022, 9, 17)),
    ],
)
def test_working_days_leave_weekends_out(days: int, due: tuple[int, int, int]) -> None:
    assert earlier(SEED, days, working_days=True) == datetime(*due, tzinfo=HERE)


def test_days_of_the_calendar_take_every_day() -> None:
    assert earlier(SEED, 3, working_days=False) == datetime(2022, 9, 26, tzinfo=HERE)


def test_a_time_of_day_stays_the_same_at_every_level() -> None:
    due = datetime(2022, 9, 28, 17, tzinfo=HERE)
    assert earlier(due, 1, working_days=True) == datetime(2022, 9, 27, 17, tzinfo=HERE)


def test_a_deadline_on_a_weekend_stays_where_the_letter_put_it() -> None:
    saturday = datetime(2022, 10, 1, tzinfo=HERE) + timedelta(hours=12)
    assert earlier(saturday, 0, working_days=True) == saturday


def test_a_level_without_a_number_takes_that_of_the_level_above() -> None:
    given = {"1": 2, "3": 5}
    assert [lead_at(given, depth) for depth in range(6)] == [0, 2, 2, 5, 5, 5]


def test_no_level_is_due_later_than_the_one_above_it() -> None:
    given = {"1": 1, "2": 4}
    due = [due_at_depth(SEED, given, depth, working_days=True) for depth in range(4)]
    assert due == sorted(due, reverse=True)
    assert due[0] == SEED
