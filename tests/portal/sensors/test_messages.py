"""Nothing that a program sends is trusted: texts, numbers and moments are brought within bounds."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from quetsach_portal.sensors import heartbeats
from quetsach_portal.sensors.messages import moment, read
from quetsach_portal.sensors.models import SensorSource
from tests.portal.sensors.heard import heard, node_of, source
from tests.portal.world import World


def test_texts_and_numbers_of_strangers_are_made_safe(world: World) -> None:
    nasty = "\x00\x1b[31m<script>\u202eexe.\ud800" + "x" * 2000
    told = source(
        nasty,
        file=nasty,
        form=nasty,
        lines=10**40,
        size=-5,
        rate=float("nan"),
        lag_s=float("inf"),
        problems=[nasty] * 500,
    )
    planted = [{"name": nasty, "seen_at": None, "source": nasty}] * 90
    sensor = heard(world, told, name=nasty, version=nasty, planted=planted, sightings=10**40)
    row = SensorSource.objects.get()
    for text in (row.source, row.file, row.dataset, sensor.name, sensor.planted[0]["name"]):
        assert text.isprintable()
        assert len(text) <= 300
    assert (row.size, row.rate, row.lines, len(row.problems)) == (0, 0.0, 2**62, 20)
    assert (len(sensor.planted), sensor.sightings) == (50, 2**62)


def test_what_is_left_out_is_nothing(world: World) -> None:
    sensor = heartbeats.take(
        node_of(world), read({"watch": uuid4(), "at": timezone.now(), "sources": None})
    )
    assert (sensor.name, sensor.sources.count(), sensor.list_digest) == ("", 0, "")


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        (datetime(1, 1, 1), "2000-01-01T00:00:00+00:00"),
        (datetime.fromisoformat("0001-01-01T00:00:00+14:00"), "2000-01-01T00:00:00+00:00"),
        (datetime.fromisoformat("9999-12-31T23:59:59-14:00"), "2100-01-01T00:00:00+00:00"),
        (datetime.fromisoformat("2026-11-30T07:00:00+07:00"), "2026-11-30T00:00:00+00:00"),
    ],
)
def test_moments_that_no_zone_can_write_are_brought_within_bounds(at: datetime, kept: str) -> None:
    shown = moment(at)
    assert shown is not None
    assert shown.isoformat() == kept
