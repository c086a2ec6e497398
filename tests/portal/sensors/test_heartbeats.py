"""A heartbeat is recorded once, and what came between two of them adds up in their hour."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.sensors import heartbeats
from quetsach_portal.sensors.heartbeats import TooSoon
from quetsach_portal.sensors.messages import read
from quetsach_portal.sensors.models import Sensor, SensorHour, SensorSource
from quetsach_portal.web.acts import Refused
from tests.portal.sensors.heard import SOURCE, body, heard, let_time_go_by, node_of, source
from tests.portal.world import World

MINUTE = timedelta(minutes=1)


def test_the_first_heartbeat_makes_a_watch_and_no_hour(world: World) -> None:
    sensor = heard(world)
    row = SensorSource.objects.get()
    assert (sensor.name, sensor.sightings, abs(sensor.clock_ahead_s) < 5) == (
        "pc-giam-sat",
        3,
        True,
    )
    assert (row.source, row.lines, row.rate, row.dataset) == (SOURCE, 1000, 12.5, "suricata.eve")
    # What was read before the portal first heard of it belongs to no hour.
    assert not SensorHour.objects.exists()


def test_what_comes_between_two_heartbeats_is_added_to_the_hour(world: World) -> None:
    heard(world)
    for lines, dropped in ((1700, 0), (1900, 7)):
        let_time_go_by(MINUTE)
        told = source(lines=lines, received=lines, dropped={"kernel": dropped}, lag_s=float(lines))
        heard(world, told)
    hours = list(SensorHour.objects.all())
    assert (sum(one.lines for one in hours), sum(one.dropped for one in hours)) == (900, 7)
    assert 119 <= sum(one.covered_s for one in hours) <= 125
    assert max(one.most_lag_s for one in hours) == 1900.0


def test_the_same_heartbeat_twice_counts_once(world: World) -> None:
    heard(world)
    let_time_go_by(MINUTE)
    again = body(source(lines=1100))
    taken = [heartbeats.take(node_of(world), read(again)) for _time in range(3)]
    assert [sensor is not None for sensor in taken] == [True, False, False]
    assert sum(SensorHour.objects.values_list("lines", flat=True)) == 100


def test_one_that_was_overtaken_changes_nothing_and_a_clock_set_back_does(world: World) -> None:
    started = timezone.now() - timedelta(hours=3)
    heard(world, source(lines=5000), started_at=started)
    let_time_go_by(MINUTE)
    old = timezone.now() - timedelta(minutes=5)
    heard(world, source(lines=4000), started_at=started, at=old)
    assert SensorSource.objects.get().lines == 5000
    sensor = heard(world, source(lines=5100), started_at=started, at=old)
    assert SensorSource.objects.get().lines == 5100
    assert -310 < sensor.clock_ahead_s < -290


def test_totals_that_begin_anew_count_from_zero(world: World) -> None:
    heard(world, source(lines=9000))
    let_time_go_by(MINUTE)
    heard(world, source(lines=40))
    assert SensorHour.objects.get().lines == 40


def test_what_came_in_a_long_gap_belongs_to_no_hour(world: World) -> None:
    heard(world)
    let_time_go_by(timedelta(hours=5))
    heard(world, source(lines=90_000))
    assert not SensorHour.objects.exists()
    assert SensorSource.objects.get().lines == 90_000


def test_a_watch_is_heard_at_most_each_five_seconds(world: World) -> None:
    heard(world)
    with pytest.raises(TooSoon):
        heard(world)


def test_a_campaign_that_does_not_run_takes_none(world: World) -> None:
    world.campaign.state = CampaignState.CLOSED
    world.campaign.save()
    with pytest.raises(Refused):
        heard(world)


def test_a_unit_has_a_bounded_number_of_watches_and_sources(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeats, "MOST_SENSORS", 1)
    monkeypatch.setattr(heartbeats, "MOST_SOURCES", 2)
    names = [source(f"/log/{number}") for number in range(5)]
    sensor = heard(world, *names)
    assert (sensor.sources.count(), sensor.sources_left_out) == (2, 3)
    for turn in range(3):
        let_time_go_by(MINUTE)
        heard(world, *[source(f"/other/{turn}/{number}") for number in range(2)])
    assert SensorSource.objects.count() == 4
    with pytest.raises(Refused):
        heard(world, watch=uuid4())


def test_another_form_and_a_wrong_clock_are_seen(world: World) -> None:
    heard(world)
    let_time_go_by(MINUTE)
    ahead = timezone.now() + timedelta(hours=7)
    heard(world, source(lines=1100, form="fortinet.fortigate", last_event_at=ahead))
    row = SensorSource.objects.get()
    assert (row.dataset, row.dataset_before) == ("fortinet.fortigate", "suricata.eve")
    assert row.skewed_since is not None
    let_time_go_by(MINUTE)
    # While old lines are still to be read, the newest that was read is old, and that is right.
    old = timezone.now() - timedelta(days=3)
    heard(world, source(lines=1200, last_event_at=old, lag_bytes=10_000))
    assert SensorSource.objects.get().skewed_since == row.skewed_since
    let_time_go_by(MINUTE)
    heard(world, source(lines=1300))
    assert SensorSource.objects.get().skewed_since is None


def test_a_watch_is_told_to_lack_the_list_in_force(world: World) -> None:
    assert heard(world).list_differs_since is None
    world.campaign.release_sha256 = "ab" * 32
    world.campaign.save()
    let_time_go_by(MINUTE)
    differs_since = heard(world).list_differs_since
    assert differs_since is not None
    let_time_go_by(MINUTE)
    assert heard(world).list_differs_since == differs_since
    let_time_go_by(MINUTE)
    told = {"release": "sha256:" + "ab" * 32}
    assert heard(world, listed=told).list_differs_since is None
    assert Sensor.objects.count() == 1
