"""A reminder goes out on the working day that its rule says, for each day of a unit once."""

from datetime import date, timedelta

import pytest

from quetsach_portal.followup.models import ReminderOccasion
from quetsach_portal.followup.reminder_rules import (
    USUAL,
    CalendarRule,
    day_of_reminder,
    days_reminded_on,
)

TET = frozenset(date(2027, 2, 4) + timedelta(days=n) for n in range(7))
MONDAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("occasion", "days", "day", "goes_out"),
    [
        ("due", 3, date(2026, 12, 7), date(2026, 12, 2)),
        ("due", 0, date(2026, 12, 7), date(2026, 12, 7)),
        ("due", 0, date(2026, 12, 6), date(2026, 12, 4)),
        ("late", 1, date(2026, 12, 4), date(2026, 12, 7)),
        ("look", 5, date(2027, 2, 12), date(2027, 1, 29)),
        ("receipt", 2, date(2027, 2, 3), date(2027, 2, 12)),
    ],
)
def test_days_are_working_days_over_weekends_and_days_off(
    occasion: str, days: int, day: date, goes_out: date
) -> None:
    rule = CalendarRule(ReminderOccasion(occasion), days)
    assert day_of_reminder(rule, day, TET) == goes_out


@pytest.mark.parametrize("rule", USUAL, ids=lambda rule: f"{rule.occasion}-{rule.days}")
def test_each_day_of_a_unit_is_reminded_of_once_and_never_on_a_day_off(rule: CalendarRule) -> None:
    met: list[date] = []
    for away in range(120):
        today = MONDAY + timedelta(days=away)
        days = days_reminded_on(rule, today, TET)
        assert not days or (today.weekday() < 5 and today not in TET)
        met += days
    assert len(met) == len(set(met))
    middle = {MONDAY + timedelta(days=away) for away in range(30, 80)}
    assert middle <= set(met)
