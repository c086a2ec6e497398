"""A calendar is settled whole: what stood before goes; a campaign that is over keeps its own."""

from datetime import date, timedelta

import pytest

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.followup.actions.settling import settle_calendar
from quetsach_portal.followup.models import ReminderOccasion, ReminderRule
from quetsach_portal.followup.reminder_rules import USUAL, CalendarRule, calendar_of
from quetsach_portal.followup.retention import purge
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.world import World

pytestmark = pytest.mark.django_db

DAY = date(2027, 2, 8)


def settle(world: World, *rules: CalendarRule, days_off: tuple[date, ...] = ()) -> None:
    settle_calendar(world.campaign, rules, days_off, actor=world.user("TC", Role.LEAD_OWNER))


def test_what_is_settled_replaces_what_stood_before(world: World) -> None:
    assert calendar_of(world.campaign).rules == USUAL
    settle(world, *USUAL, days_off=(DAY,))
    due = CalendarRule(ReminderOccasion.DUE, 2, words="Gọi số 1", is_on=False)
    settle(world, due)
    settled = calendar_of(world.campaign)
    assert (list(settled.rules), settled.days_off, settled.is_saved) == ([due], frozenset(), True)


@pytest.mark.parametrize(
    ("rules", "days_off"),
    [
        ([CalendarRule(ReminderOccasion.DUE, days) for days in range(13)], ()),
        ([CalendarRule(ReminderOccasion.DUE, 31)], ()),
        ([], tuple(DAY + timedelta(days=n) for n in range(61))),
    ],
)
def test_too_much_is_refused(world: World, rules: list[CalendarRule], days_off) -> None:
    with pytest.raises(Refused):
        settle(world, *rules, days_off=days_off)
    assert not calendar_of(world.campaign).is_saved


def test_a_campaign_that_closes_is_not_settled_anew(world: World) -> None:
    world.campaign.state = CampaignState.CLOSING
    world.campaign.save()
    with pytest.raises(Refused):
        settle(world, *USUAL)


def test_the_archiving_takes_the_words_and_who_saved(world: World) -> None:
    settle(world, CalendarRule(ReminderOccasion.DUE, 2, words="Gọi anh Ba"))
    purge(world.campaign)
    assert ReminderRule.objects.get().words == ""
    assert world.campaign.reminder_calendar.saved_by is None
