"""At 11:00 on a working day who asked and was not seen is told to the unit; nobody else is."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertKind, AlertState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.planted.models import PlantedName
from tests.portal.planted.planting import WEDNESDAY, at, place, planted
from tests.portal.working import run_ready
from tests.portal.world import World

DAY = timedelta(days=1)


def look(monkeypatch: pytest.MonkeyPatch, clock: str, day: date = WEDNESDAY) -> None:
    """Run the job at a moment."""
    moment = at(clock, day)
    enqueue("planted.look_after", key=f"planted:{moment.isoformat()}")
    module = "quetsach_portal.planted"
    for name in ("looking", "standing", "observing"):
        monkeypatch.setattr(f"{module}.{name}.timezone", _Clock(moment))
    run_ready()


class _Clock:
    """Django's clock, standing still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def localdate(self) -> date:
        return timezone.localtime(self.moment).date()

    def localtime(self, moment: datetime) -> datetime:
        return timezone.localtime(moment)


def seen_yesterday(world: World) -> None:
    yesterday = at("08:33", WEDNESDAY - DAY)
    planted(
        world,
        WEDNESDAY - DAY,
        seen_at=yesterday,
        asked_at=yesterday,
        is_live=True,
        source="eve.json",
    )


def test_a_sensor_that_stopped_is_told_by_noon_with_its_name(world: World, monkeypatch) -> None:
    place(world)
    seen_yesterday(world)
    look(monkeypatch, "08:00")
    planted(world, WEDNESDAY, asked_at=at("08:33"), is_live=True)
    look(monkeypatch, "10:45")
    assert not Alert.objects.exists()
    look(monkeypatch, "11:00")
    look(monkeypatch, "11:15")
    alert = Alert.objects.get()
    assert alert.kind == AlertKind.DEAD_SENSOR
    assert "VP" in alert.summary
    assert "eve.json" in alert.summary
    assert "01/12/2026" in alert.summary
    assert alert.page == f"/planted/units/{world.nodes['TC01'].pk}/"


def test_a_pc_that_is_off_is_no_alert(world: World, monkeypatch) -> None:
    place(world)
    seen_yesterday(world)
    look(monkeypatch, "11:00")
    assert PlantedName.objects.filter(day=WEDNESDAY).count() == 1
    assert not Alert.objects.exists()


def test_what_nobody_told_anything_of_is_no_alert(world: World, monkeypatch) -> None:
    place(world)
    look(monkeypatch, "11:00")
    assert not Alert.objects.exists()


def test_a_name_that_is_seen_again_ends_it(world: World, monkeypatch) -> None:
    place(world)
    seen_yesterday(world)
    planted(world, WEDNESDAY, asked_at=at("08:33"))
    look(monkeypatch, "11:00")
    planted(world, WEDNESDAY, seen_at=at("11:05"))
    look(monkeypatch, "11:15")
    assert Alert.objects.get().state == AlertState.CLOSED


def test_a_day_without_work_and_a_campaign_that_is_over_are_left_alone(
    world: World, monkeypatch
) -> None:
    place(world)
    saturday = WEDNESDAY + 3 * DAY
    look(monkeypatch, "11:00", saturday)
    world.campaign.state = "closed"
    world.campaign.save()
    look(monkeypatch, "11:00")
    assert not PlantedName.objects.exists()
