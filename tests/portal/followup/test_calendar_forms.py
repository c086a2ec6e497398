"""What is typed into the calendar of reminders is read as days and rules, or said to be wrong."""

from datetime import date

import pytest

from quetsach_portal.followup.calendar_forms import (
    DaysOffForm,
    ReminderRuleForm,
    initial_days_off,
    initial_rows,
)
from quetsach_portal.followup.reminder_rules import USUAL, SettledCalendar

USUAL_CALENDAR = SettledCalendar(USUAL, frozenset({date(2027, 2, 8)}), is_saved=False)


def test_the_form_of_a_calendar_gives_the_same_calendar_back() -> None:
    forms = [ReminderRuleForm(row) for row in initial_rows(USUAL_CALENDAR)]
    assert all(form.is_valid() for form in forms)
    # As they go out: after the letter, five, three and one day before, one day after.
    assert [form.rule() for form in forms] == [USUAL[place] for place in (4, 3, 2, 1, 0)]
    off = DaysOffForm(initial_days_off(USUAL_CALENDAR))
    assert off.is_valid()
    assert off.cleaned_data["days_off"] == [date(2027, 2, 8)]


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("", []),
        (" 8/2/2027;\n08/02/2027, 9/2/2027,", [date(2027, 2, 8), date(2027, 2, 9)]),
        ("30/2/2027", None),
        ("Tết", None),
    ],
)
def test_days_off_are_days(typed: str, days: list[date] | None) -> None:
    form = DaysOffForm({"days_off": typed})
    assert form.is_valid() is (days is not None)
    assert days is None or form.cleaned_data["days_off"] == days


def test_a_row_without_days_is_no_reminder_unless_it_is_switched_on() -> None:
    row = {"occasion": "due", "audience": "unit", "days": "", "words": ""}
    form = ReminderRuleForm(row)
    assert form.is_valid()
    assert form.rule() is None
    assert "days" in ReminderRuleForm({**row, "is_on": "on"}).errors
