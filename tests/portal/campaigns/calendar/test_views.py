"""Deadlines as a calendar: the last day in time, nothing personal, an address that can be ended."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from quetsach_portal.campaigns.calendar import actions
from quetsach_portal.campaigns.calendar.feed import calendar_of
from quetsach_portal.campaigns.models.calendar import CalendarFeed
from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport, ExpectedReportState
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.fixture
def person(world):
    return world.user("TC01", Role.FOCAL_POINT)


def events(unit) -> list:
    return list(Calendar.from_ical(calendar_of(unit)).walk("VEVENT"))


def due(world, moment: datetime) -> None:
    ExpectedReport.objects.filter(node=world.nodes["TC01"]).update(
        due_at=timezone.make_aware(moment)
    )


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        (datetime(2022, 9, 29), date(2022, 9, 28)),
        (datetime(2022, 9, 28, 17), date(2022, 9, 28)),
        (datetime(2022, 9, 29, 0, 0, 0, 1), date(2022, 9, 29)),
    ],
)
def test_B6_the_event_stands_on_the_last_day_in_time(world, moment, last) -> None:
    due(world, moment)
    (event,) = events(world.units["TC01"])
    assert event.decoded("dtstart") == last
    assert event.decoded("dtend") == last + timedelta(days=1)
    assert str(event["summary"]).startswith("Báo cáo đợt 1: ngày cuối")


def test_a_report_that_came_in_rings_no_more_and_an_excused_one_is_gone(world) -> None:
    slots = ExpectedReport.objects.filter(node=world.nodes["TC01"])
    assert len(events(world.units["TC01"])[0].walk("VALARM")) == 1
    slots.update(reported_at=timezone.now())
    assert len(events(world.units["TC01"])[0].walk("VALARM")) == 0
    slots.update(state=ExpectedReportState.EXCUSED)
    assert events(world.units["TC01"]) == []


def test_a_campaign_that_is_prepared_or_closed_shows_no_deadline(world) -> None:
    for state in ("draft", "ready", "closed", "archived"):
        Campaign.objects.update(state=state)
        assert events(world.units["TC01"]) == []


def test_the_calendar_names_nobody_and_is_the_same_each_time(world, person) -> None:
    text = calendar_of(world.units["TC01"]).decode()
    assert person.email not in text
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text
    assert calendar_of(world.units["TC01"]).decode() == text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_A8_the_secret_is_shown_once_and_kept_nowhere(world, person) -> None:
    feed, secret = actions.make_feed(world.units["TC01"], name="văn phòng", actor=person)
    assert len(secret) >= 43
    held = CalendarFeed.objects.filter(pk=feed.pk).values().get()
    assert secret not in map(str, held.values())


def test_the_address_opens_without_a_session_until_it_is_ended(world, client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    page = f"/calendars/units/{world.units['TC01'].pk}/"
    address = client.post(page, {"name": "văn phòng"}).context["address"]
    assert address not in client.get(page).content.decode()
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    client.post(f"/calendars/{CalendarFeed.objects.get().pk}/end")
    assert Client().get(address).status_code == 404


def test_a_made_up_address_is_not_there(world) -> None:
    assert Client().get("/calendar/x.ics").status_code == 404


def test_a_unit_has_twenty_addresses_and_no_more(world, person) -> None:
    for number in range(actions.MOST_FEEDS):
        actions.make_feed(world.units["TC01"], name=str(number), actor=person)
    with pytest.raises(Refused):
        actions.make_feed(world.units["TC01"], name="một nữa", actor=person)
