"""Deadlines of the levels are proposed back from the letter's, in working days, never past."""

from datetime import date, timedelta

import pytest

from quetsach_portal.campaigns.deadlines import due_at_depth, exclusive
from quetsach_portal.campaigns.level_deadlines import (
    last_day,
    lead_days_for,
    level_deadlines,
    named_deadline,
    proposed_lead_days,
    working_days_between,
)

TOP = exclusive(date(2022, 9, 29))
"""Before 29/9/2022, a Thursday: the 28th is the last day in time."""


def lasts(today: date, deepest: int) -> list[date]:
    leads = proposed_lead_days(TOP, deepest, today)
    return [
        last_day(due_at_depth(TOP, leads, depth, working_days=True))
        for depth in range(1, deepest + 1)
    ]


def test_a_level_gets_three_working_days_to_add_up() -> None:
    assert lasts(date(2022, 9, 13), 1) == [date(2022, 9, 23)]
    assert lasts(date(2022, 8, 1), 2) == [date(2022, 9, 23), date(2022, 9, 20)]


@pytest.mark.parametrize("deepest", [1, 2, 3, 4])
@pytest.mark.parametrize("days_before", range(40))
def test_no_proposal_lies_in_the_past(days_before: int, deepest: int) -> None:
    today = date(2022, 9, 28) - timedelta(days=days_before)
    for last in lasts(today, deepest):
        assert last > today or last == last_day(TOP)


def test_half_of_the_time_stays_with_the_lowest_level() -> None:
    today = date(2022, 9, 22)
    assert working_days_between(today, last_day(TOP)) == 4
    assert lasts(today, 1) == [date(2022, 9, 26)]


@pytest.mark.parametrize(
    ("last", "leads", "working"),
    [
        (date(2022, 9, 23), {"1": 3}, True),
        (date(2022, 9, 28), {"1": 0}, True),
        (date(2022, 9, 24), {"1": 4}, False),
    ],
)
def test_what_a_person_types_is_kept_to_the_day(
    last: date, leads: dict[str, int], working: bool
) -> None:
    assert lead_days_for(TOP, [last]) == (leads, working)
    assert last_day(due_at_depth(TOP, leads, 1, working_days=working)) == last


def test_the_rows_say_what_is_left_and_what_the_level_above_gets() -> None:
    rows = level_deadlines(TOP, {"1": 3}, {0: 1, 1: 43}, working_days=True, today=date(2022, 9, 13))
    assert [(row.units, row.days_left, row.days_to_add_up) for row in rows] == [
        (1, 11, None),
        (43, 8, 3),
    ]


def test_the_deadline_of_the_letter_has_its_words_and_place() -> None:
    source = {"text": "... trước ngày 29/9/2022", "place": {"line": 29}}
    letter = {
        "due": {"value": "2022-09-28T23:59:59+07:00", "source": source},
        "dues": [{"report": True, "words": "trước ngày 29/9/2022"}],
    }
    named = named_deadline(letter)
    assert named is not None
    assert named.words == "trước ngày 29/9/2022"
    assert named.place.endswith("29")
    assert named.due_at == TOP
    assert named_deadline({}) is None
