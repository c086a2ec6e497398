"""A log that was handed in each working day and stopped is missed; a weekly one is not."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.intake.models import StreamPart, Submission, UnitStream
from quetsach_portal.sensors import handing_in
from quetsach_portal.sensors.handing_in import (
    has_stopped,
    logs_not_handed_in,
    was_daily,
    working_days_before,
)
from tests.portal.intake.rows import make_done
from tests.portal.sensors.heard import at, heard
from tests.portal.world import World

FRIDAY = date(2026, 12, 4)
NOON = at("2026-12-04T12:00:00+07:00")


def handed_in(world: World, code: str, days: list[date], kind: str = "zeek.dns") -> None:
    """Let the unit have handed in a log on each of these days."""
    node = world.nodes[code]
    stream = UnitStream.objects.create(node=node, name="dns.log", kind=kind, head="", chain="")
    for number, day in enumerate(days):
        submission = make_done(world, code)
        moment = timezone.make_aware(datetime(day.year, day.month, day.day, 9))
        Submission.objects.filter(pk=submission.pk).update(created_at=moment)
        StreamPart.objects.create(
            stream=stream,
            submission=submission,
            path="dns.log",
            change="grown" if number else "new",
            chain="",
            digest="",
            list_version="",
        )


def test_working_days_leave_weekends_out() -> None:
    assert working_days_before(date(2026, 11, 30), 2) == [date(2026, 11, 27), date(2026, 11, 26)]


@pytest.mark.parametrize(
    ("days", "daily", "stopped"),
    [
        (working_days_before(FRIDAY, 12), True, False),
        (working_days_before(date(2026, 12, 2), 12), True, True),
        # Yesterday alone is missing: that may still come.
        (working_days_before(date(2026, 12, 3), 12), True, False),
        (working_days_before(date(2026, 12, 2), 30)[::5], False, True),
        (working_days_before(date(2026, 12, 2), 4), False, True),
        ([FRIDAY], False, False),
    ],
)
def test_what_is_daily_and_what_has_stopped(days: list[date], daily: bool, stopped: bool) -> None:
    assert (was_daily(days, FRIDAY), has_stopped(days, FRIDAY)) == (daily, stopped)


def test_a_unit_that_stopped_is_named_with_its_log(world: World) -> None:
    days = working_days_before(date(2026, 12, 2), 10)
    handed_in(world, "TC01", days)
    handed_in(world, "TC01", working_days_before(FRIDAY, 10), kind="zeek.http")
    missing = logs_not_handed_in(NOON)
    assert missing == {world.nodes["TC01"].pk: {"zeek.dns": at("2026-12-01T09:00:00+07:00")}}


def test_a_unit_with_a_watch_is_looked_after_by_it(world: World) -> None:
    handed_in(world, "TC01", working_days_before(date(2026, 12, 2), 10))
    sensor = heard(world)
    sensor.heard_at = NOON - timedelta(days=1)
    sensor.save()
    assert logs_not_handed_in(NOON) == {}


def test_when_nearly_all_units_stop_it_is_a_day_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "LEAST_UNITS", 2)
    days = working_days_before(date(2026, 12, 2), 10)
    for code in ("TC01", "TC02"):
        handed_in(world, code, days)
    assert logs_not_handed_in(NOON) == {}
