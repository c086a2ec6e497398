"""The deadlines of a unit as iCalendar."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from quetsach_portal.campaigns.calendar.feed import calendar_of
from quetsach_portal.campaigns.models.campaign import Campaign, ExpectedReport, ExpectedReportState

pytestmark = pytest.mark.django_db


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


HOSTILE = (
    "Chiến dịch\r\nATTACH:https://xau.example/a.exe",
    "x\nEND:VEVENT\nBEGIN:VALARM\nACTION:PROCEDURE\nATTACH:file:///bin/sh",
    "x\rATTENDEE:mailto:ai@xau.example",
    "a;b,c\\n\\,d:e",
    "x\u2028ORGANIZER:mailto:ai@xau.example",
    "x\x0bURL:https://xau.example/\x0cz\x85y\x1cw",
    "ữ" * 180,
    "\U0001f980" * 120,
    '";X-EVIL=1:"',
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_title_or_name_of_a_unit_becomes_a_line_of_the_calendar(world, text) -> None:
    usual = list(Calendar.from_ical(calendar_of(world.units["TC01"])).property_items())
    Campaign.objects.update(title=text[:200])
    unit = world.units["TC01"]
    unit.name = text[:200]
    raw = calendar_of(unit)
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    # A program that ends lines elsewhere, too, sees no line more.
    assert raw.decode().splitlines() == [line.decode() for line in lines[:-1]]
    read = Calendar.from_ical(raw)
    assert [name for name, _value in read.property_items()] == [name for name, _value in usual]
    (event,) = read.walk("VEVENT")
    plain = "".join(sign for sign in text[:200] if sign.isalnum())
    assert plain in "".join(sign for sign in str(event["summary"]) if sign.isalnum())
    assert [str(one["action"]) for one in read.walk("VALARM")] == ["DISPLAY"]
