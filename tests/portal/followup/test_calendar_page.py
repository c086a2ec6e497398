"""The days of the calendar are those of each level, and the mail is one that would go out."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Phase
from quetsach_portal.followup.calendar_page import mail_preview, reminder_days
from quetsach_portal.followup.models import ReminderOccasion
from quetsach_portal.followup.reminder_rules import CalendarRule, SettledCalendar
from tests.portal.world import World

pytestmark = pytest.mark.django_db

DUE = CalendarRule(ReminderOccasion.DUE, 1, words="Gọi số 1")
RECEIPT = CalendarRule(ReminderOccasion.RECEIPT, 2)


def calendar(*rules: CalendarRule) -> SettledCalendar:
    return SettledCalendar(rules, frozenset(), is_saved=True)


def test_each_level_is_reminded_by_its_own_deadline(world: World) -> None:
    Phase.objects.update(
        due_at=timezone.make_aware(datetime(2126, 11, 29)),
        opens_at=timezone.now(),
        level_lead_days={"1": 3},
    )
    days = reminder_days(world.campaign, calendar(DUE, RECEIPT))
    # The last days in time are Thursday the 28th, and Monday the 25th for the levels below.
    assert [(row.level, row.day) for row in days] == [
        (None, None),
        (1, date(2126, 11, 22)),
        (2, date(2126, 11, 22)),
        (0, date(2126, 11, 27)),
    ]
    assert not any(row.is_past for row in days)


def test_a_reminder_that_is_off_has_no_day(world: World) -> None:
    off = CalendarRule(ReminderOccasion.DUE, 1, is_on=False)
    assert reminder_days(world.campaign, calendar(off)) == []
    assert mail_preview(world.campaign, calendar(off)) is None


def test_the_mail_is_to_a_unit_below_with_the_words_of_the_office(world: World) -> None:
    mail = mail_preview(world.campaign, calendar(DUE))
    assert mail is not None
    assert "Gọi số 1" in mail[1]
    assert world.nodes["TC01"].name_at_freeze in mail[1]


def test_levels_with_one_deadline_share_a_row(world: World) -> None:
    Phase.objects.update(level_lead_days={})
    days = reminder_days(world.campaign, calendar(DUE))
    assert [row.level for row in days] == [None]
