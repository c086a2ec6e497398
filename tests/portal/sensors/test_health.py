"""What is wrong is recorded, told in one alert a watch and kind, and ends by itself."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from quetsach_portal.alerts import escalation, raising
from quetsach_portal.alerts.models import Alert, AlertKind, AlertState
from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.sensors import health
from quetsach_portal.sensors.handing_in import working_days_before
from quetsach_portal.sensors.models import (
    Sensor,
    SensorHour,
    SensorSeverity,
    SensorSource,
    SensorTrouble,
)
from tests.portal.sensors.heard import SOURCE, at, heard, source
from tests.portal.working import run_ready
from tests.portal.world import World

NOW = at("2031-12-02T10:10:00+07:00")


def habit_of(row: SensorSource, *, lines: int = 5000, hours: tuple[int, ...] = (9, 10)) -> None:
    """Let the source have had so many lines in each of these hours of ten working days."""
    for day in working_days_before(timezone.localdate(NOW), 10):
        for hour in hours:
            moment = timezone.make_aware(datetime(day.year, day.month, day.day, hour))
            SensorHour.objects.create(source=row, hour=moment, covered_s=3600, lines=lines)


def today(row: SensorSource, hour: int, lines: int, covered_s: float = 3600) -> None:
    """Let so many lines have come in an hour of today."""
    moment = NOW.replace(hour=hour, minute=0)
    SensorHour.objects.update_or_create(
        source=row, hour=moment, defaults={"covered_s": covered_s, "lines": lines}
    )


def running(world: World, now: datetime = NOW, code: str = "TC01") -> SensorSource:
    """Return the source of a watch that was heard at `now`."""
    sensor = heard(world, code=code)
    Sensor.objects.filter(pk=sensor.pk).update(heard_at=now, clock_ahead_s=0)
    SensorSource.objects.filter(sensor=sensor).update(heard_at=now)
    return SensorSource.objects.get(sensor=sensor)


def look(now: datetime = NOW) -> list[tuple[str, bool]]:
    """Look at all; return the kinds of trouble there are, each with whether it is over."""
    health.look_at_all(now, lambda: None)
    rows = SensorTrouble.objects.order_by("pk")
    return [(row.kind, row.ended_at is not None) for row in rows]


def test_a_source_that_falls_silent_is_an_alarm_and_ends_by_itself(world: World) -> None:
    row = running(world)
    habit_of(row)
    today(row, 9, 0)
    today(row, 10, 0, 600)
    assert look() == [("silent", False)]
    alert = Alert.objects.get()
    assert (alert.kind, alert.page, alert.state) == (
        AlertKind.DEAD_SENSOR,
        "/sensors/",
        AlertState.RAISED,
    )
    assert "/var/log" not in alert.summary
    assert Sensor.objects.get().severity == SensorSeverity.ALARM
    assert look() == [("silent", False)]
    assert Alert.objects.count() == 1
    today(row, 10, 900, 600)
    assert look() == [("silent", True)]
    assert Alert.objects.get().state == AlertState.CLOSED
    assert Sensor.objects.get().severity == SensorSeverity.WELL


def test_of_a_watch_that_is_off_what_was_wrong_stays_and_nobody_is_asked_anew(
    world: World,
) -> None:
    row = running(world)
    habit_of(row)
    today(row, 9, 0)
    today(row, 10, 0, 600)
    look()
    night = NOW + timedelta(hours=12)
    assert look(night) == [("silent", False)]
    assert Alert.objects.get().state != AlertState.CLOSED
    assert Sensor.objects.get().severity == SensorSeverity.OFF


def test_a_watch_that_stops_in_the_morning_is_told_before_noon_and_one_that_is_off_is_not(
    world: World,
) -> None:
    seven = NOW.replace(hour=7, minute=0)
    habit_of(running(world, seven), hours=(6, 7, 8, 9, 10, 11))
    for hour in (7, 8):
        assert look(NOW.replace(hour=hour, minute=30)) == []
    assert Sensor.objects.get().severity == SensorSeverity.OFF
    assert look(NOW.replace(hour=9, minute=45)) == [("unheard", False)]
    assert Alert.objects.get().kind == AlertKind.DEAD_SENSOR
    row = running(world, NOW, code="TC02")
    assert row.sensor.severity == SensorSeverity.WELL
    Sensor.objects.filter(node=world.nodes["TC01"]).update(heard_at=NOW)
    assert look()[0] == ("unheard", True)


def test_a_watch_in_whose_place_another_one_runs_is_no_alarm_for_ever(world: World) -> None:
    seven = NOW.replace(hour=7, minute=0)
    habit_of(running(world, seven), hours=(6, 7, 8, 9, 10, 11))
    assert look(NOW) == [("unheard", False)]
    anew = heard(world, watch=uuid4())
    Sensor.objects.filter(pk=anew.pk).update(heard_at=NOW, first_heard_at=NOW, clock_ahead_s=0)
    anew.sources.update(heard_at=NOW)
    for other in ({"name": "another-pc"}, {"first_heard_at": seven}, {"name": "pc-giam-sat"}):
        Sensor.objects.filter(pk=anew.pk).update(**other)
        assert look(NOW) == [("unheard", False)]
    anew.sources.update(source="/log/other")
    Sensor.objects.filter(pk=anew.pk).update(first_heard_at=NOW)
    assert look(NOW) == [("unheard", False)]
    anew.sources.update(source=SOURCE)
    assert look(NOW) == [("unheard", True)]
    assert Sensor.objects.exclude(pk=anew.pk).get().severity == SensorSeverity.OFF
    assert Alert.objects.get().state == AlertState.CLOSED


def test_its_unit_is_mailed_in_the_morning_and_the_mail_names_no_place(
    world: World, sink, monkeypatch
) -> None:
    habit_of(running(world, NOW.replace(hour=7, minute=0)), hours=(6, 7, 8, 9, 10, 11))
    assert look(NOW.replace(hour=11, minute=15)) == [("unheard", False)]
    monkeypatch.setattr(escalation, "is_morning", lambda now: False)
    monkeypatch.setattr(raising, "is_morning", lambda now: False)
    enqueue("alerts.look_after", key="alerts.look_after:1")
    run_ready()
    assert sink.recipients() == []
    monkeypatch.setattr(escalation, "is_morning", lambda now: True)
    monkeypatch.setattr(raising, "is_morning", lambda now: True)
    enqueue("alerts.look_after", key="alerts.look_after:2")
    run_ready()
    assert sink.recipients() == ["tc01@coquan.example"]
    parts = [part for part in sink.messages()[0].walk() if part.get_content_maintype() == "text"]
    mail = "".join(part.get_content() for part in parts)
    assert parts
    assert not any(word in mail for word in ("/var/log", "pc-giam-sat", "suricata"))


def test_a_campaign_that_is_over_alarms_nobody(world: World) -> None:
    row = running(world)
    habit_of(row)
    today(row, 9, 0)
    today(row, 10, 0, 600)
    look()
    Alert.objects.update(state=AlertState.CLOSED)
    world.campaign.state = CampaignState.CLOSED
    world.campaign.save()
    look()
    assert Alert.objects.exclude(state=AlertState.CLOSED).count() == 0


def test_several_sources_are_one_alert_and_another_kind_another(world: World) -> None:
    sensor = heard(world, source("/a"), source("/b"))
    Sensor.objects.update(heard_at=NOW, clock_ahead_s=0, list_problem="E506")
    SensorSource.objects.update(heard_at=NOW)
    for row in sensor.sources.all():
        habit_of(row)
        today(row, 9, 0)
        today(row, 10, 0, 600)
    assert sorted(look()) == [("list", False), ("silent", False), ("silent", False)]
    assert sorted(Alert.objects.values_list("kind", flat=True)) == ["dead-sensor", "list"]
    assert "(2)" in Alert.objects.get(kind="dead-sensor").summary


def test_when_nearly_all_units_are_quiet_nobody_is_alarmed(world: World, monkeypatch) -> None:
    monkeypatch.setattr(health, "LEAST_UNITS", 2)
    for code in ("TC01", "TC02"):
        row = running(world, code=code)
        habit_of(row)
        today(row, 9, 0)
        today(row, 10, 0, 600)
    assert look() == []
    today(row, 9, 4000)
    today(row, 10, 700, 600)
    assert look() == [("silent", False)]


def test_on_a_day_without_work_nothing_is_usual(world: World) -> None:
    sunday = NOW + timedelta(days=5)
    row = running(world, sunday)
    habit_of(row)
    moment = sunday.replace(hour=9, minute=0)
    SensorHour.objects.create(source=row, hour=moment, covered_s=3600, lines=0, dropped=9)
    assert look(sunday) == [("loss", False)]


def test_a_log_that_is_not_handed_in_is_told_once_and_over_when_it_comes(
    world: World, monkeypatch
) -> None:
    node = world.nodes["TC02"]
    missing = {node.pk: {"zeek.dns": NOW - timedelta(days=3)}}
    monkeypatch.setattr(health, "logs_not_handed_in", lambda _now: missing)
    assert look() == [("not-handed-in", False)]
    assert look() == [("not-handed-in", False)]
    assert Alert.objects.get().node == node
    missing.clear()
    assert look() == [("not-handed-in", True)]
    assert Alert.objects.get().state == AlertState.CLOSED


def test_the_job_does_it(world: World) -> None:
    heard(world)
    Sensor.objects.update(list_problem="E506")
    enqueue("sensors.look_after", key="sensors.look_after:1")
    run_ready()
    assert SensorTrouble.objects.get().kind == "list"


def test_what_is_usual_costs_one_query(world: World, django_assert_num_queries) -> None:
    row = running(world)
    habit_of(row)
    sensor = row.sensor
    with django_assert_num_queries(1):
        habits = health.habits_of([sensor], NOW)
    assert len(habits[row.pk].earlier[9]) == 10
